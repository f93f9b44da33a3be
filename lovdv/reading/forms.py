"""What users may send to read in pictures."""

from flask_wtf.file import FileField, FileRequired
from wtforms.validators import DataRequired, Length

from lovdv.forms import BaseForm, TextField


class SetForm(BaseForm):
    name = TextField(
        "Namn på bilderna",
        [
            DataRequired("Skriv ett namn, så att ni känner igen dem."),
            Length(max=80, message="Korta ner namnet till högst 80 tecken."),
        ],
        description="Till exempel Pictogram 2026.",
    )
    file = FileField(
        "Zip-fil med bilder och en lista",
        [FileRequired("Välj en zip-fil.")],
        description="SVG eller PNG, högst 500 bilder och 8 MB. Listan är en CSV-fil.",
    )
