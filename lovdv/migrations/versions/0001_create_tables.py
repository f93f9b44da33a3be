"""Create the tables."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("chain", sa.Integer(), nullable=False),
        sa.Column("segment", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("read", sa.Boolean(), nullable=False),
        sa.Column("object", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint(
            "chain", "segment", "number", name=op.f("uq_audit_chain_segment_number")
        ),
    )
    op.create_table(
        "audit_segment",
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("segment", sa.Date(), nullable=False),
        sa.Column("opening", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", "segment", name=op.f("pk_audit_segment")),
    )
    op.create_table(
        "login_attempt",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("login_digest", sa.String(length=32), nullable=False),
        sa.Column("address_digest", sa.String(length=32), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_login_attempt_address_digest"),
            ["address_digest"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_login_attempt_login_digest"), ["login_digest"], unique=False
        )

    op.create_table(
        "municipality",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("organisation_number", sa.String(length=20), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.UniqueConstraint("code", name=op.f("uq_municipality_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_municipality_public_id")),
    )
    op.create_table(
        "payment_line",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("placement_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=False),
        sa.Column("decisions", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("levels", sa.String(length=120), nullable=False),
        sa.Column("extent_class", sa.String(length=40), nullable=False),
        sa.Column("regi", sa.String(length=10), nullable=False),
        sa.Column("cells", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("hundredths", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("rounding", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("counted", sa.String(length=80), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("payee_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "corrects_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["payment_line.id"],
            name=op.f("fk_payment_line_corrects_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_line")),
    )
    with op.batch_alter_table("payment_line", schema=None) as batch_op:
        batch_op.create_index(
            "ix_payment_line_corrects_id",
            ["corrects_id"],
            unique=False,
            sqlite_where=sa.text("corrects_id IS NOT NULL"),
            postgresql_where=sa.text("corrects_id IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_payment_line_run_id_placement_id"),
            ["run_id", "placement_id"],
            unique=False,
        )

    op.create_table(
        "provider",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("organisation_number", sa.String(length=20), nullable=False),
        sa.Column("counterpart", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint(
            "organisation_number", name=op.f("uq_provider_organisation_number")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_provider_public_id")),
    )
    op.create_table(
        "user",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("login", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column(
            "secrecy_accepted_at", lovdv.database.Instant(timezone=True), nullable=True
        ),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("login", name=op.f("uq_user_login")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_public_id")),
    )
    op.create_table(
        "choice_system",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "municipality_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_choice_system_municipality_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice_system")),
        sa.UniqueConstraint("public_id", name=op.f("uq_choice_system_public_id")),
    )
    with op.batch_alter_table("choice_system", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_choice_system_municipality_id"),
            ["municipality_id"],
            unique=False,
        )

    op.create_table(
        "client",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "municipality_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("case_number", sa.String(length=40), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=200).with_variant(
                sa.String(length=200, collation="C"), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("search_key", sa.String(length=200), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("protection", sa.String(length=30), nullable=False),
        sa.Column("alias", sa.String(length=40), nullable=False),
        sa.Column("street", sa.String(length=120), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("town", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("communication", sa.Text(), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_client_municipality_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint(
            "municipality_id",
            "case_number",
            name=op.f("uq_client_municipality_id_case_number"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_client_public_id")),
    )
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_client_municipality_id"), ["municipality_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_client_sort_key"), ["sort_key"], unique=False
        )

    op.create_table(
        "import_draft",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "municipality_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "uploaded_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('people', 'decisions', 'placements', 'attendance')",
            name=op.f("ck_import_draft_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_import_draft_municipality_id"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["user.id"], name=op.f("fk_import_draft_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_draft")),
        sa.UniqueConstraint("public_id", name=op.f("uq_import_draft_public_id")),
    )
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_draft_uploaded_by_id"),
            ["uploaded_by_id"],
            unique=False,
        )

    op.create_table(
        "team",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "municipality_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_team_municipality_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint(
            "municipality_id", "name", name=op.f("uq_team_municipality_id_name")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_team_public_id")),
    )
    op.create_table(
        "unit",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "provider_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=200).with_variant(
                sa.String(length=200, collation="C"), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("permit_number", sa.String(length=40), nullable=False),
        sa.Column("permit_maximum", sa.Integer(), nullable=False),
        sa.Column("manager", sa.String(length=120), nullable=False),
        sa.Column("street", sa.String(length=120), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("town", sa.String(length=60), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("latitude", sa.Integer(), nullable=True),
        sa.Column("longitude", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.CheckConstraint("permit_maximum > 0", name=op.f("ck_unit_permit_maximum")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_unit_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("public_id", name=op.f("uq_unit_public_id")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_unit_provider_id"), ["provider_id"], unique=False
        )

    op.create_table(
        "absence_code",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=1), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("effect", sa.String(length=20), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_absence_code_choice_system_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_code")),
        sa.UniqueConstraint(
            "choice_system_id",
            "code",
            "first_day",
            name=op.f("uq_absence_code_choice_system_id_code_first_day"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_absence_code_public_id")),
    )
    op.create_table(
        "assignment",
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
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "team_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (team_id IS NULL)",
            name=op.f("ck_assignment_one_holder"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_assignment_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_assignment_team_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_assignment_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignment_public_id")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assignment_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_assignment_team_id"), ["team_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_assignment_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "audit_subject",
        sa.Column(
            "audit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "client_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_subject_audit_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_audit_subject_client_id")
        ),
        sa.PrimaryKeyConstraint("audit_id", "client_id", name=op.f("pk_audit_subject")),
    )
    with op.batch_alter_table("audit_subject", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_subject_client_id"), ["client_id"], unique=False
        )

    op.create_table(
        "capacity",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("half", sa.String(length=2), nullable=False),
        sa.Column("ceiling", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=True),
        sa.CheckConstraint("half IN ('am', 'pm')", name=op.f("ck_capacity_half")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_capacity_weekday")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_capacity_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity")),
        sa.UniqueConstraint("public_id", name=op.f("uq_capacity_public_id")),
        sa.UniqueConstraint(
            "unit_id",
            "weekday",
            "half",
            "first_day",
            "revision",
            name=op.f("uq_capacity_unit_id_weekday_half_first_day_revision"),
        ),
    )
    op.create_table(
        "client_name",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "client_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_client_name_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_client_name_public_id")),
    )
    with op.batch_alter_table("client_name", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_client_name_client_id"), ["client_id"], unique=False
        )

    op.create_table(
        "client_number",
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
            "municipality_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("blind", sa.LargeBinary(length=16), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_client_number_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_client_number_municipality_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_number")),
        sa.UniqueConstraint(
            "municipality_id",
            "blind",
            name=op.f("uq_client_number_municipality_id_blind"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_client_number_public_id")),
    )
    with op.batch_alter_table("client_number", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_client_number_client_id"), ["client_id"], unique=False
        )

    op.create_table(
        "closed_day",
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
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("decided_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("annulled_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_closed_day_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_closed_day_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_day")),
        sa.UniqueConstraint("public_id", name=op.f("uq_closed_day_public_id")),
    )
    with op.batch_alter_table("closed_day", schema=None) as batch_op:
        batch_op.create_index(
            "uq_closed_day_all",
            ["choice_system_id", "day"],
            unique=True,
            sqlite_where=sa.text("annulled_at IS NULL AND unit_id IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL AND unit_id IS NULL"),
        )
        batch_op.create_index(
            "uq_closed_day_unit",
            ["choice_system_id", "unit_id", "day"],
            unique=True,
            sqlite_where=sa.text("annulled_at IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL"),
        )

    op.create_table(
        "contract",
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
            "provider_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("regi", sa.String(length=10), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.Column("closed_from", sa.Date(), nullable=True),
        sa.Column("supplier_number", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("order_reference", sa.String(length=40), nullable=False),
        sa.Column("vat_compensation", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "end_day IS NULL OR end_day > first_day", name=op.f("ck_contract_period")
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_contract_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_contract_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint(
            "choice_system_id",
            "number",
            name=op.f("uq_contract_choice_system_id_number"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_contract_public_id")),
    )
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contract_choice_system_id"),
            ["choice_system_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_contract_provider_id"), ["provider_id"], unique=False
        )

    op.create_table(
        "decision",
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
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("law", sa.String(length=10), nullable=False),
        sa.Column("personkrets", sa.Integer(), nullable=True),
        sa.Column("extent", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("status_reason", sa.String(length=300), nullable=False),
        sa.Column("status_day", sa.Date(), nullable=True),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("requested_by", sa.String(length=300), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("end_reason", sa.String(length=40), nullable=False),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "law <> 'LSS' OR personkrets IN (1, 2)",
            name=op.f("ck_decision_lss_personkrets"),
        ),
        sa.CheckConstraint(
            "end_day IS NULL OR end_day >= first_day", name=op.f("ck_decision_period")
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_decision_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_decision_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "choice_system_id",
            "reference",
            name=op.f("uq_decision_choice_system_id_reference"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_decision_public_id")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decision_choice_system_id"),
            ["choice_system_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_decision_client_id"), ["client_id"], unique=False
        )

    op.create_table(
        "instrument_version",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("published_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column(
            "published_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "status = 'draft' OR first_day IS NOT NULL",
            name=op.f("ck_instrument_version_published_from"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'published')",
            name=op.f("ck_instrument_version_status"),
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_instrument_version_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["user.id"],
            name=op.f("fk_instrument_version_published_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_version")),
        sa.UniqueConstraint(
            "choice_system_id",
            "code",
            "version",
            name=op.f("uq_instrument_version_choice_system_id_code_version"),
        ),
        sa.UniqueConstraint(
            "choice_system_id",
            "first_day",
            name=op.f("uq_instrument_version_choice_system_id_first_day"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_instrument_version_public_id")),
    )
    op.create_table(
        "life_event",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "client_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("noted_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_life_event_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["user.id"], name=op.f("fk_life_event_noted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_life_event")),
        sa.UniqueConstraint("public_id", name=op.f("uq_life_event_public_id")),
    )
    with op.batch_alter_table("life_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_life_event_client_id"), ["client_id"], unique=False
        )

    op.create_table(
        "local_reason",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=1), nullable=False),
        sa.Column("ended_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_local_reason_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_reason")),
        sa.UniqueConstraint("public_id", name=op.f("uq_local_reason_public_id")),
        sa.UniqueConstraint(
            "unit_id", "name", name=op.f("uq_local_reason_unit_id_name")
        ),
    )
    op.create_table(
        "login_session",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "municipality_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("seen_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_login_session_municipality_id"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_login_session_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_login_session_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_login_session_token_digest")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_login_session_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "mandate",
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
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(length=200), nullable=False),
        sa.Column(
            "checked_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("next_check_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["user.id"], name=op.f("fk_mandate_checked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_mandate_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_mandate_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mandate_public_id")),
    )
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mandate_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mandate_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "opening",
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
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("until", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_opening_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_opening_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        sa.UniqueConstraint("public_id", name=op.f("uq_opening_public_id")),
    )
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_opening_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_opening_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "payment_run",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "municipality_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("known_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("inputs_digest", sa.String(length=64), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column(
            "prepared_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("computed_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "attested_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("attested_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column(
            "exported_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("exported_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('computed', 'attested', 'exported', 'replaced')",
            name=op.f("ck_payment_run_status"),
        ),
        sa.CheckConstraint(
            "attested_by_id IS NULL OR attested_by_id <> prepared_by_id",
            name=op.f("ck_payment_run_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["attested_by_id"], ["user.id"], name=op.f("fk_payment_run_attested_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_payment_run_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["exported_by_id"], ["user.id"], name=op.f("fk_payment_run_exported_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_payment_run_municipality_id"),
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["user.id"], name=op.f("fk_payment_run_prepared_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_run")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payment_run_public_id")),
    )
    with op.batch_alter_table("payment_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payment_run_municipality_id"),
            ["municipality_id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_payment_run_choice_system_id_month_standing",
            ["choice_system_id", "month"],
            unique=True,
            sqlite_where=sa.text("status <> 'replaced'"),
            postgresql_where=sa.text("status <> 'replaced'"),
        )

    op.create_table(
        "price_draft",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("uploaded_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "uploaded_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_price_draft_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["user.id"], name=op.f("fk_price_draft_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_draft")),
        sa.UniqueConstraint("public_id", name=op.f("uq_price_draft_public_id")),
    )
    with op.batch_alter_table("price_draft", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_price_draft_choice_system_id"),
            ["choice_system_id"],
            unique=False,
        )

    op.create_table(
        "price_list",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("vat_compensation", sa.Integer(), nullable=False),
        sa.Column("decided_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "decided_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_price_list_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_price_list_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_list")),
        sa.UniqueConstraint(
            "choice_system_id",
            "first_day",
            "revision",
            name=op.f("uq_price_list_choice_system_id_first_day_revision"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_price_list_public_id")),
    )
    op.create_table(
        "profile",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("review_note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("easy_text", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column(
            "written_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "published_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("published_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["user.id"], name=op.f("fk_profile_published_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_profile_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["user.id"], name=op.f("fk_profile_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
        sa.UniqueConstraint("public_id", name=op.f("uq_profile_public_id")),
        sa.UniqueConstraint(
            "unit_id", "version", name=op.f("uq_profile_unit_id_version")
        ),
    )
    op.create_table(
        "remark",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "client_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "made_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column(
            "answered_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_remark_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_remark_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name=op.f("fk_remark_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
        sa.UniqueConstraint("public_id", name=op.f("uq_remark_public_id")),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_remark_client_id"), ["client_id"], unique=False
        )

    op.create_table(
        "role_grant",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column(
            "municipality_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "client_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("sees_protected", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(role = 'client') = (client_id IS NOT NULL)",
            name=op.f("ck_role_grant_client"),
        ),
        sa.CheckConstraint(
            "(role = 'provider') = (unit_id IS NOT NULL)",
            name=op.f("ck_role_grant_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_role_grant_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_role_grant_municipality_id"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_role_grant_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_role_grant_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("public_id", name=op.f("uq_role_grant_public_id")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_role_grant_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "rule",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("decided_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "decided_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_rule_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_rule_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule")),
        sa.UniqueConstraint(
            "choice_system_id",
            "key",
            "first_day",
            "revision",
            name=op.f("uq_rule_choice_system_id_key_first_day_revision"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_rule_public_id")),
    )
    op.create_table(
        "saved_unit",
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
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("saved_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_saved_unit_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_saved_unit_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_unit")),
        sa.UniqueConstraint(
            "client_id", "unit_id", name=op.f("uq_saved_unit_client_id_unit_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_unit_public_id")),
    )
    op.create_table(
        "supporter",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "client_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("relation", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_supporter_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporter")),
        sa.UniqueConstraint("public_id", name=op.f("uq_supporter_public_id")),
    )
    with op.batch_alter_table("supporter", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supporter_client_id"), ["client_id"], unique=False
        )

    op.create_table(
        "team_member",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "team_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_team_member_team_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_team_member_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_team_member_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "workplace",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("employer", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("contact_owner", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_workplace_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workplace")),
        sa.UniqueConstraint("public_id", name=op.f("uq_workplace_public_id")),
    )
    with op.batch_alter_table("workplace", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workplace_unit_id"), ["unit_id"], unique=False
        )

    op.create_table(
        "assessment",
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
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "assessor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("took_part", sa.Text(), nullable=False),
        sa.Column("own_words", sa.Text(), nullable=False),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("signed_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column("needs_review", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('preliminary', 'ordinary', 'changed_need', 'with_assistant')",
            name=op.f("ck_assessment_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["user.id"], name=op.f("fk_assessment_assessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_assessment_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_assessment_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_version_id"],
            ["instrument_version.id"],
            name=op.f("fk_assessment_instrument_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assessment_public_id")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_assessor_id"), ["assessor_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_assessment_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_assessment_decision_id"), ["decision_id"], unique=False
        )

    op.create_table(
        "contract_unit",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "contract_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_unit_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_contract_unit_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_unit")),
        sa.UniqueConstraint(
            "contract_id",
            "unit_id",
            "first_day",
            name=op.f("uq_contract_unit_contract_id_unit_id_first_day"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_contract_unit_public_id")),
    )
    with op.batch_alter_table("contract_unit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contract_unit_unit_id"), ["unit_id"], unique=False
        )

    op.create_table(
        "export_file",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column(
            "provider_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "created_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "kind IN ('finance', 'provider')", name=op.f("ck_export_file_kind")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_export_file_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_export_file_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_run.id"], name=op.f("fk_export_file_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_export_file_public_id")),
        sa.UniqueConstraint(
            "run_id",
            "kind",
            "provider_id",
            name=op.f("uq_export_file_run_id_kind_provider_id"),
        ),
    )
    op.create_table(
        "interruption",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "decision_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_interruption_decision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interruption")),
        sa.UniqueConstraint("public_id", name=op.f("uq_interruption_public_id")),
    )
    with op.batch_alter_table("interruption", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_interruption_decision_id"), ["decision_id"], unique=False
        )

    op.create_table(
        "invitation",
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
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("wants_support", sa.Boolean(), nullable=False),
        sa.Column(
            "guide_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_invitation_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_invitation_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["guide_id"], ["user.id"], name=op.f("fk_invitation_guide_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_public_id")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invitation_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_invitation_decision_id"), ["decision_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_invitation_guide_id"), ["guide_id"], unique=False
        )

    op.create_table(
        "offer",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "decision_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_offer_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_offer_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_offer_public_id")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_offer_decision_id"), ["decision_id"], unique=False
        )

    op.create_table(
        "payee",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "contract_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "provider_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("organisation_number", sa.String(length=20), nullable=False),
        sa.Column("counterpart", sa.String(length=20), nullable=False),
        sa.Column("supplier_number", sa.String(length=40), nullable=False),
        sa.Column("order_reference", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("vat_compensation", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_payee_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_payee_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee")),
        sa.UniqueConstraint(
            "contract_id", "digest", name=op.f("uq_payee_contract_id_digest")
        ),
    )
    op.create_table(
        "price_cell",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "price_list_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("extent_class", sa.String(length=40), nullable=False),
        sa.Column("regi", sa.String(length=10), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "regi IN ('extern', 'intern', 'alla')", name=op.f("ck_price_cell_regi")
        ),
        sa.CheckConstraint("unit IN ('day', 'month')", name=op.f("ck_price_cell_unit")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_price_cell_amount")),
        sa.ForeignKeyConstraint(
            ["price_list_id"],
            ["price_list.id"],
            name=op.f("fk_price_cell_price_list_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_cell")),
        sa.UniqueConstraint(
            "price_list_id",
            "level",
            "extent_class",
            "regi",
            name=op.f("uq_price_cell_price_list_id_level_extent_class_regi"),
        ),
    )
    op.create_table(
        "answer",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "assessment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_answer_assessment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint(
            "assessment_id", "question", name=op.f("uq_answer_assessment_id_question")
        ),
    )
    op.create_table(
        "choice",
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
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "invitation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "second_unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.Column(
            "mandate_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("own_will", sa.String(length=20), nullable=False),
        sa.Column("own_will_note", sa.String(length=300), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column(
            "registered_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "registered_at", lovdv.database.Instant(timezone=True), nullable=False
        ),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("support", sa.Text(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("wanted_start", sa.Date(), nullable=True),
        sa.Column("effective_day", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('chosen', 'rechoice', 'stay', 'no_choice')) = (unit_id IS NOT NULL)",
            name=op.f("ck_choice_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_choice_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_choice_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_choice_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_choice_invitation_id")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandate.id"], name=op.f("fk_choice_mandate_id")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["user.id"], name=op.f("fk_choice_registered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_unit_id"], ["unit.id"], name=op.f("fk_choice_second_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_choice_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_choice_public_id")),
    )
    with op.batch_alter_table("choice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_choice_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_choice_decision_id"), ["decision_id"], unique=False
        )

    op.create_table(
        "contact_attempt",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "invitation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("visit_day", sa.Date(), nullable=True),
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_contact_attempt_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_contact_attempt_invitation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_contact_attempt_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_attempt_public_id")),
    )
    with op.batch_alter_table("contact_attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_attempt_invitation_id"),
            ["invitation_id"],
            unique=False,
        )

    op.create_table(
        "level",
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
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "assessment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("price_level", sa.String(length=20), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column(
            "established_at", lovdv.database.Instant(timezone=True), nullable=False
        ),
        sa.Column(
            "established_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_level_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_level_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_level_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_level_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["established_by_id"], ["user.id"], name=op.f("fk_level_established_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level")),
        sa.UniqueConstraint(
            "decision_id",
            "first_day",
            "revision",
            name=op.f("uq_level_decision_id_first_day_revision"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_level_public_id")),
    )
    with op.batch_alter_table("level", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_level_assessment_id"), ["assessment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_level_choice_system_id"), ["choice_system_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_level_client_id"), ["client_id"], unique=False
        )

    op.create_table(
        "objection",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "assessment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("voice", sa.String(length=20), nullable=False),
        sa.Column("noted_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_objection_assessment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["user.id"], name=op.f("fk_objection_noted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("public_id", name=op.f("uq_objection_public_id")),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_objection_assessment_id"), ["assessment_id"], unique=False
        )

    op.create_table(
        "reassessment_request",
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
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "asked_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "assessment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["user.id"],
            name=op.f("fk_reassessment_request_asked_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_reassessment_request_assessment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_reassessment_request_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
            name=op.f("fk_reassessment_request_decision_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reassessment_request")),
        sa.UniqueConstraint(
            "public_id", name=op.f("uq_reassessment_request_public_id")
        ),
    )
    with op.batch_alter_table("reassessment_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reassessment_request_client_id"), ["client_id"], unique=False
        )

    op.create_table(
        "review",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "assessment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "assessor_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "reviewer_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("reviewed_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('agreed', 'disagreed')", name=op.f("ck_review_verdict")
        ),
        sa.CheckConstraint(
            "reviewer_id <> assessor_id", name=op.f("ck_review_not_own")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_review_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["user.id"], name=op.f("fk_review_assessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["user.id"], name=op.f("fk_review_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_review_assessment_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_public_id")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_reviewer_id"), ["reviewer_id"], unique=False
        )

    op.create_table(
        "scored_domain",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "assessment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("scored_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_scored_domain_assessment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scored_domain")),
        sa.UniqueConstraint(
            "assessment_id",
            "domain",
            name=op.f("uq_scored_domain_assessment_id_domain"),
        ),
    )
    op.create_table(
        "signed_assessment",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "assessment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("price_level", sa.String(length=20), nullable=False),
        sa.Column("signed_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "signed_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_signed_assessment_assessment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"],
            ["user.id"],
            name=op.f("fk_signed_assessment_signed_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_assessment")),
        sa.UniqueConstraint(
            "assessment_id", name=op.f("uq_signed_assessment_assessment_id")
        ),
    )
    op.create_table(
        "order",
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
            "choice_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "contract_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("extent", sa.String(length=200), nullable=False),
        sa.Column("half_days", sa.JSON(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("wanted_start", sa.Date(), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("communication", sa.Text(), nullable=False),
        sa.Column("sent_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "sent_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("answered_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column(
            "answered_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("start_day", sa.Date(), nullable=True),
        sa.Column("decline_reason", sa.String(length=30), nullable=False),
        sa.Column("decline_note", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "status IN ('sent', 'confirmed', 'declined', 'withdrawn')",
            name=op.f("ck_order_status"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_order_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["choice.id"], name=op.f("fk_order_choice_id")
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_order_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_order_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_order_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_order_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["user.id"], name=op.f("fk_order_sent_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_order_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order")),
        sa.UniqueConstraint("public_id", name=op.f("uq_order_public_id")),
    )
    with op.batch_alter_table("order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_order_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_order_decision_id"), ["decision_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_order_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "queue_entry",
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
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "choice_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("since", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["choice.id"], name=op.f("fk_queue_entry_choice_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_queue_entry_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_queue_entry_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_entry")),
        sa.UniqueConstraint("public_id", name=op.f("uq_queue_entry_public_id")),
    )
    with op.batch_alter_table("queue_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_queue_entry_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_queue_entry_unit_id"), ["unit_id"], unique=False
        )

    op.create_table(
        "placement",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "municipality_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=20), nullable=False),
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
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "contract_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "order_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.Column("paid_first_day", sa.Date(), nullable=False),
        sa.Column("paid_end_day", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=30), nullable=False),
        sa.Column("annulled_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column("annul_reason", sa.String(length=300), nullable=False),
        sa.Column(
            "workplace_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("plan_made_on", sa.Date(), nullable=True),
        sa.Column("plan_participation", sa.String(length=300), nullable=False),
        sa.Column("next_follow_up_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "end_day IS NULL OR end_day >= first_day", name=op.f("ck_placement_period")
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_placement_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_placement_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_placement_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_placement_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_placement_municipality_id"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order.id"], name=op.f("fk_placement_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_placement_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["workplace_id"], ["workplace.id"], name=op.f("fk_placement_workplace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint(
            "choice_system_id",
            "number",
            name=op.f("uq_placement_choice_system_id_number"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_placement_public_id")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_placement_choice_system_id"),
            ["choice_system_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_placement_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_placement_municipality_id"),
            ["municipality_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_placement_unit_id"), ["unit_id"], unique=False
        )

    op.create_table(
        "attendance_month",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "placement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("codes", sa.String(length=31), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("planned", sa.String(length=31), nullable=False),
        sa.Column("minutes_planned", sa.Integer(), nullable=False),
        sa.Column("minutes_attended", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column(
            "confirmed_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("locked_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column("updated_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("change_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'confirmed', 'locked')",
            name=op.f("ck_attendance_month_status"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["user.id"],
            name=op.f("fk_attendance_month_confirmed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_attendance_month_placement_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_month")),
        sa.UniqueConstraint(
            "placement_id",
            "month",
            "version",
            name=op.f("uq_attendance_month_placement_id_month_version"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_attendance_month_public_id")),
    )
    with op.batch_alter_table("attendance_month", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attendance_month_month"), ["month"], unique=False
        )

    op.create_table(
        "finding",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("control", sa.String(length=30), nullable=False),
        sa.Column(
            "placement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column(
            "decided_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("decided_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decision IN ('', 'pay', 'hold')", name=op.f("ck_finding_decision")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_finding_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_finding_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_run.id"], name=op.f("fk_finding_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("public_id", name=op.f("uq_finding_public_id")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_run_id"), ["run_id"], unique=False)

    op.create_table(
        "held_item",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "placement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('stopped', 'left_out')", name=op.f("ck_held_item_reason")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_held_item_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_run.id"], name=op.f("fk_held_item_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_item")),
        sa.UniqueConstraint("public_id", name=op.f("uq_held_item_public_id")),
    )
    with op.batch_alter_table("held_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_held_item_run_id"), ["run_id"], unique=False
        )

    op.create_table(
        "local_absence",
        sa.Column(
            "placement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "reason_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_local_absence_placement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["local_reason.id"], name=op.f("fk_local_absence_reason_id")
        ),
        sa.PrimaryKeyConstraint("placement_id", "day", name=op.f("pk_local_absence")),
    )
    op.create_table(
        "order_change",
        sa.Column(
            "order_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "placement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "kind IN ('plan', 'replace')", name=op.f("ck_order_change_kind")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order.id"], name=op.f("fk_order_change_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_order_change_placement_id"),
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_change")),
    )
    with op.batch_alter_table("order_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_order_change_placement_id"), ["placement_id"], unique=False
        )

    op.create_table(
        "pause",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "placement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.Column("share_paid", sa.Integer(), nullable=False),
        sa.Column("place_kept", sa.Boolean(), nullable=False),
        sa.Column("frees_capacity", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("annulled_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_pause_placement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pause_public_id")),
    )
    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pause_placement_id"), ["placement_id"], unique=False
        )

    op.create_table(
        "week_plan",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "placement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("decided_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "decided_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_week_plan_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_week_plan_placement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_week_plan")),
        sa.UniqueConstraint(
            "placement_id",
            "first_day",
            "revision",
            name=op.f("uq_week_plan_placement_id_first_day_revision"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_week_plan_public_id")),
    )
    op.create_table(
        "payment_hold",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "placement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "finding_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column(
            "decided_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("decided_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_payment_hold_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_payment_hold_finding_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_payment_hold_placement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_run.id"], name=op.f("fk_payment_hold_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_hold")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payment_hold_public_id")),
        sa.UniqueConstraint(
            "run_id",
            "placement_id",
            "month",
            name=op.f("uq_payment_hold_run_id_placement_id_month"),
        ),
    )
    with op.batch_alter_table("payment_hold", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payment_hold_placement_id"), ["placement_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("payment_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_hold_placement_id"))

    op.drop_table("payment_hold")
    op.drop_table("week_plan")
    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pause_placement_id"))

    op.drop_table("pause")
    with op.batch_alter_table("order_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_change_placement_id"))

    op.drop_table("order_change")
    op.drop_table("local_absence")
    with op.batch_alter_table("held_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_held_item_run_id"))

    op.drop_table("held_item")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_run_id"))

    op.drop_table("finding")
    with op.batch_alter_table("attendance_month", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_month_month"))

    op.drop_table("attendance_month")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_unit_id"))
        batch_op.drop_index(batch_op.f("ix_placement_municipality_id"))
        batch_op.drop_index(batch_op.f("ix_placement_client_id"))
        batch_op.drop_index(batch_op.f("ix_placement_choice_system_id"))

    op.drop_table("placement")
    with op.batch_alter_table("queue_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_queue_entry_unit_id"))
        batch_op.drop_index(batch_op.f("ix_queue_entry_client_id"))

    op.drop_table("queue_entry")
    with op.batch_alter_table("order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_unit_id"))
        batch_op.drop_index(batch_op.f("ix_order_decision_id"))
        batch_op.drop_index(batch_op.f("ix_order_client_id"))

    op.drop_table("order")
    op.drop_table("signed_assessment")
    op.drop_table("scored_domain")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_reviewer_id"))

    op.drop_table("review")
    with op.batch_alter_table("reassessment_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reassessment_request_client_id"))

    op.drop_table("reassessment_request")
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objection_assessment_id"))

    op.drop_table("objection")
    with op.batch_alter_table("level", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_level_client_id"))
        batch_op.drop_index(batch_op.f("ix_level_choice_system_id"))
        batch_op.drop_index(batch_op.f("ix_level_assessment_id"))

    op.drop_table("level")
    with op.batch_alter_table("contact_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_attempt_invitation_id"))

    op.drop_table("contact_attempt")
    with op.batch_alter_table("choice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_choice_decision_id"))
        batch_op.drop_index(batch_op.f("ix_choice_client_id"))

    op.drop_table("choice")
    op.drop_table("answer")
    op.drop_table("price_cell")
    op.drop_table("payee")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_decision_id"))

    op.drop_table("offer")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_guide_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_decision_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_client_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("interruption", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interruption_decision_id"))

    op.drop_table("interruption")
    op.drop_table("export_file")
    with op.batch_alter_table("contract_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_unit_unit_id"))

    op.drop_table("contract_unit")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_decision_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_client_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_assessor_id"))

    op.drop_table("assessment")
    with op.batch_alter_table("workplace", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workplace_unit_id"))

    op.drop_table("workplace")
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_member_user_id"))

    op.drop_table("team_member")
    with op.batch_alter_table("supporter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supporter_client_id"))

    op.drop_table("supporter")
    op.drop_table("saved_unit")
    op.drop_table("rule")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_user_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_remark_client_id"))

    op.drop_table("remark")
    op.drop_table("profile")
    op.drop_table("price_list")
    with op.batch_alter_table("price_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_price_draft_choice_system_id"))

    op.drop_table("price_draft")
    with op.batch_alter_table("payment_run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_payment_run_choice_system_id_month_standing",
            sqlite_where=sa.text("status <> 'replaced'"),
            postgresql_where=sa.text("status <> 'replaced'"),
        )
        batch_op.drop_index(batch_op.f("ix_payment_run_municipality_id"))

    op.drop_table("payment_run")
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_user_id"))
        batch_op.drop_index(batch_op.f("ix_opening_client_id"))

    op.drop_table("opening")
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mandate_user_id"))
        batch_op.drop_index(batch_op.f("ix_mandate_client_id"))

    op.drop_table("mandate")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_user_id"))

    op.drop_table("login_session")
    op.drop_table("local_reason")
    with op.batch_alter_table("life_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_life_event_client_id"))

    op.drop_table("life_event")
    op.drop_table("instrument_version")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_client_id"))
        batch_op.drop_index(batch_op.f("ix_decision_choice_system_id"))

    op.drop_table("decision")
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_provider_id"))
        batch_op.drop_index(batch_op.f("ix_contract_choice_system_id"))

    op.drop_table("contract")
    with op.batch_alter_table("closed_day", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_closed_day_unit",
            sqlite_where=sa.text("annulled_at IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_closed_day_all",
            sqlite_where=sa.text("annulled_at IS NULL AND unit_id IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL AND unit_id IS NULL"),
        )

    op.drop_table("closed_day")
    with op.batch_alter_table("client_number", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_number_client_id"))

    op.drop_table("client_number")
    with op.batch_alter_table("client_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_name_client_id"))

    op.drop_table("client_name")
    op.drop_table("capacity")
    with op.batch_alter_table("audit_subject", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_subject_client_id"))

    op.drop_table("audit_subject")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_user_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_team_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_client_id"))

    op.drop_table("assignment")
    op.drop_table("absence_code")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_provider_id"))

    op.drop_table("unit")
    op.drop_table("team")
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_draft_uploaded_by_id"))

    op.drop_table("import_draft")
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_sort_key"))
        batch_op.drop_index(batch_op.f("ix_client_municipality_id"))

    op.drop_table("client")
    with op.batch_alter_table("choice_system", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_choice_system_municipality_id"))

    op.drop_table("choice_system")
    op.drop_table("user")
    op.drop_table("provider")
    with op.batch_alter_table("payment_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_line_run_id_placement_id"))
        batch_op.drop_index(
            "ix_payment_line_corrects_id",
            sqlite_where=sa.text("corrects_id IS NOT NULL"),
            postgresql_where=sa.text("corrects_id IS NOT NULL"),
        )

    op.drop_table("payment_line")
    op.drop_table("municipality")
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_attempt_login_digest"))
        batch_op.drop_index(batch_op.f("ix_login_attempt_address_digest"))

    op.drop_table("login_attempt")
    op.drop_table("audit_segment")
    op.drop_table("audit")
