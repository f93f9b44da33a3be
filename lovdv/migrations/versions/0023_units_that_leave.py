"""A unit that leaves, and everyone concerned."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "provider_exit",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("begun_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("begun_by_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["user.id"], name=op.f("fk_provider_exit_begun_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_provider_exit_contract_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_exit")),
        sa.UniqueConstraint("public_id", name=op.f("uq_provider_exit_public_id")),
    )
    with op.batch_alter_table("provider_exit") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provider_exit_contract_id"), ["contract_id"], unique=False
        )
    op.create_table(
        "exit_day",
        sa.Column("id", ID, nullable=False),
        sa.Column("exit_id", ID, nullable=False),
        sa.Column("end_day", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("decided_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("decided_by_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_exit_day_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["exit_id"], ["provider_exit.id"], name=op.f("fk_exit_day_exit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_day")),
    )
    with op.batch_alter_table("exit_day") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exit_day_exit_id"), ["exit_id"], unique=False
        )
    op.create_table(
        "exit_person",
        sa.Column("id", ID, nullable=False),
        sa.Column("exit_id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("invitation_id", ID, nullable=True),
        sa.Column("kind_before", sa.String(length=20), nullable=False),
        sa.Column("found_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "how IN ('placed', 'coming', 'ordered', 'offered', 'queued', 'chosen')",
            name=op.f("ck_exit_person_how"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_exit_person_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["exit_id"], ["provider_exit.id"], name=op.f("fk_exit_person_exit_id")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_exit_person_invitation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_exit_person_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_person")),
        sa.UniqueConstraint(
            "exit_id", "client_id", name=op.f("uq_exit_person_exit_id_client_id")
        ),
    )
    with op.batch_alter_table("exit_person") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exit_person_client_id"), ["client_id"], unique=False
        )
    op.create_table(
        "exit_unit",
        sa.Column("id", ID, nullable=False),
        sa.Column("exit_id", ID, nullable=False),
        sa.Column("contract_unit_id", ID, nullable=False),
        sa.Column("end_before", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_unit_id"],
            ["contract_unit.id"],
            name=op.f("fk_exit_unit_contract_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["exit_id"], ["provider_exit.id"], name=op.f("fk_exit_unit_exit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_unit")),
        sa.UniqueConstraint(
            "exit_id",
            "contract_unit_id",
            name=op.f("uq_exit_unit_exit_id_contract_unit_id"),
        ),
    )
    with op.batch_alter_table("exit_unit") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exit_unit_contract_unit_id"),
            ["contract_unit_id"],
            unique=False,
        )
    op.create_table(
        "exit_withdrawal",
        sa.Column("id", ID, nullable=False),
        sa.Column("exit_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_exit_withdrawal_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["exit_id"], ["provider_exit.id"], name=op.f("fk_exit_withdrawal_exit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_withdrawal")),
        sa.UniqueConstraint("exit_id", name=op.f("uq_exit_withdrawal_exit_id")),
    )
    op.create_table(
        "exit_placement",
        sa.Column("id", ID, nullable=False),
        sa.Column("exit_id", ID, nullable=False),
        sa.Column("placement_id", ID, nullable=False),
        sa.Column("end_before", sa.Date(), nullable=True),
        sa.Column("reason_before", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["exit_id"], ["provider_exit.id"], name=op.f("fk_exit_placement_exit_id")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_exit_placement_placement_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_placement")),
        sa.UniqueConstraint(
            "exit_id",
            "placement_id",
            name=op.f("uq_exit_placement_exit_id_placement_id"),
        ),
    )
    with op.batch_alter_table("exit_placement") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exit_placement_placement_id"), ["placement_id"], unique=False
        )
    with op.batch_alter_table("contract_unit") as batch_op:
        batch_op.add_column(sa.Column("closed_from", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contract_unit") as batch_op:
        batch_op.drop_column("closed_from")

    with op.batch_alter_table("exit_placement") as batch_op:
        batch_op.drop_index(batch_op.f("ix_exit_placement_placement_id"))
    op.drop_table("exit_placement")
    op.drop_table("exit_withdrawal")
    with op.batch_alter_table("exit_unit") as batch_op:
        batch_op.drop_index(batch_op.f("ix_exit_unit_contract_unit_id"))
    op.drop_table("exit_unit")
    with op.batch_alter_table("exit_person") as batch_op:
        batch_op.drop_index(batch_op.f("ix_exit_person_client_id"))
    op.drop_table("exit_person")
    with op.batch_alter_table("exit_day") as batch_op:
        batch_op.drop_index(batch_op.f("ix_exit_day_exit_id"))
    op.drop_table("exit_day")
    with op.batch_alter_table("provider_exit") as batch_op:
        batch_op.drop_index(batch_op.f("ix_provider_exit_contract_id"))
    op.drop_table("provider_exit")
