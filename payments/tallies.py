"""What the days of a part of a month add up to, by the share that is paid."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from payments.absence import SPLIT, PaidMonth, rows_by_code
from payments.calendar import ATTENDED, NOT_PLANNED
from payments.lines import HUNDRED
from payments.rules import RuleSet


@dataclass(frozen=True, slots=True)
class Tally:
    """What one share pays for in a part of a month."""

    share: int
    hundredths: int
    days: int
    counted: str
    rules: tuple[str, ...]
    of: int = 0
    """Days of the month that the hundredths are part of; 0: they are counted alone."""


Tallies: TypeAlias = tuple[Tally, ...]


class Counting:
    """Adds up days under one rule set, remembered by what was asked before."""

    def __init__(self, rules: RuleSet) -> None:
        self._rows = rows_by_code(rules)
        self._plain: dict[str, Tallies] = {}
        self._alike: dict[Hashable, Tallies] = {}

    def tallies(self, paid: PaidMonth, low: int, high: int) -> Tallies:
        """What each share above nought pays for between two offsets.

        Without parts of days, the same days give the very same tuple.
        """
        codes = paid.codes[low:high]
        if paid.is_plain:
            known = self._plain.get(codes)
            if known is None:
                away = codes.replace(ATTENDED, "").replace(NOT_PLANNED, "")
                alike = codes.count(ATTENDED), "".join(sorted(away))
                known = self._plain[codes] = self._kept(alike, paid, low, high)
            return known
        if paid.pieces:
            return self._tally(paid, low, high)
        days = Counter(zip(codes, paid.shares[low:high], strict=True))
        return self._kept(frozenset(days.items()), paid, low, high)

    def _kept(self, alike: Hashable, paid: PaidMonth, low: int, high: int) -> Tallies:
        known = self._alike.get(alike)
        if known is None:
            known = self._alike[alike] = self._tally(paid, low, high)
        return known

    def _tally(self, paid: PaidMonth, low: int, high: int) -> Tallies:
        """Whole days are counted together, parts of days one by one."""
        whole = Counter(zip(paid.codes[low:high], paid.shares[low:high], strict=True))
        found = [
            (code, ord(share), number * HUNDRED, number)
            for (code, share), number in whole.items()
            if share != SPLIT and code != NOT_PLANNED
        ]
        for offset in range(low, high):
            found += _counted_once(paid.pieces.get(offset, ()))
        shares = sorted({share for _, share, _, _ in found if share}, reverse=True)
        unpaid = self._unpaid(found)
        told = [self._of_share(found, share) for share in shares]
        tallies = [tally for tally in told if tally.hundredths]
        if tallies and unpaid:
            first = tallies[0]
            tallies[0] = replace(first, rules=(*first.rules, *unpaid))
        return tuple(tallies)

    def _of_share(
        self, found: Sequence[tuple[str, int, int, int]], share: int
    ) -> Tally:
        rows = [row for row in found if row[1] == share]
        days: Counter[str] = Counter()
        for code, _, _, number in rows:
            days[code] += number
        return Tally(
            share=share,
            hundredths=sum(part for _, _, part, _ in rows),
            days=sum(days.values()),
            counted=" ".join(f"{code}:{days[code]}" for code in sorted(days)),
            rules=tuple(
                rule for code in sorted(days) for rule in self._fired(code, share)
            ),
        )

    def _unpaid(self, found: Sequence[tuple[str, int, int, int]]) -> tuple[str, ...]:
        days: Counter[str] = Counter()
        for code, share, _, number in found:
            if share == 0:
                days[code] += number
        return tuple(
            f"{rule} ({days[code]} dagar)"
            for code in sorted(days)
            for rule in self._fired(code, 0)
        )

    def _fired(self, code: str, share: int) -> tuple[str, ...]:
        if code == ATTENDED:
            return ()
        return tuple(str(rule) for rule in self._rows[code] if rule.share == share)


def _counted_once(
    pieces: Sequence[tuple[str, int, int]],
) -> list[tuple[str, int, int, int]]:
    """A day in parts is one day under each share that it has."""
    seen: set[int] = set()
    rows = []
    for code, part, share in pieces:
        rows.append((code, share, part, 0 if share in seen else 1))
        seen.add(share)
    return rows
