"""Scoring many answer sets, as a ratio to the barest loop over the same points.

python -m tests.bench.scoring measures and prints; with --write it also puts its
section in docs/performance.md.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from assessment import (
    Condition,
    Domain,
    Instrument,
    Level,
    LevelRule,
    Limit,
    Question,
    RuleKind,
    Scale,
    ScaleStep,
    Scorer,
    score,
)
from tests.bench.section import put_section

HEADING = "## Scoring"
SETS = int(os.environ.get("BENCH_SETS", "1000000"))
CHUNK, STEPS, QUESTIONS = 10_000, 4, 30
AIM_LEVEL, AIM_TRACE = 1, 3
Row = dict[str, float]
Answers = list[dict[str, str]]
Points = list[dict[str, int]]
ABOUT = (
    "A random answer to each of 30 questions, weights with five decimals, five levels",
    "by limits and two floors. *The barest loop* adds `Decimal` weight times `int`",
    "answer over the same sets, each a dict by question, by turns in the same process,",
    "10,000 sets at a time; it gives no level. *Level* is `Scorer.level`, *trace* is",
    "`Scorer.score`, *plain* is `score` (on a hundredth of the sets). Seconds are the",
    "process's own, so that others on the machine weigh less.",
)


def instrument(domains: int) -> Instrument:
    """Thirty questions 0-3 in some domains, five levels and two floors."""
    draw = random.Random(1)
    steps = tuple(ScaleStep(str(n), Decimal(n), f"Steg {n}") for n in range(STEPS))
    questions = [
        Question(
            f"q{n}", f"Fråga {n}?", "grad", Decimal(draw.randint(1, 200_000)) / 10**5
        )
        for n in range(QUESTIONS)
    ]
    size = QUESTIONS // domains
    most = sum(question.weight for question in questions) * (STEPS - 1)
    cuts = [None, *(most * n / 5 for n in range(1, 5)), None]
    return Instrument(
        id="bench",
        version="1",
        title="Trettio frågor",
        source="Gjort för mätningen",
        scales=(Scale("grad", steps),),
        domains=tuple(
            Domain(f"d{n}", f"Område {n}", tuple(questions[n * size : (n + 1) * size]))
            for n in range(domains)
        ),
        levels=tuple(Level(str(n), str(n)) for n in range(1, 6)),
        limits=tuple(
            Limit(str(n + 1), cuts[n], cuts[n] is not None, cuts[n + 1], False)
            for n in range(5)
        ),
        rules=(_floor("a", "q0", "q1", "2"), _floor("b", "q8", "q9", "4")),
    )


def _floor(name: str, one: str, other: str, level: str) -> LevelRule:
    three = Decimal(3)
    when = (Condition(one, at_least=three), Condition(other, at_least=three))
    return LevelRule(name, RuleKind.FLOOR, "Båda minst 3.", when, level)


def conditional() -> Instrument:
    """The last question of each domain is asked only when the first is not 0."""
    plain = instrument(6)
    domains = []
    for domain in plain.domains:
        first, *middle, last = domain.questions
        shown = (Condition(first.id, at_least=Decimal(1)),)
        asked = (first, *middle, replace(last, shown_when=shown))
        domains.append(replace(domain, questions=asked))
    return replace(plain, domains=tuple(domains))


def measured(read: Instrument, sets: int) -> Row:
    """Time each way over the same answers, by turns; seconds for all sets."""
    draw, scorer = random.Random(2), Scorer(read)
    weights = {question.id: question.weight for question in read.questions()}
    row = dict.fromkeys(("barest", "level", "trace", "plain"), 0.0)
    for _ in range(sets // CHUNK):
        points, answers = chunk(read, draw)
        row["barest"] += _timed(lambda points=points: _barest(weights, points))
        row["level"] += _timed(lambda answers=answers: _each(scorer.level, answers))
        row["trace"] += _timed(lambda answers=answers: _each(scorer.score, answers))
        few = answers[: CHUNK // 100]
        row["plain"] += 100 * _timed(lambda few=few: [score(read, a) for a in few])
    return row


def chunk(read: Instrument, draw: random.Random) -> tuple[Points, Answers]:
    names = [question.id for question in read.questions()]
    points = [
        dict(zip(names, draw.choices(range(STEPS), k=QUESTIONS), strict=True))
        for _ in range(CHUNK)
    ]
    answers = [{name: str(n) for name, n in row.items()} for row in points]
    if any(question.shown_when for question in read.questions()):
        answers = [_asked(read, each) for each in answers]
    return points, answers


def _asked(read: Instrument, answers: dict[str, str]) -> dict[str, str]:
    """Leave out what is not asked, as a form does."""
    hidden = {
        question.id
        for question in read.questions()
        if question.shown_when and answers[question.shown_when[0].question] == "0"
    }
    return {name: code for name, code in answers.items() if name not in hidden}


def _barest(weights: dict[str, Decimal], points: Points) -> None:
    for answers in points:
        total = Decimal(0)
        for name, weight in weights.items():
            total += weight * answers[name]


def _each(way: Callable[[dict[str, str]], object], answers: Answers) -> None:
    for each in answers:
        way(each)


def _timed(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def section(sets: int = SETS) -> Iterator[str]:
    """Measure, and yield the lines of the section."""
    rows = {
        "6 domains of 5": (sets, measured(instrument(6), sets)),
        "1 domain of 30": (sets // 10, measured(instrument(1), sets // 10)),
        "6 questions shown by answers": (
            sets // 10,
            measured(conditional(), sets // 10),
        ),
    }
    load = os.getloadavg()[0]
    yield HEADING
    yield ""
    yield from ABOUT
    yield f"Load while measured: {load:.1f} on {os.cpu_count()} cores."
    yield ""
    yield (
        "| instrument | sets | barest s | level s | ratio | trace s | ratio"
        " | plain s | ratio |"
    )
    yield "|---" * 9 + "|"
    for name, (count, row) in rows.items():
        yield f"| {name} | {count:,} | " + " | ".join(_cells(row)) + " |"
    yield ""
    _, main = rows["6 domains of 5"]
    level, trace = main["level"] / main["barest"], main["trace"] / main["barest"]
    for what, ratio, aim in (
        ("Level alone", level, AIM_LEVEL),
        ("With trace", trace, AIM_TRACE),
    ):
        met = "met" if ratio <= aim else "not met"
        yield f"- {what}: ratio {ratio:.2f} (aim ≤ {aim}), {met}."
    yield ""


def _cells(row: Row) -> Iterator[str]:
    yield f"{row['barest']:.2f}"
    for name in ("level", "trace", "plain"):
        yield f"{row[name]:.2f}"
        yield f"{row[name] / row['barest']:.2f}"


if __name__ == "__main__":
    found = list(section())
    sys.stdout.write("\n".join(found) + "\n")
    if "--write" in sys.argv:
        put_section(HEADING, found)
