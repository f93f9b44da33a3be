"""Create consequence, and keep who has scored in a draft before."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consequence",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "instrument_version_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("made_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "made_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_consequence_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["instrument_version_id"],
            ["instrument_version.id"],
            name=op.f("fk_consequence_instrument_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name=op.f("fk_consequence_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consequence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_consequence_public_id")),
    )
    with op.batch_alter_table("consequence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consequence_choice_system_id"),
            ["choice_system_id"],
            unique=False,
        )

    op.create_table(
        "earlier_assessor",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "assessment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_earlier_assessor_assessment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_earlier_assessor_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_assessor")),
        sa.UniqueConstraint(
            "assessment_id",
            "user_id",
            name=op.f("uq_earlier_assessor_assessment_id_user_id"),
        ),
    )
    with op.batch_alter_table("earlier_assessor", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_earlier_assessor_user_id"), ["user_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("earlier_assessor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_earlier_assessor_user_id"))

    op.drop_table("earlier_assessor")
    with op.batch_alter_table("consequence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consequence_choice_system_id"))

    op.drop_table("consequence")
