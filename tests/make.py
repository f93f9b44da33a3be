"""Rows for tests: valid by default, keywords for what matters.

Each builder flushes and returns the row. What a row rests on is made on the way,
once: all the rows of a test share one municipality and one choice system unless
told otherwise. Days are half-open, as in the models.
"""

from datetime import UTC, date, datetime
from itertools import count
from typing import TypeVar

from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import RoleGrant, Team, TeamMember, User
from lovdv.accounts.passwords import hashed
from lovdv.choice.models import ContactAttempt, Invitation
from lovdv.clock import now
from lovdv.controls.models import ControlSetting
from lovdv.database import Base
from lovdv.extensions import db
from lovdv.formats import search_key, swedish_key
from lovdv.needs import instruments, operations, scoring
from lovdv.needs.models import Assessment, InstrumentVersion, Level
from lovdv.people.models import (
    Assignment,
    Client,
    Decision,
    Mandate,
    Supporter,
)
from lovdv.placements.models import (
    AttendanceMonth,
    Order,
    Placement,
    WeekPlan,
)
from lovdv.providers.models import (
    Capacity,
    Contract,
    ContractUnit,
    Profile,
    Provider,
    Unit,
)
from lovdv.systems.models import ChoiceSystem, Municipality
from tests import small_instrument

Row = TypeVar("Row", bound=Base)

START = date(2025, 1, 1)
"""Everything has been in force since this day."""

PASSWORD = "ett långt lösenord"
WEEKDAYS_9_TO_15: list[list[list[str] | None]] = [
    [*(["09:00", "15:00"] for _ in range(5)), None, None]
]
_numbers = count(1)


def _added(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row


def _first(kind: type[Row]) -> Row | None:
    return db.session.scalars(select(kind).limit(1)).first()


def municipality(**values: object) -> Municipality:
    """The test's municipality; another one when anything is said about it."""
    found = None if values else _first(Municipality)
    number = next(_numbers)
    told = {"code": f"{number % 10_000:04}", "name": f"Kommun {number}", **values}
    return found or _added(Municipality(**told))


def system(**values: object) -> ChoiceSystem:
    """The test's choice system; another one when anything is said about it."""
    found = None if values else _first(ChoiceSystem)
    if found:
        return found
    home = values.pop("municipality", None) or municipality()
    told = {"name": "Daglig verksamhet", "first_day": START, **values}
    new = _added(ChoiceSystem(municipality=home, **told))
    control(new, "sample", effect="off", off_end_day=date(2100, 1, 1))
    return new


def control(system: ChoiceSystem, key: str, **values: object) -> ControlSetting:
    """How a control is set since the start; the sample is off in tests by itself."""
    told = {
        "first_day": START,
        "effect": "decides",
        "reason": "Prov",
        "decided_at": datetime(2025, 1, 1, tzinfo=UTC),
        **values,
    }
    return _added(ControlSetting(choice_system_id=system.id, control=key, **told))


def user(
    *roles: Role,
    unit: Unit | None = None,
    client: Client | None = None,
    municipality: Municipality | None = None,
    sees_protected: bool = False,
    **values: object,
) -> User:
    """Somebody with these roles since the start; a provider at the unit."""
    number = next(_numbers)
    told = {
        "login": f"user{number}",
        "name": f"Användare {number}",
        "password_hash": hashed(PASSWORD),
        "secrecy_accepted_at": now(),
        "created_at": now(),
        **values,
    }
    new = _added(User(**told))
    for role in roles:
        grant(
            new,
            role,
            unit=unit,
            client=client,
            municipality=municipality,
            sees_protected=sees_protected,
        )
    return new


def grant(
    holder: User,
    role: Role,
    *,
    unit: Unit | None = None,
    client: Client | None = None,
    municipality: Municipality | None = None,
    **values: object,
) -> RoleGrant:
    home = municipality or globals()["municipality"]()
    if role is Role.PROVIDER and unit is None:
        unit = globals()["unit"]()
    told = {"first_day": START, **values}
    return _added(
        RoleGrant(
            user=holder,
            role=role.value,
            municipality_id=home.id,
            unit_id=unit.id if unit and role is Role.PROVIDER else None,
            client_id=client.id if client and role is Role.CLIENT else None,
            **told,
        )
    )


def team(*members: User, **values: object) -> Team:
    told = {"name": f"Grupp {next(_numbers)}", **values}
    new = _added(Team(municipality_id=municipality().id, **told))
    for member in members:
        _added(TeamMember(team_id=new.id, user_id=member.id, first_day=START))
    return new


def provider(**values: object) -> Provider:
    number = next(_numbers)
    told = {
        "name": f"Utförare {number}",
        "organisation_number": f"55{number:04}-0000",
        "counterpart": "company",
        **values,
    }
    return _added(Provider(**told))


def unit(
    *, provider: Provider | None = None, contracted: bool = True, **values: object
) -> Unit:
    """A unit under contract with the test's choice system, unless told otherwise."""
    number = next(_numbers)
    told = {
        "name": f"Enhet {number}",
        "permit_number": f"IVO-{number}",
        "permit_maximum": 20,
        "manager": "Föreståndare Föreståndarsson",
        "first_day": START,
        **values,
    }
    told.setdefault("sort_key", swedish_key(str(told["name"])))
    new = _added(Unit(provider=provider or globals()["provider"](), **told))
    if contracted:
        contract(new)
    return new


def contract(*units: Unit, **values: object) -> Contract:
    """A contract between the units' provider and the choice system."""
    owner = units[0].provider if units else provider()
    home = values.pop("system", None) or system()
    told = {
        "number": f"AVT-{next(_numbers)}",
        "regi": "extern",
        "signed_on": START,
        "first_day": START,
        **values,
    }
    new = _added(Contract(provider=owner, choice_system_id=home.id, **told))
    for each in units:
        _added(ContractUnit(contract=new, unit=each, first_day=told["first_day"]))
    return new


def contract_of(unit: Unit) -> Contract:
    return db.session.scalars(
        select(Contract)
        .join(ContractUnit, ContractUnit.contract_id == Contract.id)
        .where(ContractUnit.unit_id == unit.id)
        .limit(1)
    ).one()


def capacity(
    unit: Unit, *, ceiling: int, weekday: int, half: str, first_day: date = START
) -> Capacity:
    return _added(
        Capacity(
            unit_id=unit.id,
            weekday=weekday,
            half=half,
            ceiling=ceiling,
            first_day=first_day,
        )
    )


def profile(unit: Unit, **values: object) -> Profile:
    """A published presentation."""
    told = {
        "version": 1,
        "status": "published",
        "facts": {},
        "text": f"{unit.name} har plats för dig.",
        "published_at": now(),
        "created_at": now(),
        **values,
    }
    return _added(Profile(unit=unit, **told))


def person(
    *,
    caseworker: User | None = None,
    municipality: Municipality | None = None,
    **values: object,
) -> Client:
    """A client; assigned to the caseworker when there is one."""
    home = municipality or globals()["municipality"]()
    number = next(_numbers)
    told = {
        "case_number": f"DV-{number:05}",
        "first_name": "Kim",
        "last_name": f"Person {number}",
        "birth_date": date(1990, 1, 1),
        "created_at": now(),
        **values,
    }
    names = str(told["first_name"]), str(told["last_name"])
    told.setdefault("sort_key", swedish_key(names[1], names[0]))
    told.setdefault("search_key", search_key(*names))
    new = _added(Client(municipality_id=home.id, **told))
    if caseworker:
        assignment(new, caseworker)
    return new


def assignment(client: Client, holder: User | Team, **values: object) -> Assignment:
    held = {"user_id" if isinstance(holder, User) else "team_id": holder.id}
    told = {"first_day": START, **held, **values}
    return _added(Assignment(client=client, **told))


def decision(client: Client, **values: object) -> Decision:
    """LSS 9 § 10 for personkrets 1, since the start and without end."""
    home = values.pop("system", None) or system()
    told = {
        "law": "LSS",
        "personkrets": 1,
        "decided_on": START,
        "first_day": START,
        "reference": f"BES-{next(_numbers)}",
        "created_at": now(),
        **values,
    }
    return _added(Decision(client=client, choice_system_id=home.id, **told))


def decision_of(client: Client) -> Decision:
    """The client's latest decision, made when there is none."""
    found = db.session.scalars(
        select(Decision)
        .where(Decision.client_id == client.id)
        .order_by(Decision.first_day.desc())
        .limit(1)
    ).first()
    return found or decision(client)


def mandate(client: Client, holder: User | None = None, **values: object) -> Mandate:
    """A god man with all three parts of the mandate."""
    told = {
        "name": holder.name if holder else "God Man",
        "kind": "god_man",
        "scope": ["bevaka_ratt", "forvalta_egendom", "sorja_for_person"],
        "first_day": START,
        "evidence": "registerutdrag",
        **values,
    }
    return _added(Mandate(client=client, user_id=holder.id if holder else None, **told))


def supporter(client: Client, **values: object) -> Supporter:
    told = {"name": "Stöd Person", "consented_on": START, **values}
    return _added(Supporter(client_id=client.id, **told))


def order(client: Client, unit: Unit, **values: object) -> Order:
    """An order that waits for the unit's answer."""
    told = {
        "goal": "Komma ut bland folk.",
        "extent": "Fem dagar i veckan",
        "wanted_start": date(2026, 4, 1),
        "contact": "Handläggaren",
        "sent_at": now(),
        "answer_by": date(2026, 3, 23),
        **values,
    }
    return _added(
        Order(
            choice_system_id=system().id,
            client_id=client.id,
            decision_id=decision_of(client).id,
            unit_id=unit.id,
            contract_id=contract_of(unit).id,
            **told,
        )
    )


def placement(
    client: Client | None = None,
    unit: Unit | None = None,
    *,
    times: list[list[list[str] | None]] | None = None,
    **values: object,
) -> Placement:
    """A placement paid since the start, planned weekdays 9-15."""
    who = client or person()
    where = unit or globals()["unit"]()
    number = next(_numbers)
    told = {"number": f"P{number:06}", "first_day": START, "end_day": None, **values}
    told.setdefault("paid_first_day", told["first_day"])
    told.setdefault("paid_end_day", told["end_day"])
    new = _added(
        Placement(
            municipality_id=who.municipality_id,
            choice_system_id=system().id,
            client_id=who.id,
            decision_id=decision_of(who).id,
            unit_id=where.id,
            contract_id=contract_of(where).id,
            recorded_at=now(),
            **told,
        )
    )
    week_plan(new, times=times or WEEKDAYS_9_TO_15)
    return new


def week_plan(
    placement: Placement, *, times: list[list[list[str] | None]], **values: object
) -> WeekPlan:
    told = {"first_day": placement.first_day, "decided_at": now(), **values}
    return _added(WeekPlan(placement=placement, times=times, **told))


def invitation(client: Client, **values: object) -> Invitation:
    """An informed choice that waits for the person's answer."""
    told = {
        "sent_on": date(2026, 3, 2),
        "answer_by": date(2026, 3, 23),
        "created_at": now(),
        **values,
    }
    return _added(Invitation(client=client, decision_id=decision_of(client).id, **told))


def attempt(invitation: Invitation, by: User, **values: object) -> ContactAttempt:
    """A try to inform the person, without answer."""
    told = {"at": now(), "way": "phone", "result": "not_reached", **values}
    return _added(ContactAttempt(invitation=invitation, by=by, **told))


def instrument(*, first_day: date = START, **document: str) -> InstrumentVersion:
    """The small instrument, published; another version when one is named."""
    found = None if document else _first(InstrumentVersion)
    if found:
        return found
    version = instruments.add_draft(
        choice_system_id=system().id, content=small_instrument.document(**document)
    )
    version.status, version.first_day, version.draft = "published", first_day, ""
    db.session.flush()
    return version


def draft_instrument(content: str) -> InstrumentVersion:
    """An instrument's JSON as a draft, with the faults it may have."""
    return instruments.add_draft(choice_system_id=system().id, content=content)


def draft(client: Client, assessor: User, **answers: str) -> Assessment:
    """A draft that the assessor has begun, with these answers."""
    instrument()
    new = scoring.begin(
        client=client,
        decision=decision_of(client),
        kind="ordinary",
        held_on=date(2026, 3, 10),
        took_part="Kim och Kims mamma",
        by_id=assessor.id,
    )
    answer(new, **answers)
    return new


def answer(assessment: Assessment, **answers: str) -> None:
    stored = {row.question: row for row in assessment.answers}
    scoring.save_answers(
        assessment=assessment,
        typed=[
            scoring.Typed(
                name, value, f"Därför {value}", scoring.token(stored.get(name))
            )
            for name, value in answers.items()
        ],
    )


LEVELS = {
    "1": {"mat": "0", "resa": "0", "oro": "0"},
    "2": {"mat": "1", "resa": "1", "oro": "0"},
    "3": {"mat": "2", "resa": "2", "oro": "0"},
    "4": {"mat": "2", "resa": "2", "oro": "1", "ofta": "1"},
}
"""Answers to the small instrument that give each of its levels."""


def signed(
    client: Client, assessor: User | None = None, *, level: str = "2", **values: object
) -> Assessment:
    """A signed assessment with this level as its result."""
    who = assessor or user(Role.ASSESSOR)
    new = draft(client, who, **LEVELS[level])
    for name, value in values.items():
        setattr(new, name, value)
    for domain in ("vardag", "trygghet"):
        scoring.close_domain(assessment=new, domain=domain)
    scoring.sign(assessment=new, by_id=who.id)
    return new


def level(
    client: Client, label: str = "2", *, first_day: date | None = None, **values: object
) -> Level:
    """An established level, reviewed by a colleague, from the decision's first day."""
    assessment = signed(client, level=label, **values)
    if assessment.needs_review:
        operations.review(
            assessment=assessment,
            verdict="agreed",
            comment="",
            by_id=user(Role.ASSESSOR).id,
        )
    return operations.establish(
        assessment=assessment, first_day=first_day, ground="Förbehåll", by_id=None
    )


def attended(placement: Placement, day: date) -> AttendanceMonth:
    """A confirmed month in which only this day is attended."""
    first = day.replace(day=1)
    codes = "".join("N" if number == day.day else "-" for number in range(1, 29))
    return _added(
        AttendanceMonth(
            placement_id=placement.id,
            month=first,
            status="confirmed",
            codes=codes.ljust((first.replace(day=28) - first).days + 1, "-"),
            updated_at=now(),
        )
    )
