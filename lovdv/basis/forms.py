"""What a unit may send about its payment, and what finance may answer."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length

from lovdv.formats import month as month_name
from lovdv.forms import BaseForm, LongTextField, options

LONGEST = Length(max=4000, message="Skriv högst 4 000 tecken.")
VERDICTS = {
    "accepted": "Ja, enheten har rätt",
    "declined": "Nej, raden är rätt som den är",
}


class PeriodForm(BaseForm):
    """From and to which month a file goes."""

    fran = SelectField("Från och med", choices=[])
    till = SelectField("Till och med", choices=[])

    class Meta(BaseForm.Meta):
        csrf = False

    @classmethod
    def over(cls, months: Sequence[date]) -> "PeriodForm":
        """All the months, the latest first; the first to the last are chosen."""
        told = [(f"{month:%Y-%m}", month_name(month)) for month in months]
        form = cls(data={"fran": told[-1][0], "till": told[0][0]})
        form.fran.choices = form.till.choices = options(told)
        return form


class ObjectForm(BaseForm):
    """A unit disputes a row."""

    text = LongTextField(
        "Vad är fel?",
        [DataRequired("Skriv vad som är fel."), LONGEST],
        description="Skriv dagar och belopp. Skriv inga namn och inget om hälsa.",
    )


class MissingForm(ObjectForm):
    """A unit misses a row: for whom, as far as it knows."""

    placement = SelectField("Vem saknar en rad?", choices=[], default="")

    def offer(self, placements: list[tuple[str, str]]) -> None:
        told = "Personen finns inte i listan"
        self.placement.choices = options(placements, empty=told)


class AnswerForm(BaseForm):
    conflicts = {
        "uq_basis_objection_answer_objection_id": (
            None,
            "Invändningen är redan besvarad.",
        ),
        "basis_objection_answer.objection_id": (
            None,
            "Invändningen är redan besvarad.",
        ),
    }
    verdict: Any = RadioField(
        "Har enheten rätt?",
        choices=options(VERDICTS),
        validators=[InputRequired("Välj om enheten har rätt.")],
    )
    text = LongTextField(
        "Svar till enheten",
        [
            DataRequired("Skriv vad som är ändrat, eller varför inget ändras."),
            LONGEST,
        ],
        description="Vid ja: vad som är ändrat och när det betalas. Vid nej: varför.",
    )
