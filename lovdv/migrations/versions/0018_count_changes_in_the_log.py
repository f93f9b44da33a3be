"""How many of the log's rows are changes, so that pages kept know when to be made anew.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("audit_segment") as batch:
        batch.add_column(
            sa.Column("changes", sa.Integer(), nullable=False, server_default="0")
        )


def downgrade() -> None:
    with op.batch_alter_table("audit_segment") as batch:
        batch.drop_column("changes")
