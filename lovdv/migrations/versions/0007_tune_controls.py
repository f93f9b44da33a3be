"""Tune the controls, draw a sample, and keep what a run was checked with."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "control_setting",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(
            "choice_system_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("control", sa.String(length=30), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("effect", sa.String(length=10), nullable=False),
        sa.Column("off_end_day", sa.Date(), nullable=True),
        sa.Column("knobs", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("decided_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column(
            "decided_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(effect = 'off') = (off_end_day IS NOT NULL)",
            name=op.f("ck_control_setting_off"),
        ),
        sa.CheckConstraint(
            "effect IN ('decides', 'lists', 'off')",
            name=op.f("ck_control_setting_effect"),
        ),
        sa.ForeignKeyConstraint(
            ["choice_system_id"],
            ["choice_system.id"],
            name=op.f("fk_control_setting_choice_system_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user.id"],
            name=op.f("fk_control_setting_decided_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_setting")),
        sa.UniqueConstraint(
            "choice_system_id",
            "control",
            "first_day",
            "revision",
            name=op.f("uq_control_setting_choice_system_id_control_first_day_revision"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_control_setting_public_id")),
    )

    op.create_table(
        "run_control",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("control", sa.String(length=30), nullable=False),
        sa.Column("effect", sa.String(length=10), nullable=False),
        sa.Column("knobs", sa.JSON(), nullable=False),
        sa.Column(
            "setting_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_run.id"], name=op.f("fk_run_control_run_id")
        ),
        sa.ForeignKeyConstraint(
            ["setting_id"],
            ["control_setting.id"],
            name=op.f("fk_run_control_setting_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_control")),
        sa.UniqueConstraint(
            "run_id", "control", name=op.f("uq_run_control_run_id_control")
        ),
    )

    op.create_table(
        "run_terms",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "contract_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_run_terms_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_run.id"], name=op.f("fk_run_terms_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_terms")),
        sa.UniqueConstraint(
            "run_id", "contract_id", name=op.f("uq_run_terms_run_id_contract_id")
        ),
    )

    op.create_table(
        "sampled_line",
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
            "finding_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("attendance_seen", sa.Boolean(), nullable=False),
        sa.Column("decision_seen", sa.Boolean(), nullable=False),
        sa.Column("plan_seen", sa.Boolean(), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column(
            "looked_by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("looked_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "result <> 'right' OR (attendance_seen AND decision_seen AND plan_seen)",
            name=op.f("ck_sampled_line_seen"),
        ),
        sa.CheckConstraint(
            "result IN ('', 'right', 'wrong')", name=op.f("ck_sampled_line_result")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_sampled_line_finding_id")
        ),
        sa.ForeignKeyConstraint(
            ["looked_by_id"], ["user.id"], name=op.f("fk_sampled_line_looked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["payment_run.id"], name=op.f("fk_sampled_line_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampled_line")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_sampled_line_finding_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sampled_line_public_id")),
    )

    with op.batch_alter_table("sampled_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sampled_line_run_id"), ["run_id"], unique=False
        )

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "effect", sa.String(length=10), nullable=False, server_default="decides"
            )
        )
        batch_op.add_column(
            sa.Column(
                "contract_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "unit_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_finding_unit_id"), "unit", ["unit_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_finding_contract_id"), "contract", ["contract_id"], ["id"]
        )

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.alter_column("effect", server_default=None)

    with op.batch_alter_table("finding") as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_finding_effect"), "effect IN ('decides', 'lists')"
        )


def downgrade() -> None:
    with op.batch_alter_table("finding") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_finding_effect"), type_="check")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_finding_contract_id"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("fk_finding_unit_id"), type_="foreignkey")
        batch_op.drop_column("unit_id")
        batch_op.drop_column("contract_id")
        batch_op.drop_column("effect")

    with op.batch_alter_table("sampled_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sampled_line_run_id"))

    op.drop_table("sampled_line")

    op.drop_table("run_terms")

    op.drop_table("run_control")

    op.drop_table("control_setting")
