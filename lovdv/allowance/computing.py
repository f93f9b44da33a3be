"""Computing a month: what is due for every month since the first, less what is booked.

All of it is one transaction, under a lock on the choice system.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import insert

from lovdv import audit
from lovdv.allowance import queries
from lovdv.allowance.facts import Digest, MonthOf, Terms, terms
from lovdv.allowance.models import AllowanceEntry, AllowanceRun, AllowanceWait
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import month as month_name
from lovdv.payouts.locking import lock
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import rule, system_with
from payments import Month, PaymentError
from payments.allowance import AllowanceMonth
from payments.allowance_changes import AllowanceChange, allowance_changes
from payments.allowance_lines import AllowanceHeld, AllowanceLine, taken_back

AT_A_TIME = 2_000


@dataclass(frozen=True)
class _Due:
    """One month counted anew: what is to be booked, and what waits."""

    found: MonthOf
    booked: queries.Booked
    changes: Sequence[AllowanceChange]
    held: Sequence[AllowanceHeld]


def compute(
    *, system: ChoiceSystem, month: Month, by_id: int, seen: AllowanceRun | None = None
) -> AllowanceRun:
    """Count a month and what has changed in earlier ones.

    `seen` is the computation that the user saw and wants replaced.
    """
    lock(system.id)
    refuse_order(system, month)
    known = _terms(system, month)
    _replace(system, month, seen)
    run = _new_run(system, month, by_id, known.known_at)
    digest, oldest = Digest(known), _oldest(system.id, month)
    for counted_month in _months(system.id, month):
        due = _count(known, counted_month)
        digest.add(due.found)
        _book(run, due, oldest)
    run.inputs_digest = digest.hexadecimal()
    db.session.flush()
    audit.change("allowance.compute", object=run.public_id, after={"total": run.total})
    return run


def current_digest(run: AllowanceRun) -> str:
    """The digest of what is known now; another than the run's: the facts changed."""
    known = terms(system_with(run.choice_system_id), now())
    digest = Digest(known)
    for month in _months(run.choice_system_id, Month.of(run.month)):
        digest.add(MonthOf.read(month, known))
    return digest.hexadecimal()


def next_month(choice_system_id: int) -> Month | None:
    """The month that is next to be counted; None before the first."""
    standing = queries.standing_runs(choice_system_id)
    if not standing:
        return None
    last = standing[-1]
    month = Month.of(last.month)
    return month.next if last.status in queries.BOOKED else month


def refuse_order(system: ChoiceSystem, month: Month) -> None:
    """Months are counted in order, when they are over, and none is left out."""
    if month.end > today():
        raise Refused("Månaden är inte slut. Välj en tidigare månad.", "month")
    expected = next_month(system.id)
    if expected is not None and month != expected:
        name = month_name(expected.first).capitalize()
        raise Refused(f"{name} står på tur. Månaderna räknas i ordning.", "month")


def _replace(system: ChoiceSystem, month: Month, seen: AllowanceRun | None) -> None:
    standing = queries.standing_runs(system.id)
    before = [one for one in standing if one.month == month.first]
    for one in before:
        if seen is None or seen.id != one.id:
            raise Refused(
                "Någon annan har räknat månaden före dig. Öppna den körningen "
                "i stället."
            )
        one.status = "replaced"
    db.session.flush()


def _new_run(
    system: ChoiceSystem, month: Month, by_id: int, known_at: datetime
) -> AllowanceRun:
    run = AllowanceRun(
        municipality_id=system.municipality_id,
        choice_system_id=system.id,
        month=month.first,
        known_at=known_at,
        prepared_by_id=by_id,
        computed_at=known_at,
        total=0,
    )
    db.session.add(run)
    db.session.flush()
    return run


def _terms(system: ChoiceSystem, month: Month) -> Terms:
    """What is known now, with rules that hold for the month."""
    try:
        known = terms(system, now())
    except PaymentError as error:
        raise Refused(
            f"Reglerna för habiliteringsersättning går inte att läsa. {error}"
        ) from error
    if known.rules_on(month) is None:
        raise Refused(
            "Inga regler för habiliteringsersättning gäller "
            f"{month_name(month.first)}. Besluta regler först.",
            "month",
        )
    return known


def _months(choice_system_id: int, month: Month) -> list[Month]:
    """From the first month that was ever booked."""
    standing = queries.standing_runs(choice_system_id)
    booked = [run.month for run in standing if run.status in queries.BOOKED]
    first = Month.of(min([*booked, month.first]))
    return [first.plus(n) for n in range(month - first + 1)]


def _oldest(choice_system_id: int, month: Month) -> Month:
    """How far back what has changed is corrected, as for the payments."""
    decided = rule(choice_system_id, "correction", month.first)
    return month.plus(-int(str(decided["back_months"])))


def _count(known: Terms, month: Month) -> _Due:
    found, rules = MonthOf.read(month, known), known.rules_on(month)
    lines: list[AllowanceLine] = []
    held: list[AllowanceHeld] = []
    if rules is not None:
        counting = AllowanceMonth(month, rules, known.base_amounts.get(month.year))
        for person in found.people:
            due = counting.due(person)
            lines += due.lines
            held += due.held
    booked = queries.booked(known.choice_system_id, month)
    changes = allowance_changes(lines, booked.rows, held)
    return _Due(found, booked, changes, held)


def _book(run: AllowanceRun, due: _Due, oldest: Month) -> None:
    month = due.found.month
    if month < oldest:
        db.session.add_all(_left_out(run, change) for change in due.changes)
        return
    db.session.add_all(_stopped(run, one) for one in due.held)
    rows = list(_rows(run, due))
    for start in range(0, len(rows), AT_A_TIME):
        db.session.execute(insert(AllowanceEntry), rows[start : start + AT_A_TIME])
    run.total += sum(one.difference for one in due.changes)


def _rows(run: AllowanceRun, due: _Due) -> Iterator[dict[str, object]]:
    """The reversals, to the provider that was booked, then what holds instead."""
    for change in due.changes:
        for one in change.reversed:
            provider = due.booked.providers[one.ref]
            yield _row(run, taken_back(one.line), provider, one.ref)
        for line in change.lines:
            provider = due.found.providers[cast(int, line.placement)]
            yield _row(run, line, provider, None)


def _row(
    run: AllowanceRun, line: AllowanceLine, provider_id: int, corrects: object
) -> dict[str, object]:
    return {
        "run_id": run.id,
        "placement_id": line.placement,
        "provider_id": provider_id,
        "month": line.month.first,
        "kind": line.kind,
        "quantity": line.quantity,
        "rate": line.rate,
        "rounding": line.rounding,
        "amount": line.amount,
        "days": line.days,
        "rule": line.rule,
        "payer": line.payer,
        "corrects_id": corrects,
    }


def _stopped(run: AllowanceRun, held: AllowanceHeld) -> AllowanceWait:
    return _wait(run, held.placement, held.month.first, "stopped", held)


def _left_out(run: AllowanceRun, change: AllowanceChange) -> AllowanceWait:
    told = AllowanceHeld(
        change.placement,
        change.month,
        "LeftOut",
        "Månaden är äldre än så långt som rättelser går tillbaka.",
    )
    new = _wait(run, change.placement, change.month.first, "left_out", told)
    new.amount = change.difference
    return new


def _wait(
    run: AllowanceRun, placement: object, month: date, reason: str, told: AllowanceHeld
) -> AllowanceWait:
    return AllowanceWait(
        run_id=run.id,
        placement_id=placement,
        month=month,
        reason=reason,
        error=told.error,
        message=told.message,
    )
