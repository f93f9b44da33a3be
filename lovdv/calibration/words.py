"""The Swedish words for answers, counts and figures of agreement."""

from decimal import ROUND_HALF_UP, Decimal

from assessment import FEWEST_PAIRS, Agreement, Instrument
from lovdv.calibration.models import BlindAnswer
from lovdv.formats import number
from lovdv.needs.words import answer_words

__all__ = ["answer_words"]

HUNDREDTH = Decimal("0.01")
UNDEFINED = "går inte att räkna: alla svarade lika"
# From what share of exactly equal pairs a cell is lighter: the darkest divides most.
SHADES = (Decimal("0.9"), Decimal("0.75"), Decimal("0.6"), Decimal("0.45"))


def conflict(instrument: Instrument, stored: BlindAnswer) -> str:
    """Say what another window has saved, and that nothing typed here is lost."""
    question = instrument.question(stored.question)
    answer = answer_words(instrument, question, stored.answer)
    reason = f" Motivering där: ”{stored.reason}”." if stored.reason else ""
    return (
        f"Svaret har ändrats i ett annat fönster till: {answer}{reason} "
        "Det du skrev står kvar här. Spara igen om ditt svar ska gälla."
    )


def stored_pairs(instrument: Instrument, stored: BlindAnswer) -> list[tuple[str, str]]:
    """What another window has saved: what it is, and what stands there."""
    question = instrument.question(stored.question)
    return [
        ("Svar", answer_words(instrument, question, stored.answer)),
        ("Motivering", stored.reason or "inget skrivet"),
    ]


def per_cent(share: Decimal) -> str:
    """A share as whole per cent, half up.

    >>> per_cent(Decimal("0.785"))
    '79 %'
    """
    whole = int(share * 100 + Decimal("0.5"))
    return f"{whole}\N{NO-BREAK SPACE}%"


def pairs(count: int, found: Agreement) -> str:
    """'22 av 28 par', with per cent when there are enough pairs."""
    text = f"{count} av {found.pairs}"
    if found.figures is None or not found.pairs:
        return text
    return f"{text} ({per_cent(Decimal(count) / found.pairs)})"


def exact(found: Agreement) -> str:
    return pairs(found.exact, found)


def near(found: Agreement) -> str:
    return pairs(found.within_one, found)


def coefficient(value: Decimal | None) -> str:
    """A coefficient with two decimals, or that there is none.

    >>> coefficient(Decimal("0.714286"))
    '0,71'
    """
    if value is None:
        return UNDEFINED
    return number(value.quantize(HUNDREDTH, ROUND_HALF_UP))


def coefficients(found: Agreement) -> list[tuple[str, str, str]]:
    """What it is, the figure, and how to read it; nothing for too few pairs."""
    figures = found.figures
    if figures is None:
        return []
    return [
        (
            "Viktad kappa, linjär",
            coefficient(figures.kappa_linear),
            "Två nivåer fel räknas dubbelt mot en nivå fel.",
        ),
        (
            "Viktad kappa, kvadratisk",
            coefficient(figures.kappa_quadratic),
            "Två nivåer fel räknas fyra gånger mot en nivå fel.",
        ),
        (
            "Krippendorffs alfa, nominal",
            coefficient(figures.alpha_nominal),
            "Varje olikhet räknas lika.",
        ),
        (
            "Krippendorffs alfa, ordinal",
            coefficient(figures.alpha_ordinal),
            "Nivåerna har en ordning, men stegen kan vara olika stora.",
        ),
        (
            "Krippendorffs alfa, intervall",
            coefficient(figures.alpha_interval),
            "Stegen mellan nivåerna räknas som lika stora.",
        ),
    ]


def shade(found: Agreement) -> int | None:
    """How dark a cell is: 0 nearly all agree, 4 most differ; None: too few pairs."""
    if found.figures is None:
        return None
    return sum(found.figures.exact < bound for bound in SHADES)


TOO_FEW = (
    f"Under {FEWEST_PAIRS} par visas bara antal, för andelar och mått skulle säga "
    "mer än vad som går att veta."
)
