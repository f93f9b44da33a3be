"""Which share of each day is paid, and how a run of absence goes on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from payments.calendar import ATTENDED, EFFECTS, EXTRA, NOT_PLANNED, Hours
from payments.facts import Count, Part
from payments.lines import HUNDRED
from payments.month import Month
from payments.rules import AbsenceRule, RuleSet

Pieces: TypeAlias = tuple[tuple[str, int], ...]
"""The codes of one day in parts, each with its hundredths of the day."""

NO_PIECES: Mapping[int, Pieces] = MappingProxyType({})
NO_COUNTS: tuple[Count, ...] = ()
RESETTING = frozenset((ATTENDED, EXTRA))
SPLIT = "\uffff"
UNPAID = "\0"


@dataclass(frozen=True, slots=True)
class Marked:
    """A placement's month within its paid period, by offset from the first day."""

    codes: str
    pieces: Mapping[int, Pieces]

    def letters(self, offset: int) -> tuple[str, ...]:
        pieces = self.pieces.get(offset)
        return tuple(code for code, _ in pieces) if pieces else (self.codes[offset],)


@dataclass(frozen=True, slots=True)
class PaidMonth:
    """A marked month with the share of each day, a character a day."""

    codes: str
    shares: str
    pieces: Mapping[int, tuple[tuple[str, int, int], ...]]
    """By offset: code, hundredths of the day, share."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one share pays for in a part of a month."""

    share: int
    hundredths: int
    days: int
    counted: str
    rules: tuple[str, ...]


def split_day(parts: Sequence[Part], code: str, hours: Hours | None) -> Pieces:
    """A day's hundredths by code; what the parts leave of the plan has the day's code.

    >>> split_day([Part("A", 720, 900)], "N", Hours(540, 900))
    (('A', 50), ('N', 50))
    """
    minutes = [(part.code, part.minutes) for part in parts]
    taken = sum(number for _, number in minutes)
    left = (hours.minutes if hours else 0) - taken
    if left > 0:
        minutes.append((code, left))
    total, reached, pieces = sum(number for _, number in minutes), 0, []
    for name, number in minutes:
        before = (2 * HUNDRED * reached + total) // (2 * total)
        reached += number
        upto = (2 * HUNDRED * reached + total) // (2 * total)
        pieces.append((name, upto - before))
    return tuple(pieces)


class DayShares:
    """One rule set's shares over one month, remembered by what was asked before."""

    def __init__(self, month: Month, rules: RuleSet) -> None:
        self._first = month.first.toordinal()
        self._rows = {code: rules.rows(effect) for code, effect in EFFECTS.items()}
        self._counting = frozenset(
            code for code, rows in self._rows.items() if any(r.counts for r in rows)
        )
        self._lasting = frozenset(
            rule.group for rule in rules.absences if rule.restart == "attended"
        )
        self._plain = {
            ord(code): chr(rows[0].share) for code, rows in self._rows.items()
        } | {ord(NOT_PLANNED): UNPAID}
        self._known: dict[
            tuple[str, tuple[Count, ...]], tuple[PaidMonth, tuple[Count, ...]]
        ] = {}
        self._tallies: dict[tuple[str, str, int, int], tuple[Tally, ...]] = {}

    def paid(
        self, months: Sequence[Marked], carry: tuple[Count, ...]
    ) -> tuple[Sequence[PaidMonth], tuple[Count, ...]]:
        """The shares of a client's placements, and the runs that go on after."""
        if len(months) == 1 and not months[0].pieces:
            one, after = self._one(months[0].codes, carry)
            return (one,), after
        if not months:
            return (), carry
        return self._walk(months, carry)

    def tallies(self, paid: PaidMonth, low: int, high: int) -> tuple[Tally, ...]:
        """What each share above nought pays for between two offsets."""
        if paid.pieces:
            return self._tally(paid, low, high)
        key = (paid.codes, paid.shares, low, high)
        known = self._tallies.get(key)
        if known is None:
            known = self._tallies[key] = self._tally(paid, low, high)
        return known

    def _one(
        self, codes: str, carry: tuple[Count, ...]
    ) -> tuple[PaidMonth, tuple[Count, ...]]:
        known = self._known.get((codes, carry))
        if known is None:
            known = self._known[codes, carry] = self._work_out(codes, carry)
        return known

    def _work_out(
        self, codes: str, carry: tuple[Count, ...]
    ) -> tuple[PaidMonth, tuple[Count, ...]]:
        if not self._counting.isdisjoint(codes):
            months, after = self._walk((Marked(codes, NO_PIECES),), carry)
            return months[0], after
        after = carry if RESETTING.isdisjoint(codes) else NO_COUNTS
        return PaidMonth(codes, codes.translate(self._plain), {}), after

    def _walk(
        self, months: Sequence[Marked], carry: tuple[Count, ...]
    ) -> tuple[Sequence[PaidMonth], tuple[Count, ...]]:
        counts = {c.group: c for c in carry if c.group in self._lasting}
        shares: list[list[str]] = [[] for _ in months]
        pieces: list[dict[int, tuple[tuple[str, int, int], ...]]] = [{} for _ in months]
        for offset in range(len(months[0].codes)):
            self._advance(counts, months, offset)
            for number, marked in enumerate(months):
                split = marked.pieces.get(offset)
                if split:
                    pieces[number][offset] = self._split_shares(split, counts)
                    shares[number].append(SPLIT)
                else:
                    share = self._share(marked.codes[offset], counts)
                    shares[number].append(chr(share))
        paid = [
            PaidMonth(marked.codes, "".join(shares[number]), pieces[number])
            for number, marked in enumerate(months)
        ]
        return paid, tuple(counts[group] for group in sorted(counts))

    def _advance(
        self, counts: dict[str, Count], months: Sequence[Marked], offset: int
    ) -> None:
        """A day away from one placement goes on, whatever was attended elsewhere."""
        todays = [marked.letters(offset) for marked in months]
        away = {
            self._rows[letter][0].group
            for letters in todays
            if RESETTING.isdisjoint(letters)
            for letter in letters
            if letter in self._counting
        }
        day = self._first + offset
        for group in away:
            counts[group] = self._next(group, counts.get(group), day)
        if not away and any(not RESETTING.isdisjoint(letters) for letters in todays):
            counts.clear()

    def _next(self, group: str, before: Count | None, day: int) -> Count:
        if before is None:
            return Count(group, 1, day, day)
        if before.last == day:
            return before
        return Count(group, before.number + 1, before.first, day)

    def _split_shares(
        self, split: Pieces, counts: Mapping[str, Count]
    ) -> tuple[tuple[str, int, int], ...]:
        """Part of a day away from an attended day is the first day of a run."""
        attended = any(code in RESETTING for code, _ in split)
        known = {} if attended else counts
        return tuple((code, part, self._share(code, known)) for code, part in split)

    def _share(self, code: str, counts: Mapping[str, Count]) -> int:
        if code == NOT_PLANNED:
            return 0
        return self._rule(code, counts).share

    def _rule(self, code: str, counts: Mapping[str, Count]) -> AbsenceRule:
        rows = self._rows[code]
        count = counts.get(rows[0].group)
        number = 1
        if count is not None:
            calendar = rows[0].counting == "calendar_days"
            number = count.last - count.first + 1 if calendar else count.number
        return next(rule for rule in rows if rule.matches(number))

    def _tally(self, paid: PaidMonth, low: int, high: int) -> tuple[Tally, ...]:
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
        tallies = [self._of_share(found, share) for share in shares]
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
