"""What users may send about runs."""

from wtforms import HiddenField, SelectField
from wtforms.validators import DataRequired, Length

from lovdv.forms import BaseForm, TextField

WHY = "Skriv varför, så att det går att förstå sedan."


class ComputeForm(BaseForm):
    system = HiddenField()
    month = SelectField("Månad", choices=[])

    conflicts = {
        "payment_run": (
            "month",
            "Någon annan räknade månaden samtidigt. Öppna den körningen i stället.",
        )
    }


class AttestForm(BaseForm):
    """Approves what the page showed."""

    seen = HiddenField()

    conflicts = {
        "attestation": (
            None,
            "Någon annan attesterade samtidigt. Läs sidan igen.",
        )
    }


class HoldForm(BaseForm):
    """One reason for a provider as a whole."""

    reason = TextField(
        "Varför?",
        [DataRequired(WHY), Length(max=300)],
        description="Skälet visas för utföraren och för den som attesterar.",
    )


class SearchForm(BaseForm):
    """Lines of a run; sent with GET."""

    class Meta(BaseForm.Meta):
        csrf = False

    utforare = SelectField("Utförare", choices=[])
    niva = SelectField("Nivå", choices=[])
    nummer = TextField("Placeringsnummer", [Length(max=20)])
