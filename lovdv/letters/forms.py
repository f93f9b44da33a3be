"""What users may send about letters."""

from lovdv.forms import BaseForm, OneOf
from lovdv.letters.words import KINDS, WAYS


class LetterForm(BaseForm):
    kind = OneOf("Vilket brev?", KINDS, "Välj vilket brev det gäller.")


class WayForm(BaseForm):
    way = OneOf(
        "Så vill personen läsa",
        WAYS,
        "Välj hur personen vill läsa.",
        description="Samma innehåll på alla sätt.",
    )
