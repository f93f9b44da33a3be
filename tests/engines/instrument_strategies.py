"""Random but valid instruments, and random answers to them."""

import os
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st

from assessment import (
    NOT_ASSESSED,
    NOT_RELEVANT,
    Basis,
    Condition,
    Direction,
    Domain,
    Instrument,
    Interval,
    Level,
    LevelRule,
    Limit,
    Question,
    RuleKind,
    Scale,
    ScaleStep,
)
from tests.engines import level_rule_strategies as level_rules

WEIGHTS = ["0", "0.04186", "0.5", "1", "1.5", "2.125", "3"]
EXAMPLES = int(os.environ.get("LOVDV_EXAMPLES", "60"))
"""How many examples a property is tried on; make prove asks for more."""
steady = settings(
    derandomize="LOVDV_EXAMPLES" not in os.environ,
    deadline=None,
    max_examples=EXAMPLES,
)
words = st.text("abcåäö -!", min_size=1, max_size=12).map(str.strip).filter(bool)


@st.composite
def scales(draw: st.DrawFn, name: str, most: int = 6) -> Scale:
    least, size = draw(st.integers(0, 1)), draw(st.integers(2, most))
    return Scale(
        name,
        tuple(
            ScaleStep(str(point), Decimal(point), draw(words))
            for point in range(least, least + size)
        ),
    )


@st.composite
def conditions(draw: st.DrawFn, known: list[tuple[str, Scale]]) -> Condition:
    name, scale = draw(st.sampled_from(known))
    step = draw(st.sampled_from(scale.steps))
    if draw(st.booleans()):
        return Condition(name, at_least=step.points)
    return Condition(name, at_most=step.points)


@st.composite
def domains(
    draw: st.DrawFn, choices: list[Scale], *, small: bool, conditional: bool
) -> tuple[Domain, ...]:
    known: list[tuple[str, Scale]] = []
    result = []
    for place in range(draw(st.integers(1, 2 if small else 3))):
        questions = []
        for number in range(draw(st.integers(1, 2 if small else 4))):
            scale = draw(st.sampled_from(choices))
            name = f"d{place}-{number}"
            hidden = conditional and known and draw(st.integers(0, 3)) == 0
            questions.append(
                Question(
                    id=name,
                    text=draw(words),
                    scale=scale.id,
                    weight=Decimal(draw(st.sampled_from(WEIGHTS))),
                    descriptions=tuple((step.code, draw(words)) for step in scale.steps)
                    if draw(st.booleans())
                    else (),
                    required=draw(st.integers(0, 4)) > 0,
                    may_be_irrelevant=draw(st.booleans()),
                    shown_when=(draw(conditions(known)),) if hidden else (),
                )
            )
            known.append((name, scale))
        result.append(Domain(f"d{place}", draw(words), tuple(questions)))
    return tuple(result)


@st.composite
def bounds(draw: st.DrawFn, count: int, most: int) -> list[tuple[Decimal, bool]]:
    """Return rising cuts between levels, each with the side that includes it."""
    cuts = draw(
        st.lists(
            st.integers(0, most * 8), min_size=count, max_size=count, unique=True
        ).map(sorted)
    )
    return [(Decimal(cut) / 8, draw(st.booleans())) for cut in cuts]


@st.composite
def instruments(
    draw: st.DrawFn,
    *,
    small: bool = False,
    conditional: bool = True,
    limits_only: bool = False,
) -> Instrument:
    """Any instrument; a small one has at most a few hundred sets of answers."""
    most = 3 if small else 6
    choices = [draw(scales("s0", most)), draw(scales("s1", most))]
    parts = draw(domains(choices, small=small, conditional=conditional))
    basis = draw(st.sampled_from(Basis))
    direction = draw(st.sampled_from(Direction))
    labels = [str(number) for number in range(1, draw(st.integers(2, 7)))]
    ordered = labels if direction is Direction.ASCENDING else labels[::-1]
    cuts = draw(bounds(len(labels) - 1, 100 if basis is Basis.SHARE else 40))
    ends = [(None, False), *cuts, (None, False)]
    limits = tuple(
        Limit(
            level,
            low[0],
            low[0] is not None and not low[1],
            high[0],
            high[0] is not None and high[1],
        )
        for level, (low, high) in zip(ordered, pairwise(ends), strict=True)
    )
    plain = Instrument(
        id="slump",
        version=str(draw(st.integers(1, 9))),
        title=draw(words),
        source=draw(words),
        scales=tuple(choices),
        domains=parts,
        levels=tuple(
            Level(label, draw(st.sampled_from(["1", "2", "3A"]))) for label in labels
        ),
        limits=limits,
        direction=direction,
        basis=basis,
        irrelevant_lowers_maximum=draw(st.booleans()),
    )
    return plain if limits_only else draw(with_rules(plain))


@st.composite
def with_rules(draw: st.DrawFn, plain: Instrument) -> Instrument:
    """Add rules, decisions, tables and intervals of every kind, or none of them."""
    labels = st.sampled_from([level.label for level in plain.levels])
    conditions = level_rules.conditions(plain)
    rules = tuple(
        LevelRule(
            f"r{number}",
            draw(st.sampled_from(RuleKind)),
            draw(words),
            tuple(draw(st.lists(conditions, min_size=1, max_size=2))),
            draw(labels),
        )
        for number in range(draw(st.integers(0, 2)))
    )
    whole = replace(
        plain,
        rules=rules,
        decisions=draw(level_rules.decisions(plain, labels)),
        tables=draw(level_rules.tables(plain, labels)),
        reassessment=draw(intervals()),
    )
    if draw(st.booleans()):
        return whole
    return level_rules.without_limits(whole)


@st.composite
def rising_instruments(draw: st.DrawFn) -> Instrument:
    """No minus points, nothing shown by answers, and floors that ask for at least."""
    plain = draw(instruments(conditional=False, limits_only=True))
    if plain.direction is Direction.DESCENDING:
        plain = replace(plain, direction=Direction.ASCENDING, levels=plain.levels[::-1])
    labels = st.sampled_from([level.label for level in plain.levels])
    asked = level_rules.conditions(plain).filter(lambda c: c.at_most is None)
    floors = tuple(
        LevelRule(f"g{n}", RuleKind.FLOOR, "Golv", tuple(when), draw(labels))
        for n, when in enumerate(
            draw(st.lists(st.lists(asked, min_size=1, max_size=2), max_size=3))
        )
    )
    return replace(plain, rules=floors)


@st.composite
def intervals(draw: st.DrawFn) -> tuple[Interval, ...]:
    ages = draw(st.lists(st.integers(0, 120), max_size=3, unique=True).map(sorted))
    return tuple(Interval(age, draw(st.integers(1, 240))) for age in ages)


def full_answers(
    instrument: Instrument, *, may_skip: bool = True
) -> st.SearchStrategy[dict[str, str]]:
    """Draw an answer that the question accepts, for every question."""
    return st.fixed_dictionaries(
        {
            question.id: st.sampled_from(
                [
                    *(step.code for step in instrument.scale(question.scale).steps),
                    *(
                        [NOT_RELEVANT]
                        if question.may_be_irrelevant and may_skip
                        else []
                    ),
                ]
            )
            for question in instrument.questions()
        }
    )


def any_answers(instrument: Instrument) -> st.SearchStrategy[dict[str, str]]:
    """Draw anything a file could hold, right or wrong."""
    names = [question.id for question in instrument.questions()]
    return st.dictionaries(
        st.one_of(st.sampled_from(names), st.just("okänd")),
        st.sampled_from(["0", "1", "2", "5", "9", "", "x", NOT_RELEVANT, NOT_ASSESSED]),
        max_size=len(names) + 1,
    )
