"""What the demo stands on: municipality, rules, prices, instrument and users."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files

from assessment import Instrument, canonical_text, digest, shipped_instruments
from lovdv import audit
from lovdv.access import Role
from lovdv.accounts.models import RoleGrant, Team, TeamMember, User
from lovdv.clock import start_of
from lovdv.demo import mapped, names, prices, users
from lovdv.demo.closed import closed_days
from lovdv.demo.rows import add, add_numbered
from lovdv.demo.size import Size
from lovdv.needs.models import InstrumentVersion
from lovdv.placements.models import ClosedDay
from lovdv.prices.models import PriceCell, PriceList
from lovdv.systems import operations as systems

CODE, NAME = "9901", "Björkhamra kommun"
INSTRUMENT = "exempel-5"
RULES = "tyreso-2020"
REFERENCE = "Demo: påhittat beslut"


def at(day: date, hours: int = 9) -> datetime:
    """An instant on a Swedish day."""
    return start_of(day) + timedelta(hours=hours)


@dataclass(frozen=True)
class Ground:
    """The size, and ids that all other rows point at."""

    size: Size
    municipality_id: int
    system_id: int
    instrument_id: int
    instrument: Instrument
    users: dict[str, int]
    teams: dict[str, int]
    closed: dict[date, str]
    first_day: date


def lay(size: Size) -> Ground:
    """Everything but units and people, decided before the first month."""
    first_day = size.start - timedelta(days=60)
    home = systems.register_municipality(
        code=CODE,
        name=NAME,
        organisation_number="402000-0008",
        contact="LSS-enheten, telefon 070-174 06 05",
    )
    system = systems.register_system(
        municipality=home,
        name="Daglig verksamhet",
        first_day=first_day,
        service="daglig_verksamhet",
    )
    audit.change("demo.load", object=home.public_id)
    instrument = next(i for i in shipped_instruments() if i.id == INSTRUMENT)
    known = _users(size, first_day)
    ground = Ground(
        size=size,
        municipality_id=home.id,
        system_id=system.id,
        instrument_id=_publish(instrument, system.id, first_day),
        instrument=instrument,
        users=known,
        teams=_teams(home.id, known, first_day),
        closed=closed_days(size),
        first_day=first_day,
    )
    _grant_staff(ground)
    _close(ground)
    _decide_rules(ground)
    _name_places(ground)
    _decide_prices(ground)
    return ground


def _publish(instrument: Instrument, system_id: int, day: date) -> int:
    text = canonical_text(instrument)
    row = {
        "choice_system_id": system_id,
        "code": instrument.id,
        "version": instrument.version,
        "name": instrument.title,
        "document": text,
        "digest": digest(text),
        "status": "published",
        "first_day": day - timedelta(days=3000),
        "created_at": at(day),
        "published_at": at(day),
    }
    return add_numbered(InstrumentVersion, [row])[0]


def _users(size: Size, day: date) -> dict[str, int]:
    """Every user, without a password until all is done."""
    rng = size.random("users")
    rows = [
        {
            "login": person.login,
            "name": person.name,
            "email": f"{person.login}@exempel.invalid",
            "phone": names.phone(rng),
            "password_hash": None,
            "secrecy_accepted_at": at(day),
            "created_at": at(day),
        }
        for person in users.USERS
    ]
    return dict(
        zip((p.login for p in users.USERS), add_numbered(User, rows), strict=True)
    )


def _teams(home: int, known: dict[str, int], day: date) -> dict[str, int]:
    named = sorted({person.team for person in users.USERS if person.team})
    rows = [{"municipality_id": home, "name": name} for name in named]
    teams = dict(zip(named, add_numbered(Team, rows), strict=True))
    members = [
        {"team_id": teams[p.team], "user_id": known[p.login], "first_day": day}
        for p in users.USERS
        if p.team
    ]
    add(TeamMember, members)
    return teams


def _grant_staff(ground: Ground) -> None:
    """Roles that are not about a unit or a person; those come with their rows."""
    tied = {Role.PROVIDER, Role.CLIENT}
    rows = [
        {
            "user_id": ground.users[person.login],
            "role": role.value,
            "municipality_id": ground.municipality_id,
            "sees_protected": person.sees_protected,
            "first_day": ground.first_day,
        }
        for person in users.USERS
        for role in person.roles
        if role not in tied
    ]
    add(RoleGrant, rows)


def _close(ground: Ground) -> None:
    rows = [
        {
            "choice_system_id": ground.system_id,
            "day": day,
            "name": name,
            "decided_at": at(ground.first_day),
        }
        for day, name in ground.closed.items()
    ]
    add(ClosedDay, rows)


SUPPLEMENT = {
    "code": "hsl",
    "name": "Egen hälso- och sjukvård",
    "per": "day",
    "amounts": [{"from": "2020-01-01", "amount": "9"}],
}
"""As Göteborg pays a unit with nurses of its own; in the demo made up."""


def _decide_rules(ground: Ground) -> None:
    """The payment rules that belong to the published prices; the rest as default."""
    file = files("payments.rulesets") / f"{RULES}.json"
    told = json.loads(file.read_text("utf-8"))
    for name in ("first_day", "revision", "decided_at"):
        del told[name]
    told["supplements"] = [SUPPLEMENT]
    systems.decide_rule(
        choice_system_id=ground.system_id,
        key="payment",
        first_day=date(ground.first_day.year, 1, 1),
        value=told,
        reference=REFERENCE,
        decided_by_id=ground.users["systemledare"],
    )


def _name_places(ground: Ground) -> None:
    systems.decide_rule(
        choice_system_id=ground.system_id,
        key="map",
        first_day=date(ground.first_day.year, 1, 1),
        value=mapped.points(),
        reference=REFERENCE,
        decided_by_id=ground.users["systemledare"],
    )


def _decide_prices(ground: Ground) -> None:
    size = ground.size
    first = date(size.start.year, 1, 1)
    _price_list(ground, prices.FIRST_NAME, first, ground.first_day, raised=False)
    if size.price_change > size.start:
        known = size.price_change - timedelta(days=45)
        _price_list(ground, prices.RAISED_NAME, size.price_change, known, raised=True)


def _price_list(
    ground: Ground, name: str, first_day: date, decided: date, *, raised: bool
) -> None:
    row = {
        "choice_system_id": ground.system_id,
        "name": name,
        "first_day": first_day,
        "reference": REFERENCE,
        "vat_compensation": 6,
        "decided_at": at(decided),
        "decided_by_id": ground.users["ekonom"],
    }
    [number] = add_numbered(PriceList, [row])
    cells = [
        {
            "price_list_id": number,
            "level": level,
            "extent_class": extent,
            "regi": regi,
            "unit": "day",
            "amount": amount,
        }
        for level, extent, regi, amount in prices.cells(raised=raised)
    ]
    add(PriceCell, cells)
