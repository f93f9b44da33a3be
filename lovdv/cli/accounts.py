"""lovdv create-admin and set-password: the first who signs in, and who forgot."""

import sys
from pathlib import Path

import click
from sqlalchemy.exc import IntegrityError

from lovdv.access import Role
from lovdv.accounts import operations
from lovdv.accounts.passwords import SHORTEST
from lovdv.accounts.queries import users_in
from lovdv.cli.shell import Faulty, File, Misused, changing, municipality_option
from lovdv.cli.swedish import Command
from lovdv.clock import today

login_argument = click.argument("login", metavar="ANVÄNDARNAMN")
password_option = click.option(
    "--password-file",
    type=File(),
    metavar="FIL",
    help="Läs lösenordet från första raden i en fil.",
)


@click.command(cls=Command)
@login_argument
@click.option("--name", metavar="NAMN", help="Personens namn. Annars användarnamnet.")
@password_option
@municipality_option
def create_admin(
    login: str, name: str | None, password_file: Path | None, municipality: str | None
) -> None:
    """Lägg upp en systemadministratör.

    Lösenordet frågas efter utan att synas, eller läses ur en fil. Det ska vara
    minst 12 tecken.
    """
    password = _password(password_file)
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


@click.command(cls=Command)
@login_argument
@password_option
@municipality_option
def set_password(
    login: str, password_file: Path | None, municipality: str | None
) -> None:
    """Ge någon ett nytt första lösenord, till exempel den sista administratören.

    Personen loggas ut överallt. Lösenordet frågas efter utan att synas, eller läses
    ur en fil.
    """
    password = _password(password_file)
    with changing(municipality) as home:
        found = [user for user in users_in(home.id) if user.login == login.casefold()]
        if not found:
            raise Faulty(f"Det finns ingen {login} i kommunen. Kontrollera stavningen.")
        operations.set_password(user=found[0], password=password)
    click.echo(f"{login} har fått ett nytt lösenord.")


def _password(file: Path | None) -> str:
    password = _from_file(file) if file else _asked()
    if len(password) < SHORTEST:
        raise Faulty(f"Lösenordet är för kort. Använd minst {SHORTEST} tecken.")
    return password


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


COMMANDS = (create_admin, set_password)
