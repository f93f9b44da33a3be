"""What may be sent about requests for a new assessment, and about objections."""

from wtforms import RadioField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from lovdv.forms import BaseForm, LongTextField, options

LONGEST = Length(max=4000, message="Skriv högst 4 000 tecken.")
VERDICTS = {
    "granted": "Ja, en ny bedömning görs",
    "declined": "Nej, ingen ny bedömning görs nu",
}


class UnitAskForm(BaseForm):
    """A unit asks: why, and what it builds on."""

    reason = LongTextField(
        "Vad har ändrats?",
        [DataRequired("Skriv vad som har ändrats."), LONGEST],
        description="Personen får läsa det du skriver. Skriv sakligt, inte diagnoser.",
    )
    evidence = LongTextField(
        "Vad bygger du det på?",
        [
            DataRequired(
                "Skriv vad du har sett och sedan när, till exempel: "
                "Två personal vid varje måltid sedan den 1 mars."
            ),
            LONGEST,
        ],
        description="Vad ni har sett, sedan när, hur ofta och vad ni har provat.",
    )


class AnswerForm(BaseForm):
    conflicts = {
        "uq_reassessment_answer_request_id": (None, "Begäran är redan besvarad."),
        "reassessment_answer.request_id": (None, "Begäran är redan besvarad."),
    }
    verdict = RadioField(
        "Blir det en ny bedömning?",
        choices=options(VERDICTS),
        validators=[InputRequired("Välj om det blir en ny bedömning.")],
    )
    text = LongTextField(
        "Svar till den som har frågat",
        [Optional(), LONGEST],
        description="Behövs vid nej. Skriv inga poäng och inga svar ur bedömningen.",
    )


class ObjectionAnswerForm(BaseForm):
    text = LongTextField(
        "Svar",
        [DataRequired("Skriv ett svar."), LONGEST],
        description="Personen läser det du skriver. Skriv kort och utan svåra ord.",
    )
