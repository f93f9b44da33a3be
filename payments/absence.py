"""Which share of each day is paid, and how a run of absence goes on."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from payments.calendar import ATTENDED, EFFECTS, EXTRA, NOT_PLANNED, Hours
from payments.facts import Count, Part
from payments.lines import HUNDRED
from payments.month import Month
from payments.rule_rows import AbsenceRule
from payments.rules import RuleSet

Pieces: TypeAlias = tuple[tuple[str, int], ...]
"""The codes of one day in parts, each with its hundredths of the day."""

Counts: TypeAlias = tuple[Count, ...]
Rows: TypeAlias = Mapping[str, tuple[AbsenceRule, ...]]

NO_PIECES: Mapping[int, Pieces] = MappingProxyType({})
NO_WHOLES: Mapping[int, int] = MappingProxyType({})
NO_SPLITS: Mapping[int, tuple[tuple[str, int, int], ...]] = MappingProxyType({})
NO_COUNTS: Counts = ()
RESETTING = frozenset((ATTENDED, EXTRA))
SPLIT = "\uffff"
UNPAID = "\0"
FOREVER = 1_000


class Marked(NamedTuple):
    """A placement's month within its paid period, by offset from the first day."""

    codes: str
    pieces: Mapping[int, Pieces]
    """Hundredths by code; minutes where the rules pay by time."""
    wholes: Mapping[int, int] = NO_WHOLES
    """Where pieces are minutes: how many a whole such day has."""

    def letters(self, offset: int) -> tuple[str, ...]:
        pieces = self.pieces.get(offset)
        return tuple(code for code, _ in pieces) if pieces else (self.codes[offset],)


class PaidMonth(NamedTuple):
    """A marked month with the share of each day, a character a day."""

    codes: str
    shares: str
    pieces: Mapping[int, tuple[tuple[str, int, int], ...]]
    """By offset: code, hundredths of the day, share."""
    is_plain: bool = False
    """Whether each code has one share the whole month, that of a first day."""


def minutes_by_code(
    parts: Sequence[Part], code: str, hours: Hours | None
) -> list[tuple[str, int]]:
    """A day's minutes by code; what the parts leave of the plan has the day's code.

    Time here outside the plan takes nothing from it but comes beside it.

    >>> minutes_by_code([Part("X", 900, 1020)], "N", Hours(540, 900))
    [('N', 360), ('X', 120)]
    """
    if hours is None:
        return [(part.code, part.minutes) for part in parts]
    inside = [(part.code, _within(part, hours)) for part in parts]
    taken = sum(number for _, number in inside)
    beside = [
        (part.code, part.minutes - number)
        for part, (_, number) in zip(parts, inside, strict=True)
        if part.code == EXTRA
    ]
    minutes = [*inside, (code, hours.minutes - taken), *beside]
    return [(name, number) for name, number in minutes if number > 0]


def whole_of(parts: Sequence[Part], hours: Hours | None, usual: int = 0) -> int:
    """How many minutes a whole such day has."""
    if hours is None:
        return usual or sum(part.minutes for part in parts)
    return max(hours.minutes, sum(_within(part, hours) for part in parts))


def split_day(
    parts: Sequence[Part], code: str, hours: Hours | None, usual: int = 0
) -> Pieces:
    """A day's hundredths by code.

    A day that is not planned is measured by the `usual` minutes of one that is.

    >>> split_day([Part("A", 720, 900)], "N", Hours(540, 900))
    (('A', 50), ('N', 50))
    >>> split_day([Part("X", 900, 1020)], "N", Hours(540, 900))
    (('N', 100), ('X', 33))
    >>> split_day([Part("X", 540, 720)], "X", None, usual=360)
    (('X', 50),)
    """
    minutes = minutes_by_code(parts, code, hours)
    return hundredths_of(minutes, whole_of(parts, hours, usual))


def _within(part: Part, hours: Hours) -> int:
    return max(0, min(part.end, hours.end) - max(part.start, hours.start))


def hundredths_of(minutes: Sequence[tuple[str, int]], whole: int) -> Pieces:
    """Hundredths of the whole, rounded so that what makes up a whole day is 100."""
    reached, pieces = 0, []
    for name, number in minutes:
        before = (2 * HUNDRED * reached + whole) // (2 * whole)
        reached += number
        upto = (2 * HUNDRED * reached + whole) // (2 * whole)
        pieces.append((name, upto - before))
    return tuple(pieces)


def rows_by_code(rules: RuleSet) -> Rows:
    """Each code's absence rules, the first day's first."""
    return {
        code: tuple(sorted(rules.rows(effect), key=lambda rule: rule.first))
        for code, effect in EFFECTS.items()
    }


class DayShares:
    """One rule set's shares over one month, remembered by what was asked before."""

    def __init__(self, month: Month, rules: RuleSet) -> None:
        self._first = month.first.toordinal()
        self._rows = rows_by_code(rules)
        self._counting = frozenset(
            code for code, rows in self._rows.items() if any(r.counts for r in rows)
        )
        letters = re.escape("".join(sorted(self._counting)))
        self._absence = re.compile(f"[{letters}]" if letters else "(?!)")
        self._groups = {code: rows[0].group for code, rows in self._rows.items()}
        self._by_number = {
            code: _shares_by_number(rows) for code, rows in self._rows.items()
        }
        self._long = _long_absence(self._rows)
        self._monthly = frozenset(
            rule.group for rule in rules.absences if rule.restart == "month"
        )
        self._years = {
            rule.group: month.year
            for rule in rules.absences
            if rule.restart == "calendar_year"
        }
        self._lasting = self._monthly | frozenset(self._years)
        """Groups that a day attended does not end."""
        self._plain = {
            ord(code): chr(rows[0].share) for code, rows in self._rows.items()
        } | {ord(NOT_PLANNED): UNPAID}
        self._known: dict[tuple[str, Counts], tuple[PaidMonth, Counts]] = {}

    def paid(
        self, months: Sequence[Marked], carry: Counts
    ) -> tuple[Sequence[PaidMonth], Counts]:
        """The shares of a client's placements, and the runs that go on after."""
        if len(months) == 1 and not months[0].pieces:
            one, after = self.one(months[0].codes, carry)
            return (one,), after
        if not months:
            return (), carry
        return self.walk(months, carry)

    def one(self, codes: str, carry: Counts) -> tuple[PaidMonth, Counts]:
        """The shares of an only placement without parts of days."""
        known = self._known.get((codes, carry))
        if known is None:
            known = self._known[codes, carry] = self._work_out(codes, carry)
        return known

    def _work_out(self, codes: str, carry: Counts) -> tuple[PaidMonth, Counts]:
        """What walk() gives for one placement without parts of days, but quicker."""
        plain = codes.translate(self._plain)
        if self._is_short(codes, carry):
            return PaidMonth(codes, plain, NO_SPLITS, is_plain=True), NO_COUNTS
        runs = self._begun(carry)
        shares: list[str] | None = None
        seen = 0
        for match in self._absence.finditer(codes):
            offset, code = match.start(), match.group()
            if runs and not RESETTING.isdisjoint(codes[seen:offset]):
                runs = self._after_attended(runs)
            seen = offset
            group = self._groups[code]
            run = runs[group] = self._next(group, runs.get(group), self._first + offset)
            share = self._numbered_share(code, run)
            if share != plain[offset]:
                shares = shares or list(plain)
                shares[offset] = share
        if runs and not RESETTING.isdisjoint(codes[seen:]):
            runs = self._after_attended(runs)
        after = self._carried(runs)
        if shares is None:
            return PaidMonth(codes, plain, NO_SPLITS, is_plain=True), after
        return PaidMonth(codes, "".join(shares), NO_SPLITS), after

    def _is_short(self, codes: str, carry: Counts) -> bool:
        """Whether no absence outlasts its first rule, or goes on after the month."""
        return not carry and self._long is not None and not self._long.search(codes)

    def _numbered_share(self, code: str, run: Count) -> str:
        """The share of a day of absence by its number; the last rule has no end."""
        shares = self._by_number[code]
        number = _number(self._rows[code][0], run)
        return shares[number] if number < len(shares) else shares[-1]

    def walk(
        self, months: Sequence[Marked], carry: Counts
    ) -> tuple[Sequence[PaidMonth], Counts]:
        """Day by day over all the client's placements at once."""
        counts = self._begun(carry)
        shares: list[list[str]] = [[] for _ in months]
        splits: list[dict[int, tuple[tuple[str, int, int], ...]]] = [{} for _ in months]
        for offset in range(len(months[0].codes)):
            counts = self._advanced(counts, months, offset)
            for number, marked in enumerate(months):
                split = marked.pieces.get(offset)
                if split:
                    splits[number][offset] = self._split_shares(split, counts)
                    shares[number].append(SPLIT)
                else:
                    share = self._share(marked.codes[offset], counts)
                    shares[number].append(chr(share))
        paid = [
            PaidMonth(marked.codes, "".join(shares[number]), splits[number])
            for number, marked in enumerate(months)
        ]
        return paid, self._carried(counts)

    def _begun(self, carry: Counts) -> dict[str, Count]:
        years = self._years
        return {
            c.group: c
            for c in carry
            if c.group not in self._monthly and c.year == years.get(c.group, 0)
        }

    def _advanced(
        self, counts: dict[str, Count], months: Sequence[Marked], offset: int
    ) -> dict[str, Count]:
        """A day away from one placement goes on, whatever was attended elsewhere."""
        todays = [marked.letters(offset) for marked in months]
        whole = {g for letters in todays for g in self._wholly_away(letters)}
        if not whole and not all(map(RESETTING.isdisjoint, todays)):
            counts = self._after_attended(counts)
        letters = {letter for today in todays for letter in today}
        partly = self._lasting & {self._groups[x] for x in letters & self._counting}
        day = self._first + offset
        away = {g: self._next(g, counts.get(g), day) for g in sorted(whole | partly)}
        return counts | away

    def _wholly_away(self, letters: Sequence[str]) -> set[str]:
        if not RESETTING.isdisjoint(letters):
            return set()
        return {self._groups[letter] for letter in letters if letter in self._counting}

    def _after_attended(self, counts: Mapping[str, Count]) -> dict[str, Count]:
        """Most runs end with a day attended; others rest until the month or year."""
        return {
            group: count._replace(last=0)
            for group, count in counts.items()
            if group in self._lasting
        }

    def _next(self, group: str, before: Count | None, day: int) -> Count:
        if before is None:
            return Count(group, 1, 1, day, self._years.get(group, 0))
        if before.last == day:
            return before
        days = day - before.last if before.last else 1
        return Count(
            group, before.planned + 1, before.calendar + days, day, before.year
        )

    def _carried(self, counts: Mapping[str, Count]) -> Counts:
        """The runs that go on in the next month."""
        if not counts:
            return NO_COUNTS
        return tuple(counts[g] for g in sorted(counts) if g not in self._monthly)

    def _split_shares(
        self, split: Pieces, counts: Mapping[str, Count]
    ) -> tuple[tuple[str, int, int], ...]:
        """Part of a day away from an attended day is the first day of a run."""
        known = counts
        if any(code in RESETTING for code, _ in split):
            known = {g: counts[g] for g in counts if g in self._lasting}
        return tuple((code, part, self._share(code, known)) for code, part in split)

    def _share(self, code: str, counts: Mapping[str, Count]) -> int:
        if code == NOT_PLANNED:
            return 0
        return self._rule(code, counts).share

    def _rule(self, code: str, counts: Mapping[str, Count]) -> AbsenceRule:
        rows = self._rows[code]
        count = counts.get(rows[0].group)
        number = 1 if count is None else _number(rows[0], count)
        return next(rule for rule in rows if rule.matches(number))


def _long_absence(rows: Rows) -> re.Pattern[str] | None:
    """Finds what outlasts a first rule, or the month; None: counted by the calendar."""
    groups: dict[str, tuple[str, int, AbsenceRule]] = {}
    for code, (first, *later) in rows.items():
        if later:
            letters, days, _ = groups.get(first.group, ("", FOREVER, first))
            days = min(days, later[0].first - 1)
            groups[first.group] = letters + code, days, first
    here = "".join(sorted(RESETTING))
    patterns, lasting = [], ""
    for letters, days, first in groups.values():
        if first.counting == "calendar_days":
            return None
        if first.restart == "calendar_year":
            patterns.append(f"[{letters}]")
            continue
        ends = here if first.restart == "attended" else ""
        lasting += letters if ends else ""
        patterns.append(f"(?:[{letters}][^{letters}{ends}]*){{{days + 1}}}")
    if lasting:
        patterns.append(f"[{lasting}][^{here}]*$")
    return re.compile("|".join(patterns) or "(?!)")


def _shares_by_number(rows: Sequence[AbsenceRule]) -> str:
    """A character a day of absence, from number 0 (none) to the first without end."""
    numbers = range(max(rule.first for rule in rows) + 1)
    found = (next((r for r in rows if r.matches(n)), rows[0]) for n in numbers)
    return "".join(chr(rule.share) for rule in found)


def _number(rule: AbsenceRule, count: Count) -> int:
    return count.calendar if rule.counting == "calendar_days" else count.planned
