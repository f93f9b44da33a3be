"""Decisions that follow on one another without a gap.

A renewed decision carries on what the one before it began: the place, the level and
that the person has started. It is so when both belong to the same choice system, rest
on the same law and the later begins on the day when the earlier no longer holds.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.orm import aliased

from lovdv.extensions import db
from lovdv.people.models import Decision

ONE_QUERY = 10_000
Old, New = aliased(Decision), aliased(Decision)


def until(decision: Decision) -> date | None:
    """The first day that neither the decision nor one that follows on it holds."""
    return _last(decision).end_day


def holding(decision: Decision, on: date) -> Decision:
    """The decision itself, or the one that has followed on it by a day."""
    for later in _chain(decision):
        if later.end_day is None or on < later.end_day:
            return later
    return _last(decision)


def _last(decision: Decision) -> Decision:
    return _chain(decision)[-1]


def _chain(decision: Decision) -> list[Decision]:
    """The decision and those that follow on it, in order."""
    chain = [decision]
    for later in db.session.scalars(
        select(Decision)
        .where(
            Decision.client_id == decision.client_id,
            Decision.choice_system_id == decision.choice_system_id,
            Decision.law == decision.law,
            Decision.first_day >= decision.first_day,
            or_(Decision.end_day.is_(None), Decision.end_day > Decision.first_day),
        )
        .order_by(Decision.first_day)
    ):
        if later is not decision and later.first_day == chain[-1].end_day:
            chain.append(later)
    return chain


def before(decision_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
    """The decisions that each follows on, the nearest first; most follow on none."""
    links: dict[int, int] = {}
    asking = set(decision_ids)
    while asking:
        found = dict(_pairs(asking))
        links |= found
        asking = set(found.values()) - links.keys()
    return {one: _back(one, links) for one in decision_ids if one in links}


def carried(decision_id: int) -> list[int]:
    """The decision and those that it follows on, the nearest first."""
    return [decision_id, *before([decision_id]).get(decision_id, ())]


def _back(decision_id: int, links: Mapping[int, int]) -> list[int]:
    found: list[int] = []
    while decision_id in links:
        decision_id = links[decision_id]
        found.append(decision_id)
    return found


def _pairs(decision_ids: Collection[int]) -> list[tuple[int, int]]:
    asked = sorted(decision_ids)
    return [
        (row.new, row.old)
        for start in range(0, len(asked), ONE_QUERY)
        for row in db.session.execute(
            links(New.id.in_(asked[start : start + ONE_QUERY]))
        )
    ]


def links(which: ColumnElement[bool]) -> Select[Any]:
    """SQL: each pair of an `old` decision and the `new` one that follows on it."""
    return (
        select(
            Old.id.label("old"),
            New.id.label("new"),
            New.first_day,
            New.end_day,
        )
        .join(
            New,
            (New.client_id == Old.client_id)
            & (New.choice_system_id == Old.choice_system_id)
            & (New.law == Old.law)
            & (New.first_day == Old.end_day)
            & (New.id != Old.id),
        )
        .where(
            which,
            Old.end_day > Old.first_day,
            or_(New.end_day.is_(None), New.end_day > New.first_day),
        )
        .order_by(New.first_day)
    )


def in_system(
    choice_system_id: int, known_at: datetime | None = None
) -> Sequence[Row[Any]]:
    """Every such pair of a choice system as known at an instant, earliest first."""
    which = New.choice_system_id == choice_system_id
    if known_at is not None:
        which &= New.created_at <= known_at
    db.session.flush()
    return db.session.connection().execute(links(which)).all()


def ends(choice_system_id: int) -> Mapping[int, date | None]:
    """By decision that another follows on: when the last that does so ends."""
    found: dict[int, date | None] = {}
    for pair in reversed(in_system(choice_system_id)):
        found[pair.old] = found.get(pair.new, pair.end_day)
    return found
