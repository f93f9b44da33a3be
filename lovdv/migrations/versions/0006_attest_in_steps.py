"""Attest in steps, hold a provider, and leave unchanged months as they were."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("payment_run", schema=None) as batch_op:
        batch_op.create_unique_constraint(
            batch_op.f("uq_payment_run_id_prepared_by_id"), ["id", "prepared_by_id"]
        )

    op.create_table(
        "attestation",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "provider_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column(
            "by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("prepared_by_id", sa.Integer(), nullable=True),
        sa.Column("attested_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "prepared_by_id IS NULL OR by_id <> prepared_by_id",
            name=op.f("ck_attestation_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_attestation_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_attestation_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id", "prepared_by_id"],
            ["payment_run.id", "payment_run.prepared_by_id"],
            name=op.f("fk_attestation_run_id_prepared_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_run.id"], name=op.f("fk_attestation_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attestation")),
        sa.UniqueConstraint(
            "run_id",
            "provider_id",
            "seal",
            "by_id",
            name=op.f("uq_attestation_run_id_provider_id_seal_by_id"),
        ),
        sa.UniqueConstraint(
            "run_id",
            "provider_id",
            "seal",
            "step",
            name=op.f("uq_attestation_run_id_provider_id_seal_step"),
        ),
    )

    op.create_table(
        "computed_month",
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("carry", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_run.id"], name=op.f("fk_computed_month_run_id")
        ),
        sa.PrimaryKeyConstraint("run_id", "month", name=op.f("pk_computed_month")),
    )

    op.create_table(
        "provider_hold",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "provider_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column(
            "decided_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("decided_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_provider_hold_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_provider_hold_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_run.id"], name=op.f("fk_provider_hold_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_hold")),
        sa.UniqueConstraint("public_id", name=op.f("uq_provider_hold_public_id")),
        sa.UniqueConstraint(
            "run_id", "provider_id", name=op.f("uq_provider_hold_run_id_provider_id")
        ),
    )

    with op.batch_alter_table("held_item", schema=None) as batch_op:
        batch_op.alter_column(
            "kind",
            existing_type=sa.VARCHAR(length=20),
            type_=sa.String(length=40),
            existing_nullable=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("held_item", schema=None) as batch_op:
        batch_op.alter_column(
            "kind",
            existing_type=sa.String(length=40),
            type_=sa.VARCHAR(length=20),
            existing_nullable=False,
        )

    op.drop_table("provider_hold")

    op.drop_table("computed_month")

    op.drop_table("attestation")

    with op.batch_alter_table("payment_run", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_payment_run_id_prepared_by_id"), type_="unique"
        )
