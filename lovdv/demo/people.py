"""The demo's people: clients, numbers, decisions, who is responsible, who helps."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lovdv import crypto
from lovdv.access import Role
from lovdv.accounts.models import RoleGrant
from lovdv.database import random_id
from lovdv.demo import names
from lovdv.demo.cast import UNPLACED, Resident, Story
from lovdv.demo.ground import Ground, at
from lovdv.demo.rows import Rows, add, add_numbered
from lovdv.demo.users import ASSESSORS
from lovdv.formats import search_key, swedish_key
from lovdv.people.models import (
    Assignment,
    Client,
    ClientName,
    ClientNumber,
    Decision,
    Interruption,
    LifeEvent,
    Mandate,
    Supporter,
)
from lovdv.people.queries import BLIND, SEALED

CASEWORKERS = (
    *("handlaggare", "handlaggare2", "handlaggare3"),
    *("handlaggare4", "handlaggare5"),
)

GOALS = (
    "Komma ut och träffa andra. Göra något som blir sett.",
    "Ha en lugn dag med samma personer och samma ordning.",
    "Lära mig ett arbete och så småningom prova på ett företag.",
    "Röra på mig och vara ute varje dag.",
    "Få skapa med händerna och visa upp det.",
)
EVENTS = {
    Story.DIED: ("death", "deceased"),
    Story.MOVED: ("move", "moved"),
    Story.PENSION: ("pension", "pension"),
    Story.WORK: ("work", "work"),
}


@dataclass(frozen=True)
class Rooted:
    """A resident with the ids that later rows point at."""

    resident: Resident
    client_id: int
    decision_id: int
    public_id: str


def add_people(ground: Ground, people: list[Resident]) -> list[Rooted]:
    """Insert everybody with number, name, decision, responsible and helpers."""
    _name_the_known(people)
    rng = ground.size.random("people")
    rows = [_client(ground, person, rng) for person in people]
    ids = add_numbered(Client, rows)
    add(ClientNumber, [_number(ground, p, i) for p, i in zip(people, ids, strict=True)])
    add(ClientName, [_name(p, i) for p, i in zip(people, ids, strict=True)])
    decisions = [_decision(ground, p, i, rng) for p, i in zip(people, ids, strict=True)]
    numbers = add_numbered(Decision, decisions)
    rooted = [
        Rooted(person, client, decision, str(row["public_id"]))
        for person, client, decision, row in zip(
            people, ids, numbers, rows, strict=True
        )
    ]
    _assign(ground, rooted)
    _tell_events(ground, rooted)
    _give_helpers(ground, rooted, rng)
    return rooted


def _name_the_known(people: list[Resident]) -> None:
    """Those whom the demo's client and representative sign in as and for."""
    choosing = [person for person in people if person.story is Story.TO_CHOOSE]
    for person, name in zip(choosing, KNOWN, strict=False):
        person.first_name, person.last_name = name


KNOWN = (("Elsa", "Nordin"), ("Oscar", "Hedlund"))


def find(rooted: list[Rooted], *stories: Story) -> list[Rooted]:
    return [r for r in rooted if r.resident.story in stories]


def _client(ground: Ground, person: Resident, rng: Random) -> dict[str, object]:
    street, postcode = names.address(rng)
    hidden = person.story is Story.PROTECTED
    return {
        "public_id": f"{rng.getrandbits(80):020x}",
        "municipality_id": ground.municipality_id,
        "case_number": f"DV-{person.number:05}",
        "first_name": person.first_name,
        "last_name": person.last_name,
        "sort_key": swedish_key(person.last_name, person.first_name),
        "search_key": search_key(person.first_name, person.last_name),
        "birth_date": person.born,
        "protection": "sekretessmarkering" if hidden else "",
        "alias": "Alex" if hidden else "",
        "street": "" if hidden else street,
        "postcode": "" if hidden else postcode,
        "town": "" if hidden else names.TOWN,
        "phone": names.phone(rng),
        "communication": rng.choice(names.COMMUNICATION),
        "died_on": person.died_on,
        "created_at": at(max(person.decided_on, ground.first_day)),
    }


def _number(ground: Ground, person: Resident, client: int) -> dict[str, object]:
    """A local reservnummer: it can belong to nobody."""
    text = f"BJH-{person.number:06}"
    public_id = random_id()
    return {
        "public_id": public_id,
        "client_id": client,
        "municipality_id": ground.municipality_id,
        "kind": "reservnummer",
        "sealed": crypto.encrypt(text, SEALED, public_id),
        "blind": crypto.blind_index(text, BLIND),
        "first_day": person.decided_on,
    }


def _name(person: Resident, client: int) -> dict[str, object]:
    return {
        "client_id": client,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "first_day": person.decided_on,
    }


def _decision(
    ground: Ground, person: Resident, client: int, rng: Random
) -> dict[str, object]:
    _, reason = EVENTS.get(person.story, ("", ""))
    return {
        "client_id": client,
        "choice_system_id": ground.system_id,
        "law": "LSS",
        "personkrets": rng.choice((1, 1, 1, 1, 2)),
        "extent": "",
        "decided_on": person.decided_on,
        "first_day": person.decided_on,
        "end_day": person.decision_end,
        "reference": f"BESLUT-{person.decided_on.year}-{person.number:05}",
        "status": "ended" if reason else "in_force",
        "status_day": person.decision_end if reason else None,
        "conditions": ["age", "no_work", "no_studies"],
        "requested_by": "Personen själv",
        "goal": rng.choice(GOALS),
        "end_reason": reason,
        "created_at": at(max(person.decided_on, ground.first_day)),
    }


def caseworker_of(person: Resident) -> str:
    """Whoever is new is with the first; the others are spread."""
    if person.story in UNPLACED:
        return CASEWORKERS[0]
    if person.story is Story.PROTECTED:
        return CASEWORKERS[1]
    return CASEWORKERS[person.number % len(CASEWORKERS)]


def _assign(ground: Ground, rooted: list[Rooted]) -> None:
    users: Rows = [
        {
            "client_id": r.client_id,
            "user_id": ground.users[caseworker_of(r.resident)],
            "first_day": r.resident.decided_on,
        }
        for r in rooted
    ]
    teams: Rows = [
        {
            "client_id": r.client_id,
            "team_id": ground.teams[ASSESSORS],
            "first_day": r.resident.decided_on,
        }
        for r in rooted
        if r.resident.story in {*UNPLACED, Story.JOINED, Story.RAISED}
    ]
    add(Assignment, users)
    add(Assignment, teams)


def _tell_events(ground: Ground, rooted: list[Rooted]) -> None:
    events = [
        _event(ground, r, EVENTS[r.resident.story][0], r.resident.decision_end)
        for r in find(rooted, *EVENTS)
    ]
    events += [
        _event(ground, r, "hospital", r.resident.paused[0])
        for r in rooted
        if r.resident.paused
    ]
    events += [
        _event(ground, r, "protection", max(r.resident.decided_on, ground.first_day))
        for r in find(rooted, Story.PROTECTED)
    ]
    add(LifeEvent, events)
    breaks = [
        {
            "decision_id": r.decision_id,
            "first_day": r.resident.paused[0],
            "end_day": r.resident.paused[1],
            "reason": "Lång sjukhusvistelse.",
        }
        for r in rooted
        if r.resident.paused
    ]
    add(Interruption, breaks)


def _event(
    ground: Ground, rooted: Rooted, kind: str, day: date | None
) -> dict[str, object]:
    assert day is not None
    return {
        "client_id": rooted.client_id,
        "kind": kind,
        "day": day - timedelta(days=1) if kind == "death" else day,
        "noted_at": at(day),
        "noted_by_id": ground.users[caseworker_of(rooted.resident)],
    }


def _give_helpers(ground: Ground, rooted: list[Rooted], rng: Random) -> None:
    """A god man for every third, a supporter for some, and the known ones."""
    mandates = [_mandate(ground, r, names.name(rng), rng) for r in rooted[::3]]
    choosing = find(rooted, Story.TO_CHOOSE)
    if len(choosing) > 1:
        client, represented = choosing[0], choosing[1]
        mandates = [m for m in mandates if m["client_id"] != represented.client_id]
        known = _mandate(ground, represented, ("Göran", "Hedlund"), rng)
        mandates.append(known | {"user_id": ground.users["foretradare"]})
        _make_client(ground, client)
    helpers = [_supporter(r, " ".join(names.name(rng)), rng) for r in rooted[::7]]
    helpers += [_supporter(r, "Maja Blom", rng) for r in choosing[:1]]
    for waiting in find(rooted, Story.QUEUED):
        known = _mandate(ground, waiting, ("Göran", "Hedlund"), rng)
        mandates = [m for m in mandates if m["client_id"] != waiting.client_id]
        mandates.append(known | {"user_id": ground.users["foretradare"]})
    add(Mandate, [{"user_id": None, **mandate} for mandate in mandates])
    add(Supporter, helpers)


def _mandate(
    ground: Ground, rooted: Rooted, name: tuple[str, str], rng: Random
) -> dict[str, object]:
    day = rooted.resident.decided_on
    return {
        "client_id": rooted.client_id,
        "name": " ".join(name),
        "phone": names.phone(rng),
        "kind": "god_man",
        "scope": ["sorja_for_person", "bevaka_ratt"],
        "first_day": day,
        "evidence": "Registerutdrag från överförmyndaren",
        "checked_by_id": ground.users[caseworker_of(rooted.resident)],
        "checked_on": day,
        "next_check_on": ground.first_day + timedelta(days=480),
    }


def _supporter(rooted: Rooted, name: str, rng: Random) -> dict[str, object]:
    return {
        "client_id": rooted.client_id,
        "name": name,
        "relation": rng.choice(("syster", "bror", "personlig assistent", "vän")),
        "phone": names.phone(rng),
        "consented_on": rooted.resident.decided_on,
    }


def _make_client(ground: Ground, rooted: Rooted) -> None:
    grant = {
        "user_id": ground.users["brukare"],
        "role": Role.CLIENT.value,
        "municipality_id": ground.municipality_id,
        "client_id": rooted.client_id,
        "first_day": ground.first_day,
    }
    add(RoleGrant, [grant])
