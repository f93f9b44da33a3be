"""Who has read about a person, for that person to see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lovdv.access import ROLE_NAMES, Role
from lovdv.accounts.models import RoleGrant, User
from lovdv.audit_chain import Audit, AuditSubject
from lovdv.clock import local_day
from lovdv.extensions import db
from lovdv.people.models import Client

# The beginning of an action, and what the person is told that it was.
TOLD = (
    ("person.list", "Såg ditt namn i en lista"),
    ("person.search", "Sökte fram dig"),
    ("person.exists", "Såg att du finns i lovdv"),
    ("handover.", "Såg ditt namn i en lista"),
    ("clock.", "Såg ditt namn i en lista"),
    ("ending.", "Såg ditt namn i en lista"),
    ("number.reveal", "Läste ditt personnummer"),
    ("log.", "Granskade vem som har läst om dig"),
    ("ledger.key", "Såg vilket placeringsnummer du har"),
    ("decision.", "Läste ditt beslut"),
    ("assessment.", "Läste om din nivå"),
    ("level.", "Läste om din nivå"),
    ("visit.", "Läste om ett besök som du har frågat om"),
    ("choice.", "Läste om ditt val"),
    ("support.", "Läste att du vill ha hjälp att välja"),
    ("order.", "Läste om din plats"),
    ("placement.", "Läste om din plats"),
    ("attendance.", "Läste vilka dagar du var på din plats"),
    ("remark.", "Läste det du har skrivit"),
    ("", "Läste dina uppgifter"),
)
COMMANDS = {"command": "Datasystemet"}


@dataclass(frozen=True)
class Reading:
    """What somebody read on a day, said once."""

    day: date
    name: str
    work: str
    what: tuple[str, ...]


@dataclass(frozen=True)
class Readings:
    """The latest readings, a row a day and reader; `more` when there are older."""

    rows: Sequence[Reading]
    more: bool


def readings(client: Client, *, but: str, most: int = 500) -> Readings:
    """Who has read about the person; not the asker, by the asker's random id."""
    found = db.session.execute(
        select(Audit.at, Audit.actor, Audit.action, User.id, User.name)
        .join(AuditSubject, AuditSubject.audit_id == Audit.id)
        .outerjoin(User, User.public_id == Audit.actor)
        .where(AuditSubject.client_id == client.id, Audit.read, Audit.actor != but)
        .order_by(Audit.id.desc())
        .limit(most + 1)
    ).all()
    rows = found[:most]
    roles = _roles({row.id for row in rows if row.id})
    days: dict[tuple[date, str], list[str]] = {}
    readers = {
        row.actor: (row.name or COMMANDS.get(row.actor, "Okänd"), roles.get(row.id, ""))
        for row in rows
    }
    for row in rows:
        what = days.setdefault((local_day(row.at), row.actor), [])
        if told(row.action) not in what:
            what.append(told(row.action))
    listed = [
        Reading(day, *readers[reader], what=tuple(what))
        for (day, reader), what in days.items()
    ]
    return Readings(listed, len(found) > most)


def told(action: str) -> str:
    return next(words for start, words in TOLD if action.startswith(start))


def _roles(user_ids: Iterable[int]) -> dict[int, str]:
    """The roles that a user holds or has held, in words."""
    rows = db.session.execute(
        select(RoleGrant.user_id, RoleGrant.role)
        .where(RoleGrant.user_id.in_(user_ids))
        .order_by(RoleGrant.id)
    )
    found: dict[int, dict[str, None]] = {}
    for user_id, role in rows:
        found.setdefault(user_id, {})[ROLE_NAMES[Role(role)]] = None
    return {user_id: ", ".join(names) for user_id, names in found.items()}
