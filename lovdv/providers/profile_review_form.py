"""The form of a review: each field marked, with a note and the municipality's words."""

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, Length, Optional

from lovdv.forms import BaseForm, LongTextField, TextField, at_most, options
from lovdv.providers.profile_review import APPROVED, CHANGE, Mark, Reviewed

VERDICTS = {APPROVED: "Godkänd", CHANGE: "Ändras"}
OUTCOMES = {
    "publish": "Publicera. Det som inte är märkt är godkänt.",
    "return": "Skicka tillbaka till verksamheten",
}
LONGEST = 2000


class ReviewForm(BaseForm):
    outcome = RadioField(
        "Vad blir svaret?",
        choices=options(OUTCOMES),
        validators=[InputRequired("Välj vad som ska hända med presentationen.")],
    )
    note = LongTextField(
        "Till verksamheten",
        [
            Optional(),
            at_most(1000),
        ],
        description="Om helheten. Verksamheten läser det tillsammans med svaren.",
    )

    seen = HiddenField()

    fields: Sequence[Reviewed] = ()

    def marks(self) -> dict[str, Mark]:
        return {
            field.key: Mark(
                verdict=self[f"verdict_{field.key}"].data or APPROVED,
                note=self[f"note_{field.key}"].data or "",
                wording=self._wording(field),
            )
            for field in self.fields
            if field.changed
        }

    def _wording(self, field: Reviewed) -> str:
        if not field.in_own_words:
            return ""
        return str(self[f"wording_{field.key}"].data or "").replace("\r\n", "\n")

    def row(self, field: Reviewed) -> list[Any]:
        """The fields that stand with one of the presentation's."""
        names = [f"verdict_{field.key}", f"note_{field.key}", f"wording_{field.key}"]
        return [self[name] for name in names if name in self]


def review_form(fields: Sequence[Reviewed]) -> ReviewForm:
    """A form with the changed fields of one presentation in it."""
    made: dict[str, object] = {"fields": fields}
    for field in fields:
        if field.changed:
            made |= _asked(field)
    form: ReviewForm = type("ReviewFormOf", (ReviewForm,), made)()
    return form


def _asked(field: Reviewed) -> dict[str, object]:
    short = at_most(500)
    long = Length(max=LONGEST, message=f"Korta ner till högst {LONGEST} tecken.")
    asked: dict[str, object] = {
        f"verdict_{field.key}": RadioField(
            field.words, [Optional()], choices=options(VERDICTS)
        ),
        f"note_{field.key}": TextField("Varför?", [Optional(), short]),
    }
    if field.in_own_words:
        asked[f"wording_{field.key}"] = LongTextField(
            "Så ska det stå",
            [Optional(), long],
            description="Kommunens förslag, som publiceras om fältet ändras.",
        )
    return asked
