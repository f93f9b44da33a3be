"""What the user may send: a level, an objection, a request, an instrument."""

from flask_wtf.file import FileField, FileRequired, FileSize
from wtforms import RadioField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from lovdv.forms import BaseForm, DayField, LongTextField, options
from lovdv.needs import words

LARGEST_FILE = 2_000_000


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


TAKEN_VERSION = ("document", "Versionen finns redan. Ge filen en ny version.")
TAKEN_DAY = ("first_day", "En annan version börjar gälla den dagen. Välj en annan.")


class InstrumentForm(BaseForm):
    conflicts = {
        "uq_instrument_version_choice_system_id_code_version": TAKEN_VERSION,
        "instrument_version.version": TAKEN_VERSION,
    }
    document = FileField(
        "Instrument som JSON-fil",
        [
            FileRequired("Välj en fil."),
            FileSize(LARGEST_FILE, message="Filen är större än 2 MB."),
        ],
    )


class PublishForm(BaseForm):
    conflicts = {
        "uq_instrument_version_choice_system_id_first_day": TAKEN_DAY,
        "instrument_version.first_day": TAKEN_DAY,
    }
    first_day = DayField(
        "Gäller från och med",
        [InputRequired("Skriv första dagen, till exempel 2027-01-01.")],
    )
