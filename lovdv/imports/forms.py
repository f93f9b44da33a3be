"""What users may send to read a file in."""

from datetime import date
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, ValidationError

from lovdv.forms import BaseForm


class MonthField(StringField):
    """A month like 2026-10, as its first day; what was typed stands on a fault."""

    month: date | None = None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: FBT001  (WTForms calls it so)
        if validation_stopped:
            return
        try:
            self.month = date.fromisoformat(f"{(self.data or '').strip()}-01")
        except ValueError as error:
            raise ValidationError("Skriv månaden som 2026-10.") from error


class UploadForm(BaseForm):
    file = FileField(
        "Fil i Excel eller CSV",
        [FileRequired("Välj en fil.")],
        description="Kolumnerna som i mallen, i vilken ordning som helst. Högst 8 MB.",
    )


class AttendanceForm(UploadForm):
    month = MonthField(
        "Månad",
        [InputRequired("Skriv månaden som filen gäller.")],
        description="Till exempel 2026-10. Rader om andra månader läses inte in.",
    )


class ReadInForm(BaseForm):
    only_good = BooleanField("Läs in bara de rader som är rätt")


class ThrowForm(BaseForm):
    pass
