"""A month paid from files alone: what the files say in, booked entries out.

Whoever a fault is about is not paid until it is put right; all others are. Earlier
months are computed again when their attendance is there, and what differs from what
was booked is reversed and booked anew.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from payments.attendance_rows import Key, Reported, attendance_of, told_in_vain
from payments.booked_rows import Entry, standing_of
from payments.corrections import Booked, Change, changes, settled, turned
from payments.errors import PaymentError
from payments.facts import (
    Attendance,
    ClientMonth,
    Count,
    LevelSpan,
    PlacementMonth,
    Span,
    Supplement,
)
from payments.files import FilePlacement, LevelKey
from payments.lines import PLACE, Held, Line
from payments.month import Month
from payments.pay import Calculation
from payments.rates import PriceList, in_force
from payments.rules import RuleSet, known_rules

KNOWN_AT = datetime(9999, 1, 1, tzinfo=UTC)
"""Files hold what is known now, whenever it was decided."""

ALWAYS = (Span(date.min, None),)
EVERY_UNIT = ""


class MonthBooked(PaymentError):
    def __init__(self, month: Month, ref: str) -> None:
        super().__init__(
            f"{month} är redan bokförd, se rad {ref} i det som är bokfört. Räkna "
            "nästa månad: det som ändrats rättas där."
        )


class MonthMissing(PaymentError):
    def __init__(self, month: Month) -> None:
        super().__init__(
            f"{month} är inte bokförd. Räkna den först, eller ta med dess rader i det "
            "som är bokfört."
        )


class OtherMonth(PaymentError):
    def __init__(self, month: Month, found: Iterable[Month]) -> None:
        told = ", ".join(map(str, sorted(set(found)))) or "ingen månad"
        super().__init__(
            f"Närvarofilen gäller {told}, inte {month}. Välj rätt fil eller månad."
        )


class NoRules(PaymentError):
    def __init__(self, month: Month) -> None:
        super().__init__(
            f"Inga ersättningsregler gäller {month}. Ange regler som börjat gälla."
        )


class SameFirstDay(PaymentError):
    def __init__(self, what: str, first_day: date) -> None:
        super().__init__(
            f"Två {what} gäller från {first_day}. Ange bara den som ska gälla."
        )


@dataclass(frozen=True)
class FileFacts:
    """Everything that files say; what no file was given for is None."""

    rules: Sequence[RuleSet]
    prices: Sequence[PriceList]
    placements: Mapping[str, FilePlacement]
    levels: Mapping[LevelKey, tuple[LevelSpan, ...]]
    attendance: Mapping[Key, Reported] | None = None
    decisions: Mapping[str, tuple[Span, ...]] | None = None
    contracts: Mapping[str, tuple[Span, ...]] | None = None
    closed: Mapping[str, frozenset[date]] = field(default_factory=dict)
    supplements: Mapping[str, tuple[Supplement, ...]] | None = None
    booked: Sequence[Entry] = ()
    stopped: Mapping[str, str] = field(default_factory=dict)
    """Persons that a fault in some file is about, with where it stands."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """Placements that could not be read, with where they stand."""
    keeps_booked: bool = False
    """Whether what is booked cannot all be read, so that nothing is corrected."""


@dataclass
class FilePaid:
    """What a month came to."""

    month: Month
    entries: list[Entry] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    left_alone: list[Month] = field(default_factory=list)
    """Earlier months without attendance: what is booked for them stands."""
    unknown: list[str] = field(default_factory=list)
    """Booked placements that no file tells of: they stand as they are."""

    @property
    def total(self) -> int:
        return sum(entry.line.amount for entry in self.entries)


def needs_attendance(rules: Sequence[RuleSet], month: Month) -> bool:
    """Whether the rules of the month pay by what is reported."""
    return _rules(rules, month).not_reported != "not_needed"


def pay(facts: FileFacts, month: Month) -> FilePaid:
    """The month's lines, and the corrections of earlier ones."""
    _check(facts, month)
    return _Run(facts, month).paid()


def _check(facts: FileFacts, month: Month) -> None:
    for entry in facts.booked:
        if entry.booked_in >= month:
            raise MonthBooked(entry.booked_in, entry.ref)
    _check_unbroken({entry.booked_in for entry in facts.booked}, month)
    _check_first_days("prislistor", [one.first_day for one in facts.prices])
    _check_first_days("regler", [one.first_day for one in facts.rules])
    _rules(facts.rules, month)
    if facts.attendance is not None:
        told = {held for _, held in facts.attendance}
        if month not in told and needs_attendance(facts.rules, month):
            raise OtherMonth(month, told)


def _check_unbroken(booked: Collection[Month], month: Month) -> None:
    """What was paid in a month that is left out would be paid again."""
    first = min(booked, default=month)
    for number in range(month - first):
        if first.plus(number) not in booked:
            raise MonthMissing(first.plus(number))


def _check_first_days(what: str, days: Sequence[date]) -> None:
    for day in days:
        if days.count(day) > 1:
            raise SameFirstDay(what, day)


def _rules(sets: Sequence[RuleSet], month: Month) -> RuleSet:
    found = known_rules(sets, month.first, KNOWN_AT)
    if found is None:
        raise NoRules(month)
    return found


class _Run:
    """The months in order, with the absence that goes on between them."""

    def __init__(self, facts: FileFacts, month: Month) -> None:
        self._facts = facts
        self._month = month
        in_vain = list(_in_vain(facts))
        self._in_vain = [held for _, _, held in in_vain]
        about = {person: f"närvaron rad {row}" for person, row, _ in in_vain}
        self._faulty = {**about, **facts.stopped}
        """Persons that a fault is about, with where it stands."""
        self._prices = in_force(facts.prices, KNOWN_AT)
        self._carry: dict[str, tuple[Count, ...]] = {}
        self._by_person: dict[str, list[FilePlacement]] = {}
        for placement in facts.placements.values():
            self._by_person.setdefault(placement.person, []).append(placement)
        self._all_closed = facts.closed.get(EVERY_UNIT, frozenset())

    def paid(self) -> FilePaid:
        numbers = dict.fromkeys(str(e.line.placement) for e in self._facts.booked)
        unknown = [n for n in numbers if n not in self._facts.placements]
        done = FilePaid(self._month, held=list(self._stopped()), unknown=unknown)
        booked = self._booked()
        first = min((one.line.month for one in booked), default=self._month)
        for month in self._months(first):
            held: list[Held] = []
            if month == self._month:
                new = ((line, "") for line in self._lines(month, done.held))
                done.entries += self._numbered(done, new)
            elif not self._is_told(month):
                done.left_alone += [month] if month >= first else []
            else:
                lines = list(self._lines(month, held))
                if month >= first:
                    self._correct(done, month, lines, held, booked)
        return done

    def _months(self, first: Month) -> list[Month]:
        """From the first that anything is known of, since absence runs on."""
        told = [month for _, month in self._facts.attendance or ()]
        start = min([first, *told])
        return [start.plus(number) for number in range(self._month - start + 1)]

    def _is_told(self, month: Month) -> bool:
        rules = known_rules(self._facts.rules, month.first, KNOWN_AT)
        if rules is None:
            return False
        told = self._facts.attendance or ()
        return rules.not_reported == "not_needed" or any(m == month for _, m in told)

    def _booked(self) -> list[Booked]:
        """What may be corrected: of placements that are there, without faults."""
        facts = self._facts
        if facts.keeps_booked:
            return []
        return [
            one
            for one in standing_of(facts.booked)
            if (found := facts.placements.get(str(one.line.placement)))
            and found.person not in self._faulty
        ]

    def _stopped(self) -> Iterator[Held]:
        facts, month = self._facts, self._month
        for number, where in facts.unread.items():
            message = f"Placeringen går inte att läsa: {where}. Rätta raden."
            yield _held(number, month, "BadRow", message)
        yield from self._in_vain
        held = {one.placement for one in self._in_vain if one.month == month}
        for placement in facts.placements.values():
            about = self._faulty.get(placement.person)
            if about and placement.number not in held and _meets(placement, month):
                message = f"Filerna har fel om personen: {about}. Rätta dem."
                yield _held(placement.number, month, "BadRow", message)

    def _lines(self, month: Month, held: list[Held]) -> Iterator[Line]:
        rules = _rules(self._facts.rules, month)
        calculation = Calculation(month, rules, self._prices, self._all_closed)
        for person, placements in self._by_person.items():
            present = [one for one in placements if _concerns(one, month, rules)]
            if person in self._faulty or not present:
                continue
            carry = self._carry.get(person, ())
            told = tuple(self._placement(one, month) for one in present)
            due = calculation.due(ClientMonth(person, told, carry))
            self._carry[person] = due.carry
            held += due.held
            yield from due.lines

    def _placement(self, placement: FilePlacement, month: Month) -> PlacementMonth:
        facts, number, unit = self._facts, placement.number, placement.unit
        closed = facts.closed.get(unit, frozenset())
        levels = facts.levels.get((placement.person, number))
        return PlacementMonth(
            ref=number,
            start=placement.start,
            end=placement.end,
            regi=placement.regi,
            levels=levels or facts.levels.get((placement.person, ""), ()),
            plans=placement.plans,
            attendance=self._attendance(placement, month, closed),
            contracts=_cover(facts.contracts, unit),
            pauses=placement.pauses,
            closed=closed,
            ended=placement.ended,
            supplements=(facts.supplements or {}).get(number, ()),
            main=placement.main,
        )

    def _attendance(
        self, placement: FilePlacement, month: Month, closed: frozenset[date]
    ) -> Attendance | None:
        told = (self._facts.attendance or {}).get((placement.number, month))
        if told is None:
            return None
        return attendance_of(told, month, placement, closed | self._all_closed)

    def _correct(
        self,
        done: FilePaid,
        month: Month,
        lines: Sequence[Line],
        held: Sequence[Held],
        booked: Sequence[Booked],
    ) -> None:
        before = [one for one in booked if one.line.month == month]
        parted = settled(changes(lines, before), oldest=month, stopped=held)
        done.held += held
        done.held += [_waiting(change) for change in parted.waiting]
        for change in parted.booked:
            back = ((turned(one.line), str(one.ref)) for one in change.reversed)
            done.entries += self._numbered(done, back)
            done.entries += self._numbered(done, ((line, "") for line in change.lines))

    def _numbered(
        self, done: FilePaid, lines: Iterable[tuple[Line, str]]
    ) -> list[Entry]:
        start = len(done.entries) + 1
        return [
            Entry(f"{self._month}-{number:05}", self._month, line, corrects)
            for number, (line, corrects) in enumerate(lines, start)
        ]


def _in_vain(facts: FileFacts) -> Iterator[tuple[str, int, Held]]:
    """Absence told of days without hours: whose, in what row, and why it is held."""
    for (number, month), told in (facts.attendance or {}).items():
        placement = facts.placements.get(number)
        if placement is None:
            continue
        for row, day in told_in_vain(told, month, placement):
            message = (
                f"Närvaron rad {row}, anmäld: {day} har inga planerade timmar för "
                "frånvaron. Töm rutan, eller rätta koden eller planen."
            )
            yield placement.person, row, _held(number, month, "BadRow", message)


def _meets(placement: FilePlacement, month: Month) -> bool:
    end = placement.end
    return placement.start < month.end and (end is None or end > month.first)


def _concerns(placement: FilePlacement, month: Month, rules: RuleSet) -> bool:
    """Whether something may be paid: in the placement's time, or after its end."""
    end, ended = placement.end, placement.ended
    is_tail = bool(ended and end and rules.end_rule(ended.reason) and end < month.end)
    return is_tail or _meets(placement, month)


def _cover(
    contracts: Mapping[str, tuple[Span, ...]] | None, unit: str
) -> tuple[Span, ...]:
    return ALWAYS if contracts is None else contracts.get(unit, ())


def _held(number: str, month: Month, error: str, message: str) -> Held:
    return Held(number, PLACE, month, month.first, month.end, error, message)


def _waiting(change: Change) -> Held:
    """A correction that something stops: what is booked stands until then."""
    number, month, kind = change.group
    return Held(
        placement=number,
        kind=kind,
        month=month,
        start=min(one.line.start for one in change.reversed),
        end=max(one.line.end for one in change.reversed),
        error="PaidStands",
        message="Det som är betalt för dagarna står kvar tills orsaken är rättad.",
        amount=change.difference,
    )


def outside_decisions(
    facts: FileFacts, paid: FilePaid
) -> Collection[tuple[Entry, FilePlacement]]:
    """What is paid for days that no decision of the person covers in full."""
    decisions = facts.decisions
    if decisions is None:
        return ()
    placed = [(one, facts.placements[str(one.line.placement)]) for one in paid.entries]
    return [
        (entry, placement)
        for entry, placement in placed
        if not entry.corrects
        and not _covered(entry.line, decisions.get(placement.person, ()))
    ]


def _covered(line: Line, spans: Iterable[Span]) -> bool:
    """Whether the periods together hold every day of the line."""
    reached = line.start
    for span in sorted(spans, key=lambda one: one.start):
        if span.start <= reached and (span.end is None or span.end > reached):
            reached = span.end or line.end
    return reached >= line.end
