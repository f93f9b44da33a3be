"""The lovdv command, one module for each group of commands."""

import os
import sys
from collections.abc import Sequence

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from lovdv.cli import (
    accounts,
    base,
    consequences,
    demo,
    doctor,
    files,
    imports,
    log,
    month,
    pay,
    serving,
)
from lovdv.cli.shell import DONE, FAULT, MISUSE
from lovdv.cli.swedish import Group, hint, told
from lovdv.errors import Refused

INTERRUPTED = 130


@click.group(cls=Group, invoke_without_command=True)
@click.version_option(
    package_name="lovdv", message="lovdv %(version)s", help="Visa versionen."
)
@click.pass_context
def lovdv(ctx: click.Context) -> None:
    """Val, nivå och ersättning för daglig verksamhet.

    Svarar 0 när det är gjort, 1 när det är fel i uppgifterna och 2 när kommandot
    är fel använt. Mappen för databas, nycklar och inställningar väljs med
    LOVDV_INSTANCE.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for part in (
    base,
    demo,
    serving,
    accounts,
    doctor,
    imports,
    files,
    consequences,
    month,
    pay,
    log,
):
    for command in part.COMMANDS:
        lovdv.add_command(command)


def run(arguments: Sequence[str]) -> int:
    """The command's exit code: 0 done, 1 a fault in the data, 2 wrong use."""
    try:
        code = lovdv.main(list(arguments), prog_name="lovdv", standalone_mode=False)
    except click.UsageError as error:
        click.echo("\n".join(filter(None, (told(error), hint(error)))), err=True)
        return MISUSE
    except click.ClickException as error:
        click.echo(error.message, err=True)
        return error.exit_code
    except Refused as refusal:
        click.echo(refusal.message, err=True)
        return FAULT
    except (OperationalError, ProgrammingError) as error:
        click.echo(f"Databasen svarade med ett fel: {error.orig}", err=True)
        return FAULT
    except (click.Abort, KeyboardInterrupt):
        click.echo("Avbrutet. Inget har sparats.", err=True)
        return INTERRUPTED
    return code if isinstance(code, int) else DONE


def main() -> None:
    """The entry point that setup.cfg names."""
    try:
        sys.exit(run(sys.argv[1:]))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAULT)
