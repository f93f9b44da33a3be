"""Let levels explain themselves: editing, statements, objections, calibration."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vignette",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "created_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_vignette_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_vignette_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vignette")),
        sa.UniqueConstraint(
            "choice_system_id",
            "series",
            "version",
            name=op.f("uq_vignette_choice_system_id_series_version"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_vignette_public_id")),
    )
    op.create_table(
        "calibration_round",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "instrument_version_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "assessment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=False),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "created_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("closed_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column(
            "closed_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(kind = 'meeting') = (assessment_id IS NOT NULL)",
            name=op.f("ck_calibration_round_meeting"),
        ),
        sa.CheckConstraint(
            "kind IN ('vignettes', 'meeting')", name=op.f("ck_calibration_round_kind")
        ),
        sa.CheckConstraint(
            "end_day > first_day", name=op.f("ck_calibration_round_days")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_calibration_round_assessment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_calibration_round_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"],
            ["user.id"],
            name=op.f("fk_calibration_round_closed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user.id"],
            name=op.f("fk_calibration_round_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["instrument_version_id"],
            ["instrument_version.id"],
            name=op.f("fk_calibration_round_instrument_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_round")),
        sa.UniqueConstraint(
            "assessment_id", name=op.f("uq_calibration_round_assessment_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_calibration_round_public_id")),
    )
    with op.batch_alter_table("calibration_round", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_calibration_round_choice_system_id"),
            ["choice_system_id"],
            unique=False,
        )

    op.create_table(
        "domain_words",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "assessment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("voice", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "voice IN ('', 'said', 'shown', 'interpreted')",
            name=op.f("ck_domain_words_voice"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_domain_words_assessment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domain_words")),
        sa.UniqueConstraint(
            "assessment_id", "domain", name=op.f("uq_domain_words_assessment_id_domain")
        ),
    )
    op.create_table(
        "blind_scoring",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "round_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "vignette_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "assessor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("group_name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("begun_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column("submitted_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["user.id"], name=op.f("fk_blind_scoring_assessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["calibration_round.id"],
            name=op.f("fk_blind_scoring_round_id"),
        ),
        sa.ForeignKeyConstraint(
            ["vignette_id"], ["vignette.id"], name=op.f("fk_blind_scoring_vignette_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_scoring")),
        sa.UniqueConstraint("public_id", name=op.f("uq_blind_scoring_public_id")),
        sa.UniqueConstraint(
            "round_id",
            "vignette_id",
            "assessor_id",
            name=op.f("uq_blind_scoring_round_id_vignette_id_assessor_id"),
        ),
    )
    with op.batch_alter_table("blind_scoring", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_blind_scoring_assessor_id"), ["assessor_id"], unique=False
        )

    op.create_table(
        "objection_answer",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "objection_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "answered_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["user.id"],
            name=op.f("fk_objection_answer_answered_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"],
            ["objection.id"],
            name=op.f("fk_objection_answer_objection_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_answer")),
    )
    with op.batch_alter_table("objection_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_objection_answer_objection_id"),
            ["objection_id"],
            unique=False,
        )

    op.create_table(
        "reassessment_answer",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "request_id",
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
        sa.CheckConstraint(
            "verdict = 'granted' OR text <> ''",
            name=op.f("ck_reassessment_answer_no_with_reason"),
        ),
        sa.CheckConstraint(
            "verdict IN ('granted', 'declined')",
            name=op.f("ck_reassessment_answer_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["user.id"],
            name=op.f("fk_reassessment_answer_answered_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["reassessment_request.id"],
            name=op.f("fk_reassessment_answer_request_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reassessment_answer")),
        sa.UniqueConstraint(
            "request_id", name=op.f("uq_reassessment_answer_request_id")
        ),
    )
    op.create_table(
        "review_comment",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "review_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_comment_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comment")),
        sa.UniqueConstraint(
            "review_id", "question", name=op.f("uq_review_comment_review_id_question")
        ),
    )
    op.create_table(
        "blind_answer",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "scoring_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["scoring_id"],
            ["blind_scoring.id"],
            name=op.f("fk_blind_answer_scoring_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_answer")),
        sa.UniqueConstraint(
            "scoring_id", "question", name=op.f("uq_blind_answer_scoring_id_question")
        ),
    )
    op.create_table(
        "statement",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "client_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "decision_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "instrument_version_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "placement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "asked_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("given_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column(
            "given_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("withdrawn_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "given_at IS NULL OR withdrawn_at IS NULL",
            name=op.f("ck_statement_one_end"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_statement_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_statement_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_statement_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["user.id"], name=op.f("fk_statement_given_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_version_id"],
            ["instrument_version.id"],
            name=op.f("fk_statement_instrument_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_statement_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_statement_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_statement_public_id")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_statement_asked_by_id"), ["asked_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_statement_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_statement_decision_id"), ["decision_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_statement_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_index(
            "uq_statement_waits",
            ["decision_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("given_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("given_at IS NULL AND withdrawn_at IS NULL"),
        )

    op.create_table(
        "statement_part",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "statement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name=op.f("fk_statement_part_statement_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_part")),
        sa.UniqueConstraint(
            "statement_id", "domain", name=op.f("uq_statement_part_statement_id_domain")
        ),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("evidence", sa.Text(), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("view", sa.String(length=20), server_default="", nullable=False)
        )

    with op.batch_alter_table("instrument_version", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("draft", sa.Text(), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("revision", sa.Integer(), server_default="1", nullable=False)
        )

    with op.batch_alter_table("reassessment_request", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "unit_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("evidence", sa.Text(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("answer_by", sa.Date(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_reassessment_request_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_reassessment_request_unit_id"), "unit", ["unit_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("reassessment_request", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_reassessment_request_unit_id"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_reassessment_request_unit_id"))
        batch_op.drop_column("answer_by")
        batch_op.drop_column("evidence")
        batch_op.drop_column("unit_id")

    with op.batch_alter_table("instrument_version", schema=None) as batch_op:
        batch_op.drop_column("revision")
        batch_op.drop_column("draft")

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_column("view")
        batch_op.drop_column("evidence")

    op.drop_table("statement_part")
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_statement_waits",
            sqlite_where=sa.text("given_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("given_at IS NULL AND withdrawn_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_statement_unit_id"))
        batch_op.drop_index(batch_op.f("ix_statement_decision_id"))
        batch_op.drop_index(batch_op.f("ix_statement_client_id"))
        batch_op.drop_index(batch_op.f("ix_statement_asked_by_id"))

    op.drop_table("statement")
    op.drop_table("blind_answer")
    op.drop_table("review_comment")
    op.drop_table("reassessment_answer")
    with op.batch_alter_table("objection_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objection_answer_objection_id"))

    op.drop_table("objection_answer")
    with op.batch_alter_table("blind_scoring", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blind_scoring_assessor_id"))

    op.drop_table("blind_scoring")
    op.drop_table("domain_words")
    with op.batch_alter_table("calibration_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calibration_round_choice_system_id"))

    op.drop_table("calibration_round")
    op.drop_table("vignette")
