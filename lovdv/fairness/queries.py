"""Reading the orders that were shown with choices, and what became of them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from lovdv.access import Role
from lovdv.accounts.models import RoleGrant, User
from lovdv.choice.models import Choice
from lovdv.choice.ordering import NEUTRAL
from lovdv.choice.regrets import regretted
from lovdv.clock import local_day, start_of
from lovdv.extensions import db
from lovdv.followup.queries import PLACING
from lovdv.guides.models import StartAnswer
from lovdv.guides.queries import conflicts as conflicts_of
from lovdv.needs.models import Level
from lovdv.placements.models import Order
from lovdv.providers.models import Contract, ContractUnit, Unit

OWN, EXTERNAL = "intern", "extern"


@dataclass(frozen=True)
class UnitCounts:
    """What a unit has got since a day, as whole counts."""

    unit: Unit
    kinds: Mapping[str, int]
    orders: int
    declined: int
    regi: str


def orders_shown(choice_system_id: int, since: date) -> list[list[str]]:
    """The units by their public ids, in the mixed order of each choice."""
    rows = db.session.scalars(
        select(Choice.shown).where(
            Choice.choice_system_id == choice_system_id,
            Choice.registered_at >= start_of(since),
        )
    )
    found = ([row[0] for row in _units(shown)] for shown in rows if _is_mixed(shown))
    return [order for order in found if len(order) > 1]


def newest_choice(choice_system_id: int) -> int:
    """The latest row: until there is another, what was shown is the same."""
    newest = select(func.max(Choice.id)).where(
        Choice.choice_system_id == choice_system_id
    )
    return db.session.scalar(newest) or 0


def _is_mixed(shown: Mapping[str, Any]) -> bool:
    return shown.get("sort") == NEUTRAL


def _units(shown: Mapping[str, Any]) -> Sequence[Sequence[str]]:
    found: Sequence[Sequence[str]] = shown.get("units") or ()
    return found


def names_of(public_ids: Sequence[str]) -> Mapping[str, str]:
    rows = db.session.execute(
        select(Unit.public_id, Unit.name).where(Unit.public_id.in_(public_ids))
    )
    return {row.public_id: row.name for row in rows}


def by_unit(choice_system_id: int, since: date) -> list[UnitCounts]:
    """Every unit that has had a contract, by name; those with nothing as well."""
    kinds: dict[int, Counter[str]] = defaultdict(Counter)
    for unit_id, kind, count in db.session.execute(
        _chosen(choice_system_id, since)
        .with_only_columns(Choice.unit_id, Choice.kind, func.count())
        .group_by(Choice.unit_id, Choice.kind)
    ):
        kinds[unit_id][kind] = count
    sent, declined = _orders(choice_system_id, since)
    regis = _regis(choice_system_id)
    units = db.session.scalars(
        select(Unit)
        .join(ContractUnit, ContractUnit.unit_id == Unit.id)
        .join(Contract, Contract.id == ContractUnit.contract_id)
        .where(Contract.choice_system_id == choice_system_id)
        .distinct()
        .order_by(Unit.sort_key)
    )
    return [
        UnitCounts(
            unit,
            kinds[unit.id],
            sent[unit.id],
            declined[unit.id],
            regis[unit.id][-1][1],
        )
        for unit in units
    ]


def _chosen(choice_system_id: int, since: date) -> Select[Any]:
    return select(Choice).where(
        Choice.choice_system_id == choice_system_id,
        Choice.registered_at >= start_of(since),
        Choice.kind.in_(PLACING),
        Choice.id.not_in(regretted()),
    )


def _orders(choice_system_id: int, since: date) -> tuple[Counter[int], Counter[int]]:
    """How many orders each unit has answered, and declined."""
    rows = db.session.execute(
        select(Order.unit_id, Order.status, func.count())
        .where(
            Order.choice_system_id == choice_system_id,
            Order.answered_at >= start_of(since),
            Order.status.in_(("confirmed", "declined")),
        )
        .group_by(Order.unit_id, Order.status)
    )
    sent, declined = Counter[int](), Counter[int]()
    for unit_id, status, count in rows:
        sent[unit_id] += count
        declined[unit_id] += count if status == "declined" else 0
    return sent, declined


def decline_reasons(choice_system_id: int, since: date) -> Mapping[str, int]:
    rows = db.session.execute(
        select(Order.decline_reason, func.count())
        .where(
            Order.choice_system_id == choice_system_id,
            Order.status == "declined",
            Order.answered_at >= start_of(since),
        )
        .group_by(Order.decline_reason)
    )
    return {row.decline_reason: row[1] for row in rows}


def by_regi(choice_system_id: int, since: date) -> Mapping[str, Mapping[str, int]]:
    """Choices that give a place, by kind, at own units and at others."""
    rows = db.session.execute(
        _chosen(choice_system_id, since).with_only_columns(
            Choice.unit_id, Choice.kind, Choice.registered_at
        )
    ).all()
    found: dict[str, Counter[str]] = {OWN: Counter(), EXTERNAL: Counter()}
    regis = _regis(choice_system_id)
    for unit_id, kind, at in rows:
        found[_regi_on(regis.get(unit_id, []), at)][kind] += 1
    return found


def _regis(choice_system_id: int) -> Mapping[int, list[tuple[date, str]]]:
    rows = db.session.execute(
        select(ContractUnit.unit_id, ContractUnit.first_day, Contract.regi)
        .join(Contract, Contract.id == ContractUnit.contract_id)
        .where(Contract.choice_system_id == choice_system_id)
        .order_by(ContractUnit.first_day)
    )
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for unit_id, first_day, regi in rows:
        found[unit_id].append((first_day, regi))
    return found


def _regi_on(known: Sequence[tuple[date, str]], at: datetime) -> str:
    """The latest contract that had begun, or the first."""
    begun = [regi for first_day, regi in known if first_day <= local_day(at)]
    return begun[-1] if begun else next((regi for _, regi in known), EXTERNAL)


def by_level(choice_system_id: int, since: date) -> Mapping[str, Mapping[str, int]]:
    """Choices that give a place by the level that the person had then."""
    rows = db.session.execute(
        _chosen(choice_system_id, since).with_only_columns(
            Choice.decision_id, Choice.kind, Choice.registered_at
        )
    ).all()
    levels = _levels([row.decision_id for row in rows])
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for decision_id, kind, at in rows:
        found[_level_on(levels[decision_id], local_day(at))][kind] += 1
    return {level: found[level] for level in sorted(found)}


def _levels(decisions: Sequence[int]) -> Mapping[int, list[tuple[date, str]]]:
    rows = db.session.execute(
        select(Level.decision_id, Level.first_day, Level.level)
        .where(Level.decision_id.in_(decisions))
        .order_by(Level.first_day, Level.revision)
    )
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for decision_id, first_day, level in rows:
        found[decision_id].append((first_day, level))
    return found


def _level_on(levels: Sequence[tuple[date, str]], day: date) -> str:
    return next((level for start, level in reversed(levels) if start <= day), "")


def by_guide(choice_system_id: int, since: date) -> Mapping[int, Mapping[int, int]]:
    """By guide, how often each unit was chosen; those on paper that they registered.

    Whoever registered it counts, so a substitute's choices are the substitute's own.
    """
    rows = db.session.execute(
        _guided(choice_system_id, since)
        .with_only_columns(Choice.registered_by_id, Choice.unit_id, func.count())
        .group_by(Choice.registered_by_id, Choice.unit_id)
    )
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for user_id, unit_id, count in rows:
        found[user_id][unit_id] = count
    return found


def _guided(choice_system_id: int, since: date) -> Select[Any]:
    guides = select(RoleGrant.user_id).where(RoleGrant.role == Role.GUIDE)
    on_paper = and_(Choice.channel == "paper", Choice.registered_by_id.in_(guides))
    return _chosen(choice_system_id, since).where(
        Choice.registered_by_id.is_not(None),
        or_(Choice.channel == "guide", on_paper),
    )


def tied(choice_system_id: int, municipality_id: int, since: date) -> Mapping[int, int]:
    """By guide with a conflict of interest since then: choices where they were tied."""
    conflicts = [
        each
        for each in conflicts_of(municipality_id)
        if each.end_day is None or each.end_day > since
    ]
    rows = db.session.execute(
        _guided(choice_system_id, since)
        .join(Unit, Unit.id == Choice.unit_id)
        .with_only_columns(
            Choice.registered_by_id, Unit.id, Unit.provider_id, Choice.registered_at
        )
    ).all()
    found = Counter({each.user_id: 0 for each in conflicts})
    for user_id, unit_id, provider_id, at in rows:
        on = local_day(at)
        found[user_id] += any(
            each.user_id == user_id
            and (each.unit_id == unit_id or each.provider_id == provider_id)
            and each.first_day <= on
            and (each.end_day is None or on < each.end_day)
            for each in conflicts
        )
    return {each.user_id: found[each.user_id] for each in conflicts}


def users_named(user_ids: Collection[int]) -> Mapping[int, str]:
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in rows}


def after_start(choice_system_id: int, since: date) -> Mapping[int, Mapping[str, int]]:
    """By unit, what people have answered when asked how it goes."""
    rows = db.session.execute(
        select(StartAnswer.unit_id, StartAnswer.feeling, func.count())
        .where(
            StartAnswer.choice_system_id == choice_system_id,
            StartAnswer.at >= start_of(since),
        )
        .group_by(StartAnswer.unit_id, StartAnswer.feeling)
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for unit_id, feeling, count in rows:
        found[unit_id][feeling] = count
    return found
