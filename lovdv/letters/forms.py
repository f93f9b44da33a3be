"""What users may send about letters."""

from collections.abc import Mapping

from lovdv.forms import BaseForm, OneOf, options
from lovdv.letters.words import KINDS, WAYS


class LetterForm(BaseForm):
    kind = OneOf("Vilket brev?", KINDS, "Välj vilket brev det gäller.")

    def offer(self, kinds: Mapping[str, str]) -> None:
        """Those that are true, the first chosen beforehand.

        What is sent is looked at among all, so that the rest are refused with why.
        """
        self.kind.choices = options(kinds)
        if self.kind.data not in kinds:
            self.kind.data = next(iter(kinds), None)


class WayForm(BaseForm):
    way = OneOf(
        "Så vill personen läsa",
        WAYS,
        "Välj hur personen vill läsa.",
        description="Samma innehåll på alla sätt.",
    )
