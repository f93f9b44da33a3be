"""Which number a user identifies with."""

import sqlalchemy as sa
from alembic import op

import lovdv.database

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "user_identity",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("blind", sa.LargeBinary(length=16), nullable=False),
        sa.Column("added_at", lovdv.database.Instant(timezone=True), nullable=False),
        sa.Column("added_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user.id"], name=op.f("fk_user_identity_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_user_identity_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_identity")),
        sa.UniqueConstraint("blind", name=op.f("uq_user_identity_blind")),
        sa.UniqueConstraint("user_id", name=op.f("uq_user_identity_user_id")),
    )


def downgrade() -> None:
    op.drop_table("user_identity")
