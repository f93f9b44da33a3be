"""What a list would change in months already paid, before it is decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import cast

from sqlalchemy import select

from lovdv.clock import now
from lovdv.extensions import db
from lovdv.payouts.computing import calendars_of, facts_of
from lovdv.payouts.facts import Terms, price_lists, rules_on, terms
from lovdv.payouts.models import PaymentRun
from lovdv.payouts.standing import BOOKED
from lovdv.systems import queries as systems
from payments import (
    Booked,
    Calculation,
    ClientMonth,
    Count,
    Due,
    Month,
    PriceCell,
    changes,
    in_force,
    settled,
)
from payments import PriceList as DecidedPrices


@dataclass(frozen=True)
class MonthEffect:
    """A paid month: how much more or less, and what is not corrected with why."""

    month: date
    placements: int
    amount: int
    waiting: int
    """Stopped: the new list has no price for something that was paid."""
    left_out: int
    """Older than corrections go back."""


@dataclass(frozen=True)
class Repricing:
    """By month; only months where something changes."""

    months: tuple[MonthEffect, ...]

    @property
    def amount(self) -> int:
        return sum(month.amount for month in self.months)

    @property
    def seal(self) -> str:
        """Another seal: another effect than the one that was shown."""
        return sha256(repr(self.months).encode()).hexdigest()[:16]


NOTHING = Repricing(())


def repricing(
    choice_system_id: int, cells: Sequence[PriceCell], first_day: date
) -> Repricing:
    """The difference the list makes, by the very calculation that a run makes."""
    paid = _paid_months(choice_system_id)
    if not paid or first_day >= paid[-1].end or not cells:
        return NOTHING
    known = terms(choice_system_id, now())
    changed = _with_list(known, cells, first_day)
    oldest = _oldest(known, paid[-1].next)
    found = (
        _effect(month, clients, oldest)
        for month, clients in _months(known, changed, paid, first_day)
    )
    return Repricing(tuple(effect for effect in found if effect is not None))


def _paid_months(choice_system_id: int) -> list[Month]:
    rows = db.session.scalars(
        select(PaymentRun.month)
        .where(
            PaymentRun.choice_system_id == choice_system_id,
            PaymentRun.status.in_(BOOKED),
        )
        .order_by(PaymentRun.month)
    )
    return [Month.of(first) for first in rows]


def _with_list(known: Terms, cells: Sequence[PriceCell], first_day: date) -> Terms:
    """What would be known, had the list been decided now."""
    lists = price_lists(known.choice_system_id)
    same_day = [one.revision for one in lists if one.first_day == first_day]
    coming = DecidedPrices(
        "", first_day, max(same_day, default=0) + 1, known.known_at, tuple(cells)
    )
    return replace(known, prices=in_force([*lists, coming], known.known_at))


def _oldest(known: Terms, coming: Month) -> Month:
    """How far back the next run corrects."""
    rule = systems.rule(
        known.choice_system_id, "correction", coming.first, known.known_at
    )
    return coming.plus(-int(str(rule["back_months"])))


def _months(
    known: Terms, changed: Terms, paid: Sequence[Month], first_day: date
) -> Iterator[tuple[Month, list[tuple[Due, Due]]]]:
    """What each client is due by the lists as they are, and with the new one.

    From the first month that was paid, since absence runs on between them.
    """
    calendars = calendars_of(systems.system_with(known.choice_system_id))
    carry: dict[int, tuple[Count, ...]] = {}
    for month in paid:
        rules = rules_on(known, month)
        if rules is None:
            continue
        facts = facts_of(month, known, calendars)
        now_due = Calculation(month, rules, known.prices, facts.closed)
        then_due = Calculation(month, rules, changed.prices, facts.closed)
        found = []
        clients: list[ClientMonth] = list(facts.clients(carry))
        for client in clients:
            due = now_due.due(client)
            carry[cast(int, client.ref)] = due.carry
            if first_day < month.end:
                found.append((due, then_due.due(client)))
        if found:
            yield month, found


def _effect(
    month: Month, clients: Sequence[tuple[Due, Due]], oldest: Month
) -> MonthEffect | None:
    paid = [line for due, _ in clients for line in due.lines]
    found = changes(
        [line for _, due in clients for line in due.lines],
        [Booked(number, line) for number, line in enumerate(paid)],
    )
    stopped = [held for _, due in clients for held in due.held]
    parted = settled(found, oldest=oldest, stopped=stopped)
    if not found:
        return None
    return MonthEffect(
        month=month.first,
        placements=len({change.group.placement for change in found}),
        amount=sum(change.difference for change in parted.booked),
        waiting=sum(change.difference for change in parted.waiting),
        left_out=sum(change.difference for change in parted.left_out),
    )
