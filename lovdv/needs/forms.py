"""What the user may send: a level, an objection, a request."""

from wtforms import RadioField
from wtforms.validators import DataRequired, Length, Optional

from lovdv.forms import BaseForm, DayField, LongTextField, options
from lovdv.needs import words


class EstablishForm(BaseForm):
    first_day = DayField("Nivån gäller från och med", [Optional()])
    ground = RadioField(
        "Grund för att sänka nivån",
        choices=options(words.GROUNDS),
        validators=[Optional()],
    )


class ObjectionForm(BaseForm):
    text = LongTextField(
        "Vad stämmer inte?",
        [
            DataRequired("Skriv vad som inte stämmer."),
            Length(max=4000, message="Skriv högst 4 000 tecken."),
        ],
    )


class AskAgainForm(BaseForm):
    reason = LongTextField(
        "Varför behövs en ny bedömning?",
        [
            DataRequired("Skriv vad som har ändrats, med egna ord."),
            Length(max=4000, message="Skriv högst 4 000 tecken."),
        ],
    )
