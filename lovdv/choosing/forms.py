"""What the person, or a representative, may send on the way to a choice."""

from wtforms.validators import Length, Optional

from lovdv.choice.words import WILLS
from lovdv.forms import BaseForm, OneOf, TextField

SHORT = Length(max=300, message="Korta ner texten till högst 300 tecken.")


class RegretForForm(BaseForm):
    """What a representative must say about what the person wants."""

    own_will = OneOf("Vad vill personen själv?", WILLS, "Välj vad personen själv vill.")
    own_will_note = TextField(
        "Hur vet du det?", [Optional(), SHORT], description="Skriv hur ni pratade."
    )
