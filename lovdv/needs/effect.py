"""When a new level counts and whether it must be reviewed: the decided settings.

Plain values in and out, so that each setting can be tried without a database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lovdv.people.three_months import months_after
from payments.month import Month


class Change(StrEnum):
    """How a new level stands to the one in force."""

    FIRST = "first"
    SAME = "same"
    RAISE = "raise"
    LOWERING = "lowering"
    # The levels have other names now, so which is more cannot be told.
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Occasion:
    """The days that a level's first day can rest on."""

    held_on: date
    asked_on: date | None
    decided_on: date
    decision_first_day: date
    preliminary_first_day: date | None
    kind: str


def change(levels: Sequence[str], old: str | None, new: str) -> Change:
    """Compare two labels by an instrument's order, the least need first."""
    if old is None:
        return Change.FIRST
    if old == new:
        return Change.SAME
    if old not in levels:
        return Change.UNKNOWN
    return Change.RAISE if levels.index(new) > levels.index(old) else Change.LOWERING


def needs_ground(rule: Mapping[str, object], how: Change) -> bool:
    """A worse level inside a favourable decision may not be saved over."""
    return bool(rule["part_of_decision"]) and how in {Change.LOWERING, Change.UNKNOWN}


def first_day(rule: Mapping[str, object], how: Change, occasion: Occasion) -> date:
    """The day a level counts from, by the rule in force; never before the decision."""
    replaces = rule["ordinary_replaces_preliminary"] and occasion.kind == "ordinary"
    if how is Change.FIRST:
        return occasion.decision_first_day
    if replaces and occasion.preliminary_first_day is not None:
        return occasion.preliminary_first_day
    name = "lowering" if how is Change.LOWERING else "raise"
    chosen = _chosen_day(rule, name, occasion)
    return max(chosen, occasion.decision_first_day)


def _chosen_day(rule: Mapping[str, object], name: str, occasion: Occasion) -> date:
    kind = rule[name]
    if kind == "day":
        return occasion.held_on
    if kind == "request":
        return occasion.asked_on or occasion.held_on
    if kind == "months":
        months = rule.get(f"{name}_months", 1)
        assert isinstance(months, int)
        return months_after(occasion.decided_on, months)
    return Month.of(occasion.decided_on).next.first


def must_review(
    rule: Mapping[str, object],
    *,
    level: str,
    levels: Sequence[str],
    how: Change,
    draw: str,
) -> bool:
    """Tell whether a colleague must look; `draw` is a digest nobody can choose."""
    when = rule["when"]
    if when == "never":
        return False
    if when == "changed":
        return how is not Change.SAME
    if when == "top":
        top = rule.get("top_levels")
        return level in (top if isinstance(top, list) and top else levels[-1:])
    if when == "share":
        percent = rule["share_percent"]
        return isinstance(percent, int) and int(draw[:8], 16) % 100 < percent
    return True
