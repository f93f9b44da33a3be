"""A unit's month, row by row: what is paid, why, and what happens next."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from sqlalchemy.exc import NoResultFound

from lovdv.access import Actor
from lovdv.basis import changes, queries
from lovdv.basis.dates import Ahead, Calendar
from lovdv.basis.queries import Answer, UnitLine
from lovdv.clock import local_day, today
from lovdv.formats import month as month_name
from lovdv.payouts.models import HeldItem, PaymentLine, PaymentRun
from lovdv.payouts.standing import line_of
from lovdv.placements.models import Placement
from lovdv.placements.months import PersonMonth, confirm_by, person_months
from lovdv.providers.models import Unit
from payments import Line, Month

STATES = {
    "paid": ("Betald", "success"),
    "rejected": ("Avvisad av ekonomisystemet", "danger"),
    "exported": ("Lämnad till betalning", "success"),
    "attested": ("Attesterad", "info"),
    "later": ("Betald senare", "success"),
    "held": ("Hålls inne", "warning"),
    "stopped": ("Stoppad", "danger"),
    "left_out": ("Äldre än rättelser går", "warning"),
    "attendance": ("Väntar på närvaro", "warning"),
    "queued": ("Väntar på körning", "info"),
    "nothing": ("Inget att betala", "neutral"),
}
"""What a row's state is called, and how it looks."""

PAID = ("attested", "exported", "paid")
"""The states of rows that add to what is paid."""

NOT_PAID = ("held", "stopped", "left_out", "rejected")

LOOKED_AT = "Ekonomin ser över raden."
"""For what a control holds: the reason is a note between those who look."""

Key: TypeAlias = tuple[int, Month]
"""A placement and the month that is paid for."""


@dataclass(frozen=True)
class Row:
    """One placement and month: what has come of it, why, and what is next."""

    placement: Placement
    month: Month
    state: str
    reasons: tuple[str, ...]
    ahead: Ahead
    amount: int | None = None
    lines: tuple[PaymentLine, ...] = ()

    @property
    def name(self) -> str:
        return STATES[self.state][0]

    @property
    def kind(self) -> str:
        return STATES[self.state][1]

    @property
    def paid(self) -> int:
        """What the row adds to what is paid in the month."""
        return (self.amount or 0) if self.state in PAID else 0


@dataclass(frozen=True)
class UnitMonth:
    """All that a unit is told of one month's payment."""

    unit: Unit
    month: Month
    rows: tuple[Row, ...]

    @property
    def paid(self) -> int:
        return sum(row.paid for row in self.rows)

    @property
    def corrects(self) -> bool:
        """Whether some row is about an earlier month."""
        return any(row.month != self.month for row in self.rows)

    @property
    def corrected(self) -> int:
        return sum(row.paid for row in self.rows if row.month != self.month)

    @property
    def held(self) -> int:
        """What is counted but not paid, as far as the amounts are known."""
        return sum(row.amount or 0 for row in self.rows if row.state in NOT_PAID)

    def rows_of(self, placement_id: int, concerns: Month) -> Sequence[Row]:
        """The rows of one placement and month; a month without any is not found."""
        found = [
            row
            for row in self.rows
            if row.placement.id == placement_id and row.month == concerns
        ]
        if not found:
            raise NoResultFound
        return found

    @property
    def is_booked(self) -> bool:
        return any(row.state not in ("attendance", "queued") for row in self.rows)


@dataclass(frozen=True)
class _Facts:
    """What is read once for all the rows of a month."""

    actor: Actor
    unit: Unit
    month: Month
    booked: Sequence[UnitLine]
    stopped: Sequence[tuple[HeldItem, PaymentRun]]
    placed: Mapping[int, Placement]
    later: Mapping[Key, PaymentRun]
    """The first later run that pays for a placement's month."""
    answers: Mapping[int, Answer]
    """By line, what finance has answered."""

    @cached_property
    def placements(self) -> Mapping[int, Placement]:
        told = {one.line.placement_id for one in self.booked}
        told |= {item.placement_id for item, _ in self.stopped}
        return {**queries.placements_with(told), **self.placed}

    @cached_property
    def _calendars(self) -> Mapping[int, Calendar]:
        systems = {one.choice_system_id for one in self.placements.values()}
        return {ref: Calendar.of(ref) for ref in sorted(systems)}

    def calendar(self, placement: Placement) -> Calendar:
        return self._calendars[placement.choice_system_id]


def unit_month(actor: Actor, unit: Unit, month: Month) -> UnitMonth:
    facts = _read(actor, unit, month)
    rows = [*_booked_rows(facts), *_stopped_rows(facts)]
    told = {(row.placement.id, row.month) for row in rows}
    rows += _waiting_rows(facts, told)
    rows.sort(key=lambda row: row.placement.number)
    rows.sort(key=lambda row: row.month, reverse=True)
    return UnitMonth(unit, month, tuple(rows))


def _read(actor: Actor, unit: Unit, month: Month) -> _Facts:
    booked = queries.lines_booked(actor, unit.id, PaymentRun.month == month.first)
    after = queries.lines_booked(
        actor,
        unit.id,
        PaymentRun.month > month.first,
        PaymentLine.month <= month.first,
    )
    placed = queries.placed_in(actor, unit.id, month)
    return _Facts(
        actor,
        unit,
        month,
        booked,
        queries.stopped_in(actor, unit.id, month),
        {placement.id: placement for placement in placed},
        _first_paid(after),
        queries.answers_about(booked),
    )


def _first_paid(lines: Iterable[UnitLine]) -> Mapping[Key, PaymentRun]:
    found: dict[Key, PaymentRun] = {}
    for one in sorted(lines, key=lambda one: one.run.month):
        if one.hold is None:
            key = one.line.placement_id, Month.of(one.line.month)
            found.setdefault(key, one.run)
    return found


def _booked_rows(facts: _Facts) -> Iterator[Row]:
    groups: dict[Key, list[UnitLine]] = defaultdict(list)
    for one in facts.booked:
        groups[one.line.placement_id, Month.of(one.line.month)].append(one)
    for (ref, month), some in groups.items():
        yield _booked_row(facts, facts.placements[ref], month, some)


def _booked_row(
    facts: _Facts, placement: Placement, month: Month, some: Sequence[UnitLine]
) -> Row:
    hold, run = some[0].hold, some[0].run
    lines = tuple(one.line for one in some)
    amount = sum(line.amount for line in lines)
    if hold is not None:
        why = LOOKED_AT if hold.finding_id is not None else hold.reason
        state, reasons, ahead = _not_paid(facts, placement, month, "held", why)
    else:
        state, ahead = _how_far(facts, placement, run, lines)
        reasons = (*_why(facts, month, lines), *_rejections(facts, lines))
        later = facts.later.get((placement.id, month))
        if later is not None:
            told = f"Rättades i körningen för {month_name(later.month)}."
            reasons = (*reasons, told)
    return Row(placement, month, state, reasons, ahead, amount, lines)


def _how_far(
    facts: _Facts, placement: Placement, run: PaymentRun, lines: Sequence[PaymentLine]
) -> tuple[str, Ahead]:
    """As far as the run has come, or as finance has answered."""
    calendar, month = facts.calendar(placement), Month.of(run.month)
    answers = [facts.answers.get(line.id) for line in lines]
    if any(answer and answer.outcome == "rejected" for answer in answers):
        return "rejected", calendar.next_look(month.next)
    told = [answer for answer in answers if answer]
    if len(told) == len(lines):
        last = max(answer.read_at for answer in told)
        return "paid", Ahead("Ekonomisystemet svarade", local_day(last))
    return run.status, Ahead("Betalas senast", calendar.paid_by(month))


def _rejections(facts: _Facts, lines: Sequence[PaymentLine]) -> list[str]:
    answers = (facts.answers.get(line.id) for line in lines)
    told = (answer for answer in answers if answer and answer.outcome == "rejected")
    return list(dict.fromkeys(f"Avvisad: {answer.reason}" for answer in told))


def _why(facts: _Facts, month: Month, lines: Sequence[PaymentLine]) -> tuple[str, ...]:
    if month == facts.month:
        return tuple(changes.formula(line_of(line)) for line in lines)
    taken = [line.corrects_id for line in lines if line.corrects_id is not None]
    before = [line_of(one.line) for one in _with_ids(facts, taken)]
    now = [line_of(line) for line in lines if line.corrects_id is None]
    return tuple(
        sentence
        for kind in dict.fromkeys(line.kind for line in (*before, *now))
        for sentence in changes.corrected(_of(before, kind), _of(now, kind))
    )


def _of(lines: Iterable[Line], kind: str) -> list[Line]:
    return [line for line in lines if line.kind == kind]


def _with_ids(facts: _Facts, ids: Sequence[int]) -> Sequence[UnitLine]:
    return queries.lines_booked(facts.actor, facts.unit.id, PaymentLine.id.in_(ids))


def _not_paid(
    facts: _Facts, placement: Placement, month: Month, state: str, reason: str
) -> tuple[str, tuple[str, ...], Ahead]:
    """Waits for the next run, unless a later one has paid it already."""
    calendar = facts.calendar(placement)
    later = facts.later.get((placement.id, month))
    if later is not None:
        run = Month.of(later.month)
        ahead = Ahead(f"Körningen för {month_name(run.first)}", calendar.paid_by(run))
        return "later", (reason,), ahead
    if state == "left_out":
        return state, (reason,), Ahead("Rättas inte av sig själv. Invänd om det är fel")
    return state, (reason,), calendar.next_look(facts.month.next)


def _stopped_rows(facts: _Facts) -> Iterator[Row]:
    for item, _ in facts.stopped:
        placement, month = facts.placements[item.placement_id], Month.of(item.month)
        state, reasons, ahead = _not_paid(
            facts, placement, month, item.reason, item.message
        )
        yield Row(placement, month, state, reasons, ahead, item.amount)


def _waiting_rows(facts: _Facts, told: set[Key]) -> Iterator[Row]:
    """Placements with paid days in the month that no booked run says anything of."""
    silent = [
        placement
        for placement in facts.placed.values()
        if (placement.id, facts.month) not in told
    ]
    for found in person_months(silent, facts.month):
        yield _waiting_row(facts, found)


def _waiting_row(facts: _Facts, found: PersonMonth) -> Row:
    placement, month = found.placement, facts.month
    calendar = facts.calendar(placement)
    state, reason, ahead = "queued", _reported(found), calendar.computed(month)
    later = facts.later.get((placement.id, month))
    if later is not None:
        run = Month.of(later.month)
        state, reason = "later", "Fanns inte med när månaden räknades."
        ahead = Ahead(f"Körningen för {month_name(run.first)}", calendar.paid_by(run))
    elif _is_run(facts, calendar):
        state, reason = "nothing", "Inga dagar att betala när månaden räknades."
        ahead = calendar.next_look(month.next)
    elif found.waits and calendar.waits_for_attendance(month):
        state, reason = "attendance", calendar.unconfirmed(month)
        last = confirm_by(placement.choice_system_id, month)
        late = "skulle ha varit klar" if last < today() else "senast"
        ahead = Ahead(f"Bekräfta närvaron, {late}", last)
    return Row(placement, month, state, (reason,), ahead)


def _reported(found: PersonMonth) -> str:
    if found.rests:
        return "Placeringen vilar hela månaden."
    if found.is_open:
        return "Ersättningen beror inte på att närvaron är bekräftad."
    return "Närvaron är bekräftad."


def _is_run(facts: _Facts, calendar: Calendar) -> bool:
    """Whether the month's run of the choice system is booked."""
    return calendar.next_run is not None and facts.month < calendar.next_run
