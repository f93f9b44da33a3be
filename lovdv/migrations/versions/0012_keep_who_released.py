"""Keep who released a held provider, and be able to hold it again."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STANDS = sa.text("released_at IS NULL")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("provider_hold", schema=None) as batch_op:
        batch_op.add_column(sa.Column("released_by_id", ID, nullable=True))
        batch_op.add_column(
            sa.Column(
                "released_at", lovdv.database.Instant(timezone=True), nullable=True
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_provider_hold_released_by_id"),
            "user",
            ["released_by_id"],
            ["id"],
        )
        batch_op.drop_constraint(
            batch_op.f("uq_provider_hold_run_id_provider_id"), type_="unique"
        )
        batch_op.create_index(
            "uq_provider_hold_run_id_provider_id_standing",
            ["run_id", "provider_id"],
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_provider_hold_released"),
            "(released_at IS NULL) = (released_by_id IS NULL)",
        )

    with op.batch_alter_table("attestation", schema=None) as batch_op:
        batch_op.alter_column(
            "prepared_by_id",
            existing_type=sa.Integer(),
            type_=ID,
            existing_nullable=True,
        )


def downgrade() -> None:
    with op.batch_alter_table("attestation", schema=None) as batch_op:
        batch_op.alter_column(
            "prepared_by_id",
            existing_type=ID,
            type_=sa.Integer(),
            existing_nullable=True,
        )

    # Before this, a hold that was released was taken away.
    op.execute("DELETE FROM provider_hold WHERE released_at IS NOT NULL")
    with op.batch_alter_table("provider_hold", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_provider_hold_released"), type_="check")
        batch_op.drop_index("uq_provider_hold_run_id_provider_id_standing")
        batch_op.create_unique_constraint(
            batch_op.f("uq_provider_hold_run_id_provider_id"), ["run_id", "provider_id"]
        )
        batch_op.drop_constraint(
            batch_op.f("fk_provider_hold_released_by_id"), type_="foreignkey"
        )
        batch_op.drop_column("released_at")
        batch_op.drop_column("released_by_id")
