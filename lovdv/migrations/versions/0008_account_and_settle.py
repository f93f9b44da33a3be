"""Account, make files by templates, read answers back, and settle providers."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_row",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("criteria", sa.String(length=200), nullable=False),
        sa.Column("regi", sa.String(length=10), nullable=False),
        sa.Column("counterpart", sa.String(length=20), nullable=False),
        sa.Column("law", sa.String(length=10), nullable=False),
        sa.Column(
            "provider_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "unit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=20), nullable=False),
        sa.Column("responsibility", sa.String(length=20), nullable=False),
        sa.Column("operation", sa.String(length=20), nullable=False),
        sa.Column("counterpart_code", sa.String(length=20), nullable=False),
        sa.Column("project", sa.String(length=20), nullable=False),
        sa.Column("activity", sa.String(length=20), nullable=False),
        sa.Column("free", sa.String(length=20), nullable=False),
        sa.Column("contra", sa.String(length=20), nullable=False),
        sa.Column("vat_per_cent", sa.Integer(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("decided_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "decided_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "vat_per_cent BETWEEN 0 AND 100", name=op.f("ck_account_row_vat_per_cent")
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_account_row_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_account_row_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_account_row_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_account_row_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_row")),
        sa.UniqueConstraint(
            "choice_system_id",
            "criteria",
            "first_day",
            "revision",
            name=op.f("uq_account_row_choice_system_id_criteria_first_day_revision"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_row_public_id")),
    )

    op.create_table(
        "file_template",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("decided_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "decided_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "kind IN ('text', 'sie', 'answer', 'none')",
            name=op.f("ck_file_template_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_file_template_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_file_template_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_template")),
        sa.UniqueConstraint(
            "choice_system_id",
            "name",
            "first_day",
            "revision",
            name=op.f("uq_file_template_choice_system_id_name_first_day_revision"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_file_template_public_id")),
    )

    op.create_table(
        "supplier_invoice",
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
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("vat", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "recorded_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_supplier_invoice_amount")),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_supplier_invoice_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_supplier_invoice_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user.id"],
            name=op.f("fk_supplier_invoice_recorded_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_invoice")),
        sa.UniqueConstraint(
            "choice_system_id",
            "provider_id",
            "number",
            name=op.f("uq_supplier_invoice_choice_system_id_provider_id_number"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_supplier_invoice_public_id")),
    )

    with op.batch_alter_table("supplier_invoice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supplier_invoice_provider_id"), ["provider_id"], unique=False
        )

    op.create_table(
        "claim_entry",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "provider_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "against_run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "recorded_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(kind = 'set_off') = (against_run_id IS NOT NULL)",
            name=op.f("ck_claim_entry_set_off"),
        ),
        sa.CheckConstraint(
            "kind IN ('set_off', 'payment', 'written_off')",
            name=op.f("ck_claim_entry_kind"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_claim_entry_amount")),
        sa.ForeignKeyConstraint(
            ["against_run_id"],
            ["payment_run.id"],
            name=op.f("fk_claim_entry_against_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_claim_entry_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_claim_entry_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_run.id"], name=op.f("fk_claim_entry_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_entry")),
    )

    with op.batch_alter_table("claim_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claim_entry_against_run_id"),
            ["against_run_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_claim_entry_run_id"), ["run_id"], unique=False
        )

    op.create_table(
        "invoice_share",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "invoice_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("placed_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "placed_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "how IN ('reference', 'amount', 'hand')", name=op.f("ck_invoice_share_how")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"],
            ["supplier_invoice.id"],
            name=op.f("fk_invoice_share_invoice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["placed_by_id"], ["user.id"], name=op.f("fk_invoice_share_placed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_run.id"], name=op.f("fk_invoice_share_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_share")),
        sa.UniqueConstraint(
            "invoice_id", "run_id", name=op.f("uq_invoice_share_invoice_id_run_id")
        ),
    )

    with op.batch_alter_table("invoice_share", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invoice_share_run_id"), ["run_id"], unique=False
        )

    op.create_table(
        "ledger_file",
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
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "template_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "corrects_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "created_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(version = 1) = (corrects_id IS NULL)",
            name=op.f("ck_ledger_file_a_correction_says_of_what"),
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_ledger_file_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["ledger_file.id"], name=op.f("fk_ledger_file_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_ledger_file_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_run.id"], name=op.f("fk_ledger_file_run_id")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["file_template.id"],
            name=op.f("fk_ledger_file_template_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_file")),
        sa.UniqueConstraint(
            "choice_system_id",
            "key",
            "version",
            name=op.f("uq_ledger_file_choice_system_id_key_version"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_ledger_file_public_id")),
    )

    with op.batch_alter_table("ledger_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ledger_file_run_id"), ["run_id"], unique=False
        )

    op.create_table(
        "read_back",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("unmatched", sa.Integer(), nullable=False),
        sa.Column("read_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "read_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "row_count = matched + unmatched", name=op.f("ck_read_back_counts")
        ),
        sa.ForeignKeyConstraint(
            ["read_by_id"], ["user.id"], name=op.f("fk_read_back_read_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_run.id"], name=op.f("fk_read_back_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_back")),
        sa.UniqueConstraint("public_id", name=op.f("uq_read_back_public_id")),
        sa.UniqueConstraint(
            "run_id", "sha256", name=op.f("uq_read_back_run_id_sha256")
        ),
    )

    op.create_table(
        "settlement_way",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "contract_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("decided_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "decided_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "way IN ('invoice', 'payout', 'internal')",
            name=op.f("ck_settlement_way_way"),
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_settlement_way_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_settlement_way_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_way")),
        sa.UniqueConstraint(
            "contract_id",
            "first_day",
            "revision",
            name=op.f("uq_settlement_way_contract_id_first_day_revision"),
        ),
    )

    op.create_table(
        "read_back_row",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "read_back_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "line_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "provider_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("fault", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('paid', 'rejected', 'unmatched')",
            name=op.f("ck_read_back_row_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["payment_line.id"], name=op.f("fk_read_back_row_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_read_back_row_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["read_back_id"],
            ["read_back.id"],
            name=op.f("fk_read_back_row_read_back_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_back_row")),
        sa.UniqueConstraint("public_id", name=op.f("uq_read_back_row_public_id")),
        sa.UniqueConstraint(
            "read_back_id", "number", name=op.f("uq_read_back_row_read_back_id_number")
        ),
    )

    with op.batch_alter_table("read_back_row", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_read_back_row_line_id"), ["line_id"], unique=False
        )

    op.create_table(
        "read_back_answer",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "row_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("answered_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "answered_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["user.id"],
            name=op.f("fk_read_back_answer_answered_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["row_id"], ["read_back_row.id"], name=op.f("fk_read_back_answer_row_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_back_answer")),
        sa.UniqueConstraint("row_id", name=op.f("uq_read_back_answer_row_id")),
    )


def downgrade() -> None:
    op.drop_table("read_back_answer")

    with op.batch_alter_table("read_back_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_read_back_row_line_id"))

    op.drop_table("read_back_row")

    op.drop_table("settlement_way")

    op.drop_table("read_back")

    with op.batch_alter_table("ledger_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_file_run_id"))

    op.drop_table("ledger_file")

    with op.batch_alter_table("invoice_share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoice_share_run_id"))

    op.drop_table("invoice_share")

    with op.batch_alter_table("claim_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_entry_run_id"))
        batch_op.drop_index(batch_op.f("ix_claim_entry_against_run_id"))

    op.drop_table("claim_entry")

    with op.batch_alter_table("supplier_invoice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supplier_invoice_provider_id"))

    op.drop_table("supplier_invoice")

    op.drop_table("file_template")

    op.drop_table("account_row")
