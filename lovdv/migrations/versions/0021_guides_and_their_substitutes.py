"""Who stands in for a guide, what ties guides to units, and how people answer afterwards."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "guide_declaration",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("municipality_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("declared_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_guide_declaration_municipality_id"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_guide_declaration_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_declaration")),
        sa.UniqueConstraint("public_id", name=op.f("uq_guide_declaration_public_id")),
    )
    with op.batch_alter_table("guide_declaration") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_guide_declaration_user_id"), ["user_id"], unique=False
        )
    op.create_table(
        "guide_substitute",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("municipality_id", ID, nullable=False),
        sa.Column("guide_id", ID, nullable=False),
        sa.Column("substitute_id", ID, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=False),
        sa.Column("named_by_id", ID, nullable=False),
        sa.Column("named_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("withdrawn_by_id", ID, nullable=True),
        sa.Column("withdrawn_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "first_day < end_day", name=op.f("ck_guide_substitute_days")
        ),
        sa.CheckConstraint(
            "guide_id <> substitute_id", name=op.f("ck_guide_substitute_another")
        ),
        sa.ForeignKeyConstraint(
            ["guide_id"], ["user.id"], name=op.f("fk_guide_substitute_guide_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_guide_substitute_municipality_id"),
        ),
        sa.ForeignKeyConstraint(
            ["named_by_id"], ["user.id"], name=op.f("fk_guide_substitute_named_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"],
            ["user.id"],
            name=op.f("fk_guide_substitute_substitute_id"),
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"],
            ["user.id"],
            name=op.f("fk_guide_substitute_withdrawn_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_substitute")),
        sa.UniqueConstraint("public_id", name=op.f("uq_guide_substitute_public_id")),
    )
    with op.batch_alter_table("guide_substitute") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_guide_substitute_guide_id"), ["guide_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_guide_substitute_substitute_id"),
            ["substitute_id"],
            unique=False,
        )
    op.create_table(
        "guide_conflict",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("municipality_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("provider_id", ID, nullable=True),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.Column("declared_by_id", ID, nullable=False),
        sa.Column("declared_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(provider_id IS NULL) <> (unit_id IS NULL)",
            name=op.f("ck_guide_conflict_one"),
        ),
        sa.ForeignKeyConstraint(
            ["declared_by_id"],
            ["user.id"],
            name=op.f("fk_guide_conflict_declared_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_guide_conflict_municipality_id"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_guide_conflict_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_guide_conflict_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_guide_conflict_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_conflict")),
        sa.UniqueConstraint("public_id", name=op.f("uq_guide_conflict_public_id")),
    )
    with op.batch_alter_table("guide_conflict") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_guide_conflict_user_id"), ["user_id"], unique=False
        )
    op.create_table(
        "guide_handover",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("invitation_id", ID, nullable=False),
        sa.Column("from_id", ID, nullable=False),
        sa.Column("to_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_guide_handover_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["user.id"], name=op.f("fk_guide_handover_from_id")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_guide_handover_invitation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["user.id"], name=op.f("fk_guide_handover_to_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_handover")),
        sa.UniqueConstraint("public_id", name=op.f("uq_guide_handover_public_id")),
    )
    with op.batch_alter_table("guide_handover") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_guide_handover_invitation_id"),
            ["invitation_id"],
            unique=False,
        )
    op.create_table(
        "start_answer",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("choice_system_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("feeling", sa.String(length=10), nullable=False),
        sa.Column("wants_rechoice", sa.Boolean(), nullable=False),
        sa.Column("at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "feeling IN ('good', 'fair', 'bad')", name=op.f("ck_start_answer_feeling")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["contact_attempt.id"],
            name=op.f("fk_start_answer_attempt_id"),
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_start_answer_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_start_answer_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_start_answer_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_answer")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_start_answer_attempt_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_start_answer_public_id")),
    )
    with op.batch_alter_table("start_answer") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_start_answer_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_start_answer_unit_id"), ["unit_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("start_answer") as batch_op:
        batch_op.drop_index(batch_op.f("ix_start_answer_unit_id"))
        batch_op.drop_index(batch_op.f("ix_start_answer_client_id"))
    op.drop_table("start_answer")
    with op.batch_alter_table("guide_handover") as batch_op:
        batch_op.drop_index(batch_op.f("ix_guide_handover_invitation_id"))
    op.drop_table("guide_handover")
    with op.batch_alter_table("guide_conflict") as batch_op:
        batch_op.drop_index(batch_op.f("ix_guide_conflict_user_id"))
    op.drop_table("guide_conflict")
    with op.batch_alter_table("guide_substitute") as batch_op:
        batch_op.drop_index(batch_op.f("ix_guide_substitute_substitute_id"))
        batch_op.drop_index(batch_op.f("ix_guide_substitute_guide_id"))
    op.drop_table("guide_substitute")
    with op.batch_alter_table("guide_declaration") as batch_op:
        batch_op.drop_index(batch_op.f("ix_guide_declaration_user_id"))
    op.drop_table("guide_declaration")
