"""What may be sent about whole versions: a file, what to compare with, a first day."""

from collections.abc import Sequence

from flask_wtf.file import FileField, FileRequired, FileSize
from werkzeug.datastructures import MultiDict
from wtforms import SelectField
from wtforms.validators import InputRequired

from lovdv.forms import BaseForm, DayField, options
from lovdv.needs.instrument_files import LARGEST_FILE
from lovdv.needs.models import InstrumentVersion

TAKEN_VERSION = (None, "En annan har just tagit det versionsnamnet. Gör om det.")
TAKEN_DAY = ("first_day", "En annan version börjar gälla den dagen. Välj en annan.")


class UploadForm(BaseForm):
    conflicts = {
        "uq_instrument_version_choice_system_id_code_version": TAKEN_VERSION,
        "instrument_version.version": TAKEN_VERSION,
    }
    document = FileField(
        "Fil, Excel (.xlsx) eller JSON",
        [
            FileRequired("Välj en fil."),
            FileSize(LARGEST_FILE, message="Filen är större än 2 MB."),
        ],
    )


class CompareForm(BaseForm):
    """Which version to compare with; sent in the address."""

    class Meta(BaseForm.Meta):
        csrf = False

    mot = SelectField("Jämför med", validate_choice=False)

    @classmethod
    def of(
        cls, others: Sequence[InstrumentVersion], sent: MultiDict[str, str]
    ) -> "CompareForm":
        form = cls(formdata=sent)
        form.mot.choices = options(
            [(o.public_id, f"{o.name}, version {o.version}") for o in others]
        )
        form.mot.data = form.mot.data or (others[0].public_id if others else "")
        return form


class PublishForm(BaseForm):
    conflicts = {
        "uq_instrument_version_choice_system_id_first_day": TAKEN_DAY,
        "instrument_version.first_day": TAKEN_DAY,
    }
    first_day = DayField(
        "Gäller från och med",
        [InputRequired("Skriv första dagen, till exempel 2027-01-01.")],
    )
