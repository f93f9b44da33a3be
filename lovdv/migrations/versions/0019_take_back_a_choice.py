"""Taking a choice back in time, and choosing one question at a time."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "step_answers",
        sa.Column("id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("ticked", sa.JSON(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("visit", sa.String(length=10), nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("updated_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_step_answers_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_step_answers_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_answers")),
        sa.UniqueConstraint("client_id", name=op.f("uq_step_answers_client_id")),
    )
    op.create_table(
        "choice_regret",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("choice_id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column(
            "regretted_at", lovdv.database.Instant(timezone=True), nullable=False
        ),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.Column("mandate_id", ID, nullable=True),
        sa.Column("own_will", sa.String(length=20), nullable=False),
        sa.Column("own_will_note", sa.String(length=300), nullable=False),
        sa.Column("registered_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["choice.id"], name=op.f("fk_choice_regret_choice_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_choice_regret_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandate.id"], name=op.f("fk_choice_regret_mandate_id")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"],
            ["user.id"],
            name=op.f("fk_choice_regret_registered_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice_regret")),
        sa.UniqueConstraint("choice_id", name=op.f("uq_choice_regret_choice_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_choice_regret_public_id")),
    )
    with op.batch_alter_table("choice_regret") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_choice_regret_client_id"), ["client_id"], unique=False
        )
    with op.batch_alter_table("choice") as batch_op:
        batch_op.add_column(sa.Column("regret_by", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("choice") as batch_op:
        batch_op.drop_column("regret_by")

    with op.batch_alter_table("choice_regret") as batch_op:
        batch_op.drop_index(batch_op.f("ix_choice_regret_client_id"))
    op.drop_table("choice_regret")
    op.drop_table("step_answers")
