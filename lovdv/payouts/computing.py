"""Computing a month: what is due for every month since the first, less what is booked.

All of it is one transaction, under a lock on the choice system.
"""

import gc
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from sqlalchemy import func, select

from lovdv import audit
from lovdv.clock import now, today
from lovdv.controls import checking
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import month as month_name
from lovdv.payouts import holding, payees, unchanged
from lovdv.payouts.booking import Entry, book
from lovdv.payouts.facts import Digest, Facts, Terms, rules_on, terms
from lovdv.payouts.locking import lock
from lovdv.payouts.models import ComputedMonth, HeldItem, PaymentRun
from lovdv.payouts.standing import BOOKED, standing
from lovdv.placements.facts import month_facts
from lovdv.systems import queries as systems
from lovdv.systems.models import ChoiceSystem
from payments import (
    Booked,
    Calculation,
    Change,
    Count,
    Held,
    Line,
    Month,
    PaymentError,
    RuleSet,
    changes,
    settled,
    turned,
)


@dataclass
class _Work:
    """What one computation gathers on its way."""

    run: PaymentRun
    known: Terms
    payees: Mapping[int, int]
    """By contract."""
    oldest: Month
    calendars: Mapping[Month, datetime]
    """By month already paid: when its closed days were known."""
    digest: Digest
    settled: Mapping[Month, ComputedMonth]
    """By earlier month: what it is, as long as nothing has changed."""
    carry: dict[int, tuple[Count, ...]] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    too_old: list[Held] = field(default_factory=list)
    """Held in months that the run no longer corrects."""
    waiting: list[Change] = field(default_factory=list)
    """Changes to what is paid that wait until nothing stops the days."""
    left_out: list[Change] = field(default_factory=list)


def compute(
    *,
    system: ChoiceSystem,
    month: Month,
    by_id: int | None,
    seen: PaymentRun | None = None,
    at: datetime | None = None,
) -> PaymentRun:
    """Compute a month and what has changed in earlier ones, and run the controls.

    `seen` is the computation that the user saw and wants replaced. `at` is when
    things are known, for history that is made all at once.
    """
    run = book_month(system=system, month=month, by_id=by_id, seen=seen, at=at)
    checking.check(run)
    if seen is not None:
        holding.carry(run, seen)
    audit.change("run.compute", object=run.public_id, after={"total": run.total})
    return run


def book_month(
    *,
    system: ChoiceSystem,
    month: Month,
    by_id: int | None,
    seen: PaymentRun | None = None,
    at: datetime | None = None,
) -> PaymentRun:
    """The lines and the held items of a month, as yet without controls."""
    lock(system.id)
    _refuse_order(system, month)
    _replace(_standing_run(system, month), seen)
    known_at = at or now()
    run = _new_run(system, month, by_id, known_at)
    with _uncollected():
        work = _work(run, system, known_at)
        for held_month in _months(system, month):
            _compute_month(work, held_month)
    run.inputs_digest = _sealed(work.digest, work.oldest)
    _list_held(work)
    db.session.flush()
    return run


def current_digest(run: PaymentRun) -> str:
    """The digest of what is known now; another than the run's: the facts changed."""
    known = terms(run.choice_system_id, now())
    digest = Digest(known)
    system = systems.system_with(run.choice_system_id)
    calendars = calendars_of(system)
    for month in _months(system, Month.of(run.month)):
        digest.add(facts_of(month, known, calendars))
    return _sealed(digest, _oldest(run, known.known_at))


def _sealed(digest: Digest, oldest: Month) -> str:
    """What was read, and how far back it is used."""
    told = f"{digest.hexadecimal()} {oldest}"
    return hashlib.sha256(told.encode()).hexdigest()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hundreds of thousands of small values hold no cycle for the collector to find."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _standing_run(system: ChoiceSystem, month: Month) -> PaymentRun | None:
    return db.session.scalars(
        select(PaymentRun).where(
            PaymentRun.choice_system_id == system.id,
            PaymentRun.month == month.first,
            PaymentRun.status != "replaced",
        ),
        # What was read before the lock may have changed while others held it.
        execution_options={"populate_existing": True},
    ).one_or_none()


def _refuse_order(system: ChoiceSystem, month: Month) -> None:
    """Months are paid in order, each after the one before and none left out."""
    if month.first > today():
        raise Refused("Månaden har inte börjat. Välj en tidigare månad.", "month")
    runs = db.session.scalars(
        select(PaymentRun)
        .where(
            PaymentRun.choice_system_id == system.id,
            PaymentRun.month != month.first,
            PaymentRun.status != "replaced",
        )
        .order_by(PaymentRun.month)
    ).all()
    for other in runs:
        if other.status == "computed":
            raise Refused(
                f"{_named(other.month)} är räknad men inte attesterad. Gör klart den "
                "först.",
                "month",
            )
    if runs:
        _refuse_other_than_next(month, Month.of(runs[-1].month))


def _refuse_other_than_next(month: Month, last: Month) -> None:
    if month < last:
        raise Refused(
            f"{_named(last.first)} är redan attesterad. Det som ändrats i tidigare "
            "månader rättas i nästa körning.",
            "month",
        )
    if month > last.next:
        raise Refused(
            f"{_named(last.next.first)} är inte räknad ännu. Räkna den först, så att "
            "varje månad får sin egen körning.",
            "month",
        )


def _named(month: date) -> str:
    return month_name(month).capitalize()


def _replace(before: PaymentRun | None, seen: PaymentRun | None) -> None:
    if before is None:
        return
    if before.status in BOOKED:
        raise Refused(
            f"{_named(before.month)} är redan attesterad. Det som ändrats sedan dess "
            "rättas i nästa månads körning.",
            "month",
        )
    if seen is None or seen.id != before.id:
        raise Refused(
            "Någon annan har räknat månaden före dig. Öppna den körningen i stället."
        )
    before.status = "replaced"
    db.session.flush()


def _new_run(
    system: ChoiceSystem, month: Month, by_id: int | None, known_at: datetime
) -> PaymentRun:
    run = PaymentRun(
        municipality_id=system.municipality_id,
        choice_system_id=system.id,
        month=month.first,
        known_at=known_at,
        inputs_digest="",
        total=0,
        line_count=0,
        prepared_by_id=by_id,
        computed_at=known_at,
    )
    db.session.add(run)
    db.session.flush()
    return run


def _work(run: PaymentRun, system: ChoiceSystem, known_at: datetime) -> _Work:
    try:
        known = terms(system.id, known_at)
    except PaymentError as error:
        raise Refused(f"Ersättningsreglerna går inte att läsa. {error}") from error
    return _Work(
        run=run,
        known=known,
        payees=payees.kept(known.payees),
        oldest=_oldest(run, known_at),
        calendars=calendars_of(system),
        digest=Digest(known),
        settled=unchanged.settled_months(system.id),
    )


def _oldest(run: PaymentRun, known_at: datetime) -> Month:
    """The first month that the run still corrects."""
    rule = systems.rule(run.choice_system_id, "correction", run.month, known_at)
    return Month.of(run.month).plus(-int(str(rule["back_months"])))


def calendars_of(system: ChoiceSystem) -> Mapping[Month, datetime]:
    """By month already paid: when the closed days that it was paid by were known."""
    rows = db.session.execute(
        select(PaymentRun.month, PaymentRun.known_at).where(
            PaymentRun.choice_system_id == system.id, PaymentRun.status.in_(BOOKED)
        )
    )
    return {Month.of(month): known_at for month, known_at in rows}


def facts_of(month: Month, known: Terms, calendars: Mapping[Month, datetime]) -> Facts:
    """A month as it is known now, but with the closed days that it was paid by."""
    rows = month_facts(
        known.choice_system_id,
        month.first,
        known.known_at,
        calendar_at=calendars.get(month),
    )
    return Facts(month, known, rows)


def _months(system: ChoiceSystem, month: Month) -> list[Month]:
    """From the first month that was ever paid, since absence runs on between them."""
    first = db.session.scalar(
        select(func.min(PaymentRun.month)).where(
            PaymentRun.choice_system_id == system.id, PaymentRun.status.in_(BOOKED)
        )
    )
    start = Month.of(first) if first else month
    return [start.plus(n) for n in range(month - start + 1)]


def _compute_month(work: _Work, month: Month) -> None:
    facts = facts_of(month, work.known, work.calendars)
    seal = unchanged.sealed(work.digest.add(facts), work.carry)
    before = work.settled.get(month)
    if before is not None and before.seal == seal:
        work.carry = unchanged.carry_after(before)
        return
    _book_month(work, facts)
    unchanged.keep(work.run, month, seal, work.carry)


def _book_month(work: _Work, facts: Facts) -> None:
    month = facts.month
    rules = _rules(work, month)
    calculation = Calculation(month, rules, work.known.prices, facts.closed)
    is_new = month.first == work.run.month
    booked = {} if is_new else standing(work.run.choice_system_id, month)
    contracts = {row[0]: row[5] for row in facts.rows.placements}
    lines = _due(work, calculation, facts)
    if is_new:
        entries: Iterable[Entry] = (
            Entry(line, work.payees[contracts[cast(int, line.placement)]])
            for line in lines
        )
    else:
        entries = _corrections(work, month, lines, booked, contracts)
    done = book(work.run.id, entries)
    work.run.line_count += done.lines
    work.run.total += done.total


def _rules(work: _Work, month: Month) -> RuleSet:
    rules = rules_on(work.known, month)
    if rules is None:
        raise Refused(
            f"Inga ersättningsregler gäller {month_name(month.first)}. "
            "Besluta regler under Valfrihetssystem.",
            "month",
        )
    return rules


def _due(work: _Work, calculation: Calculation, facts: Facts) -> Iterator[Line]:
    """Every client's lines; what is held and what goes on is put aside on the way.

    An absence goes on over a month without a placement: only a day attended ends it.
    """
    held = work.held if facts.month >= work.oldest else work.too_old
    carry = work.carry
    for client in facts.clients(carry):
        due = calculation.due(client)
        if due.carry or client.carry:
            carry[cast(int, client.ref)] = due.carry
        held.extend(due.held)
        yield from due.lines


def _corrections(
    work: _Work,
    month: Month,
    lines: Iterable[Line],
    booked: Mapping[int, tuple[Booked, int]],
    contracts: Mapping[int, int],
) -> Sequence[Entry]:
    found = changes(lines, [one for one, _ in booked.values()])
    stopped = [held for held in work.held if held.month == month]
    parted = settled(found, oldest=work.oldest, stopped=stopped)
    work.left_out.extend(parted.left_out)
    work.waiting.extend(parted.waiting)
    entries = []
    for change in parted.booked:
        for one in change.reversed:
            ref = cast(int, one.ref)
            entries.append(Entry(turned(one.line), booked[ref][1], ref))
        for line in change.lines:
            contract = contracts[cast(int, line.placement)]
            entries.append(Entry(line, work.payees[contract]))
    return entries


def _list_held(work: _Work) -> None:
    db.session.add_all(_held(work.run, held, "stopped") for held in work.held)
    db.session.add_all(_held(work.run, held, "left_out") for held in work.too_old)
    db.session.add_all(_waiting(work.run, change) for change in work.waiting)
    db.session.add_all(_left_out(work.run, change) for change in work.left_out)


def _held(run: PaymentRun, held: Held, reason: str) -> HeldItem:
    return HeldItem(
        run_id=run.id,
        placement_id=held.placement,
        kind=held.kind,
        month=held.month.first,
        first_day=held.start,
        end_day=held.end,
        reason=reason,
        error=held.error,
        message=held.message[:300],
        amount=held.amount,
    )


def _waiting(run: PaymentRun, change: Change) -> HeldItem:
    placement, month, kind = change.group
    paid = [booked.line for booked in change.reversed]
    return HeldItem(
        run_id=run.id,
        placement_id=placement,
        kind=kind,
        month=month.first,
        first_day=min(line.start for line in paid),
        end_day=max(line.end for line in paid),
        reason="stopped",
        error="PaidStands",
        message="Det som är betalt för dagarna står kvar tills orsaken är rättad.",
        amount=change.difference,
    )


def _left_out(run: PaymentRun, change: Change) -> HeldItem:
    placement, month, kind = change.group
    return HeldItem(
        run_id=run.id,
        placement_id=placement,
        kind=kind,
        month=month.first,
        first_day=month.first,
        end_day=month.end,
        reason="left_out",
        error="LeftOut",
        message="Månaden är äldre än så långt som rättelser går tillbaka.",
        amount=change.difference,
    )
