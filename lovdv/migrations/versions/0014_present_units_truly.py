"""Photos, reviews, confirmed days and quality of units, and links to take home."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "short_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_short_link")),
        sa.UniqueConstraint("key", name=op.f("uq_short_link_key")),
    )

    op.create_table(
        "photo",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=True),
        sa.Column("large", sa.LargeBinary(), nullable=True),
        sa.Column("uploaded_by_id", ID, nullable=False),
        sa.Column("uploaded_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("withdrawn_by_id", ID, nullable=True),
        sa.Column("withdrawn_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["user.id"], name=op.f("fk_photo_uploaded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["user.id"], name=op.f("fk_photo_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("digest", name=op.f("uq_photo_digest")),
    )

    op.create_table(
        "quality_measure",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("choice_system_id", ID, nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_quality_measure_choice_system_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_measure")),
        sa.UniqueConstraint(
            "choice_system_id",
            "words",
            "year",
            name=op.f("uq_quality_measure_choice_system_id_words_year"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_quality_measure_public_id")),
    )

    op.create_table(
        "profile_confirmation",
        sa.Column("id", ID, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by_id", ID, nullable=False),
        sa.Column(
            "confirmed_at", lovdv.database.Instant(timezone=True), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["user.id"],
            name=op.f("fk_profile_confirmation_confirmed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["profile.id"],
            name=op.f("fk_profile_confirmation_profile_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_confirmation")),
    )

    with op.batch_alter_table("profile_confirmation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_profile_confirmation_profile_id"),
            ["profile_id"],
            unique=False,
        )

    op.create_table(
        "profile_photo",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("slot", sa.String(length=20), nullable=False),
        sa.Column("photo_id", ID, nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("consented", sa.Boolean(), nullable=False),
        sa.Column("consent_by_id", ID, nullable=False),
        sa.Column("consent_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_by_id"], ["user.id"], name=op.f("fk_profile_photo_consent_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_profile_photo_photo_id")
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["profile.id"], name=op.f("fk_profile_photo_profile_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_photo")),
        sa.UniqueConstraint(
            "profile_id", "slot", name=op.f("uq_profile_photo_profile_id_slot")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_profile_photo_public_id")),
    )

    with op.batch_alter_table("profile_photo", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_profile_photo_photo_id"), ["photo_id"], unique=False
        )

    op.create_table(
        "profile_review",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column(
            "submitted_at", lovdv.database.Instant(timezone=True), nullable=False
        ),
        sa.Column("reviewed_by_id", ID, nullable=False),
        sa.Column("reviewed_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('published', 'returned')",
            name=op.f("ck_profile_review_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["profile.id"], name=op.f("fk_profile_review_profile_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"],
            ["user.id"],
            name=op.f("fk_profile_review_reviewed_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_review")),
        sa.UniqueConstraint("public_id", name=op.f("uq_profile_review_public_id")),
    )

    with op.batch_alter_table("profile_review", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_profile_review_profile_id"), ["profile_id"], unique=False
        )

    op.create_table(
        "quality_result",
        sa.Column("id", ID, nullable=False),
        sa.Column("measure_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("per_cent", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.CheckConstraint("answers >= 0", name=op.f("ck_quality_result_answers")),
        sa.CheckConstraint(
            "per_cent BETWEEN 0 AND 100", name=op.f("ck_quality_result_per_cent")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["quality_measure.id"],
            name=op.f("fk_quality_result_measure_id"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_quality_result_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_result")),
        sa.UniqueConstraint(
            "measure_id", "unit_id", name=op.f("uq_quality_result_measure_id_unit_id")
        ),
    )

    with op.batch_alter_table("quality_result", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quality_result_unit_id"), ["unit_id"], unique=False
        )

    with op.batch_alter_table("profile", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "submitted_at", lovdv.database.Instant(timezone=True), nullable=True
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("profile", schema=None) as batch_op:
        batch_op.drop_column("submitted_at")

    with op.batch_alter_table("quality_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quality_result_unit_id"))

    op.drop_table("quality_result")

    with op.batch_alter_table("profile_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_profile_review_profile_id"))

    op.drop_table("profile_review")

    with op.batch_alter_table("profile_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_profile_photo_photo_id"))

    op.drop_table("profile_photo")

    with op.batch_alter_table("profile_confirmation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_profile_confirmation_profile_id"))

    op.drop_table("profile_confirmation")

    op.drop_table("quality_measure")

    op.drop_table("photo")

    op.drop_table("short_link")
