"""What users may send about orders and placements."""

from typing import Any

from flask import request
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
)
from wtforms.fields import Field
from wtforms.validators import (
    DataRequired,
    Length,
    NumberRange,
    Optional,
)
from wtforms.widgets import TextInput

from lovdv.forms import (
    BaseForm,
    DayField,
    LastDayField,
    LongTextField,
    TextField,
    after,
    options,
)
from lovdv.placements.half_days import HalfDaysField
from lovdv.placements.plans import (
    WEEKDAYS,
    Times,
    clock_text,
    minutes_of,
    read_times,
    stored,
)
from payments.calendar import CYCLES, Hours, WeekPlan

SHORT = Length(max=300, message="Texten är för lång. Skriv högst 300 tecken.")


class OrderForm(BaseForm):
    decision = SelectField("Beslut", choices=[])
    unit = SelectField("Enhet", [DataRequired("Välj en enhet.")], choices=[])
    replaces = SelectField("Plats som avslutas när den nya börjar", choices=[])
    wanted_start = DayField("Önskad första dag", [DataRequired("Skriv önskad dag.")])
    half_days = HalfDaysField("Dagar")
    extent = TextField(
        "Omfattning i ord",
        [
            DataRequired("Skriv omfattningen, till exempel 30 timmar i veckan."),
            Length(max=200, message="Texten är för lång. Skriv högst 200 tecken."),
        ],
        description="Till exempel: Fem dagar, 30 timmar i veckan.",
    )
    goal = LongTextField(
        "Mål", [DataRequired("Skriv målet, så som det står i beslutet.")]
    )
    contact = TextField(
        "Kontakt",
        [DataRequired("Skriv vem enheten ska kontakta, med telefon."), SHORT],
        description="Vem enheten kontaktar först: namn och telefon.",
    )
    communication = LongTextField(
        "Så kommunicerar personen",
        [Optional()],
        description="Till exempel: bilder, tecken, korta meningar.",
    )


class ChangeForm(BaseForm):
    """Other days or hours of a placement that goes on."""

    wanted_start = DayField("Önskad första dag", [DataRequired("Skriv önskad dag.")])
    half_days = HalfDaysField("Dagar efter ändringen")
    extent = TextField(
        "Omfattning i ord",
        [DataRequired("Skriv omfattningen, till exempel 15 timmar i veckan.")],
    )
    goal = LongTextField("Mål", [Optional()])


class DeclineForm(BaseForm):
    reason = RadioField("Anledning", choices=[])
    note = TextField("Förklara kort", [Optional(), SHORT])


class ClockField(Field):
    """A time of day, typed as 9, 900, 9.00 or 09:00; kept as minutes."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else clock_text(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            self.data = minutes_of(valuelist[0])
        except ValueError as error:
            raise ValueError("Skriv tiden som 9, 900, 9.00 eller 09:00.") from error


class WeekPlanForm(BaseForm):
    """Times per weekday over one, two or four weeks."""

    weeks = RadioField(
        "Planen upprepas",
        choices=options(
            {"1": "Varje vecka", "2": "Varannan vecka", "4": "Var fjärde vecka"}
        ),
        default="1",
    )

    @property
    def wants_sums(self) -> bool:
        """Only to see the weeks and what they amount to, not to save."""
        return request.form.get("step") == "sums"

    @property
    def number_of_weeks(self) -> int:
        chosen = str(self.weeks.data)
        return int(chosen) if chosen in map(str, CYCLES) else 1

    def pairs(self, week: int) -> list[tuple[str, ClockField, ClockField]]:
        """Weekday, from and to, as the page shows them."""
        return [
            (name.capitalize(), self[f"from_{week}_{day}"], self[f"to_{week}_{day}"])
            for day, name in enumerate(WEEKDAYS)
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        for week in range(self.number_of_weeks):
            for name, start, end in self.pairs(week):
                good &= self._check(name, start, end)
        return bool(good)

    def _check(self, name: str, start: ClockField, end: ClockField) -> bool:
        if start.errors or end.errors:
            return False
        if (start.data is None) != (end.data is None):
            empty = start if start.data is None else end
            empty.errors = [f"{name}: skriv både från och till, eller ingen tid alls."]
            return False
        if start.data is not None and start.data >= end.data:
            end.errors = [f"{name}: till ska vara senare än från."]
            return False
        return True

    @property
    def times(self) -> Times:
        return stored(
            [
                Hours(start.data, end.data)
                if start.data is not None and end.data is not None
                else None
                for _, start, end in self.pairs(week)
            ]
            for week in range(self.number_of_weeks)
        )

    def fill(self, times: Times) -> None:
        self.weeks.data = str(len(times))
        for week, days in enumerate(times):
            for (_, start, end), hours in zip(self.pairs(week), days, strict=True):
                if hours is not None:
                    start.data, end.data = (minutes_of(text) for text in hours)

    def plan(self, first_day: Any) -> WeekPlan:
        return read_times(self.times, first_day)


for _week in range(max(CYCLES)):
    for _day, _name in enumerate(WEEKDAYS):
        for _end, _word in (("from", "från"), ("to", "till")):
            setattr(
                WeekPlanForm,
                f"{_end}_{_week}_{_day}",
                ClockField(f"{_name.capitalize()} {_word}, vecka {_week + 1}"),
            )


class ConfirmForm(WeekPlanForm):
    start_day = DayField("Första dag", [DataRequired("Skriv den första dagen.")])


class PlanForm(WeekPlanForm):
    first_day = DayField(
        "Gäller från och med", [DataRequired("Skriv från vilken dag planen gäller.")]
    )


class EndForm(BaseForm):
    last_day = LastDayField(
        "Sista dag", [DataRequired("Skriv den sista dagen personen går dit.")]
    )
    notice_day = DayField(
        "Enheten fick veta",
        [Optional()],
        description="Dagen räknas om kommunens regler ger ersättning för uppsägning.",
    )
    reason = RadioField("Anledning", choices=[])


class AnnulForm(BaseForm):
    reason = TextField("Varför", [DataRequired("Skriv varför."), SHORT])


class PauseForm(BaseForm):
    first_day = DayField("Första dag", [DataRequired("Skriv den första dagen.")])
    last_day = LastDayField(
        "Sista dag",
        [Optional(), after("first_day", "Sista dag kan inte vara före första dag.")],
        description="Lämna tomt om du inte vet.",
    )
    share_paid = IntegerField(
        "Hur stor del som betalas, i procent",
        [
            Optional(),
            NumberRange(0, 100, "Skriv ett tal från 0 till 100."),
        ],
        description="Lämna tomt om ersättningsreglerna ska gälla.",
    )
    place_kept = BooleanField("Personen har kvar sin plats", default=True)
    frees_capacity = BooleanField("Platsen får användas av någon annan under tiden")


class BackForm(BaseForm):
    back_day = DayField("Första dag tillbaka", [DataRequired("Skriv dagen.")])


class FollowUpForm(BaseForm):
    made_on = DayField("Genomförandeplan gjord", [Optional()])
    participation = TextField("Så var personen med", [Optional(), SHORT])
    next_follow_up_on = DayField("Nästa uppföljning", [Optional()])
    employer = TextField(
        "Arbetsplats",
        [Optional(), Length(max=120, message="Skriv högst 120 tecken.")],
        description="Om personen är på en arbetsplats utanför enheten.",
    )
    kind = RadioField(
        "På arbetsplatsen",
        choices=options({"single": "Ensam", "group": "I grupp"}),
        default="single",
    )
    contact_owner = TextField(
        "Vem har kontakten med arbetsplatsen",
        [Optional(), Length(max=120, message="Skriv högst 120 tecken.")],
    )
