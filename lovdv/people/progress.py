"""How decisions come along: three-month clocks, and decisions that soon end."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from lovdv.access import Actor, Permission
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.people import three_months
from lovdv.people.models import Client, Decision, Mandate
from lovdv.people.scope import assigned_to, visible_people
from lovdv.people.three_months import Clock, Facts, Limits
from lovdv.placements.facts import first_attended_day, left_without_place
from lovdv.providers.models import Unit
from lovdv.start import Waiting
from lovdv.systems.queries import rule

CHECK_AHEAD = timedelta(days=14)
OVER = ("replaced", "ended")


@dataclass(frozen=True)
class Running:
    """A decision whose clock runs."""

    decision: Decision
    clock: Clock

    @property
    def client(self) -> Client:
        return self.decision.client


def limits(choice_system_id: int, on: date) -> Limits:
    decided = rule(choice_system_id, "clock", on)
    days = decided["warn_days"]
    return Limits(
        months=int(str(decided["months"])),
        warn_days=tuple(days) if isinstance(days, list) else (),
    )


def ending_days(choice_system_id: int, on: date) -> int:
    return int(str(rule(choice_system_id, "clock", on)["ending_days"]))


def facts(
    decision: Decision, first_attended: date | None, left_on: date | None = None
) -> Facts:
    """What the clock needs to know; without a place since a day is an interruption."""
    over = decision.status in OVER
    noted = tuple((i.first_day, i.end_day) for i in decision.interruptions)
    left = () if left_on is None else ((left_on, None),)
    return Facts(
        decided_on=decision.decided_on,
        first_attended=first_attended,
        ended_on=decision.end_day or (decision.first_day if over else None),
        interruptions=(*noted, *left),
    )


def clocks(decisions: Collection[Decision], on: date) -> Mapping[int, Clock]:
    """The clocks that run, by decision."""
    attended = first_attended_day([d.id for d in decisions])
    left = left_without_place([d.id for d in decisions], on)
    known = {s: limits(s, on) for s in {d.choice_system_id for d in decisions}}
    found = {
        d.id: three_months.running(
            facts(d, attended.get(d.id), left.get(d.id)), on, known[d.choice_system_id]
        )
        for d in decisions
    }
    return {key: clock for key, clock in found.items() if clock is not None}


def running_clocks(actor: Actor, on: date) -> Sequence[Running]:
    """The clocks of the people whose cases the actor may read, the nearest first."""
    query = _open_decisions(on).where(
        Decision.client_id.in_(visible_people(actor).with_only_columns(Client.id))
    )
    return _sorted(db.session.scalars(query).all(), on)


def clocks_in(municipality_id: int, on: date) -> Sequence[Running]:
    """Every clock of the municipality, for counts and for the quarterly list."""
    query = _open_decisions(on).where(
        Decision.client_id.in_(
            select(Client.id).where(Client.municipality_id == municipality_id)
        )
    )
    return _sorted(db.session.scalars(query).all(), on)


def _open_decisions(on: date) -> Select[tuple[Decision]]:
    return (
        select(Decision)
        .where(
            Decision.status.not_in(OVER),
            Decision.end_day.is_(None) | (Decision.end_day > on),
        )
        .options(
            joinedload(Decision.client),
            selectinload(Decision.interruptions),
            selectinload(Decision.offers),
        )
    )


def _sorted(decisions: Sequence[Decision], on: date) -> Sequence[Running]:
    found = clocks(decisions, on)
    rows = [Running(d, found[d.id]) for d in decisions if d.id in found]
    return sorted(rows, key=lambda row: (row.clock.last_day, row.decision.id))


def ending_soon(actor: Actor, on: date) -> Sequence[Decision]:
    """Decisions of the actor's people whose last day is near, by that day."""
    within = partial(ending_days, on=on)
    rows = db.session.scalars(
        select(Decision)
        .where(
            Decision.status.not_in(OVER),
            Decision.end_day.is_not(None),
            Decision.end_day > on,
            Decision.end_day <= on + timedelta(days=366),
            Decision.client_id.in_(visible_people(actor).with_only_columns(Client.id)),
        )
        .options(joinedload(Decision.client))
        .order_by(Decision.end_day, Decision.id)
    ).all()
    days = {s: within(s) for s in {d.choice_system_id for d in rows}}
    return [
        d
        for d in rows
        if three_months.ends_within(d.end_day, on, days[d.choice_system_id])
    ]


def mandates_to_check(actor: Actor, on: date) -> Sequence[Mandate]:
    """Representatives of the actor's people whose next check is due or near."""
    return db.session.scalars(
        select(Mandate)
        .where(
            Mandate.next_check_on <= on + CHECK_AHEAD,
            Mandate.end_day.is_(None) | (Mandate.end_day > on),
            Mandate.client_id.in_(visible_people(actor).with_only_columns(Client.id)),
        )
        .options(joinedload(Mandate.client))
        .order_by(Mandate.next_check_on, Mandate.id)
    ).all()


def unit_names(unit_ids: Collection[int]) -> Mapping[int, str]:
    units = select(Unit.id, Unit.name).where(Unit.id.in_(set(unit_ids)))
    return dict(db.session.execute(units).all())


def waiting(actor: Actor) -> Sequence[Waiting]:
    """Clocks to be warned of or over, decisions that soon end, mandates to check."""
    if not actor.may(Permission.CLOCK_READ):
        return ()
    on = today()
    found = (_clocks_waiting(actor, on), _ends_waiting(actor, on))
    return [item for item in (*found, _checks_waiting(actor, on)) if item]


def _clocks_waiting(actor: Actor, on: date) -> Waiting | None:
    clocks = [row.clock for row in _assigned_clocks(actor, on)]
    mine = [clock for clock in clocks if clock.warned or clock.over]
    if not mine:
        return None
    over = sum(clock.over for clock in mine)
    return Waiting(
        "Tremånadersklockan",
        "people.clock",
        len(mine),
        f"{over} har gått över tiden och ska rapporteras."
        if over
        else "Beslut som snart ska vara verkställda.",
        due=mine[0].last_day,
        urgent=over > 0 or mine[0].urgent,
    )


def _ends_waiting(actor: Actor, on: date) -> Waiting | None:
    ending = ending_soon(actor, on)
    if not ending or ending[0].end_day is None:
        return None
    return Waiting(
        "Beslut som snart tar slut",
        "people.ending",
        len(ending),
        "Behöver personen ett nytt beslut?",
        due=ending[0].end_day - timedelta(days=1),
    )


def _checks_waiting(actor: Actor, on: date) -> Waiting | None:
    checks = mandates_to_check(actor, on)
    if not checks:
        return None
    return Waiting(
        "Företrädare att kontrollera",
        "people.checks",
        len(checks),
        "Gäller uppdraget fortfarande?",
        due=checks[0].next_check_on,
    )


def _assigned_clocks(actor: Actor, on: date) -> Sequence[Running]:
    query = _open_decisions(on).where(
        Decision.client_id.in_(select(Client.id).where(assigned_to(actor)))
    )
    return _sorted(db.session.scalars(query).all(), on)
