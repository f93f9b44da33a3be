"""From which day a new choice counts: the choice system's notice rule, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lovdv.errors import Refused


@dataclass(frozen=True)
class Notice:
    """The first day at the new unit that the rule allows, and how it came out."""

    effective_day: date
    explanation: str

    @property
    def last_day_before(self) -> date:
        return self.effective_day - timedelta(days=1)


def first_of_month_after(day: date, months: int) -> date:
    """The 1st, `months` months after the month of the day.

    >>> first_of_month_after(date(2026, 11, 20), 2)
    datetime.date(2027, 1, 1)
    """
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def notice_for(rule: Mapping[str, object], chosen_on: date) -> Notice:
    """Apply {"kind": "days", "days": N} or {"kind": "by_day", "day": 20, "months": 2}.

    With by_day, a choice made by that day of the month counts from the 1st, `months`
    months later; one made after it waits a month more.

    >>> rule = {"kind": "by_day", "day": 20, "months": 2}
    >>> notice_for(rule, date(2026, 11, 20)).effective_day
    datetime.date(2027, 1, 1)
    >>> notice_for(rule, date(2026, 11, 21)).effective_day
    datetime.date(2027, 2, 1)
    >>> notice_for({"kind": "days", "days": 30}, date(2026, 11, 20)).effective_day
    datetime.date(2026, 12, 20)
    """
    if rule.get("kind") == "days":
        days = _whole(rule, "days")
        return Notice(
            chosen_on + timedelta(days=days), f"{days} dagar efter att du valde"
        )
    if rule.get("kind") == "by_day":
        return _by_day(_whole(rule, "day"), _whole(rule, "months"), chosen_on)
    raise Refused(
        "Regeln för omval saknas. Be systemledaren lägga in den innan du går vidare."
    )


def _by_day(last: int, months: int, chosen_on: date) -> Notice:
    late = chosen_on.day > last
    day = first_of_month_after(chosen_on, months + late)
    when = f"efter den {last}:e" if late else f"senast den {last}:e"
    return Notice(day, f"du valde {when}, då gäller det nya från den 1:a")


def _whole(rule: Mapping[str, object], name: str) -> int:
    value = rule.get(name)
    if isinstance(value, int) and value >= 0:
        return value
    raise Refused(
        "Regeln för omval är inte fullständig. Be systemledaren att rätta den."
    )
