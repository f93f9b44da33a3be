"""The Swedish words for kinds, changes, margins and what a rule did."""

from collections.abc import Mapping
from decimal import Decimal

from assessment import NOT_ASSESSED, NOT_RELEVANT, Instrument, Question, number_text
from lovdv.needs.models import Answer

KINDS: Mapping[str, str] = {
    "preliminary": "Preliminär, när beslutet fattas",
    "ordinary": "Ordinarie",
    "changed_need": "Ändrat behov",
    "with_assistant": "Med personlig assistent",
}
SHORT_KINDS: Mapping[str, str] = {
    "preliminary": "Preliminär",
    "ordinary": "Ordinarie",
    "changed_need": "Ändrat behov",
    "with_assistant": "Med personlig assistent",
}
VOICES: Mapping[str, str] = {
    "client": "Personen själv",
    "representative": "Företrädaren",
    "told": "Berättat för handläggaren",
}
VERDICTS: Mapping[str, str] = {
    "agreed": "Jag håller med",
    "disagreed": "Jag ser det annorlunda",
}
CHANGES: Mapping[str, str] = {
    "first": "Det här är personens första nivå i beslutet.",
    "same": "Nivån blir densamma som nu.",
    "raise": "Nivån höjs.",
    "lowering": "Nivån sänks.",
    "unknown": "Instrumentet har fått andra nivåer, så de går inte att jämföra.",
}
GROUNDS: Mapping[str, str] = {
    "Beslutet har ett förbehåll om att det får ändras.": (
        "Beslutet har ett förbehåll om att det får ändras"
    ),
    "Tvingande säkerhetsskäl kräver ändringen.": (
        "Tvingande säkerhetsskäl kräver ändringen"
    ),
    "Personen har lämnat oriktiga eller vilseledande uppgifter.": (
        "Beslutet är fel för att personen lämnat oriktiga eller vilseledande uppgifter"
    ),
}
NOT_COUNTED: Mapping[str, str] = {
    "hidden": "Räknas inte: frågan ställs inte vid de här svaren.",
    "irrelevant": "Ej relevant.",
    "optional": "Inte besvarad. Frågan är frivillig.",
}


def answer_words(instrument: Instrument, question: Question, answer: str) -> str:
    """An answer as its label and graded description."""
    if answer in {"", NOT_ASSESSED}:
        return "Ej bedömd"
    if answer == NOT_RELEVANT:
        return "Ej relevant"
    step = instrument.scale(question.scale).step(answer)
    if step is None:
        return answer
    description = question.description(answer)
    return f"{step.label}. {description}" if description else step.label


def conflict(instrument: Instrument, stored: Answer) -> str:
    """Say what another window has saved, and that nothing typed here is lost."""
    question = instrument.question(stored.question)
    answer = answer_words(instrument, question, stored.answer)
    reason = f" Motivering där: ”{stored.reason}”." if stored.reason else ""
    return (
        f"Svaret har ändrats i ett annat fönster till: {answer}{reason} "
        "Det du skrev står kvar här. Spara igen om ditt svar ska gälla."
    )


def exact(value: Decimal) -> str:
    """Every decimal, with a comma: limits and points are never rounded to be shown."""
    return number_text(value).replace(".", ",")


def points_words(points: Decimal) -> str:
    return f"{exact(points)} poäng"


def margin_words(margin: Mapping[str, object]) -> str:
    """'Mer än 2 poäng till nivå 4' from a margin as it was signed."""
    points = points_words(Decimal(str(margin["points"])))
    text = f"mer än {points}" if margin["more_than"] else points
    return f"{text[0].upper()}{text[1:]} till nivå {margin['level']}."


def bounds_words(step: Mapping[str, object]) -> str:
    """'Över 20 till och med 31 poäng' from a limit as it was signed."""
    unit = "procent av det högsta" if step["basis"] == "share" else "poäng"
    low, high = step["low"], step["high"]
    parts = []
    if low is not None:
        word = "från och med" if step["low_included"] else "över"
        parts.append(f"{word} {exact(Decimal(str(low)))}")
    if high is not None:
        word = "till och med" if step["high_included"] else "under"
        parts.append(f"{word} {exact(Decimal(str(high)))}")
    return f"{' '.join(parts)} {unit}" if parts else f"alla {unit}"


def limits_of(instrument: Instrument) -> Mapping[str, str]:
    """Each level's limit in words, by its label."""
    return {
        limit.level: bounds_words(
            {
                "basis": instrument.basis.value,
                "low": limit.low,
                "low_included": limit.low_included,
                "high": limit.high,
                "high_included": limit.high_included,
            }
        )
        for limit in instrument.limits
    }
