"""What a reader may see of sums by provider and level: nothing of too few people.

A sum that is hidden must not be what is left of a whole that is shown, nor what
differs between two months that are shown: as it was and with a scenario, or with two
scenarios of the same month. So what is hidden is decided once for all of a month's
scenarios, and is hidden in all of them: before, after and the difference.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from lovdv.access import Actor, Permission
from lovdv.followup.small_counts import LEAST, NOT_SHOWN, shown_parts
from lovdv.forecast.scenarios import Key, Outcome, Row
from lovdv.formats import kronor, number
from payments import rounded

ONE_KRONA = 100
Cells: TypeAlias = Mapping[Key, tuple[int, int]]
"""People and öre of each provider and level, in the month as it was or would be."""


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
        return self._rows(outcome.by_provider(), _provider)

    def levels(self, outcome: Outcome) -> list[Shown]:
        return self._rows(outcome.by_level(), _level)

    def tells(self, outcome: Outcome) -> bool:
        """Whether the sums with a scenario may be shown.

        Not when so few make them differ from those before, or from those of a scenario
        that was made earlier.
        """
        if not self.is_hiding:
            return True
        earlier = self.together[: self.together.index(outcome)]
        others = [_after(one) for one in earlier if _before(one) == _before(outcome)]
        return not any(
            0 < sum(_differing(other, _after(outcome)).values()) < LEAST
            for other in [_before(outcome), *others]
        )

    def _rows(self, rows: Sequence[Row], name: Callable[[Key], str]) -> list[Shown]:
        out = self._hidden(name) if self.is_hiding else frozenset()
        return [_shown(name((row.provider, row.level)), row, out) for row in rows]

    def _hidden(self, name: Callable[[Key], str]) -> frozenset[str]:
        """Parts of few people in some of the months, or in what differs between two.

        With each as many more as its own people need to hide among: those are enough
        for the others too, since whoever is hidden in one is hidden in all.
        """
        hidden: set[str] = set()
        for people in _counts(self.together):
            parts: Counter[str] = Counter()
            for key, number_of in people.items():
                parts[name(key)] += number_of
            told = shown_parts(parts)
            hidden |= {part for part, text in told.items() if text == NOT_SHOWN}
        return frozenset(hidden)


def _provider(key: Key) -> str:
    return key[0]


def _level(key: Key) -> str:
    return f"Nivå {key[1]}"


def _counts(together: Sequence[Outcome]) -> Iterator[Mapping[Key, int]]:
    """The people of every sum that can be worked out from what is shown."""
    months: list[Cells] = []
    for one in together:
        months += [
            cells for cells in (_before(one), _after(one)) if cells not in months
        ]
    for cells in months:
        yield {key: people for key, (people, _) in cells.items()}
    for one, other in combinations(months, 2):
        yield _differing(one, other)


def _differing(one: Cells, other: Cells) -> dict[Key, int]:
    """The people where two months differ, the fewest that there are in either."""
    keys = [key for key in {**one, **other} if one.get(key) != other.get(key)]
    found = {}
    for key in keys:
        people = (cells[key][0] for cells in (one, other) if key in cells)
        found[key] = min((count for count in people if count), default=0)
    return found


def _before(outcome: Outcome) -> Cells:
    found = {(r.provider, r.level): (r.people_before, r.before) for r in outcome.rows}
    return {key: told for key, told in found.items() if any(told)}


def _after(outcome: Outcome) -> Cells:
    found = {(r.provider, r.level): (r.people_after, r.after) for r in outcome.rows}
    return {key: told for key, told in found.items() if any(told)}


def _shown(name: str, row: Row, hidden: frozenset[str]) -> Shown:
    if name in hidden:
        return Shown(name, *[NOT_SHOWN] * 5)
    people = str(row.people_before), str(row.people_after)
    return Shown(
        name, *people, kronor(row.before), kronor(row.after), kronor(row.difference)
    )
