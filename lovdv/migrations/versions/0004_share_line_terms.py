"""Keep what alike payment lines of a run share in a table of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SHARED: tuple[tuple[str, sa.types.TypeEngine[object]], ...] = (
    ("kind", sa.String(40)),
    ("month", sa.Date()),
    ("first_day", sa.Date()),
    ("end_day", sa.Date()),
    ("level", sa.String(20)),
    ("extent_class", sa.String(40)),
    ("regi", sa.String(10)),
    ("cells", sa.String(120)),
    ("unit", sa.String(10)),
    ("price", sa.BigInteger()),
    ("hundredths", sa.Integer()),
    ("of", sa.Integer()),
    ("share", sa.Integer()),
    ("rounding", sa.Integer()),
    ("amount", sa.BigInteger()),
    ("days", sa.Integer()),
    ("counted", sa.String(80)),
    ("rules", sa.Text()),
)
"""What moves from a line to its terms."""

NAMES = ", ".join(f'"{name}"' for name, _ in SHARED)


def upgrade() -> None:
    op.create_table(
        "line_terms",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, kind, nullable=False) for name, kind in SHARED),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_line_terms")),
    )
    with op.batch_alter_table("payment_line") as batch_op:
        batch_op.add_column(
            sa.Column("terms", sa.Integer(), nullable=False, server_default="0")
        )
    op.execute(
        "UPDATE payment_line SET terms = numbered.number FROM (SELECT id,"
        f" DENSE_RANK() OVER (PARTITION BY run_id ORDER BY {NAMES}) AS number"
        " FROM payment_line) AS numbered WHERE numbered.id = payment_line.id"
    )
    op.execute(
        f"INSERT INTO line_terms (run_id, number, {NAMES})"
        f" SELECT DISTINCT run_id, terms, {NAMES} FROM payment_line"
    )
    with op.batch_alter_table("payment_line") as batch_op:
        batch_op.alter_column("terms", server_default=None)
        for name, _ in SHARED:
            batch_op.drop_column(name)


def downgrade() -> None:
    with op.batch_alter_table("payment_line") as batch_op:
        for name, kind in SHARED:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    for name, _ in SHARED:
        op.execute(
            f'UPDATE payment_line SET "{name}" = (SELECT shared."{name}"'
            " FROM line_terms AS shared WHERE shared.run_id = payment_line.run_id"
            " AND shared.number = payment_line.terms)"
        )
    with op.batch_alter_table("payment_line") as batch_op:
        for name, kind in SHARED:
            told = sa.String(20) if name == "kind" else kind
            batch_op.alter_column(
                name,
                existing_type=kind,
                type_=told,
                existing_nullable=True,
                nullable=False,
            )
        batch_op.drop_column("terms")
    op.drop_table("line_terms")
