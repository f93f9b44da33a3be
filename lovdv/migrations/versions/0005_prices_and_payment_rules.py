"""Compare and index price lists; draft payment rules and grant supplements."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_rule_draft",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_from", sa.String(length=200), nullable=False),
        sa.Column("created_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "updated_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_payment_rule_draft_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"],
            ["user.id"],
            name=op.f("fk_payment_rule_draft_updated_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_rule_draft")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payment_rule_draft_public_id")),
    )

    with op.batch_alter_table("payment_rule_draft", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payment_rule_draft_choice_system_id"),
            ["choice_system_id"],
            unique=False,
        )

    op.create_table(
        "supplement_grant",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "placement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=28), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("proof", sa.String(length=200), nullable=False),
        sa.Column(
            "replaces_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("recorded_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "recorded_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_supplement_grant_amount")),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_supplement_grant_placement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user.id"],
            name=op.f("fk_supplement_grant_recorded_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["supplement_grant.id"],
            name=op.f("fk_supplement_grant_replaces_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement_grant")),
        sa.UniqueConstraint("public_id", name=op.f("uq_supplement_grant_public_id")),
        sa.UniqueConstraint(
            "replaces_id", name=op.f("uq_supplement_grant_replaces_id")
        ),
    )

    with op.batch_alter_table("supplement_grant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supplement_grant_placement_id"),
            ["placement_id"],
            unique=False,
        )

    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.alter_column("share_paid", existing_type=sa.INTEGER(), nullable=True)

    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notice_day", sa.Date(), nullable=True))

    with op.batch_alter_table("price_cell", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proposed", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "reason", sa.String(length=300), nullable=False, server_default=""
            )
        )

    with op.batch_alter_table("price_cell", schema=None) as batch_op:
        batch_op.alter_column("reason", server_default=None)

    with op.batch_alter_table("price_draft", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "proposed_from_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "index_name", sa.String(length=60), nullable=False, server_default=""
            )
        )
        batch_op.add_column(sa.Column("index_hundredths", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("reasons", sa.JSON(), nullable=False, server_default="{}")
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_price_draft_proposed_from_id"),
            "price_list",
            ["proposed_from_id"],
            ["id"],
        )

    with op.batch_alter_table("price_draft", schema=None) as batch_op:
        batch_op.alter_column("index_name", server_default=None)
        batch_op.alter_column("reasons", server_default=None)

    with op.batch_alter_table("price_list", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "status",
                sa.String(length=12),
                nullable=False,
                server_default="definitive",
            )
        )
        batch_op.add_column(
            sa.Column(
                "index_name", sa.String(length=60), nullable=False, server_default=""
            )
        )
        batch_op.add_column(sa.Column("index_hundredths", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "proposed_from_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("announced_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "announcement", sa.String(length=200), nullable=False, server_default=""
            )
        )
        batch_op.add_column(
            sa.Column(
                "override_reason",
                sa.String(length=400),
                nullable=False,
                server_default="",
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_price_list_proposed_from_id"),
            "price_list",
            ["proposed_from_id"],
            ["id"],
        )

    with op.batch_alter_table("price_list", schema=None) as batch_op:
        batch_op.alter_column("status", server_default=None)
        batch_op.alter_column("index_name", server_default=None)
        batch_op.alter_column("announcement", server_default=None)
        batch_op.alter_column("override_reason", server_default=None)

    with op.batch_alter_table("price_cell") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_price_cell_unit"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_price_cell_unit"), "unit IN ('day', 'month', 'hour')"
        )
    with op.batch_alter_table("price_list") as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_price_list_status"),
            "status IN ('preliminary', 'definitive')",
        )


def downgrade() -> None:
    with op.batch_alter_table("price_list") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_price_list_status"), type_="check")
    with op.batch_alter_table("price_cell") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_price_cell_unit"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_price_cell_unit"), "unit IN ('day', 'month')"
        )
    with op.batch_alter_table("price_list", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_price_list_proposed_from_id"), type_="foreignkey"
        )
        batch_op.drop_column("override_reason")
        batch_op.drop_column("announcement")
        batch_op.drop_column("announced_on")
        batch_op.drop_column("proposed_from_id")
        batch_op.drop_column("index_hundredths")
        batch_op.drop_column("index_name")
        batch_op.drop_column("status")

    with op.batch_alter_table("price_draft", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_price_draft_proposed_from_id"), type_="foreignkey"
        )
        batch_op.drop_column("reasons")
        batch_op.drop_column("index_hundredths")
        batch_op.drop_column("index_name")
        batch_op.drop_column("proposed_from_id")

    with op.batch_alter_table("price_cell", schema=None) as batch_op:
        batch_op.drop_column("reason")
        batch_op.drop_column("proposed")

    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_column("notice_day")

    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.alter_column("share_paid", existing_type=sa.INTEGER(), nullable=False)

    with op.batch_alter_table("supplement_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supplement_grant_placement_id"))

    op.drop_table("supplement_grant")

    with op.batch_alter_table("payment_rule_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_rule_draft_choice_system_id"))

    op.drop_table("payment_rule_draft")
