"""What users may send about prices and runs."""

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from lovdv.forms import BaseForm, DayField, TextField, options

PAY_OR_HOLD = {"pay": "Betala ändå", "hold": "Håll inne tills vidare"}


class PriceFileForm(BaseForm):
    system = SelectField("Valfrihetssystem", choices=[])
    file = FileField(
        "Prislista i Excel eller CSV",
        [FileRequired("Välj en fil.")],
        description="Kolumnerna nivå, omfattning, regi, belopp_kr och enhet, i vilken "
        "ordning som helst. Högst 8 MB.",
    )


class PriceDecisionForm(BaseForm):
    name = TextField(
        "Namn",
        [
            DataRequired("Ge listan ett namn, till exempel Prislista 2026."),
            Length(max=120),
        ],
    )
    first_day = DayField(
        "Gäller från och med", [InputRequired("Ange första dagen priserna gäller.")]
    )
    reference = TextField(
        "Beslutets beteckning",
        [
            DataRequired("Ange beslutet, till exempel SN 2026/123 § 45."),
            Length(max=120),
        ],
    )
    vat_compensation = IntegerField(
        "Momskompensation som ingår i externa priser, procent",
        [
            InputRequired("Skriv 0 om ingen momskompensation ingår."),
            NumberRange(0, 30, message="Skriv hela procent, 0 till 30."),
        ],
        default=0,
    )

    conflicts = {
        "price_list": (
            "first_day",
            "En annan lista med samma första dag beslutades samtidigt. Försök igen.",
        )
    }


class ComputeForm(BaseForm):
    system = HiddenField()
    month = SelectField("Månad", choices=[])

    conflicts = {
        "payment_run": (
            "month",
            "Någon annan räknade månaden samtidigt. Öppna den körningen i stället.",
        )
    }


class DecideForm(BaseForm):
    """One decision for the findings that are ticked."""

    decision = RadioField(
        "Beslut om de markerade raderna",
        choices=options(PAY_OR_HOLD),
        validators=[InputRequired("Välj om raderna ska betalas eller hållas inne.")],
    )
    reason = TextField(
        "Varför?",
        [
            DataRequired("Skriv varför, så att beslutet går att förstå sedan."),
            Length(max=300),
        ],
    )


class AttestForm(BaseForm):
    """Approves what the page showed."""

    seen = HiddenField()


class ActForm(BaseForm):
    """A button that changes something."""
