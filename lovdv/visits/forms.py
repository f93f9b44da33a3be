"""What the person may send about a visit, and what the unit answers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import SelectMultipleField
from wtforms.validators import InputRequired, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lovdv.choice.speaking import OwnWillForm
from lovdv.clock import STOCKHOLM, now
from lovdv.forms import BaseForm, DayField, OneOf, TextField, at_most, options
from lovdv.placements.plans import minutes_of
from lovdv.providers.questions import DAYS
from lovdv.systems.rule_fields import Whole

WORKING = ("mon", "tue", "wed", "thu", "fri")
NAMED = {
    "no": "Nej, skriv inte mitt namn",
    "yes": "Ja, de får veta mitt förnamn",
}
CLOCK = Regexp(r"^([01]?\d|2[0-3])[.:][0-5]\d$", message="Skriv tiden som 9.30.")


class WeekdaysField(SelectMultipleField):
    """Weekdays to tick; none means that any will do."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AskForm(BaseForm):
    """The person's own wish."""

    weekdays = WeekdaysField(
        "Vilka dagar passar dig?",
        choices=options({key: DAYS[key].words for key in WORKING}),
        description="Kryssa inte i någon om alla dagar passar.",
    )
    named = OneOf(
        "Får de veta ditt förnamn?",
        NAMED,
        default="no",
        description="Säger du nej får de bara veta att en person vill komma.",
    )

    def tell_how_long(self, days: int) -> None:
        """How long after the visit they know the name."""
        if "named" in self._fields:
            until = f"{days} dagar efter besöket" if days else "och med besöket"
            self.named.description += f" Ett ja gäller till {until}."

    @property
    def how_many(self) -> int:
        field = self._fields.get("days")
        return int(field.data) if field is not None else 1

    @property
    def consents(self) -> bool:
        return bool("named" in self._fields and self.named.data == "yes")


class AskForForm(OwnWillForm, AskForm):
    """A representative's, with what the person wants."""


def ask_form(*, myself: bool, days: int, protected: bool) -> AskForm:
    """The form; with how many days when several can be tried."""
    own: type[AskForm] = AskForm if myself else AskForForm
    more: dict[str, Any] = {}
    if days > 1:
        more["days"] = Whole("Hur många dagar vill du prova?", 1, days, default=1)
    form = type("AskForm", (own,), more)()
    if protected:
        del form.named
    if not myself:
        _about_another(form)
    return form


def _about_another(form: AskForm) -> None:
    """The same questions, to a representative."""
    form.weekdays.label.text = "Vilka dagar passar personen?"
    if "days" in form:
        form.days.label.text = "Hur många dagar vill personen prova?"
    if "named" in form:
        form.named.description = "Vid nej vet de bara att en person vill komma."
        form.named.label.text = "Har personen sagt ja till att de får veta förnamnet?"
        form.named.choices = options({"no": "Nej", "yes": "Ja, personen har sagt ja"})


class AnswerForm(BaseForm):
    """Which days the unit proposes; a field for each is added below."""

    clock = TextField("Klockan", [InputRequired("Skriv klockan."), CLOCK])
    words = TextField(
        "Något personen behöver veta",
        [Optional(), at_most(300)],
        description="Till exempel vem som möter. Skriv kort och lätt.",
    )

    @property
    def day_fields(self) -> list[Any]:
        return [field for field in self if field.name.startswith("day_")]

    def validate_clock(self, field: Any) -> None:
        if field.errors:
            return
        local = now().astimezone(STOCKHOLM)
        past = minutes_of(field.data) <= 60 * local.hour + local.minute
        if past and local.date() in self.days:
            raise ValidationError(
                "Den tiden har redan varit i dag. Välj en senare tid eller en annan "
                "dag."
            )

    @property
    def days(self) -> list[date]:
        return [field.data for field in self.day_fields if field.data]


def answer_form(days: int) -> AnswerForm:
    fields: dict[str, Any] = {
        f"day_{number}": DayField(
            "Vilken dag?" if number == 1 else f"Dag {number}",
            [InputRequired("Skriv en dag.") if number == 1 else Optional()],
        )
        for number in range(1, days + 1)
    }
    return type("AnswerForm", (AnswerForm,), fields)()


class DeclineForm(BaseForm):
    reason = OneOf("Varför går det inte?", {}, "Välj det som passar bäst.")

    def offer(self, reasons: Mapping[str, str]) -> None:
        self.reason.choices = options(reasons)


class HeldForm(BaseForm):
    day = DayField("Vilken dag var personen här?", [InputRequired("Skriv dagen.")])
