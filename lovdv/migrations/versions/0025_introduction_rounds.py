"""Asking everyone with a place at once."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "introduction_round",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("choice_system_id", ID, nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("begun_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("begun_by_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["user.id"], name=op.f("fk_introduction_round_begun_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_introduction_round_choice_system_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction_round")),
        sa.UniqueConstraint("public_id", name=op.f("uq_introduction_round_public_id")),
    )
    with op.batch_alter_table("introduction_round") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_introduction_round_choice_system_id"),
            ["choice_system_id"],
            unique=False,
        )
    op.create_table(
        "round_invitation",
        sa.Column("id", ID, nullable=False),
        sa.Column("round_id", ID, nullable=False),
        sa.Column("invitation_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_round_invitation_invitation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["introduction_round.id"],
            name=op.f("fk_round_invitation_round_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_invitation")),
        sa.UniqueConstraint(
            "invitation_id", name=op.f("uq_round_invitation_invitation_id")
        ),
    )
    with op.batch_alter_table("round_invitation") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_round_invitation_round_id"), ["round_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("round_invitation") as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_invitation_round_id"))
    op.drop_table("round_invitation")
    with op.batch_alter_table("introduction_round") as batch_op:
        batch_op.drop_index(batch_op.f("ix_introduction_round_choice_system_id"))
    op.drop_table("introduction_round")
