"""The Swedish words of the scoring work: whose view, how told, what differs."""

from collections.abc import Mapping

from assessment import Instrument
from lovdv.needs import words
from lovdv.needs.models import Answer, DomainWords

VIEWS: Mapping[str, str] = {
    "person": "Personens egen",
    "close": "Närståendes eller företrädares",
    "staff": "Personalens",
    "assessor": "Bedömarens",
    "shared": "Flera är överens",
}
TOLD: Mapping[str, str] = {
    "said": "Sagt med egna ord",
    "shown": "Visat med bilder, tecken eller kroppsspråk",
    "interpreted": "Tolkat av någon som känner personen väl",
}
NOTHING = "inget skrivet"
UNSAID = "Inte angivet"
CONFLICT = (
    "Svaret har ändrats i ett annat fönster. Båda står kvar: välj vilket som ska gälla."
)

Pairs = tuple[tuple[str, str], ...]
"""What it is and what stands there, to be shown."""


def answer_pairs(
    instrument: Instrument, question: str, values: Mapping[str, str]
) -> Pairs:
    """One question's answer as the reader sees it."""
    asked = instrument.question(question)
    answer = values["answer"]
    return (
        ("Svar", words.answer_words(instrument, asked, answer) if answer else "–"),
        ("Vems bild är det?", VIEWS.get(values["view"], UNSAID)),
        ("Underlag", values["evidence"] or NOTHING),
        ("Motivering", values["reason"] or NOTHING),
    )


def words_pairs(values: Mapping[str, str]) -> Pairs:
    """The person's words about a domain as the reader sees them."""
    return (
        ("Personens egna ord", values["text"] or NOTHING),
        ("Hur kom det fram?", TOLD.get(values["voice"], UNSAID)),
    )


def stored_answer(row: Answer) -> dict[str, str]:
    return {
        "answer": row.answer,
        "view": row.view,
        "evidence": row.evidence,
        "reason": row.reason,
    }


def stored_words(row: DomainWords) -> dict[str, str]:
    return {"text": row.text, "voice": row.voice}
