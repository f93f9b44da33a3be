"""What a reader may see of sums by provider and level: nothing of too few people.

A sum that is hidden must not be what is left of a whole that is shown, nor what
differs between two months that are shown: as it was and with a scenario, or with two
scenarios of the same month. So what is hidden is decided once for all of a month's
scenarios, and is hidden in all of them: before, after and the difference.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from lovdv.access import Actor, Permission
from lovdv.followup.small_counts import LEAST, NOT_SHOWN, shown_parts
from lovdv.forecast.scenarios import (
    LEVEL,
    PROVIDER,
    WHOLE,
    Outcome,
    Own,
    Part,
    Row,
)
from lovdv.formats import kronor, number
from payments import rounded

ONE_KRONA = 100
Counts: TypeAlias = Mapping[str, int]
"""People by provider or by level."""


@dataclass(frozen=True)
class Shown:
    """A row as text."""

    name: str
    people_before: str
    people_after: str
    before: str
    after: str
    difference: str


def hides(reader: Actor) -> bool:
    """Those who do not see the runs themselves see no small numbers."""
    return not reader.may(Permission.RUN_READ)


def whole_kronor(ore: int) -> str:
    r"""An amount where öre would say more than is known.

    >>> whole_kronor(563656950)
    '5\xa0636\xa0570\xa0kr'
    """
    return f"{number(rounded(ore, ONE_KRONA))}\N{NO-BREAK SPACE}kr"


def shown_reasons(held: Mapping[str, int], *, hidden: bool) -> dict[str, str]:
    """How often something cannot be priced, by reason; often many times for one."""
    return {
        reason: "antalet visas inte" if hidden else str(count)
        for reason, count in held.items()
    }


@dataclass(frozen=True)
class Sight:
    """What a reader sees of scenarios of the same month, in the order they were made.

    What the whole month cost is the system's own cost, and is always shown.
    """

    together: Sequence[Outcome]
    is_hiding: bool

    def providers(self, outcome: Outcome) -> list[Shown]:
        return self._rows(outcome, PROVIDER)

    def levels(self, outcome: Outcome) -> list[Shown]:
        return self._rows(outcome, LEVEL)

    def tells(self, outcome: Outcome) -> bool:
        """Whether the sums with a scenario may be shown.

        Not when so few make them differ from those before, or from those of a scenario
        that was made earlier; nor when it was not kept how many make them differ.
        """
        if not self.is_hiding:
            return True
        if outcome.own is None:
            return False
        before, after = outcome.own
        earlier = self.together[: self.together.index(outcome)]
        others = [one.own[1] for one in earlier if one.own and one.own[0] == before]
        return not any(
            0 < _differing(other, after, WHOLE) < LEAST for other in [before, *others]
        )

    def _rows(self, outcome: Outcome, kind: str) -> list[Shown]:
        rows = _rows_of(outcome, kind)
        out = self._hidden(outcome, kind) if self.is_hiding else frozenset()
        return [
            _shown(_text(kind, row), row, is_hidden=_name(kind, row) in out)
            for row in rows
        ]

    def _hidden(self, outcome: Outcome, kind: str) -> frozenset[str]:
        """Parts of few people in some of the months, or in what differs between two.

        With each as many more as its own people need to hide among: those are enough
        for the others too, since whoever is hidden in one is hidden in all.
        """
        if outcome.own is None:
            return frozenset(_name(kind, row) for row in _rows_of(outcome, kind))
        counted = [one for one in self.together if one.own]
        hidden: set[str] = set()
        for people in _people(counted, kind):
            told = shown_parts(people)
            hidden |= {part for part, text in told.items() if text == NOT_SHOWN}
        for people in _differences(counted, kind):
            hidden |= _too_few(people)
        return frozenset(hidden)


def _rows_of(outcome: Outcome, kind: str) -> list[Row]:
    return outcome.by_provider() if kind == PROVIDER else outcome.by_level()


def _name(kind: str, row: Row) -> str:
    return row.provider if kind == PROVIDER else row.level


def _text(kind: str, row: Row) -> str:
    return row.provider if kind == PROVIDER else f"Nivå {row.level}"


def _people(counted: Sequence[Outcome], kind: str) -> Iterator[Counts]:
    """The people of every part, in each month as it was and would be."""
    for one in counted:
        rows = _rows_of(one, kind)
        yield {_name(kind, row): row.people_before for row in rows}
        yield {_name(kind, row): row.people_after for row in rows}


def _differences(counted: Sequence[Outcome], kind: str) -> Iterator[Counts]:
    """The people of every difference between two months that can be worked out."""
    months: list[Own] = []
    for one in counted:
        months += [own for own in one.own or () if own not in months]
    for own, other in combinations(months, 2):
        parts = [part for part in {**own, **other} if part[0] == kind]
        yield {part[1]: _differing(own, other, part) for part in parts}


def _differing(one: Own, other: Own, part: Part) -> int:
    """How many people's own sums differ, at least; each is counted once."""
    own, others = Counter(one.get(part)), Counter(other.get(part))
    return max((own - others).total(), (others - own).total())


def _too_few(people: Counts) -> set[str]:
    """What too few make, with something else that enough make to hide it among.

    The hidden parts' own people do not add up: whoever moves is in two of them.
    """
    few = {name for name, count in people.items() if 0 < count < LEAST}
    enough = sorted((count, name) for name, count in people.items() if count >= LEAST)
    return few | {name for _, name in enough[:1]} if few else few


def _shown(name: str, row: Row, *, is_hidden: bool) -> Shown:
    if is_hidden:
        return Shown(name, *[NOT_SHOWN] * 5)
    people = str(row.people_before), str(row.people_after)
    return Shown(
        name, *people, kronor(row.before), kronor(row.after), kronor(row.difference)
    )
