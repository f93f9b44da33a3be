"""Which number a user identifies with."""

from wtforms import StringField
from wtforms.validators import InputRequired

from lovdv.forms import BaseForm


class NumberForm(BaseForm):
    number = StringField(
        "Personnummer eller samordningsnummer",
        description="Tolv siffror. Numret sparas så att det inte går att läsa.",
        validators=[InputRequired("Skriv numret.")],
    )
