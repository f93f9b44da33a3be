"""What a reader may tell, and what we may answer."""

from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from lovdv.forms import BaseForm, LongTextField, options

KINDS = {
    "hindrance": "Något fungerar inte för mig",
    "other_way": "Jag vill få information på ett annat sätt",
}
OUTCOMES = {
    "mended": "Felet är rättat",
    "helped": "Personen har fått informationen på ett annat sätt",
    "planned": "Felet ska rättas, och står i redogörelsen",
    "refused": "Nej, med beslut som går att överklaga",
}
LONGEST = Length(max=4000, message="Skriv högst 4 000 tecken.")


class TellForm(BaseForm):
    """Asks for nothing that we do not need; who it is from may be left out."""

    kind = RadioField(
        "Vad gäller det?",
        choices=options(KINDS.items()),
        validators=[InputRequired("Välj vad det gäller.")],
    )
    text = LongTextField(
        "Berätta",
        description="Vad ville du göra, och vad hände?",
        validators=[
            InputRequired("Skriv vad som hände eller vad du behöver."),
            LONGEST,
        ],
    )
    page = StringField(
        "Vilken sida gäller det?",
        description="Sidans namn eller adress. Du kan hoppa över det.",
        validators=[Length(max=300, message="Skriv högst 300 tecken.")],
    )
    contact = StringField(
        "Hur når vi dig?",
        description="E-post eller telefon. Lämna tomt om du inte vill ha svar.",
        validators=[Length(max=200, message="Skriv högst 200 tecken.")],
    )

    class Meta(BaseForm.Meta):
        csrf = False  # A visitor has no session to keep a token in.


class AnswerForm(BaseForm):
    outcome = RadioField(
        "Vad blev det?",
        choices=options(OUTCOMES.items()),
        validators=[InputRequired("Välj vad det blev.")],
    )
    text = LongTextField(
        "Svar",
        description="Det du har svarat, eller varför det blev så.",
        validators=[InputRequired("Skriv vad du har svarat."), LONGEST],
    )
