"""Runs the migrations on the connection that migrate.py hands over."""

from alembic import context
from alembic.migration import MigrationContext
from alembic.operations.ops import CreateTableOp, MigrationScript

from lovdv import guards
from lovdv.models import metadata


def without_guards(
    _context: MigrationContext, _revision: object, directives: list[MigrationScript]
) -> None:
    """Guards are made below, not written into the migration."""
    for directive in directives:
        for operation in directive.upgrade_ops.ops:
            if isinstance(operation, CreateTableOp):
                operation.info.clear()


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    process_revision_directives=without_guards,
)

# SQLite rebuilds a table to change it, which the guards would refuse: they are
# taken away first and made again afterwards, for the tables that are there.
guards.drop(connection, metadata)
with context.begin_transaction():
    context.run_migrations()
guards.create(connection, metadata)
