"""What users may send about attendance and closed days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.fields import HiddenField
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lovdv.forms import BaseForm, DayField, TextField, after
from lovdv.placements import notice
from lovdv.placements.codes import STANDS
from lovdv.placements.days import Part, day_mark, fault_of, untold
from lovdv.placements.forms import SHORT, ClockField
from lovdv.placements.months import PersonMonth
from lovdv.placements.reporting import DayChange

PARTS = 3
LONGEST_CLOSED = 70
"""Days in a row; more is a slip of the pen."""


@dataclass
class GridRow:
    """What came for one person: what was typed, what changed and what is wrong."""

    found: PersonMonth
    typed: Mapping[int, str]
    had: str
    changes: list[DayChange] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)


def read_row(found: PersonMonth, sent: Mapping[str, str]) -> GridRow:
    """A person's row from the posted grid; only days that changed are looked at."""
    row = GridRow(found, _typed(found, sent), sent.get(had_name(found), ""))
    for number, code in row.typed.items():
        had = _had(row.had, number)
        if untold(had) == (code or STANDS):
            continue
        fault = fault_of(found, number, code)
        if fault:
            row.faults[number] = fault
        else:
            row.changes.append(DayChange(number, had, code))
    return row


def had_name(found: PersonMonth) -> str:
    return f"had-{found.placement.public_id}"


def cell_name(found: PersonMonth, number: int) -> str:
    return f"d-{found.placement.public_id}-{number}"


def _typed(found: PersonMonth, sent: Mapping[str, str]) -> dict[int, str]:
    return dict(_cells(found, sent))


def _cells(found: PersonMonth, sent: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    for day in found.days:
        text = sent.get(cell_name(found, day.day))
        if text is not None:
            yield day.day, text.strip().upper()


def had_of(found: PersonMonth) -> str:
    """What the page shows: a letter a day, then the marks of the days in parts.

    >>> _had("..A|2=. 12:00-15:00A", 2), _had("..A|2=. 12:00-15:00A", 3)
    ('. 12:00-15:00A', 'A')
    """
    marks = (f"{number}={day_mark(found, int(number))}" for number in found.details)
    return "|".join([found.deviations, *marks])


def _had(had: str, number: int) -> str:
    """The day_mark() that the page was made from."""
    letters, *marks = had.split("|")
    known = dict(mark.split("=", 1) for mark in marks if "=" in mark)
    return known.get(str(number)) or letters[number - 1 : number] or STANDS


class DayForm(BaseForm):
    """One person's day, with the times of its parts."""

    had = HiddenField()
    code = RadioField("Hela dagen", choices=[])
    reason = SelectField("Enhetens egen anledning", choices=[])
    told_day = DayField("Dag")
    told_clock = ClockField("Klockslag")

    def rows(self) -> list[tuple[ClockField, ClockField, SelectField]]:
        return [
            (self[f"from_{n}"], self[f"to_{n}"], self[f"code_{n}"])
            for n in range(PARTS)
        ]

    def validate(self, extra_validators: object = None) -> bool:
        good = super().validate(extra_validators)
        for start, end, code in self.rows():
            given = [start.data is not None, end.data is not None, bool(code.data)]
            if any(given) and not all(given) and not (start.errors or end.errors):
                end.errors = ["Fyll i från, till och kod, eller lämna raden tom."]
                good = False
        return bool(good) and self._is_told_whole()

    def _is_told_whole(self) -> bool:
        """When an absence was told is a day and a clock time, or neither."""
        if "told_day" not in self:
            return True
        day, clock = self.told_day, self.told_clock
        if day.data is not None and clock.data is None:
            clock.errors = ["Skriv också klockslaget, eller ta bort dagen."]
        elif day.data is None and clock.data is not None:
            day.errors = ["Skriv också dagen, eller ta bort klockslaget."]
        return not (day.errors or clock.errors)

    @property
    def told(self) -> notice.Told | None:
        """None where the form does not ask."""
        if "told_day" not in self:
            return None
        day, clock = self.told_day.data, self.told_clock.data
        if day is None or clock is None:
            return notice.Told(None)
        return notice.Told(notice.moment(day, clock))

    @property
    def parts(self) -> list[Part]:
        return [
            Part(str(code.data), start.data, end.data)
            for start, end, code in self.rows()
            if start.data is not None and end.data is not None and code.data
        ]


for _n in range(PARTS):
    setattr(DayForm, f"from_{_n}", ClockField(f"Från, del {_n + 1}"))
    setattr(DayForm, f"to_{_n}", ClockField(f"Till, del {_n + 1}"))
    setattr(
        DayForm,
        f"code_{_n}",
        SelectField(f"Kod, del {_n + 1}", choices=[], validators=[Optional()]),
    )


class CorrectForm(BaseForm):
    reason = TextField("Varför rättas månaden", [DataRequired("Skriv varför."), SHORT])


class LocalReasonForm(BaseForm):
    conflicts = {
        "local_reason": ("name", "Anledningen finns redan. Skriv ett annat namn."),
    }

    name = TextField(
        "Anledning",
        [
            DataRequired("Skriv vad ni kallar frånvaron."),
            Length(max=60, message="Skriv högst 60 tecken."),
        ],
    )
    code = SelectField("Räknas som", choices=[])


class ClosedDaysForm(BaseForm):
    conflicts = {
        "closed_day": ("day", "Dagen är redan stängd. Välj en annan."),
    }

    proposed = SelectMultipleField(
        "Föreslagna dagar",
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    day = DayField("En annan dag", [Optional()])
    last_day = DayField(
        "Till och med",
        [Optional(), after("day", "Sista dagen är före den första.")],
        description="För flera dagar i följd, till exempel sommarstängt. Lördagar, "
        "söndagar och dagar som redan är stängda hoppas över.",
    )
    name = TextField(
        "Namn på dagen",
        [Optional(), Length(max=60, message="Skriv högst 60 tecken.")],
        description="Till exempel: Planeringsdag, Sommarstängt.",
    )
    unit = SelectField("Gäller", choices=[])

    @property
    def days(self) -> list[date]:
        """The days from the first to the last, which is included."""
        first, last = self.day.data, self.last_day.data or self.day.data
        if first is None:
            return []
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def validate(self, extra_validators: object = None) -> bool:
        good = super().validate(extra_validators)
        if self.day.data and not self.name.data:
            self.name.errors = ["Skriv vad dagen heter."]
            good = False
        if self.last_day.data and not self.day.data:
            self.day.errors = ["Skriv den första dagen."]
            good = False
        if len(self.days) > LONGEST_CLOSED:
            self.last_day.errors = [f"Stäng högst {LONGEST_CLOSED} dagar åt gången."]
            good = False
        if good and not self.day.data and not self.proposed.data:
            self.form_errors.append("Välj minst en dag.")
            good = False
        return bool(good)
