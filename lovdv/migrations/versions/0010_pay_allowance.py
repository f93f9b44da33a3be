"""Pay habiliteringsersättning from the same attendance."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "year_amount",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "municipality_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("decided_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "decided_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "kind IN ('base_amount', 'grant')", name=op.f("ck_year_amount_kind")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_year_amount_amount")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_year_amount_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_year_amount_municipality_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_amount")),
        sa.UniqueConstraint(
            "municipality_id",
            "kind",
            "year",
            "revision",
            name=op.f("uq_year_amount_municipality_id_kind_year_revision"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_year_amount_public_id")),
    )

    op.create_table(
        "allowance_run",
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
        sa.Column(
            "prepared_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
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
            name=op.f("ck_allowance_run_status"),
        ),
        sa.CheckConstraint(
            "attested_by_id IS NULL OR attested_by_id <> prepared_by_id",
            name=op.f("ck_allowance_run_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["attested_by_id"],
            ["user.id"],
            name=op.f("fk_allowance_run_attested_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_allowance_run_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["exported_by_id"],
            ["user.id"],
            name=op.f("fk_allowance_run_exported_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_allowance_run_municipality_id"),
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"],
            ["user.id"],
            name=op.f("fk_allowance_run_prepared_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance_run")),
        sa.UniqueConstraint("public_id", name=op.f("uq_allowance_run_public_id")),
    )

    with op.batch_alter_table("allowance_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_allowance_run_municipality_id"),
            ["municipality_id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_allowance_run_choice_system_id_month_standing",
            ["choice_system_id", "month"],
            unique=True,
            sqlite_where=sa.text("status <> 'replaced'"),
            postgresql_where=sa.text("status <> 'replaced'"),
        )

    op.create_table(
        "allowance_file",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "created_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_allowance_file_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["allowance_run.id"], name=op.f("fk_allowance_file_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_allowance_file_public_id")),
        sa.UniqueConstraint("run_id", name=op.f("uq_allowance_file_run_id")),
    )

    op.create_table(
        "allowance_entry",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
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
        sa.Column(
            "provider_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("rounding", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.String(length=100), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("payer", sa.String(length=20), nullable=False),
        sa.Column(
            "corrects_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "kind IN ('full', 'half', 'hour', 'over')",
            name=op.f("ck_allowance_entry_kind"),
        ),
        sa.CheckConstraint(
            "payer IN ('municipality', 'provider_included', 'provider_billed')",
            name=op.f("ck_allowance_entry_payer"),
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["allowance_entry.id"],
            name=op.f("fk_allowance_entry_corrects_id"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_allowance_entry_placement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_allowance_entry_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["allowance_run.id"], name=op.f("fk_allowance_entry_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance_entry")),
    )

    with op.batch_alter_table("allowance_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_allowance_entry_corrects_id"), ["corrects_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_allowance_entry_placement_id"),
            ["placement_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_allowance_entry_run_id_placement_id"),
            ["run_id", "placement_id"],
            unique=False,
        )

    op.create_table(
        "allowance_wait",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
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
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('stopped', 'left_out')", name=op.f("ck_allowance_wait_reason")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_allowance_wait_placement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["allowance_run.id"], name=op.f("fk_allowance_wait_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance_wait")),
    )

    with op.batch_alter_table("allowance_wait", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_allowance_wait_run_id"), ["run_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("allowance_wait", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allowance_wait_run_id"))

    op.drop_table("allowance_wait")

    with op.batch_alter_table("allowance_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allowance_entry_run_id_placement_id"))
        batch_op.drop_index(batch_op.f("ix_allowance_entry_placement_id"))
        batch_op.drop_index(batch_op.f("ix_allowance_entry_corrects_id"))

    op.drop_table("allowance_entry")

    op.drop_table("allowance_file")

    with op.batch_alter_table("allowance_run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_allowance_run_choice_system_id_month_standing",
            sqlite_where=sa.text("status <> 'replaced'"),
            postgresql_where=sa.text("status <> 'replaced'"),
        )
        batch_op.drop_index(batch_op.f("ix_allowance_run_municipality_id"))

    op.drop_table("allowance_run")

    op.drop_table("year_amount")
