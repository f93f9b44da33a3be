"""Instruments from published rules, written as a municipality would enter them."""

from collections.abc import Sequence
from decimal import Decimal

from assessment import (
    Basis,
    Condition,
    Direction,
    Domain,
    Instrument,
    Level,
    LevelRule,
    Limit,
    Question,
    Scale,
    ScaleStep,
)


def scale(least: int, most: int, *, name: str = "grad") -> Scale:
    return Scale(
        name,
        tuple(
            ScaleStep(str(point), Decimal(point), f"Steg {point}")
            for point in range(least, most + 1)
        ),
    )


def question(name: str, *, weight: str = "1", **other: object) -> Question:
    return Question(
        id=name,
        text=f"Frågan {name}?",
        scale=str(other.pop("scale", "grad")),
        weight=Decimal(weight),
        **other,
    )


def between(
    level: str, low: str | None, high: str | None, *, ends: str = "[]"
) -> Limit:
    """Write a limit as in mathematics: [ and ] include their bound."""
    return Limit(
        level=level,
        low=None if low is None else Decimal(low),
        low_included=low is not None and ends[0] == "[",
        high=None if high is None else Decimal(high),
        high_included=high is not None and ends[1] == "]",
    )


def instrument(
    *,
    questions: Sequence[Question] = (question("a"), question("b")),
    scales: Sequence[Scale] = (scale(0, 3),),
    limits: Sequence[Limit] = (between("1", "0", "3"), between("2", "4", "6")),
    levels: Sequence[str] = ("1", "2"),
    rules: Sequence[LevelRule] = (),
    basis: Basis = Basis.POINTS,
    direction: Direction = Direction.ASCENDING,
    irrelevant_lowers_maximum: bool = False,
    prices: Sequence[str] = (),
) -> Instrument:
    return Instrument(
        id="prov",
        version="1",
        title="Prov",
        source="Skrivet för testet",
        scales=tuple(scales),
        domains=(Domain("ett", "Första området", tuple(questions)),),
        levels=tuple(
            Level(label, price)
            for label, price in zip(levels, prices or levels, strict=True)
        ),
        limits=tuple(limits),
        rules=tuple(rules),
        basis=basis,
        direction=direction,
        irrelevant_lowers_maximum=irrelevant_lowers_maximum,
    )


def at_least(name: str, points: str) -> Condition:
    return Condition(name, at_least=Decimal(points))


def phq_9() -> Instrument:
    """PHQ-9: nine questions 0-3, five levels by the sum."""
    return instrument(
        questions=[question(f"p{number}") for number in range(1, 10)],
        levels=["minimal", "mild", "medelsvår", "svårare", "svår"],
        limits=[
            between("minimal", "0", "4"),
            between("mild", "5", "9"),
            between("medelsvår", "10", "14"),
            between("svårare", "15", "19"),
            between("svår", "20", "27"),
        ],
    )


def environmental_support() -> Instrument:
    """WAC 388-828-9235 (2022-12-19): twelve ticks, of which eight count."""
    counting = {1, 2, 4, 5, 6, 7, 8, 9}
    return instrument(
        questions=[
            question(f"r{number}", weight="1" if number in counting else "0")
            for number in range(1, 13)
        ],
        scales=[scale(0, 1)],
        levels=["låg", "hög"],
        limits=[between("låg", "0", "3"), between("hög", "4", "8")],
    )


def behaviour_support() -> Instrument:
    """WAC 388-828-9220: None 0, Low 1, Medium 2, High 3, times 0.04186."""
    return instrument(
        questions=[question("behaviour", weight="0.04186")],
        levels=["A", "B"],
        limits=[
            between("A", "0", "0.08372", ends="[)"),
            between("B", "0.08372", "0.12558"),
        ],
    )


def virginia_tiers() -> Instrument:
    """12VAC30-122-210: seven levels of need, four levels of pay."""
    levels = [str(number) for number in range(1, 8)]
    return instrument(
        questions=[question("level")],
        scales=[scale(1, 7)],
        levels=levels,
        prices=["1", "2", "3", "3", "4", "4", "4"],
        limits=[between(level, level, level) for level in levels],
    )
