"""lovdv create-admin: the first one who can sign in."""

import sys
from pathlib import Path

import click
from sqlalchemy.exc import IntegrityError

from lovdv.access import Role
from lovdv.accounts import operations
from lovdv.accounts.passwords import SHORTEST
from lovdv.cli.shell import Faulty, File, Misused, changing, municipality_option
from lovdv.cli.swedish import Command
from lovdv.clock import today


@click.command(cls=Command)
@click.argument("login", metavar="ANVÄNDARNAMN")
@click.option("--name", metavar="NAMN", help="Personens namn. Annars användarnamnet.")
@click.option(
    "--password-file",
    type=File(),
    metavar="FIL",
    help="Läs lösenordet från första raden i en fil.",
)
@municipality_option
def create_admin(
    login: str, name: str | None, password_file: Path | None, municipality: str | None
) -> None:
    """Lägg upp en systemadministratör.

    Lösenordet frågas efter utan att synas, eller läses ur en fil. Det ska vara
    minst 12 tecken.
    """
    password = _from_file(password_file) if password_file else _asked()
    if len(password) < SHORTEST:
        raise Faulty(f"Lösenordet är för kort. Använd minst {SHORTEST} tecken.")
    try:
        with changing(municipality) as home:
            user = operations.register(
                login=login, name=name or login, password=password
            )
            operations.grant(
                user=user,
                role=Role.ADMIN,
                municipality_id=home.id,
                first_day=today(),
            )
    except IntegrityError as error:
        raise Faulty(f"Användarnamnet {login} är upptaget. Välj ett annat.") from error
    click.echo(f"{login} kan logga in som systemadministratör.")


def _from_file(path: Path) -> str:
    lines = path.read_text("utf-8").splitlines()
    return lines[0].strip() if lines else ""


def _asked() -> str:
    if not sys.stdin.isatty():
        raise Misused("Här går det inte att fråga. Använd --password-file FIL.")
    first = click.prompt("Lösenord", hide_input=True)
    if click.prompt("En gång till", hide_input=True) != first:
        raise Faulty("Lösenorden var inte lika. Försök igen.")
    return str(first)


COMMANDS = (create_admin,)
