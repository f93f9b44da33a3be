"""When an absence was told: kept with its parts, for payment rules that judge it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from lovdv.clock import STOCKHOLM, now
from lovdv.errors import Refused
from lovdv.formats import day as day_text
from lovdv.placements.codes import codes_of
from lovdv.placements.days import Part, part_of
from lovdv.placements.months import PersonMonth
from lovdv.systems import queries as systems
from payments.calendar import Hours
from payments.dates import judged
from payments.row_reading import notice as read_notice
from payments.rule_rows import NoticeRule

JUDGED = ("notified", "late", "not_notified")
"""Effects of absence that depend on when it was told."""
COUNTS_AS = {
    "notified": "anmäld i tid",
    "late": "sent anmäld",
    "not_notified": "inte anmäld",
}
EARLIEST = timedelta(days=366)


@dataclass(frozen=True)
class Told:
    """What the sender says of when an absence was told; None: nothing."""

    at: datetime | None


def is_asked(found: PersonMonth) -> bool:
    """Whether the month's payment rules look at when an absence was told."""
    return bool(_payment_rule(found).get("notice"))


def _payment_rule(found: PersonMonth) -> Mapping[str, object]:
    system_id = found.placement.choice_system_id
    return systems.rule(system_id, "payment", found.month.first)


def judged_letters(choice_system_id: int, on: date) -> list[str]:
    """The letters of absence that the engine judges."""
    known = codes_of(choice_system_id, on)
    return sorted(code.letter for code in known if code.effect in JUDGED)


def moment(day: date, minutes: int) -> datetime:
    """A clock time in Sweden, which says how far it was from UTC then."""
    return datetime.combine(day, time(), STOCKHOLM) + timedelta(minutes=minutes)


def laid_out(
    found: PersonMonth,
    number: int,
    code: str,
    parts: Sequence[Part],
    told: Mapping[str, datetime],
) -> list[Part]:
    """A day's parts, every absence with when its letter was told.

    The payment rules judge parts: a letter for the whole day becomes parts of what
    the others leave of the plan.
    """
    whole = [Part(code, *span) for span in _left(found.hours(number), parts)]
    return [
        replace(part, told=told.get(part.code))
        for part in [*parts, *(whole if code in told else ())]
    ]


def said(found: PersonMonth, number: int, told: Told) -> Mapping[str, datetime]:
    """What a sender says of all the day's absence, by letter."""
    if told.at is None:
        return {}
    day = found.days[number - 1]
    letters = judged_letters(found.placement.choice_system_id, day)
    return dict.fromkeys(letters, told.at)


def still_told(found: PersonMonth, number: int, code: str) -> Mapping[str, datetime]:
    """What was told of a day, by letter, when it comes to have another code.

    A letter that is new counts as it was written, and so does one that was told of
    a part and is now the whole day's.
    """
    told = found.told_letters(number)
    if code == found.set_code(number):
        return told
    return {letter: at for letter, at in told.items() if letter != code}


def by_plan(found: PersonMonth, number: int) -> list[Part]:
    """A day's parts, where a told letter has the hours that the plan now has."""
    parts = [part_of(part) for part in found.parts(number)]
    told = found.told_letters(number)
    return laid_out(found, number, found.set_code(number), parts, told)


def counted(found: PersonMonth) -> Mapping[int, str]:
    """As what the payment rules count the told absences, by the day's number."""
    rule = _payment_rule(found)
    if not rule.get("notice"):
        return {}
    notice = read_notice(rule["notice"])
    in_parts = rule["part_days"] == "by_minutes"
    words = {
        number: _counted(found, number, notice, in_parts=in_parts)
        for number in found.told
    }
    return {number: text for number, text in words.items() if text}


def _counted(
    found: PersonMonth, number: int, rule: NoticeRule, *, in_parts: bool
) -> str:
    """'räknas som sent anmäld'; rules of whole days look at the day's letter only."""
    if found.is_open:
        parts = by_plan(found, number)
    else:
        parts = [part_of(part) for part in found.details[str(number)]]
    day, letter = found.days[number - 1], found.codes[number - 1]
    effects = [
        judged(rule, _begins(day, part, part.told), part.told)
        for part in parts
        if part.told and (in_parts or part.code == letter)
    ]
    names = dict.fromkeys(COUNTS_AS[effect] for effect in effects)
    shown = list(names) if in_parts else list(names)[:1]
    return f"räknas som {' och '.join(shown)}" if shown else ""


def _begins(day: date, part: Part, told: datetime) -> datetime:
    """When a part begins, on the clock that it was told by, as the engine reads it."""
    return moment(day, part.start).replace(tzinfo=told.tzinfo)


def _left(hours: Hours | None, parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """From and to of what parts leave of the planned hours."""
    if hours is None:
        return
    reached = hours.start
    for part in sorted(parts, key=lambda part: part.start):
        if reached < min(part.start, hours.end):
            yield reached, min(part.start, hours.end)
        reached = max(reached, part.end)
    if reached < hours.end:
        yield reached, hours.end


def check_told(
    found: PersonMonth, number: int, told: Told, parts: Sequence[Part]
) -> None:
    """That an absence of the day could have been told then."""
    if told.at is None:
        return
    day = found.days[number - 1]
    if not any(part.told for part in parts):
        letters = judged_letters(found.placement.choice_system_id, day)
        raise Refused(
            "Det finns ingen frånvaro att anmäla den dagen. Välj någon av koderna "
            f"{', '.join(letters)}, eller ta bort dag och klockslag.",
            "told_day",
        )
    if told.at > now():
        raise Refused(
            "Anmälan ligger i framtiden. Skriv när frånvaron anmäldes.", "told_day"
        )
    if told.at.date() < day - EARLIEST:
        raise Refused(
            f"Anmälan är mer än {EARLIEST.days} dagar före {day_text(day)}. "
            "Kontrollera dagen. Stämmer den, lämna dag och klockslag tomma. "
            "Då gäller koden du har valt.",
            "told_day",
        )
