"""What is due to people now minus what was booked, as reversals and new lines."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from payments.allowance_lines import AllowanceHeld, AllowanceLine
from payments.month import Month
from payments.rates import Ref


@dataclass(frozen=True, slots=True)
class BookedAllowance:
    """A booked line; the ones that it corrects are taken back in full."""

    ref: Ref
    line: AllowanceLine
    corrects: Ref | None = None


@dataclass(frozen=True, slots=True)
class AllowanceChange:
    """What a place's month needs to come right."""

    placement: Ref
    month: Month
    reversed: tuple[BookedAllowance, ...]
    lines: tuple[AllowanceLine, ...]

    @property
    def difference(self) -> int:
        before = sum(one.line.amount for one in self.reversed)
        return sum(line.amount for line in self.lines) - before


def allowance_changes(
    due: Iterable[AllowanceLine],
    booked: Iterable[BookedAllowance],
    held: Iterable[AllowanceHeld] = (),
) -> tuple[AllowanceChange, ...]:
    """Every place's month that is not as it is booked; what is held stands.

    Nothing has changed, so nothing is to be done:

    >>> allowance_changes([], [])
    ()
    """
    now: dict[tuple[Ref, Month], list[AllowanceLine]] = defaultdict(list)
    before: dict[tuple[Ref, Month], list[BookedAllowance]] = defaultdict(list)
    for line in due:
        now[line.placement, line.month].append(line)
    for one in standing_allowance(booked):
        before[one.line.placement, one.line.month].append(one)
    stops = {(one.placement, one.month) for one in held}
    groups = [key for key in dict.fromkeys([*before, *now]) if key not in stops]
    return tuple(
        AllowanceChange(*key, tuple(before[key]), tuple(now[key]))
        for key in groups
        if Counter(one.line.terms for one in before[key])
        != Counter(line.terms for line in now[key])
    )


def standing_allowance(booked: Iterable[BookedAllowance]) -> list[BookedAllowance]:
    """Booked lines that no reversal has taken back."""
    rows = list(booked)
    taken = {one.corrects for one in rows if one.corrects is not None}
    return [one for one in rows if one.corrects is None and one.ref not in taken]
