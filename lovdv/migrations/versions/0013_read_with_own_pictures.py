"""What municipalities read with: their own sets of pictures."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "symbol_set",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("municipality_id", ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("read_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("read_by_id", ID, nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'ready', 'used')", name=op.f("ck_symbol_set_status")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_symbol_set_municipality_id"),
        ),
        sa.ForeignKeyConstraint(
            ["read_by_id"], ["user.id"], name=op.f("fk_symbol_set_read_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_symbol_set")),
        sa.UniqueConstraint("public_id", name=op.f("uq_symbol_set_public_id")),
    )

    with op.batch_alter_table("symbol_set", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_symbol_set_municipality_id"),
            ["municipality_id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_symbol_set_used",
            ["municipality_id"],
            unique=True,
            sqlite_where=sa.text("status = 'used'"),
            postgresql_where=sa.text("status = 'used'"),
        )

    op.create_table(
        "symbol",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("symbol_set_id", ID, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("licence", sa.String(length=80), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "kind IN ('image/svg+xml', 'image/png')", name=op.f("ck_symbol_kind")
        ),
        sa.ForeignKeyConstraint(
            ["symbol_set_id"], ["symbol_set.id"], name=op.f("fk_symbol_symbol_set_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_symbol")),
        sa.UniqueConstraint("public_id", name=op.f("uq_symbol_public_id")),
        sa.UniqueConstraint(
            "symbol_set_id", "key", name=op.f("uq_symbol_symbol_set_id_key")
        ),
    )


def downgrade() -> None:
    op.drop_table("symbol")

    with op.batch_alter_table("symbol_set", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_symbol_set_used",
            sqlite_where=sa.text("status = 'used'"),
            postgresql_where=sa.text("status = 'used'"),
        )
        batch_op.drop_index(batch_op.f("ix_symbol_set_municipality_id"))

    op.drop_table("symbol_set")
