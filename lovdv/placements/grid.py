"""The month grid as its page shows it: a line a person, a cell a day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lovdv.clock import today
from lovdv.formats import day as day_text
from lovdv.people.names import shown_name
from lovdv.placements.attendance_forms import GridRow, cell_name, had_name, had_of
from lovdv.placements.days import told_words
from lovdv.placements.months import PersonMonth
from lovdv.placements.plans import hours_text
from lovdv.placements.workdays import holidays_of
from payments.calendar import ATTENDED, CLOSED, NOT_PLANNED
from payments.month import Month

SATURDAY = 5
INITIALS = "mtotfls"


@dataclass(frozen=True)
class Day:
    """A column."""

    day: date
    holiday: str

    @property
    def initial(self) -> str:
        return INITIALS[self.day.weekday()]

    @property
    def is_off(self) -> bool:
        return self.day.weekday() >= SATURDAY or bool(self.holiday)

    @property
    def is_today(self) -> bool:
        return self.day == today()


@dataclass(frozen=True)
class Cell:
    """One person's day. `text` is shown where nothing can be typed."""

    name: str
    number: int
    label: str
    plan: str
    value: str
    text: str
    takes_reports: bool
    is_off: bool
    in_parts: bool
    told: str
    changed: bool
    fault: str


@dataclass(frozen=True)
class Line:
    found: PersonMonth
    cells: Sequence[Cell]
    had_name: str
    had: str


@dataclass(frozen=True)
class Fault:
    """A cell's fault as the error summary wants it."""

    id: str
    errors: Sequence[str]


@dataclass(frozen=True)
class Faults:
    """What the grid's error summary reads, shaped as a form's errors are."""

    cells: Sequence[Fault] = ()
    form_errors: Sequence[str] = ()

    @property
    def errors(self) -> bool:
        return bool(self.cells or self.form_errors)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.cells)


@lru_cache(maxsize=64)
def days_of(month: Month) -> tuple[Day, ...]:
    return tuple(
        Day(day, holidays_of(day.year).get(day, "")) for day in month.every_day()
    )


def line_of(found: PersonMonth, sent: GridRow | None = None) -> Line:
    """A person's line; with what was sent, when something was wrong with it."""
    typed: Mapping[int, str] = sent.typed if sent else {}
    faults: Mapping[int, str] = sent.faults if sent else {}
    name = shown_name(found.placement.client)
    return Line(
        found,
        [_cell(found, day, name, typed, faults) for day in days_of(found.month)],
        had_name(found),
        had_of(found),
    )


def _cell(
    found: PersonMonth,
    column: Day,
    name: str,
    typed: Mapping[int, str],
    faults: Mapping[int, str],
) -> Cell:
    number = column.day.day
    plan = found.plan[number - 1]
    stands = found.set_code(number)
    value = typed.get(number, stands)
    told = told_words(found, number)
    says = [name, day_text(column.day), _planned(found, number, plan), told]
    return Cell(
        name=cell_name(found, number),
        number=number,
        label=", ".join(filter(None, says)),
        plan=plan if plan in (ATTENDED, CLOSED) else "",
        value=value,
        text="" if found.codes[number - 1] == NOT_PLANNED else found.codes[number - 1],
        takes_reports=found.takes_reports(number),
        is_off=column.is_off or plan == CLOSED,
        in_parts=bool(found.parts(number)) and number not in typed,
        told=told,
        changed=bool(value) if found.is_open else found.is_away(number),
        fault=faults.get(number, ""),
    )


def _planned(found: PersonMonth, number: int, plan: str) -> str:
    if plan == CLOSED:
        return "stängt"
    if plan != ATTENDED:
        return "inte planerad"
    return f"planerad {hours_text(found.hours(number))}"


def faults_of(rows: Sequence[GridRow]) -> Faults:
    return Faults(
        [
            Fault(cell_name(row.found, number), [f"{_who(row.found)}: {fault}"])
            for row in rows
            for number, fault in sorted(row.faults.items())
        ]
    )


def _who(found: PersonMonth) -> str:
    return shown_name(found.placement.client)
