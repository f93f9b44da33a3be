"""Facts from files, as in CSV and Excel: rows of texts in, the engine's values out.

What a row with a fault is about is told beside the fault, so that nothing is paid on
the rest of what is known of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from payments.calendar import CYCLES, Hours, PlanSpan, WeekPlan
from payments.facts import Ended, LevelSpan, Pause, Span, Supplement
from payments.file_rows import FileRow, Table, table
from payments.price_rows import RowNote

NUMBER, PERSON = "placeringsnummer", "ärendenummer"
UNIT, FIRST, LAST = "enhet", "första_dag", "sista_dag"
DECISION = "beslutsreferens"
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
PLACEMENT_COLUMNS = (
    *(NUMBER, PERSON, UNIT, "utförare", "regi", FIRST, LAST, "betalas_från"),
    *("annullerad", "plan_från", "vecka", *WEEKDAYS),
    *("uppehåll_från", "uppehåll_till", "uppehåll_procent", "uppehåll_plats"),
    *("avslutsorsak", "uppsagd_dag", "huvudplats"),
)
OF_THE_PLACEMENT = (
    *(PERSON, UNIT, "utförare", "regi", FIRST, LAST, "betalas_från", "annullerad"),
    *("avslutsorsak", "uppsagd_dag", "huvudplats"),
)
LEVEL_COLUMNS = (PERSON, NUMBER, "nivå", FIRST, LAST, DECISION)
DECISION_COLUMNS = (PERSON, DECISION, FIRST, LAST)
CONTRACT_COLUMNS = (UNIT, FIRST, LAST)
CLOSED_COLUMNS = ("dag", "namn", UNIT)
SUPPLEMENT_COLUMNS = (
    *(NUMBER, "tillägg", FIRST, LAST, "belopp_kr", "skäl", "underlag", DECISION),
)
OF_A_WEEK = ("vecka", "plan_från")
"""Filled in, they make a row a week of a plan, with or without times."""
PAUSED = ("uppehåll_till", "uppehåll_procent", "uppehåll_plats")
PLACES = ("", "behålls", "lämnas")
OWN_REGIS = ("extern", "intern")
YES_OR_NO = ("", "nej", "ja")

LevelKey: TypeAlias = tuple[str, str]
"""A person, and one of the placements or none for all of them."""


@dataclass(frozen=True, slots=True)
class Notes:
    """What was wrong in a file, and what it is about."""

    notes: tuple[RowNote, ...]
    unused: tuple[str, ...] = ()
    about: Mapping[str, int] = field(default_factory=dict)
    """Persons, placements or units with a fault: the first row of it."""
    of_nobody: tuple[int, ...] = ()
    """Rows with a fault that do not even say whom they are about."""
    unread: Mapping[str, int] = field(default_factory=dict)
    """Placements that cannot be read, with the first row of each."""


class FilePlacement(NamedTuple):
    """A placement as files tell of it."""

    number: str
    person: str
    unit: str
    provider: str
    regi: str
    start: date
    end: date | None
    plans: tuple[PlanSpan, ...]
    pauses: tuple[Pause, ...]
    ended: Ended | None = None
    main: bool = False

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


def notes_of(read: Table, column: str) -> Notes:
    """The faults of a file, by whom or what a column names."""
    return _notes(read, lambda row: (row.text(column),))


def _notes(read: Table, named: Callable[[FileRow], Iterable[str]]) -> Notes:
    about: dict[str, int] = {}
    nobody: list[int] = []
    for row in read.rows:
        if row.faults:
            names = [name for name in named(row) if name]
            for name in names:
                about.setdefault(name, row.number)
            if not names:
                nobody.append(row.number)
    return Notes(read.notes(), read.unused, about, tuple(nobody))


def read_placements(
    rows: Sequence[Sequence[str]],
) -> tuple[Mapping[str, FilePlacement], Notes]:
    """Placements by number; a row each, and further rows for plans and pauses."""
    read = table(rows, PLACEMENT_COLUMNS, (NUMBER, PERSON, UNIT, "regi", FIRST))
    by_number: dict[str, list[FileRow]] = {}
    for row in read.rows:
        by_number.setdefault(row.required(NUMBER), []).append(row)
    found = {
        number: placement
        for number, told in by_number.items()
        if number and (placement := _placement(told))
    }
    unread = {
        n: told[0].number for n, told in by_number.items() if n and n not in found
    }
    return found, replace(_notes(read, _persons(by_number)), unread=unread)


def _persons(
    by_number: Mapping[str, Sequence[FileRow]],
) -> Callable[[FileRow], Iterable[str]]:
    """Whom a row is about: as it says, and as its placement's first row says."""

    def named(row: FileRow) -> Iterable[str]:
        number = row.text(NUMBER)
        first = by_number[number][0] if number else row
        return row.text(PERSON), first.text(PERSON)

    return named


def _placement(rows: Sequence[FileRow]) -> FilePlacement | None:
    first = rows[0]
    for row in rows[1:]:
        _check_same(first, row)
    person, unit = first.required(PERSON), first.required(UNIT)
    regi = first.one_of("regi", OWN_REGIS)
    period = first.period(FIRST, LAST)
    paid_from = first.day("betalas_från")
    annulled = first.one_of("annullerad", YES_OR_NO) == "ja"
    main = first.one_of("huvudplats", YES_OR_NO) == "ja"
    ended = _ended(first, annulled=annulled)
    plans = _plans(rows, period.start if period else None)
    pauses = _pauses(rows)
    if period is None or any(row.faults for row in rows):
        return None
    start = max(period.start, paid_from or period.start)
    return FilePlacement(
        number=first.text(NUMBER),
        person=person,
        unit=unit,
        provider=first.text("utförare") or unit,
        regi=regi,
        start=start,
        end=start if annulled else period.end,
        plans=plans,
        pauses=pauses,
        ended=ended,
        main=main,
    )


def _ended(row: FileRow, *, annulled: bool) -> Ended | None:
    """Why the placement ended, as the rules name the reason; not of one annulled."""
    reason, noticed = row.text("avslutsorsak"), row.day("uppsagd_dag")
    if annulled:
        return None
    if noticed and not reason:
        row.wrong(
            "uppsagd_dag",
            "Dagen räknas bara med en orsak. Fyll i avslutsorsak, eller töm rutan.",
        )
    return Ended(reason, noticed) if reason else None


def _check_same(first: FileRow, row: FileRow) -> None:
    """Further rows of a placement may leave out what the first says, not deny it."""
    for column in OF_THE_PLACEMENT:
        told = row.text(column)
        if told and told != first.text(column):
            row.wrong(
                column,
                f"Placeringen står på rad {first.number} med ”{first.text(column)}”. "
                "Skriv lika, eller lämna rutan tom.",
            )


def _plans(rows: Sequence[FileRow], start: date | None) -> tuple[PlanSpan, ...]:
    by_day: dict[date, dict[int, tuple[Hours | None, ...]]] = {}
    for row in rows:
        week = tuple(row.hours(weekday) for weekday in WEEKDAYS)
        first_day, number = row.day("plan_från") or start, _week(row)
        is_told = any(week) or any(row.text(column) for column in OF_A_WEEK)
        if not is_told or first_day is None or number is None:
            continue
        weeks = by_day.setdefault(first_day, {})
        if number in weeks:
            row.wrong("plan_från", "Planen står redan på en annan rad. Ta bort en.")
        weeks[number] = week
    for weeks in by_day.values():
        if len(weeks) not in CYCLES or sorted(weeks) != list(range(1, len(weeks) + 1)):
            rows[0].wrong("vecka", "En plan har 1, 2 eller 4 veckor, en rad för varje.")
    days = sorted(by_day)
    if any(row.faults for row in rows):
        return ()
    return tuple(
        PlanSpan.of(_plan(day, by_day[day]), day, end)
        for day, end in pairwise((*days, None))
        if day is not None
    )


def _week(row: FileRow) -> int | None:
    text = row.text("vecka") or "1"
    if text not in ("1", "2", "3", "4"):
        row.wrong("vecka", f"”{text}” ska vara 1, 2, 3 eller 4.")
        return None
    return int(text)


def _plan(first_day: date, weeks: Mapping[int, tuple[Hours | None, ...]]) -> WeekPlan:
    """The first week is the one that holds the plan's first day."""
    monday = first_day - timedelta(days=first_day.weekday())
    return WeekPlan(monday, tuple(weeks[number] for number in sorted(weeks)))


def _pauses(rows: Sequence[FileRow]) -> tuple[Pause, ...]:
    told = [row for row in rows if row.text("uppehåll_från")]
    for row in rows:
        if row not in told and any(row.text(column) for column in PAUSED):
            row.wrong("uppehåll_från", "Fyll i när uppehållet börjar.")
    found = [
        (row, span)
        for row in told
        if (span := row.period("uppehåll_från", "uppehåll_till"))
    ]
    _check_apart(found, "uppehåll_från", "Uppehållet")
    return tuple(_pause(row, span) for row, span in found)


def _pause(row: FileRow, span: Span) -> Pause:
    kept = row.one_of("uppehåll_plats", PLACES) != "lämnas"
    return Pause(span.start, span.end, row.percent("uppehåll_procent"), kept)


def _check_apart(spans: Iterable[tuple[FileRow, Span]], column: str, what: str) -> None:
    """Periods of one thing that hold the same day are a fault of the later one."""
    ordered = sorted(spans, key=lambda told: told[1].start)
    for (one, before), (other, after) in pairwise(ordered):
        if before.end is None or after.start < before.end:
            other.wrong(
                column,
                f"{what} går in i det på rad {one.number}. Rätta dagarna i den ena.",
            )


def read_levels(
    rows: Sequence[Sequence[str]],
) -> tuple[Mapping[LevelKey, tuple[LevelSpan, ...]], Notes]:
    """Levels of persons, or of single placements of theirs.

    One without a last day holds until the next begins.
    """
    read = table(rows, LEVEL_COLUMNS, (PERSON, "nivå", FIRST))
    found: dict[LevelKey, list[tuple[FileRow, Span]]] = {}
    for row in read.rows:
        person = row.required(PERSON)
        row.required("nivå")
        period = row.period(FIRST, LAST)
        if period and not row.faults:
            found.setdefault((person, row.text(NUMBER)), []).append((row, period))
    levels = {key: _followed(told) for key, told in found.items()}
    return levels, notes_of(read, PERSON)


def _followed(told: Sequence[tuple[FileRow, Span]]) -> tuple[LevelSpan, ...]:
    ordered = sorted(told, key=lambda one: one[1].start)
    starts = [span.start for _, span in ordered]
    spans = [
        (row, _until(row, span, following))
        for (row, span), following in zip(ordered, [*starts[1:], None], strict=True)
    ]
    _check_apart(spans, FIRST, "Nivån")
    return tuple(
        LevelSpan(
            start=span.start,
            end=span.end,
            level=row.text("nivå"),
            ref=f"rad {row.number}",
            decision=row.text(DECISION) or row.text(PERSON),
        )
        for row, span in spans
    )


def _until(row: FileRow, span: Span, following: date | None) -> Span:
    """A level without a last day ends where the next begins, if that is later."""
    if row.text(LAST) or following is None or following == span.start:
        return span
    return Span(span.start, following)


def read_supplements(
    rows: Sequence[Sequence[str]],
) -> tuple[Mapping[str, tuple[Supplement, ...]], Notes]:
    """What placements have beside the price, by number."""
    read = table(rows, SUPPLEMENT_COLUMNS, (NUMBER, "tillägg", FIRST))
    found: dict[str, tuple[Supplement, ...]] = {}
    for row in read.rows:
        number, code = row.required(NUMBER), row.required("tillägg")
        period, amount = row.period(FIRST, LAST), row.amount("belopp_kr")
        if period and not row.faults:
            one = Supplement(
                code=code,
                start=period.start,
                end=period.end,
                reference=row.text(DECISION) or f"rad {row.number}",
                amount=amount,
                reason=row.text("skäl"),
                proof=row.text("underlag"),
            )
            found[number] = (*found.get(number, ()), one)
    return found, notes_of(read, NUMBER)


def read_decisions(
    rows: Sequence[Sequence[str]],
) -> tuple[Mapping[str, tuple[Span, ...]], Notes]:
    """When each person has a decision."""
    read = table(rows, DECISION_COLUMNS, (PERSON, DECISION, FIRST))
    return _periods(read, PERSON), notes_of(read, PERSON)


def read_contracts(
    rows: Sequence[Sequence[str]],
) -> tuple[Mapping[str, tuple[Span, ...]], Notes]:
    """When each unit is under contract."""
    read = table(rows, CONTRACT_COLUMNS, (UNIT, FIRST))
    return _periods(read, UNIT), notes_of(read, UNIT)


def _periods(read: Table, key: str) -> Mapping[str, tuple[Span, ...]]:
    found: dict[str, list[tuple[FileRow, Span]]] = {}
    for row in read.rows:
        name, period = row.required(key), row.period(FIRST, LAST)
        if name and period:
            found.setdefault(name, []).append((row, period))
    return {name: tuple(span for _, span in told) for name, told in found.items()}


def read_closed(
    rows: Sequence[Sequence[str]],
) -> tuple[Mapping[str, frozenset[date]], Notes]:
    """Closed days by unit; under no name those of every unit."""
    read = table(rows, CLOSED_COLUMNS, ("dag",))
    found: dict[str, set[date]] = {}
    for row in read.rows:
        day = row.required_day("dag")
        if day is not None:
            found.setdefault(row.text(UNIT), set()).add(day)
    days = {unit: frozenset(closed) for unit, closed in found.items()}
    return days, notes_of(read, UNIT)
