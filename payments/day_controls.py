"""Controls of attended days: hours claimed twice, days elsewhere, too many at once."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from payments.calendar import ATTENDED, CLOSED, EXTRA, NOT_PLANNED, OTHER_UNIT, Hours
from payments.controls import DaysOf, Finding, number_of, pairs
from payments.facts import Part, Span
from payments.month import Month
from payments.rates import Ref

HERE = frozenset((ATTENDED, EXTRA))
AWAY = frozenset((NOT_PLANNED, OTHER_UNIT, CLOSED))
ALL_DAY = Hours(0, 24 * 60)
NOON = 12 * 60
HALVES = {"am": Hours(0, NOON), "pm": Hours(NOON, 24 * 60)}
HALF_NAMES = {"am": "förmiddag", "pm": "eftermiddag"}
LISTED = 6
"""So many days are told one by one."""

HoursByDay = Mapping[int, tuple[Hours, ...]]
"""By day of the month."""


def claimed_hours(
    code: str, planned: Hours | None, parts: Sequence[Part], *, here_only: bool = False
) -> tuple[Hours, ...]:
    """The hours of a day that count: those attended, or all that are not away.

    >>> day = Hours(9 * 60, 15 * 60)
    >>> claimed_hours("N", day, ()) == (day,), claimed_hours("-", None, ())
    (True, ())
    >>> claimed_hours("N", day, [Part("U", 12 * 60, 15 * 60)])
    (Hours(start=540, end=720),)
    """
    base = planned or ALL_DAY
    counts = _counts(code, here_only=here_only)
    if not parts:
        return (base,) if counts else ()
    has_plan = counts and code != EXTRA and planned is not None
    minutes = set(range(base.start, base.end)) if has_plan else set[int]()
    for part in parts:
        some = range(part.start, part.end)
        if _counts(part.code, here_only=here_only):
            minutes.update(some)
        else:
            minutes.difference_update(some)
    return _joined(sorted(minutes))


def _counts(code: str, *, here_only: bool) -> bool:
    return code in HERE if here_only else code not in AWAY


def _joined(minutes: Sequence[int]) -> tuple[Hours, ...]:
    starts = [m for n, m in enumerate(minutes) if n == 0 or minutes[n - 1] != m - 1]
    ends = [
        m + 1
        for n, m in enumerate(minutes)
        if n == len(minutes) - 1 or minutes[n + 1] != m + 1
    ]
    return tuple(Hours(start, end) for start, end in zip(starts, ends, strict=True))


def same_hours(
    months: Iterable[DaysOf], hours: Mapping[Ref, HoursByDay]
) -> list[Finding]:
    """Hours that one client is claimed for at two placements, in any two systems."""
    found = []
    for one, other in pairs(months):
        days = _clashes(hours.get(one.placement, {}), hours.get(other.placement, {}))
        if days:
            told = f"Samma tider som placering {other.number}: {_told(days)}."
            found.append(Finding("same_hours", one.placement, one.month, told))
    return found


def _clashes(one: HoursByDay, other: HoursByDay) -> dict[int, Hours]:
    """By day: the first hours that both claim."""
    found = {}
    for day in sorted(one.keys() & other.keys()):
        both = [
            Hours(max(a.start, b.start), min(a.end, b.end))
            for a in one[day]
            for b in other[day]
            if a.overlaps(b)
        ]
        if both:
            found[day] = both[0]
    return found


def _told(days: Mapping[int, Hours]) -> str:
    told = [f"dag {day} kl. {clock(hours)}" for day, hours in days.items()]
    return _in_short(told, "dag", "dagar")


def _in_short(told: Sequence[str], one: str, many: str) -> str:
    """The first of them, and how many more there are."""
    more = len(told) - LISTED
    rest = f" och {number_of(more, one, many)} till" if more > 0 else ""
    return ", ".join(told[:LISTED]) + rest


def clock(hours: Hours) -> str:
    """As people say it.

    >>> clock(Hours(540, 725)), clock(ALL_DAY)
    ('9.00–12.05', '0.00–24.00')
    """
    return "–".join(f"{m // 60}.{m % 60:02}" for m in (hours.start, hours.end))


def apart(months: Sequence[DaysOf], hours: Mapping[Ref, HoursByDay]) -> list[DaysOf]:
    """The months without the days that same_hours tells of."""
    clashing: dict[Ref, set[int]] = defaultdict(set)
    for one, other in pairs(months):
        days = _clashes(hours.get(one.placement, {}), hours.get(other.placement, {}))
        clashing[one.placement] |= days.keys()
        clashing[other.placement] |= days.keys()
    return [replace(m, codes=_blanked(m.codes, clashing[m.placement])) for m in months]


def _blanked(codes: str, days: Collection[int]) -> str:
    return "".join(
        NOT_PLANNED if day in days else code for day, code in enumerate(codes, start=1)
    )


def attended_after_death(
    months: Iterable[DaysOf], deaths: Mapping[Ref, date]
) -> list[Finding]:
    """Days told as attended after the person died, whether they are paid or not."""
    return [
        _of_days("after_death", days, found, "Närvaro efter dödsfallet: ")
        for days in months
        if days.client in deaths
        and (found := [day for day in attended(days) if day > deaths[days.client]])
    ]


def elsewhere(
    months: Iterable[DaysOf], stays: Mapping[Ref, Sequence[Span]]
) -> list[Finding]:
    """Days attended while the client, by another note, was somewhere else."""
    return [
        _of_days("elsewhere", days, found, "Noterad på annat håll men närvarande: ")
        for days in months
        if (found := _within(attended(days), stays.get(days.client, ())))
    ]


def _within(days: Iterable[date], spans: Sequence[Span]) -> list[date]:
    return [
        day
        for day in days
        if any(s.start <= day and (s.end is None or day < s.end) for s in spans)
    ]


def attended(days: DaysOf) -> list[date]:
    """The days when somebody was here."""
    first = days.month.first
    return [
        first + timedelta(days=n) for n, code in enumerate(days.codes) if code in HERE
    ]


def closed_attended(
    months: Iterable[DaysOf],
    closed: Mapping[Ref, Collection[date]],
    planned: Mapping[Ref, Collection[date]],
) -> list[Finding]:
    """Days attended when it was closed, or on a weekend that was not planned."""
    found = []
    for days in months:
        shut, plan = closed.get(days.placement, ()), planned.get(days.placement, ())
        told = [
            day
            for day in attended(days)
            if day in shut or (day.weekday() > 4 and day not in plan)
        ]
        if told:
            found.append(_of_days("closed_attended", days, told, "Närvaro: "))
    return found


WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")


def _of_days(control: str, days: DaysOf, found: Sequence[date], told: str) -> Finding:
    listed = [f"{WEEKDAYS[day.weekday()]} {day.day}" for day in found]
    message = f"{told}{_in_short(listed, 'dag', 'dagar')}."
    return Finding(control, days.placement, days.month, message)


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at a unit on a day."""

    unit: Ref
    client: Ref
    day: date
    hours: Hours


def above_maximum(
    month: Month,
    visits: Iterable[Visit],
    limits: Mapping[Ref, Mapping[tuple[int, str], int]],
    *,
    over: int = 0,
) -> list[Finding]:
    """Units where more were at the same time than a half-day's highest number.

    `limits` is by unit, weekday (Monday is 0) and half; what is not there is not
    limited.
    """
    by_unit: dict[Ref, dict[date, list[Visit]]] = defaultdict(lambda: defaultdict(list))
    for visit in visits:
        by_unit[visit.unit][visit.day].append(visit)
    found = []
    for unit, days in by_unit.items():
        told = [
            f"{WEEKDAYS[day.weekday()]} {day.day} {HALF_NAMES[half]} {most} av {limit}"
            for day in sorted(days)
            for half, limit in _limits(limits.get(unit, {}), day)
            if (most := at_once(days[day], HALVES[half])) > limit + over
        ]
        if told:
            found.append(_too_many(month, unit, told))
    return found


def crowded(
    month: Month,
    told: Iterable[str],
    limits: Mapping[tuple[int, str], int],
    *,
    over: int = 0,
) -> set[int]:
    """The days of the month that above_maximum may find too many on, at one unit.

    `told` is everybody's month, with a letter of being here on each day when some
    part of it may be: those here on a day are never fewer than those here at once.
    """
    here = Counter(
        number
        for codes in told
        for number, code in enumerate(codes, start=1)
        if code in HERE
    )
    return {
        number
        for number, count in here.items()
        for _, limit in _limits(limits, month.first + timedelta(days=number - 1))
        if count > limit + over
    }


def _limits(limits: Mapping[tuple[int, str], int], day: date) -> list[tuple[str, int]]:
    return [
        (half, limits[day.weekday(), half])
        for half in HALVES
        if (day.weekday(), half) in limits
    ]


def _too_many(month: Month, unit: Ref, told: Sequence[str]) -> Finding:
    message = f"Samtidigt på enheten: {_in_short(told, 'halvdag', 'halvdagar')}."
    return Finding("above_maximum", None, month, message, unit=unit)


def at_once(visits: Iterable[Visit], within: Hours = ALL_DAY) -> int:
    """The most clients here at the same time; those who leave make room first.

    >>> morning, noon = Hours(9 * 60, 12 * 60), Hours(12 * 60, 15 * 60)
    >>> day = date(2026, 2, 2)
    >>> at_once([Visit(1, "a", day, morning), Visit(1, "b", day, noon)])
    1
    >>> at_once([Visit(1, "a", day, morning), Visit(1, "b", day, morning)])
    2
    """
    changes: list[tuple[int, int, Ref]] = []
    for visit in visits:
        if visit.hours.overlaps(within):
            changes.append((max(visit.hours.start, within.start), 1, visit.client))
            changes.append((min(visit.hours.end, within.end), -1, visit.client))
    changes.sort(key=lambda change: change[:2])
    here: dict[Ref, int] = defaultdict(int)
    most = number = 0
    for _, step, client in changes:
        before = here[client]
        here[client] += step
        number += (here[client] > 0) - (before > 0)
        most = max(most, number)
    return most


def identical_days(groups: Iterable[Sequence[DaysOf]], *, least: int) -> list[Finding]:
    """People at one unit whose absences are the same, day for day, all month.

    Each group has equal days; the first is told of, with the others' numbers.
    """
    return [
        Finding(
            "identical_days",
            group[0].placement,
            group[0].month,
            f"{number_of(absent, 'frånvarodag', 'frånvarodagar')} lika, dag för dag, "
            f"som placering {_others(group)}.",
        )
        for group in groups
        if len({one.client for one in group}) > 1
        and (absent := _absent(group[0].codes)) >= least
    ]


def _others(group: Sequence[DaysOf]) -> str:
    return _in_short([one.number for one in group[1:]], "placering", "placeringar")


def _absent(codes: str) -> int:
    return sum(code not in AWAY and code not in HERE for code in codes)
