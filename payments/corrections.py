"""What is due now minus what was booked before, as reversals and new lines."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, TypeAlias

from payments.lines import Held, Line
from payments.month import Month
from payments.rates import Ref

Days: TypeAlias = tuple[date, date]


class Group(NamedTuple):
    """The lines that are judged together: one placement, month and kind."""

    placement: Ref
    month: Month
    kind: str


@dataclass(frozen=True, slots=True)
class Booked:
    """A line as booked, or the reversal of one."""

    ref: Ref
    line: Line
    corrects: Ref | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a group needs to come right: lines to reverse in full, lines to book."""

    group: Group
    reversed: tuple[Booked, ...]
    lines: tuple[Line, ...]

    @property
    def difference(self) -> int:
        before = sum(booked.line.amount for booked in self.reversed)
        return sum(line.amount for line in self.lines) - before


@dataclass(frozen=True, slots=True)
class Settled:
    """Changes to book now, those that wait, and those older than the back limit."""

    booked: tuple[Change, ...]
    waiting: tuple[Change, ...]
    left_out: tuple[Change, ...]


def group_of(line: Line) -> Group:
    return Group(line.placement, line.month, line.kind)


def turned(line: Line) -> Line:
    """The line's reversal: everything copied, the sign of what is paid turned."""
    paid = line.priced
    back = replace(paid, hundredths=-paid.hundredths, amount=-paid.amount)
    return line._replace(priced=back)


def changes(due: Iterable[Line], booked: Iterable[Booked]) -> tuple[Change, ...]:
    """Every group whose lines due differ from those that still stand.

    Nothing has changed, so nothing is to be done:

    >>> changes([], [])
    ()
    """
    now: dict[Group, list[Line]] = {}
    for line in due:
        now.setdefault(group_of(line), []).append(line)
    before: dict[Group, list[Booked]] = {}
    for one in standing(booked):
        before.setdefault(group_of(one.line), []).append(one)
    groups = dict.fromkeys([*before, *now])
    found = (_change(g, before.get(g, ()), now.get(g, ())) for g in groups)
    return tuple(change for change in found if change is not None)


def standing(booked: Iterable[Booked]) -> list[Booked]:
    """Booked lines that no reversal has taken back."""
    rows = list(booked)
    taken_back = {one.corrects for one in rows if one.corrects is not None}
    return [one for one in rows if one.corrects is None and one.ref not in taken_back]


def settled(
    found: Iterable[Change], *, oldest: Month, stopped: Iterable[Held] = ()
) -> Settled:
    """Part the changes: what is stopped takes nothing back, what is too old waits."""
    stops: dict[Group, list[Held]] = {}
    for one in stopped:
        stops.setdefault(Group(one.placement, one.month, one.kind), []).append(one)
    booked: list[Change] = []
    waiting: list[Change] = []
    left_out: list[Change] = []
    for change in found:
        if change.group.month < oldest:
            left_out.append(change)
        elif change.group in stops:
            goes, waits = _apart(change, stops[change.group])
            booked += goes
            waiting += waits
        else:
            booked.append(change)
    return Settled(tuple(booked), tuple(waiting), tuple(left_out))


def _apart(
    change: Change, stops: Sequence[Held]
) -> tuple[Sequence[Change], Sequence[Change]]:
    """Booked lines with a stopped day stand, and what would replace them waits."""
    reach = {(one.start, one.end) for one in stops}
    while True:
        paid = {_days(b.line) for b in change.reversed if _meets(b.line, reach)}
        grown = reach | {_days(line) for line in change.lines if _meets(line, paid)}
        if grown == reach:
            break
        reach = grown

    def part(*, waits: bool) -> Sequence[Change]:
        before = [b for b in change.reversed if (_days(b.line) in paid) is waits]
        now = [line for line in change.lines if _meets(line, paid) is waits]
        found = _change(change.group, before, now)
        return () if found is None else (found,)

    return part(waits=False), part(waits=True)


def _days(line: Line) -> Days:
    return line.start, line.end


def _meets(line: Line, spans: Collection[Days]) -> bool:
    return any(line.start < end and start < line.end for start, end in spans)


def _change(
    group: Group, before: Sequence[Booked], now: Sequence[Line]
) -> Change | None:
    stands = Counter(booked.line.priced.terms for booked in before)
    if stands == Counter(line.priced.terms for line in now):
        return None
    return Change(group, tuple(before), tuple(now))
