"""The days that rules settle: notice of absence, late reports, a changed extent."""

from datetime import date, datetime, time, timedelta

from payments.errors import BadRule
from payments.month import Month
from payments.rule_rows import NoticeRule
from payments.rules import RuleSet


def judged(rule: NoticeRule, begins: datetime, told: datetime | None) -> str:
    """The effect of an absence by when it was told; both on the same clock.

    Told by 15 the day before is in time:

    >>> rule = NoticeRule(hours=None, days=1, by=15 * 60)
    >>> judged(rule, datetime(2026, 3, 10, 9), datetime(2026, 3, 9, 15))
    'notified'
    >>> judged(rule, datetime(2026, 3, 10, 9), datetime(2026, 3, 9, 15, 1))
    'late'
    """
    if told is None or told > begins:
        return "not_notified"
    return "notified" if told <= _latest_notice(rule, begins) else "late"


def _latest_notice(rule: NoticeRule, begins: datetime) -> datetime:
    if rule.days is None or rule.by is None:
        return begins - timedelta(hours=rule.hours or 0)
    day = datetime.combine(begins.date(), time(), begins.tzinfo)
    return day - timedelta(days=rule.days) + timedelta(minutes=rule.by)


def last_report(rules: RuleSet, month: Month) -> date | None:
    """The last day to report a month, where there is a limit.

    Klippan takes late reports up to three months back:

    >>> from dataclasses import replace
    >>> from payments.rulesets import shipped
    >>> klippan = replace(shipped("tyreso-2020"), late_months=3)
    >>> last_report(klippan, Month(2026, 1))
    datetime.date(2026, 4, 30)
    """
    if rules.late_months is None:
        return None
    return month.plus(rules.late_months).end - timedelta(days=1)


def latest_change(ordered: date, weeks: int) -> date:
    """The latest day from which a changed extent counts.

    Göteborg, ordered on 10 March:

    >>> latest_change(date(2026, 3, 10), 4)
    datetime.date(2026, 4, 7)
    """
    return ordered + timedelta(weeks=weeks)


def change_day(rules: RuleSet, ordered: date, agreed: date | None = None) -> date:
    """From which day an ordered change of extent counts: as agreed, if earlier."""
    if rules.change_weeks is None:
        raise BadRule("change_weeks", "reglerna säger inte när en ändring gäller.")
    latest = latest_change(ordered, rules.change_weeks)
    if agreed is None:
        return latest
    if agreed < ordered:
        raise BadRule("change_weeks", "en ändring gäller inte före beställningen.")
    return min(agreed, latest)
