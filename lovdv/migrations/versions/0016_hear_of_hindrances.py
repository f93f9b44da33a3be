"""What readers tell of hindrances, and what was done."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "accessibility_report",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("page", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("sent_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('hindrance', 'other_way')",
            name=op.f("ck_accessibility_report_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility_report")),
        sa.UniqueConstraint(
            "public_id", name=op.f("uq_accessibility_report_public_id")
        ),
    )

    op.create_table(
        "accessibility_answer",
        sa.Column("id", ID, nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("answered_by_id", ID, nullable=False),
        sa.CheckConstraint(
            "outcome IN ('mended', 'helped', 'planned', 'refused')",
            name=op.f("ck_accessibility_answer_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["user.id"],
            name=op.f("fk_accessibility_answer_answered_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["accessibility_report.id"],
            name=op.f("fk_accessibility_answer_report_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility_answer")),
        sa.UniqueConstraint(
            "report_id", name=op.f("uq_accessibility_answer_report_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("accessibility_answer")

    op.drop_table("accessibility_report")
