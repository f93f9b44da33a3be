"""What has changed between lines, in words that a unit's manager uses."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from lovdv.formats import day as day_text
from lovdv.formats import kronor
from payments import EFFECTS, Line, explained
from payments.calendar import NAMES


def corrected(before: Sequence[Line], now: Sequence[Line]) -> tuple[str, ...]:
    """Why a month that was booked is paid in another way: what was, what is."""
    if not before:
        return tuple(f"Betalas nu: {formula(line)}" for line in now)
    if not now:
        return tuple(f"Betalas inte längre: {formula(line)}" for line in before)
    told = [*_terms_apart(before, now), *_period_apart(before, now)]
    told += _days_apart(before, now)
    return tuple(dict.fromkeys(told)) or ("Månaden är räknad på nytt.",)


def since_last(before: Sequence[Line], now: Sequence[Line]) -> tuple[str, ...]:
    """What differs from the month before, but for how many days the months have."""
    chain = sorted([*before, *now], key=lambda line: line.start)
    new = {id(line) for line in now}
    told = (
        _terms(old, line, line.start)
        for old, line in pairwise(chain)
        if id(line) in new
    )
    return tuple(sentence for sentence in told if sentence)


def formula(line: Line) -> str:
    """The last step of the explanation: quantity, price and amount."""
    return explained(line)[-1]


def _terms_apart(before: Sequence[Line], now: Sequence[Line]) -> Iterator[str]:
    for line in now:
        for old in before:
            if old.start < line.end and line.start < old.end:
                told = _terms(old, line, max(old.start, line.start))
                if told:
                    yield told


def _terms(old: Line, line: Line, first_day: date) -> str:
    """The first of the things that decide the price to differ, which explains it."""
    from_day = f"från {day_text(first_day)}: {formula(line)}"
    if old.level != line.level:
        way = _way(old.price, line.price)
        return f"Nivån {way} från {old.level} till {line.level} {from_day}"
    if old.extent_class != line.extent_class:
        classes = f"från {old.extent_class} till {line.extent_class}"
        return f"Omfattningen ändrades {classes} {from_day}"
    if old.regi != line.regi:
        return f"Regin ändrades från {old.regi} till {line.regi} {from_day}"
    if old.price != line.price:
        prices = f"från {kronor(old.price)} till {kronor(line.price)}"
        return f"Priset {_way(old.price, line.price)} {prices} {from_day}"
    if old.share != line.share:
        shares = f"från {old.share} till {line.share} %"
        return f"Andelen som betalas ändrades {shares} {from_day}"
    return ""


def _way(old: int, new: int) -> str:
    if old == new:
        return "ändrades"
    return "höjdes" if new > old else "sänktes"


def _period_apart(before: Sequence[Line], now: Sequence[Line]) -> Iterator[str]:
    started, starts = (min(line.start for line in some) for some in (before, now))
    ended, ends = (max(line.end for line in some) for some in (before, now))
    if starts != started:
        yield f"Betalas från {day_text(starts)} i stället för {day_text(started)}."
    if ends != ended:
        days = [day_text(end - timedelta(days=1)) for end in (ends, ended)]
        yield f"Betalas till och med {days[0]} i stället för {days[1]}."


def _days_apart(before: Sequence[Line], now: Sequence[Line]) -> Iterator[str]:
    was, is_now = _counted(before), _counted(now)
    for code in sorted({*was, *is_now}):
        if was[code] != is_now[code] and code in EFFECTS:
            days = f"{is_now[code]} i stället för {was[code]}"
            yield f"Betalda dagar, {NAMES[EFFECTS[code]]}: {days}."


def _counted(lines: Sequence[Line]) -> Counter[str]:
    """How many days of each code the lines count together."""
    found: Counter[str] = Counter()
    for line in lines:
        for part in line.counted.split():
            code, _, number = part.partition(":")
            found[code] += int(number)
    return found
