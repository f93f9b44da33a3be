"""Asking to visit a unit, or to try a day there."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "visit_request",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("consented_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column(
            "consent_ended_at", lovdv.database.Instant(timezone=True), nullable=True
        ),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("starts_clock", sa.Boolean(), nullable=False),
        sa.Column("asked_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("asked_by_id", ID, nullable=True),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.Column("mandate_id", ID, nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("answered_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column("answered_by_id", ID, nullable=True),
        sa.Column("proposed", sa.JSON(), nullable=False),
        sa.Column("clock", sa.String(length=5), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.CheckConstraint(
            "kind IN ('visit', 'try_out')", name=op.f("ck_visit_request_kind")
        ),
        sa.CheckConstraint(
            "status IN ('asked', 'answered', 'declined', 'cancelled', 'done')",
            name=op.f("ck_visit_request_status"),
        ),
        sa.CheckConstraint("days >= 1", name=op.f("ck_visit_request_days")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["user.id"],
            name=op.f("fk_visit_request_answered_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_visit_request_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_visit_request_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_visit_request_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandate.id"], name=op.f("fk_visit_request_mandate_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_visit_request_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_visit_request_public_id")),
    )
    with op.batch_alter_table("visit_request") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_visit_request_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_visit_request_decision_id"), ["decision_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_visit_request_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_index(
            "uq_visit_request_open",
            ["client_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('asked', 'answered')"),
            postgresql_where=sa.text("status IN ('asked', 'answered')"),
        )
    op.create_table(
        "visit_day",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("visit_request_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recorded_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("recorded_by_id", ID, nullable=True),
        sa.Column("annulled_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column("annulled_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["annulled_by_id"], ["user.id"], name=op.f("fk_visit_day_annulled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_visit_day_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["visit_request_id"],
            ["visit_request.id"],
            name=op.f("fk_visit_day_visit_request_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_day")),
        sa.UniqueConstraint("public_id", name=op.f("uq_visit_day_public_id")),
    )
    with op.batch_alter_table("visit_day") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_visit_day_visit_request_id"),
            ["visit_request_id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_visit_day_stands",
            ["visit_request_id", "day"],
            unique=True,
            sqlite_where=sa.text("annulled_at IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("visit_day") as batch_op:
        batch_op.drop_index(
            "uq_visit_day_stands",
            sqlite_where=sa.text("annulled_at IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_visit_day_visit_request_id"))
    op.drop_table("visit_day")
    with op.batch_alter_table("visit_request") as batch_op:
        batch_op.drop_index(
            "uq_visit_request_open",
            sqlite_where=sa.text("status IN ('asked', 'answered')"),
            postgresql_where=sa.text("status IN ('asked', 'answered')"),
        )
        batch_op.drop_index(batch_op.f("ix_visit_request_unit_id"))
        batch_op.drop_index(batch_op.f("ix_visit_request_decision_id"))
        batch_op.drop_index(batch_op.f("ix_visit_request_client_id"))
    op.drop_table("visit_request")
