"""The form of a unit's presentation, made from the questions."""

import re
from decimal import Decimal
from typing import Any

from wtforms import (
    Field,
    IntegerField,
    RadioField,
    SelectMultipleField,
)
from wtforms.validators import Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lovdv.forms import (
    BaseForm,
    KronorField,
    LongTextField,
    TextField,
    at_most,
    options,
)
from lovdv.providers.questions import QUESTIONS, Facts, Kind, Question

CLOCK = re.compile(r"^([01]?\d|2[0-3])[.:]([0-5]\d)$")


class Checkboxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def clock(form: BaseForm, field: Any) -> None:
    """08:30 and 8.30 both become 8.30."""
    found = CLOCK.match(field.data)
    if found is None:
        raise ValidationError("Skriv klockslaget som 8.30 eller 15.45.")
    field.data = f"{int(found[1])}.{found[2]}"


def not_negative(form: BaseForm, field: Any) -> None:
    if field.data is not None and not 0 <= field.data <= 1000:
        raise ValidationError("Skriv ett belopp från 0 till 1000 kronor.")


def field_for(question: Question) -> Field:
    """The field that asks one question; no question has to be answered."""
    label, hint = question.words, question.hint
    ticks = [(key, option.words) for key, option in question.options.items()]
    too_long = f"Korta ner svaret till högst {question.longest} tecken."
    length = Length(max=question.longest, message=too_long)
    match question.kind:
        case Kind.SEVERAL:
            return Checkboxes(label, choices=options(ticks), description=hint)
        case Kind.ONE:
            answers = options([*ticks, ("", "Vet inte eller vill inte svara")])
            return RadioField(label, choices=answers, default="", description=hint)
        case Kind.NUMBER:
            told = f"Skriv ett antal med siffror, från 0 till {question.most}."
            fits = NumberRange(0, question.most, told)
            return IntegerField(label, [Optional(), fits], description=hint)
        case Kind.KRONOR:
            return KronorField(label, [Optional(), not_negative], description=hint)
        case Kind.TIME:
            return TextField(label, [Optional(), clock], description=hint)
        case Kind.TEXT if question.longest > 200:
            return LongTextField(label, [Optional(), length], description=hint)
    return TextField(label, [Optional(), length], description=hint)


class ConfirmForm(BaseForm):
    """One button: all still holds."""


class ProfileForm(BaseForm):
    text = LongTextField(
        "Presentation",
        [at_most(2000)],
        description="Vad som finns och görs hos er, med vanliga ord.",
    )
    easy_text = LongTextField(
        "Presentation på lättläst",
        [
            Optional(),
            at_most(1000),
        ],
        description="En kort mening på varje rad. Lämnar ni tomt gör vi den av fakta.",
    )

    def facts(self) -> dict[str, object]:
        """The answers as data; what is not answered is left out."""
        answers = {q.key: _stored(self[q.key].data) for q in QUESTIONS}
        return {k: v for k, v in answers.items() if v not in (None, "", [])}

    def show(self, facts: Facts) -> None:
        for question in QUESTIONS:
            value = facts.get(question.key)
            if question.kind is Kind.KRONOR and value is not None:
                value = Decimal(str(value).replace(",", "."))
            if question.kind is Kind.SEVERAL:
                value = value or []
            self[question.key].data = "" if value is None else value
            if value is None and question.kind in {Kind.NUMBER, Kind.KRONOR}:
                self[question.key].data = None

    def group(self, name: str) -> list[Field]:
        return [self[q.key] for q in QUESTIONS if q.group == name]


def _stored(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    return value


for _question in QUESTIONS:
    setattr(ProfileForm, _question.key, field_for(_question))
