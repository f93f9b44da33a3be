"""What users may send about queues and offers."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import SelectField
from wtforms.validators import InputRequired, ValidationError

from lovdv.choice.speaking import HeardForm, OwnWillForm
from lovdv.forms import BaseForm, DayField, OneOf, options
from lovdv.placements.half_days import HalfDaysField
from lovdv.queues.lines import InLine

ANSWERS = {"accepted": "Ja, personen vill ha platsen", "declined": "Nej"}


class OfferForm(BaseForm):
    """What is offered; a question for each who stands before is added below."""

    first_day = DayField("Första dag", [InputRequired("Skriv den första dagen.")])
    half_days = HalfDaysField("Halvdagar som erbjuds")

    @property
    def passed_fields(self) -> list[Any]:
        return [field for field in self if field.name.startswith("pass_")]

    @property
    def passed(self) -> dict[str, str]:
        return {f.name.removeprefix("pass_"): f.data or "" for f in self.passed_fields}


def offer_form(before: Sequence[InLine], reasons: Mapping[str, str]) -> OfferForm:
    """The form, with why each person who stands before is passed over."""
    questions = {
        f"pass_{one.entry.public_id}": SelectField(
            f"Nummer {one.number} i kön",
            choices=options(reasons, empty="Välj varför platsen inte passar"),
            validators=[InputRequired(f"Välj varför nummer {one.number} går förbi.")],
        )
        for one in before
    }
    return type("OfferForm", (OfferForm,), questions)()


class OwnDeclineForm(BaseForm):
    reason = OneOf("Varför säger du nej?", {}, "Välj det som passar bäst.")


class DeclineForForm(OwnWillForm):
    reason = OneOf("Varför säger personen nej?", {}, "Välj det som passar bäst.")


class RegisterForm(HeardForm):
    """The person's answer, as a caseworker or guide heard it."""

    answer = OneOf("Vad svarar personen?", ANSWERS, "Välj personens svar.")
    reason = SelectField("Varför nej?", choices=[])

    def offer(self, reasons: Mapping[str, str], client_id: int) -> None:
        self.reason.choices = options(reasons, empty="Bara vid nej")
        self.offer_mandates(client_id)

    def validate_reason(self, field: Any) -> None:
        if self.answer.data == "declined" and not field.data:
            raise ValidationError("Välj varför personen säger nej.")
