"""When a person is to be assessed again: asked for, ordinary, or by the interval."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from assessment import Instrument
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.needs import queries
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import Assessment, Level, ReassessmentRequest
from lovdv.people import renewals
from lovdv.people.models import Client, Decision
from lovdv.placements.facts import first_attended_day
from lovdv.systems.queries import rule
from payments.month import Month

NOTICE = timedelta(weeks=4)
LONG_NOTICE = timedelta(weeks=8)

# By decision: itself and those that it follows on, the nearest first.
Chains = Mapping[int, Sequence[int]]


@dataclass(frozen=True)
class Standing:
    """The assessment that a decision's latest level rests on."""

    kind: str
    held_on: date


@dataclass(frozen=True)
class ToAssess:
    """A decision that needs an assessment, and why now."""

    client: Client
    decision: Decision
    why: str
    kind: str
    due: date | None = None
    request: ReassessmentRequest | None = None
    cause: str = "no_level"


@dataclass(frozen=True)
class _Known:
    """What is known of some decisions, each by the decision's id."""

    standing: Mapping[int, Standing]
    asked: Mapping[int, ReassessmentRequest]
    ordinary: Mapping[int, date]
    again: Mapping[int, date]


def found_for(rows: Sequence[tuple[Client, Decision]]) -> list[ToAssess]:
    """Which of these decisions need an assessment now; the first due comes first."""
    ids = {decision.id for _, decision in rows}
    earlier = renewals.before(ids)
    rows = [
        row for row in rows if not _waits(row[1], ids & {*earlier.get(row[1].id, ())})
    ]
    chains = {one.id: (one.id, *earlier.get(one.id, ())) for _, one in rows}
    standing = _standing(chains)
    known = _Known(
        standing,
        _requests(chains),
        _ordinary_due(rows, standing),
        _again_due(rows, standing),
    )
    each = (_to_assess(client, decision, known) for client, decision in rows)
    found = [one for one in each if one is not None]
    return sorted(found, key=lambda item: (item.due is None, item.due or today()))


def _waits(decision: Decision, earlier: Collection[int]) -> bool:
    """Until its first day the one here that it follows on is the one to assess."""
    return bool(earlier) and decision.first_day > today()


def _to_assess(client: Client, decision: Decision, known: _Known) -> ToAssess | None:
    key = decision.id
    if key in known.asked:
        return _asked_for(client, decision, known.asked[key])
    if key not in known.standing:
        return ToAssess(client, decision, "Saknar nivå", "preliminary")
    if key in known.ordinary:
        return _ordinary(client, decision, known.ordinary[key])
    if key in known.again:
        why, day = "Ny bedömning efter tid", known.again[key]
        return ToAssess(client, decision, why, "ordinary", day, cause="interval")
    return None


def _asked_for(
    client: Client, decision: Decision, request: ReassessmentRequest
) -> ToAssess:
    return ToAssess(
        client,
        decision,
        "Ny bedömning begärd",
        "changed_need",
        request.asked_on,
        request,
        cause="asked",
    )


def _ordinary(client: Client, decision: Decision, day: date) -> ToAssess:
    if day < today():
        why, cause = "Preliminär nivå har gått ut", "expired"
    else:
        why, cause = "Ordinarie bedömning", "ordinary"
    return ToAssess(client, decision, why, "ordinary", day, cause=cause)


def _requests(chains: Chains) -> dict[int, ReassessmentRequest]:
    """The earliest request that waits, by decision; a renewal takes over the wait."""
    asked: dict[int, ReassessmentRequest] = {}
    for request in db.session.scalars(queries.waiting_requests(_all(chains))):
        asked.setdefault(request.decision_id, request)
    found = {
        key: [asked[one] for one in chain if one in asked]
        for key, chain in chains.items()
    }
    return {
        key: min(each, key=lambda request: request.id)
        for key, each in found.items()
        if each
    }


def _standing(chains: Chains) -> dict[int, Standing]:
    """What each decision's latest level rests on: its own, or the one carried over."""
    rows = db.session.execute(
        select(Level.decision_id, Assessment.kind, Assessment.held_on, Level.first_day)
        .join(Assessment, Assessment.id == Level.assessment_id)
        .where(Level.decision_id.in_(_all(chains)))
        .order_by(Level.first_day, Level.revision)
    )
    latest = {
        row.decision_id: Standing(row.kind, row.held_on or row.first_day)
        for row in rows
    }
    held = {
        key: next((latest[one] for one in chain if one in latest), None)
        for key, chain in chains.items()
    }
    return {key: standing for key, standing in held.items() if standing is not None}


def _all(chains: Chains) -> set[int]:
    return {one for chain in chains.values() for one in chain}


def _ordinary_due(
    rows: Sequence[tuple[Client, Decision]], standing: Mapping[int, Standing]
) -> dict[int, date]:
    """When the ordinary assessment is due, for those due within the notice."""
    preliminary = {
        decision.id: decision.choice_system_id
        for _, decision in rows
        if decision.id in standing and standing[decision.id].kind == "preliminary"
    }
    if not preliminary:
        return {}
    weeks = {system: _weeks(system) for system in set(preliminary.values())}
    due = {
        key: day + weeks[preliminary[key]]
        for key, day in first_attended_day(preliminary).items()
    }
    return {key: day for key, day in due.items() if day <= today() + NOTICE}


def _weeks(choice_system_id: int) -> timedelta:
    weeks = rule(choice_system_id, "level_effect", today())["ordinary_due_weeks"]
    assert isinstance(weeks, int)
    return timedelta(weeks=weeks)


def _again_due(
    rows: Sequence[tuple[Client, Decision]], standing: Mapping[int, Standing]
) -> dict[int, date]:
    """When the instrument's interval has passed, for those due within the notice."""
    systems = {decision.choice_system_id for _, decision in rows}
    instruments = {system: _instrument(system) for system in systems}
    found = {}
    for client, decision in rows:
        last = standing.get(decision.id)
        instrument = instruments[decision.choice_system_id]
        if last is None or instrument is None or last.kind == "preliminary":
            continue
        months = instrument.reassessment_months(_age(client, last.held_on))
        if months is None:
            continue
        day = months_later(last.held_on, months)
        if day <= today() + LONG_NOTICE:
            found[decision.id] = day
    return found


def _instrument(choice_system_id: int) -> Instrument | None:
    """The instrument in force, whose interval counts."""
    version = queries.version_on(choice_system_id, today())
    return None if version is None else instrument_of(version)


def _age(client: Client, on: date) -> int | None:
    return None if client.birth_date is None else age_on(client.birth_date, on)


def age_on(born: date, day: date) -> int:
    """Whole years on a day; who is born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    month = Month.of(day).plus(months)
    return month.first.replace(day=min(day.day, month.days))
