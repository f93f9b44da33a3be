"""What users may send about queues and offers."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from lovdv.choice.words import CHANNELS, MAKERS, WILLS
from lovdv.forms import BaseForm, DayField, OneOf, TextField, options
from lovdv.people.models import Mandate
from lovdv.people.names import shown_representative
from lovdv.placements.half_days import HalfDaysField
from lovdv.queues.lines import InLine

SHORT = Length(max=300, message="Korta ner texten till högst 300 tecken.")
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


class OwnWillForm(BaseForm):
    """What a representative must say about what the person wants."""

    own_will = OneOf("Vad vill personen själv?", WILLS, "Välj vad personen själv vill.")
    own_will_note = TextField(
        "Hur vet du det?",
        [Optional(), SHORT],
        description="Skriv hur ni pratade om erbjudandet.",
    )


class OwnDeclineForm(BaseForm):
    reason = OneOf("Varför säger du nej?", {}, "Välj det som passar bäst.")


class DeclineForForm(OwnWillForm):
    reason = OneOf("Varför säger personen nej?", {}, "Välj det som passar bäst.")


class RegisterForm(BaseForm):
    """The person's answer, as a caseworker or guide heard it."""

    answer = OneOf("Vad svarar personen?", ANSWERS, "Välj personens svar.")
    reason = SelectField("Varför nej?", choices=[])
    made_by = OneOf("Vem svarade?", MAKERS, "Välj vem som svarade.")
    mandate = SelectField("Företrädarens uppdrag", choices=[], validate_choice=False)
    own_will = RadioField(
        "Vad vill personen själv? (när en företrädare svarar)",
        choices=options(WILLS),
        validators=[Optional()],
    )
    own_will_note = TextField("Hur vet ni det?", [Optional(), SHORT])
    channel = OneOf("Hur gick det till?", CHANNELS, "Välj hur det gick till.")

    def offer(self, reasons: Mapping[str, str], mandates: Sequence[Mandate]) -> None:
        self.reason.choices = options(reasons, empty="Bara vid nej")
        named = [(each.public_id, shown_representative(each)) for each in mandates]
        self.mandate.choices = options(named, empty="Ingen företrädare svarar")

    def validate_reason(self, field: Any) -> None:
        if self.answer.data == "declined" and not field.data:
            raise ValidationError("Välj varför personen säger nej.")
