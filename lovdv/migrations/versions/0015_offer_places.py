"""Places that are offered to those in a queue, and ceilings that units notify."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Nobody waits twice for one unit: the first day in the queue is kept.
    op.execute(
        "UPDATE queue_entry SET ended_at = since, end_reason = 'new_choice'"
        " WHERE ended_at IS NULL AND id NOT IN (SELECT min(id) FROM queue_entry"
        " WHERE ended_at IS NULL GROUP BY client_id, unit_id)"
    )

    op.create_table(
        "place_offer",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("queue_entry_id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("offer_id", ID, nullable=False),
        sa.Column("half_days", sa.JSON(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("lapse", sa.String(length=10), nullable=False),
        sa.Column("made_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("made_by_id", ID, nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("answered_at", lovdv.database.Instant(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("answered_by", sa.String(length=20), nullable=False),
        sa.Column("mandate_id", ID, nullable=True),
        sa.Column("own_will", sa.String(length=20), nullable=False),
        sa.Column("own_will_note", sa.String(length=300), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("registered_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "answer IN ('', 'accepted', 'declined', 'expired', 'withdrawn')",
            name=op.f("ck_place_offer_answer"),
        ),
        sa.CheckConstraint(
            "lapse IN ('keep', 'last')", name=op.f("ck_place_offer_lapse")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_place_offer_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_place_offer_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name=op.f("fk_place_offer_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandate.id"], name=op.f("fk_place_offer_mandate_id")
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_place_offer_offer_id")
        ),
        sa.ForeignKeyConstraint(
            ["queue_entry_id"],
            ["queue_entry.id"],
            name=op.f("fk_place_offer_queue_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"],
            ["user.id"],
            name=op.f("fk_place_offer_registered_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_place_offer_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_offer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_place_offer_public_id")),
    )

    with op.batch_alter_table("place_offer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_place_offer_client_id"), ["client_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_place_offer_queue_entry_id"),
            ["queue_entry_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_place_offer_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_index(
            "uq_place_offer_open",
            ["queue_entry_id"],
            unique=True,
            sqlite_where=sa.text("answer = ''"),
            postgresql_where=sa.text("answer = ''"),
        )

    op.create_table(
        "passed_over",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("place_offer_id", ID, nullable=False),
        sa.Column("queue_entry_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_offer_id"],
            ["place_offer.id"],
            name=op.f("fk_passed_over_place_offer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["queue_entry_id"],
            ["queue_entry.id"],
            name=op.f("fk_passed_over_queue_entry_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passed_over")),
        sa.UniqueConstraint("public_id", name=op.f("uq_passed_over_public_id")),
    )

    with op.batch_alter_table("passed_over", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_passed_over_place_offer_id"),
            ["place_offer_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_passed_over_queue_entry_id"),
            ["queue_entry_id"],
            unique=False,
        )

    with op.batch_alter_table("capacity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("noted_by_id", ID, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_capacity_noted_by_id"), "user", ["noted_by_id"], ["id"]
        )

    with op.batch_alter_table("queue_entry", schema=None) as batch_op:
        batch_op.create_index(
            "uq_queue_entry_waiting",
            ["client_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("queue_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_queue_entry_waiting",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    with op.batch_alter_table("capacity", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_capacity_noted_by_id"), type_="foreignkey"
        )
        batch_op.drop_column("noted_by_id")

    with op.batch_alter_table("passed_over", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passed_over_queue_entry_id"))
        batch_op.drop_index(batch_op.f("ix_passed_over_place_offer_id"))

    op.drop_table("passed_over")

    with op.batch_alter_table("place_offer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_place_offer_open",
            sqlite_where=sa.text("answer = ''"),
            postgresql_where=sa.text("answer = ''"),
        )
        batch_op.drop_index(batch_op.f("ix_place_offer_unit_id"))
        batch_op.drop_index(batch_op.f("ix_place_offer_queue_entry_id"))
        batch_op.drop_index(batch_op.f("ix_place_offer_client_id"))

    op.drop_table("place_offer")
