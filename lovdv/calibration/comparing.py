"""What scorings of the same cases say together: by question, case and group.

Takes scorings that the queries have let through, and names nobody: the lead is given
groups, and an assessor their own beside the others' counts.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessment import (
    NOT_RELEVANT,
    Agreement,
    Instrument,
    Question,
    Value,
    agreement,
)
from lovdv.calibration.queries import Progress

OTHERS = "Övriga grupper"
LEAST_INSIDE = 3
"""The fewest people in a group that the lead is shown: nobody can be told apart."""

LEAST_OUTSIDE = 5
"""The same for what leaves the house."""


@dataclass(frozen=True, slots=True)
class Given:
    """One person's scoring of one case."""

    who: int
    group: str
    case: int
    level: str
    answers: Mapping[str, str]


def places(instrument: Instrument, question: Question) -> Mapping[str, Value]:
    """Each answer's place among the scale's points; "ej relevant" stands apart.

    What is not there, "ej bedömd" and no answer at all, is missing.
    """
    steps = instrument.scale(question.scale).steps
    points = sorted({step.points for step in steps})
    found: dict[str, Value] = {step.code: points.index(step.points) for step in steps}
    return {**found, NOT_RELEVANT: NOT_RELEVANT}


Units = list[list[Value | None]]


def _units(values: Iterable[tuple[int, Value | None]]) -> Units:
    """Values by case, each case a unit."""
    found: dict[int, list[Value | None]] = {}
    for case, value in values:
        found.setdefault(case, []).append(value)
    return list(found.values())


def of_levels(instrument: Instrument, given: Iterable[Given]) -> Agreement:
    return agreement(_units((one.case, instrument.rank(one.level)) for one in given))


def of_question(
    instrument: Instrument, question: Question, given: Iterable[Given]
) -> Agreement:
    known = places(instrument, question)
    return agreement(
        _units((one.case, known.get(one.answers.get(question.id, ""))) for one in given)
    )


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group's agreement within itself."""

    name: str
    people: int
    level: Agreement


def labels(sizes: Mapping[str, int], least: int) -> dict[str, str]:
    """What each group is shown as: small ones together, never a remainder of few.

    The whole is shown beside the groups, so when the small ones are too few even
    together the smallest of the large is put with them.
    """
    small = {name for name, size in sizes.items() if size < least}
    if small and sum(sizes[name] for name in small) < least:
        small |= set(sorted(sizes.keys() - small, key=lambda n: (sizes[n], n))[:1])
    return {name: OTHERS if name in small else name for name in sizes}


def in_order(names: Iterable[str]) -> list[str]:
    """Groups by name, the merged one last."""
    return sorted(set(names), key=lambda name: (name == OTHERS, name))


def enough_in_case(given: Collection[Given], least: int) -> list[Given]:
    """Only the cases that so many have scored.

    The others are left out of every sum, or they could be had from the whole.
    """
    people = Counter(case for case, _ in {(one.case, one.who) for one in given})
    return [one for one in given if people[one.case] >= least]


def by_group(
    instrument: Instrument, given: Sequence[Given], least: int
) -> list[GroupRow]:
    """Each group that is large enough; none when all of them are the whole."""
    sizes = Counter(group for _, group in {(one.who, one.group) for one in given})
    shown = labels(sizes, least)
    if {*shown.values()} == {OTHERS}:
        return []
    rows = []
    for name in in_order(shown.values()):
        own = [one for one in given if shown[one.group] == name]
        people = len({one.who for one in own})
        rows.append(GroupRow(name, people, of_levels(instrument, own)))
    return rows


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One question: all cases together, then case by case."""

    domain: str
    question: Question
    whole: Agreement
    cases: tuple[Agreement, ...]

    @property
    def apart(self) -> Fraction:
        """The share of pairs that differ; what a question is put in order by."""
        return Fraction(self.whole.apart, self.whole.pairs or 1)


def heat(
    instrument: Instrument, given: Sequence[Given], cases: Sequence[int]
) -> list[HeatRow]:
    """Every question that two or more have answered, in the instrument's order."""
    by_case = [[one for one in given if one.case == case] for case in cases]
    rows = [
        HeatRow(
            domain.title,
            question,
            of_question(instrument, question, given),
            tuple(of_question(instrument, question, part) for part in by_case),
        )
        for domain in instrument.domains
        for question in domain.questions
    ]
    return [row for row in rows if row.whole.pairs]


def most_divided(rows: Iterable[HeatRow], most: int = 3) -> list[HeatRow]:
    """The questions that divide, the most first; those that all agree on are left."""
    divided = [row for row in rows if row.whole.apart]
    return sorted(divided, key=lambda row: -row.apart)[:most]


@dataclass(frozen=True, slots=True)
class Spread:
    """How many gave each answer to a question, in the scale's order."""

    words: str
    count: int
    own: bool = False


def spread(
    instrument: Instrument,
    question: Question,
    given: Iterable[Given],
    own: str | None = None,
) -> list[Spread]:
    """Counts by answer, without saying whose; `own` marks the reader's own."""
    counts = Counter(one.answers.get(question.id, "") for one in given)
    words = {step.code: step.label for step in instrument.scale(question.scale).steps}
    if counts[NOT_RELEVANT]:
        words[NOT_RELEVANT] = "Ej relevant"
    if counts[""]:
        words[""] = "Frågan ställdes inte"
    return [Spread(text, counts[code], code == own) for code, text in words.items()]


def level_spread(
    instrument: Instrument, given: Iterable[Given], own: str | None = None
) -> list[Spread]:
    counts = Counter(one.level for one in given)
    return [
        Spread(f"Nivå {level.label}", counts[level.label], level.label == own)
        for level in instrument.levels
    ]


def people_in(given: Iterable[Given]) -> int:
    return len({one.who for one in given})


@dataclass(frozen=True, slots=True)
class HandedIn:
    """How much of what was asked for has come in."""

    group: str
    people: int
    to_score: int
    handed_in: int


def handed_in(rows: Iterable[Progress], group: str = "") -> HandedIn:
    listed = list(rows)
    return HandedIn(
        group,
        len(listed),
        sum(row.to_score for row in listed),
        sum(row.handed_in for row in listed),
    )


def handed_in_by_group(rows: Sequence[Progress]) -> list[HandedIn]:
    """Sums by group, small groups together; none that is about one or two people."""
    shown = labels(Counter(row.group for row in rows), LEAST_INSIDE)
    return [
        handed_in((row for row in rows if shown[row.group] == name), name)
        for name in in_order(shown.values())
    ]
