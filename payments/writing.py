"""A rule set as the plain table of texts that it is read from."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

from payments.rule_rows import (
    AbsenceRule,
    Bundle,
    EndRule,
    ExtentClass,
    NoticeRule,
    PauseRule,
    Range,
    SupplementRule,
    VatRule,
)
from payments.rules import RuleSet

Written: TypeAlias = dict[str, object]
Row: TypeAlias = dict[str, str]

STEP_TEXTS = {1: "0.01", 100: "1"}


def written(rules: RuleSet) -> Written:
    """The rule set's JSON form; reading it gives the very same rules.

    >>> from payments.reading import read_rules
    >>> from payments.rulesets import shipped
    >>> rules = shipped("goteborg-2023")
    >>> read_rules(written(rules)) == rules
    True
    """
    return {
        "name": rules.name,
        "source": rules.source,
        "first_day": rules.first_day.isoformat(),
        "revision": str(rules.revision),
        "decided_at": rules.decided_at.isoformat(),
        "basis": rules.basis,
        "counted": rules.counted,
        "extent": {
            "measure": rules.measure,
            "classes": [_extent_class(one) for one in rules.classes],
        },
        "absence": [_absence(one) for one in rules.absences],
        "proration": rules.proration,
        "part_days": rules.part_days,
        "pause_share": str(rules.pause_share),
        "not_reported": rules.not_reported,
        "same_hours": rules.same_hours,
        "rounding": STEP_TEXTS[rules.rounding],
        "rate_rounding": STEP_TEXTS[rules.rate_rounding],
        "concurrent": rules.concurrent,
        **_given(rules),
    }


def _given(rules: RuleSet) -> Written:
    """What may be left out, and is where it says nothing."""
    told: Mapping[str, object] = {
        "schablon_factor": rules.factor and _number(rules.factor),
        "bundles": [_bundle(one) for one in rules.bundles],
        "proration_change": rules.proration_change,
        "notice": rules.notice and _notice(rules.notice),
        "pause": [_pause(one) for one in rules.pauses],
        "after_end": [_end(one) for one in rules.after_end],
        "supplements": [_supplement(one) for one in rules.supplements],
        "vat": rules.vat and _vat(rules.vat),
        "late_months": rules.late_months and str(rules.late_months),
        "change_weeks": rules.change_weeks and str(rules.change_weeks),
    }
    return {field: value for field, value in told.items() if value}


def _number(value: Fraction) -> str:
    """With a decimal point, at most two decimals, exactly.

    >>> _number(Fraction(21, 5)), _number(Fraction(33))
    ('4.2', '33')
    """
    whole, part = divmod(int(value * 100), 100)
    return f"{whole}.{part:02}".rstrip("0") if part else str(whole)


def _extent_class(one: ExtentClass) -> Row:
    return {"name": one.name, **_range(one)}


def _bundle(one: Bundle) -> Row:
    return {**_range(one), "units": _number(Fraction(one.units, 100))}


def _range(one: Range) -> Row:
    row = {"from" if one.lower.closed else "above": _number(one.lower.value)}
    if one.upper is not None:
        row["to" if one.upper.closed else "below"] = _number(one.upper.value)
    return row


def _days(first: int, last: int | None) -> Row:
    return {"from": str(first)} | ({} if last is None else {"to": str(last)})


def _absence(one: AbsenceRule) -> Row:
    return {
        "effect": one.effect,
        **_days(one.first, one.last),
        "share": str(one.share),
        "counting": one.counting,
        "restart": one.restart,
        "group": one.group,
    }


def _notice(one: NoticeRule) -> Row:
    if one.days is None or one.by is None:
        return {"hours": str(one.hours)}
    return {"days": str(one.days), "by": f"{one.by // 60:02}:{one.by % 60:02}"}


def _pause(one: PauseRule) -> Row:
    row = {**_days(one.first, one.last), "share": str(one.share)}
    if one.kept is not None:
        row["place"] = "kept" if one.kept else "given_up"
    return row


def _end(one: EndRule) -> Row:
    far = {"until": "month_end"} if one.days is None else {"days": str(one.days)}
    return {"reason": one.reason, "from": one.since, **far, "share": str(one.share)}


def _supplement(one: SupplementRule) -> Written:
    row: Written = {
        "code": one.code,
        "name": one.name,
        "per": one.per,
        "counted": one.counted,
        "proof": "needed" if one.needs_proof else "not_needed",
    }
    if one.amounts:
        row["amounts"] = [_dated(day.isoformat(), ore) for day, ore in one.amounts]
    return row


def _dated(day: str, ore: int) -> Row:
    return {"from": day, "amount": _number(Fraction(ore, 100))}


def _vat(one: VatRule) -> Row:
    return {"kind": one.kind, "percent": str(one.percent), "regi": one.regi}
