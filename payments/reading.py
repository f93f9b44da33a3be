"""Rule sets from and to plain tables of texts, as in JSON; checked whole when read."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from payments import row_reading, texts
from payments.errors import BadRule
from payments.rule_rows import NoticeRule, VatRule
from payments.rules import (
    BASES,
    CONCURRENT,
    COUNTED,
    MEASURES,
    NOT_REPORTED_RULES,
    PART_DAYS,
    PRORATIONS,
    SAME_HOURS,
    RuleSet,
)
from payments.texts import Table

REQUIRED = (
    "name",
    "source",
    "first_day",
    "revision",
    "decided_at",
    "basis",
    "counted",
    "extent",
    "absence",
    "proration",
    "part_days",
    "pause_share",
    "not_reported",
    "same_hours",
    "rounding",
)
EXTENT = ("measure", "classes")
OPTIONAL = (
    "rate_rounding",
    "schablon_factor",
    "bundles",
    "proration_change",
    "notice",
    "pause",
    "after_end",
    "concurrent",
    "supplements",
    "vat",
    "late_months",
    "change_weeks",
)


def read_rules(table: Mapping[str, object]) -> RuleSet:
    """A rule set from its JSON form, where every number is a text."""
    texts.check_fields(table, (*REQUIRED, *OPTIONAL), "regler", REQUIRED)
    extent = texts.table_of(table, "extent")
    texts.check_fields(extent, EXTENT, "extent", EXTENT)
    counted = texts.one_of(table, "counted", COUNTED)
    rules = RuleSet(
        name=texts.text(table, "name"),
        source=texts.text(table, "source"),
        first_day=_first_of_month(table),
        revision=texts.whole(table, "revision"),
        decided_at=texts.instant(table, "decided_at"),
        basis=texts.one_of(table, "basis", BASES),
        counted=counted,
        measure=texts.one_of(extent, "measure", MEASURES),
        classes=row_reading.classes(texts.rows_of(extent, "classes")),
        absences=row_reading.absences(texts.rows_of(table, "absence"), counted),
        proration=texts.one_of(table, "proration", PRORATIONS),
        part_days=texts.one_of(table, "part_days", PART_DAYS),
        pause_share=texts.share(table, "pause_share"),
        not_reported=texts.one_of(table, "not_reported", NOT_REPORTED_RULES),
        same_hours=texts.one_of(table, "same_hours", SAME_HOURS),
        rounding=texts.step(table, "rounding"),
        rate_rounding=texts.step(table, "rate_rounding", default="0.01"),
        factor=_factor(table),
        bundles=row_reading.bundles(texts.rows_or_none(table, "bundles")),
        proration_change=_at_change(table),
        notice=_notice(table),
        pauses=row_reading.pauses(texts.rows_or_none(table, "pause")),
        after_end=row_reading.after_end(texts.rows_or_none(table, "after_end")),
        concurrent=texts.one_of(table, "concurrent", CONCURRENT, "own"),
        supplements=row_reading.supplements(texts.rows_or_none(table, "supplements")),
        vat=_vat(table),
        late_months=texts.whole_or_none(table, "late_months"),
        change_weeks=texts.whole_or_none(table, "change_weeks"),
    )
    _check_whole(rules)
    return rules


def _first_of_month(table: Table) -> date:
    day = texts.day(table, "first_day")
    if day.day != 1:
        raise BadRule("first_day", "regler börjar gälla den första i en månad.")
    return day


def _factor(table: Table) -> Fraction | None:
    if "schablon_factor" not in table:
        return None
    factor = texts.fraction(table, "schablon_factor")
    if factor <= 0:
        raise BadRule("schablon_factor", "ska vara över noll.")
    return factor


def _at_change(table: Table) -> str | None:
    if "proration_change" not in table:
        return None
    return texts.one_of(table, "proration_change", PRORATIONS)


def _notice(table: Table) -> NoticeRule | None:
    if "notice" not in table:
        return None
    return row_reading.notice(texts.table_of(table, "notice"))


def _vat(table: Table) -> VatRule | None:
    if "vat" not in table:
        return None
    return row_reading.vat(texts.table_of(table, "vat"))


def _check_whole(rules: RuleSet) -> None:
    """That the parts go together."""
    _check_basis(rules)
    _check_reports(rules)
    _check_belongs(rules, "schablon_factor", rules.factor, "schablon_days")
    _check_belongs(rules, "bundles", rules.bundles, "bundled")
    kinds = {rules.proration, rules.at_change} - {"none"}
    if len(kinds) > 1:
        raise BadRule("proration_change", "räkna som proration, eller välj none.")


def _check_basis(rules: RuleSet) -> None:
    if rules.is_monthly and rules.counted != "ordered_time":
        raise BadRule("counted", "månadspris räknas på beställd tid (ordered_time).")
    if rules.is_monthly and rules.is_by_the_day:
        raise BadRule("measure", "månadspris har en klass för placeringen, inte dagen.")
    if rules.basis in ("hour", "bundled") and rules.part_days != "by_minutes":
        raise BadRule("part_days", "timmar räknas på minuter (by_minutes).")


def _check_reports(rules: RuleSet) -> None:
    if rules.is_by_plan and rules.counted != "ordered_time":
        raise BadRule("not_reported", "dagpris räknas på rapporterad närvaro.")
    if rules.concurrent == "total" and rules.is_by_the_day:
        raise BadRule("concurrent", "samlad klass räknas på veckoplanen, inte dagen.")


def _check_belongs(rules: RuleSet, field: str, value: object, basis: str) -> None:
    if rules.basis == basis and not value:
        raise BadRule(field, "behövs för den här räknegrunden.")
    if value and rules.basis != basis:
        raise BadRule(field, "hör inte till den här räknegrunden.")
