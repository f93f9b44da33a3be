"""What a unit may send as a photo."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField
from wtforms.validators import DataRequired, Length, ValidationError

from lovdv.forms import BaseForm, TextField
from lovdv.providers import pictures


class PhotoForm(BaseForm):
    file = FileField(
        "Bild",
        description="En .jpg, .png eller .webp, högst 9 MB. Var och när den är "
        "tagen sparas inte.",
    )
    alt = TextField(
        "Beskriv bilden för den som inte ser den",
        [
            DataRequired("Beskriv bilden med en mening, för den som inte ser den."),
            Length(max=300, message="Korta ner beskrivningen till högst 300 tecken."),
        ],
        description="Till exempel: En röd dörr med ramp. Skylten sitter till höger.",
    )
    consented = BooleanField(
        "Alla som syns i bilden har sagt ja till att den visas, eller så syns ingen",
        [DataRequired("Fråga alla som syns i bilden först, och kryssa sedan här.")],
        description="Den som ångrar sig får bilden borttagen på en gång.",
    )

    has_photo = False

    def content(self) -> bytes | None:
        """The file, or None when the picture that is there stays."""
        if not self.file.data:
            return None
        sent: bytes = self.file.data.read(pictures.MOST_BYTES + 1)
        return sent

    def validate_file(self, field: Any) -> None:
        if not field.data and not self.has_photo:
            raise ValidationError("Välj en bild.")
