"""lovdv doctor: is everything as it must be, here and now?"""

import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import click
from flask import Flask, current_app
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import OperationalError

from lovdv import clock, guards, migrate
from lovdv.access import Role
from lovdv.accounts.models import RoleGrant, User
from lovdv.cli.shell import DONE, FAULT, answer, application, as_json, mark
from lovdv.cli.swedish import Command
from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.models import metadata
from lovdv.providers.models import Contract, ContractUnit, Unit
from lovdv.systems.models import Municipality

SHORTEST_SECRET = 32
DRIFT = timedelta(seconds=60)


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it stands and what to do about it."""

    about: str
    state: str  # ok, warning or fault
    message: str
    remedy: str = ""


@click.command(cls=Command)
@as_json
def doctor(*, as_json: bool) -> int:
    """Kontrollera databas, nycklar, inställningar, klocka och avtal.

    Varje fel visas med vad som ska göras. Svarar 1 om något är fel.
    """
    with application() as app:
        findings = [*_settings(app), *_database()]
    worst = any(finding.state == "fault" for finding in findings)
    told = {"healthy": not worst, "findings": [asdict(f) for f in findings]}
    answer(told, lambda: "\n".join(map(_line, findings)), as_json=as_json)
    return FAULT if worst else DONE


MARKS = {
    "ok": ("bra ", "green"),
    "warning": ("obs ", "yellow"),
    "fault": ("FEL ", "red"),
}


def _line(finding: Finding) -> str:
    word, colour = MARKS[finding.state]
    line = f"{mark(word, colour)} {finding.about}: {finding.message}"
    return f"{line}\n      {finding.remedy}" if finding.remedy else line


def _settings(app: Flask) -> Iterator[Finding]:
    yield Finding("Mapp", "ok", app.instance_path)
    yield _secret(app)
    yield _keys(app)
    yield _clock(app)
    if app.config["DEMO"]:
        yield Finding("Läge", "ok", "demo; påhittade personer, alla lösenord visas")
    elif not app.config["HTTPS"]:
        yield Finding(
            "Läge",
            "fault",
            "HTTPS är avstängt utanför demo",
            "Ta bort HTTPS = False ur config.py. Kakor skickas annars oskyddade.",
        )
    else:
        yield Finding("Läge", "ok", "drift över HTTPS")
        yield _proxies(app)


def _proxies(app: Flask) -> Finding:
    """HTTPS ends in a proxy; uncounted, every sign-in seems to come from it."""
    count = int(app.config["PROXIES"])
    if not count:
        return Finding(
            "Proxyer",
            "warning",
            "inga räknas, så alla ser ut att komma från samma adress",
            "Sätt LOVDV_PROXIES till antalet omvända proxyer framför, oftast 1.",
        )
    return Finding("Proxyer", "ok", f"{count} framför")


def _secret(app: Flask) -> Finding:
    if len(app.config["SECRET_KEY"]) < SHORTEST_SECRET:
        return Finding(
            "SECRET_KEY",
            "fault",
            f"kortare än {SHORTEST_SECRET} tecken",
            "Sätt LOVDV_SECRET_KEY till en längre slumpad text.",
        )
    return Finding("SECRET_KEY", "ok", "finns och är lång nog")


def _keys(app: Flask) -> Finding:
    if app.config.get("KEYS"):
        return Finding("Nycklar", "ok", "från miljön (LOVDV_KEYS)")
    file = Path(app.instance_path) / "keys"
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Finding(
            "Nycklar",
            "fault",
            f"{file} kan läsas av andra",
            f"Kör: chmod 600 {file}",
        )
    return Finding("Nycklar", "ok", f"{file} läses bara av ägaren")


def _clock(app: Flask) -> Finding:
    day = f"{clock.today():%Y-%m-%d}"
    if app.config["TODAY"] and not app.config["DEMO"]:
        return Finding(
            "Klocka",
            "fault",
            f"står stilla på {day}",
            "Ta bort TODAY. Den är bara för demo och test.",
        )
    return Finding("Klocka", "ok", f"i dag är {day}")


def _database() -> Iterator[Finding]:
    try:
        with db.engine.connect() as connection:
            yield Finding("Databas", "ok", f"{db.engine.dialect.name} svarar")
            yield from _server_clock(connection)
    except OperationalError:
        yield Finding(
            "Databas",
            "fault",
            "svarar inte",
            "Kontrollera LOVDV_DATABASE_URL och att databasen är i gång.",
        )
        return
    if not migrate.is_current(db.engine):
        yield Finding("Tabeller", "fault", "inte de nyaste", "Kör: lovdv init-db")
        return
    yield Finding("Tabeller", "ok", "de nyaste")
    yield _guards()
    for look in CONTENT:
        yield look()


def _server_clock(connection: Connection) -> Iterator[Finding]:
    """Another machine's clock may go wrong; ours is then not the log's."""
    if connection.dialect.name == "sqlite" or current_app.config["TODAY"]:
        return
    theirs = connection.scalar(select(func.now()))
    if theirs is not None and abs(theirs - clock.now()) > DRIFT:
        yield Finding(
            "Databasens klocka",
            "fault",
            "går mer än en minut fel mot den här datorns",
            "Ställ klockorna efter samma tidsserver.",
        )


def _guards() -> Finding:
    """Every guarded table still has its triggers."""
    sqlite = db.engine.dialect.name == "sqlite"
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with db.engine.connect() as connection:
        present = set(connection.scalars(text(query)))
    bare = [
        table.name
        for table in guards.guarded(metadata)
        if not {f"guard_{table.name}_{k}" for k in ("update", "delete")} <= present
    ]
    if bare:
        return Finding(
            "Lås",
            "fault",
            f"saknas på {', '.join(bare)}",
            "Kör: lovdv init-db. Ta reda på vem som tog bort dem.",
        )
    return Finding("Lås", "ok", "det som är bestämt kan inte ändras")


def _municipality() -> Finding:
    count = db.session.scalar(select(func.count()).select_from(Municipality))
    if not count:
        return Finding(
            "Kommun",
            "fault",
            "ingen är upplagd",
            "Kör: lovdv init-db --code KOD --name NAMN",
        )
    return Finding("Kommun", "ok", f"{count} upplagd")


def _admin() -> Finding:
    today = clock.today()
    count = db.session.scalar(
        select(func.count(RoleGrant.id))
        .join(User, User.id == RoleGrant.user_id)
        .where(
            RoleGrant.role == Role.ADMIN,
            User.active,
            in_period(today, RoleGrant.first_day, RoleGrant.end_day),
        )
    )
    if not count:
        return Finding(
            "Administratör",
            "warning",
            "ingen kan lägga upp användare",
            "Kör: lovdv create-admin ANVÄNDARNAMN",
        )
    return Finding("Administratör", "ok", f"{count} kan lägga upp användare")


def _permits() -> Finding:
    """Units under contract today without a permit number."""
    today = clock.today()
    names = db.session.scalars(
        select(Unit.name)
        .join(ContractUnit, ContractUnit.unit_id == Unit.id)
        .join(Contract, Contract.id == ContractUnit.contract_id)
        .where(
            in_period(today, ContractUnit.first_day, ContractUnit.end_day),
            in_period(today, Contract.first_day, Contract.end_day),
            func.trim(Unit.permit_number) == "",
        )
        .order_by(Unit.sort_key)
    ).all()
    if names:
        return Finding(
            "Tillstånd",
            "fault",
            f"saknas för {', '.join(names)}",
            "Skriv in tillståndets nummer från IVO, eller avsluta enhetens avtal.",
        )
    return Finding("Tillstånd", "ok", "alla enheter med avtal har ett nummer")


def _contracts() -> Finding:
    """Contracts in force that no unit is covered by."""
    today = clock.today()
    covered = select(ContractUnit.contract_id).where(
        in_period(today, ContractUnit.first_day, ContractUnit.end_day)
    )
    numbers = db.session.scalars(
        select(Contract.number)
        .where(
            in_period(today, Contract.first_day, Contract.end_day),
            Contract.id.not_in(covered),
        )
        .order_by(Contract.number)
    ).all()
    if numbers:
        return Finding(
            "Avtal",
            "warning",
            f"{', '.join(numbers)} omfattar ingen enhet",
            "Lägg till enheten, eller avsluta avtalet.",
        )
    return Finding("Avtal", "ok", "varje avtal omfattar minst en enhet")


CONTENT: tuple[Callable[[], Finding], ...] = (
    _municipality,
    _admin,
    _permits,
    _contracts,
)
COMMANDS = (doctor,)
