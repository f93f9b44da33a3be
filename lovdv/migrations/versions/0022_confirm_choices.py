"""How a choice was confirmed, with its paper."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "choice_draft",
        sa.Column("id", ID, nullable=False),
        sa.Column("invitation_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_choice_draft_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_choice_draft_invitation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice_draft")),
        sa.UniqueConstraint(
            "invitation_id", "by_id", name=op.f("uq_choice_draft_invitation_id_by_id")
        ),
    )
    op.create_table(
        "choice_paper",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("choice_id", ID, nullable=True),
        sa.Column("media", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("uploaded_by_id", ID, nullable=False),
        sa.Column("uploaded_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(content IS NULL) = (reason <> '')", name=op.f("ck_choice_paper_content")
        ),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["choice.id"], name=op.f("fk_choice_paper_choice_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_choice_paper_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["user.id"], name=op.f("fk_choice_paper_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice_paper")),
        sa.UniqueConstraint("choice_id", name=op.f("uq_choice_paper_choice_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_choice_paper_public_id")),
    )
    with op.batch_alter_table("choice_paper") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_choice_paper_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_choice_paper_uploaded_at"), ["uploaded_at"], unique=False
        )
    with op.batch_alter_table("choice") as batch_op:
        batch_op.add_column(
            sa.Column(
                "confirmed", sa.String(length=10), server_default="", nullable=False
            )
        )
        batch_op.add_column(
            sa.Column(
                "confirmed_at", lovdv.database.Instant(timezone=True), nullable=True
            )
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_choice_confirmed"),
            "(confirmed = '') = (confirmed_at IS NULL)",
        )
    with op.batch_alter_table("choice") as batch_op:
        batch_op.alter_column("confirmed", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("choice") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_choice_confirmed"), type_="check")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("confirmed")

    with op.batch_alter_table("choice_paper") as batch_op:
        batch_op.drop_index(batch_op.f("ix_choice_paper_uploaded_at"))
        batch_op.drop_index(batch_op.f("ix_choice_paper_client_id"))
    op.drop_table("choice_paper")
    op.drop_table("choice_draft")
