"""Letters in the way that each person reads."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reading_way",
        sa.Column("id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("set_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("set_by_id", ID, nullable=False),
        sa.CheckConstraint(
            "way IN ('normal', 'easy', 'pictures', 'large')",
            name=op.f("ck_reading_way_way"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_reading_way_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["user.id"], name=op.f("fk_reading_way_set_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_way")),
    )
    with op.batch_alter_table("reading_way") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reading_way_client_id"), ["client_id"], unique=False
        )
    op.create_table(
        "letter",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("invitation_id", ID, nullable=False),
        sa.Column("choice_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("remind_day", sa.Date(), nullable=True),
        sa.Column("batch", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("made_by_id", ID, nullable=False),
        sa.CheckConstraint(
            "kind IN ('invitation', 'reminder', 'no_choice', 'provider_left', 'introduction')",
            name=op.f("ck_letter_kind"),
        ),
        sa.CheckConstraint(
            "way IN ('normal', 'easy', 'pictures', 'large')", name=op.f("ck_letter_way")
        ),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["choice.id"], name=op.f("fk_letter_choice_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_letter_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_letter_invitation_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name=op.f("fk_letter_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint(
            "invitation_id",
            "remind_day",
            name=op.f("uq_letter_invitation_id_remind_day"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_letter_public_id")),
    )
    with op.batch_alter_table("letter") as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_batch"), ["batch"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_letter_choice_id"), ["choice_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_letter_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_letter_invitation_id"), ["invitation_id"], unique=False
        )
    op.create_table(
        "letter_sent",
        sa.Column("id", ID, nullable=False),
        sa.Column("letter_id", ID, nullable=False),
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["contact_attempt.id"],
            name=op.f("fk_letter_sent_attempt_id"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_letter_sent_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_letter_sent_letter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_sent")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_letter_sent_letter_id")),
    )


def downgrade() -> None:
    op.drop_table("letter_sent")
    with op.batch_alter_table("letter") as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_invitation_id"))
        batch_op.drop_index(batch_op.f("ix_letter_client_id"))
        batch_op.drop_index(batch_op.f("ix_letter_choice_id"))
        batch_op.drop_index(batch_op.f("ix_letter_batch"))
    op.drop_table("letter")
    with op.batch_alter_table("reading_way") as batch_op:
        batch_op.drop_index(batch_op.f("ix_reading_way_client_id"))
    op.drop_table("reading_way")
