"""Let a unit object to what it is paid."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "basis_objection",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "municipality_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("concerns", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column(
            "placement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("sent_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "sent_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind = 'missing' OR placement_id IS NOT NULL",
            name=op.f("ck_basis_objection_row"),
        ),
        sa.CheckConstraint(
            "kind IN ('row', 'missing')", name=op.f("ck_basis_objection_kind")
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_basis_objection_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_basis_objection_municipality_id"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_basis_objection_placement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["user.id"], name=op.f("fk_basis_objection_sent_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_basis_objection_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basis_objection")),
        sa.UniqueConstraint("public_id", name=op.f("uq_basis_objection_public_id")),
    )

    with op.batch_alter_table("basis_objection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_basis_objection_municipality_id"),
            ["municipality_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_basis_objection_placement_id"),
            ["placement_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_basis_objection_unit_id"), ["unit_id"], unique=False
        )

    op.create_table(
        "basis_objection_answer",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "objection_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "answered_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_basis_objection_answer_text")),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'declined')",
            name=op.f("ck_basis_objection_answer_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["user.id"],
            name=op.f("fk_basis_objection_answer_answered_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"],
            ["basis_objection.id"],
            name=op.f("fk_basis_objection_answer_objection_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basis_objection_answer")),
        sa.UniqueConstraint(
            "objection_id", name=op.f("uq_basis_objection_answer_objection_id")
        ),
    )

    op.create_table(
        "basis_objection_line",
        sa.Column(
            "objection_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["payment_line.id"],
            name=op.f("fk_basis_objection_line_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"],
            ["basis_objection.id"],
            name=op.f("fk_basis_objection_line_objection_id"),
        ),
        sa.PrimaryKeyConstraint(
            "objection_id", "line_id", name=op.f("pk_basis_objection_line")
        ),
    )


def downgrade() -> None:
    op.drop_table("basis_objection_line")

    op.drop_table("basis_objection_answer")

    with op.batch_alter_table("basis_objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_basis_objection_unit_id"))
        batch_op.drop_index(batch_op.f("ix_basis_objection_placement_id"))
        batch_op.drop_index(batch_op.f("ix_basis_objection_municipality_id"))

    op.drop_table("basis_objection")
