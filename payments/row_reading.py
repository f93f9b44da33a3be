"""The rows of a rule set from plain tables of texts; none may meet or leave a gap."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Protocol

from payments import texts
from payments.calendar import EFFECTS
from payments.errors import BadRule
from payments.rule_rows import (
    WHOLE,
    AbsenceRule,
    Bound,
    Bundle,
    EndRule,
    ExtentClass,
    NoticeRule,
    PauseRule,
    Range,
    SupplementRule,
    VatRule,
)
from payments.rules import (
    COUNTINGS,
    PER_SUPPLEMENT,
    PLACES,
    RESTARTS,
    SINCE,
    SUPPLEMENT_DAYS,
    VAT_KINDS,
)
from payments.texts import Table

RANGE_FIELDS = ("from", "above", "to", "below")
ABSENCE_FIELDS = ("effect", "from", "to", "share", "counting", "restart", "group")
LONGEST_NAME = 40
REGIS = ("extern", "intern", "alla")
FROM_NOUGHT = Bound(Fraction(0), closed=True)
CODE = re.compile(r"[a-z0-9_-]{1,28}")
PAID_BY_DEFAULT: Mapping[str, Mapping[str, int]] = {
    "planned_less_unpaid_absence": {"attended": WHOLE, "extra": 0},
    "attended": dict.fromkeys(EFFECTS.values(), 0)
    | {"attended": WHOLE, "extra": WHOLE},
    "ordered_time": {effect: WHOLE for effect in EFFECTS.values() if effect != "closed"}
    | {"extra": 0},
}


class Numbered(Protocol):
    """A row for the days from one number to another."""

    @property
    def first(self) -> int: ...

    @property
    def last(self) -> int | None: ...


def classes(rows: Sequence[Table]) -> tuple[ExtentClass, ...]:
    found = tuple(_extent_class(row) for row in rows)
    if not found:
        raise BadRule("classes", "minst en omfattningsklass behövs.")
    for one, other in combinations(found, 2):
        if one.name == other.name or one.meets(other):
            raise BadRule(
                "classes", f"klasserna {one.name} och {other.name} går in i varandra."
            )
    return found


def _extent_class(row: Table) -> ExtentClass:
    texts.check_fields(row, {"name", *RANGE_FIELDS}, "classes")
    lower = texts.bound(row, "classes", closed="from", opened="above")
    if lower is None:
        raise BadRule("classes", "en klass behöver from eller above.")
    found, name = _range(row, "classes", lower), texts.text(row, "name")
    if len(name) > LONGEST_NAME:
        raise BadRule("classes", f"namnet {name} är längre än {LONGEST_NAME} tecken.")
    return ExtentClass(found.lower, found.upper, name)


def _range(row: Table, where: str, lower: Bound) -> Range:
    upper = texts.bound(row, where, closed="to", opened="below")
    if upper is not None and not _holds_some(lower, upper):
        raise BadRule(where, "en rad går från ett lägre till ett högre tal.")
    return Range(lower, upper)


def _holds_some(lower: Bound, upper: Bound) -> bool:
    both = lower.closed and upper.closed
    return lower.value < upper.value or (both and lower.value == upper.value)


def bundles(rows: Sequence[Table]) -> tuple[Bundle, ...]:
    found = tuple(_bundle(row) for row in rows)
    for one, other in combinations(found, 2):
        if one.meets(other):
            raise BadRule("bundles", f"”{one}” och ”{other}” går in i varandra.")
    return found


def _bundle(row: Table) -> Bundle:
    texts.check_fields(row, {"units", *RANGE_FIELDS}, "bundles")
    lower = texts.bound(row, "bundles", closed="from", opened="above") or FROM_NOUGHT
    found = _range(row, "bundles", lower)
    units = texts.fraction(row, "units") * 100
    if units < 0:
        raise BadRule("units", "antalet ska vara noll eller mer.")
    return Bundle(found.lower, found.upper, int(units))


def absences(rows: Sequence[Table], counted: str) -> tuple[AbsenceRule, ...]:
    """The given rows, and for effects without any what the counting implies."""
    given = tuple(_absence(row) for row in rows)
    named = {rule.effect for rule in given}
    filled = tuple(
        AbsenceRule(effect, 1, None, part, "planned_days", "attended", effect)
        for effect, part in PAID_BY_DEFAULT[counted].items()
        if effect not in named
    )
    rules = given + filled
    for effect in EFFECTS.values():
        _check_days("absence", effect, [r for r in rules if r.effect == effect])
    _check_groups(rules)
    return rules


def _absence(row: Table) -> AbsenceRule:
    texts.check_fields(row, ABSENCE_FIELDS, "absence")
    effect = texts.one_of(row, "effect", tuple(EFFECTS.values()))
    return AbsenceRule(
        effect=effect,
        first=texts.whole_or_none(row, "from") or 1,
        last=texts.whole_or_none(row, "to"),
        share=texts.share(row, "share"),
        counting=texts.one_of(row, "counting", COUNTINGS, "planned_days"),
        restart=texts.one_of(row, "restart", RESTARTS, "attended"),
        group=texts.text(row, "group") if "group" in row else effect,
    )


def _check_days(where: str, what: str, rows: Sequence[Numbered]) -> None:
    ordered = sorted(rows, key=lambda row: row.first)
    if not ordered:
        raise BadRule(where, f"{what} saknar rad.")
    gapless = all(one.last == other.first - 1 for one, other in pairwise(ordered))
    if ordered[0].first != 1 or ordered[-1].last is not None or not gapless:
        raise BadRule(
            where, f"{what} ska gå från dag 1 och framåt utan glapp och överlapp."
        )


def _check_groups(rules: Sequence[AbsenceRule]) -> None:
    for one, other in combinations(rules, 2):
        same = (one.counting, one.restart) == (other.counting, other.restart)
        if one.group == other.group and not same:
            raise BadRule("absence", f"raderna i {one.group} räknar på olika sätt.")
        if one.effect == other.effect and one.group != other.group:
            raise BadRule("absence", f"raderna för {one.effect} har olika group.")
    attended = [rule for rule in rules if rule.effect in ("attended", "extra")]
    if any(rule.counts for rule in attended):
        raise BadRule("absence", "närvaro räknas inte i frånvarodagar.")


def notice(table: Table) -> NoticeRule:
    texts.check_fields(table, {"hours", "days", "by"}, "notice")
    by_hours = "hours" in table and set(table) == {"hours"}
    if not by_hours and set(table) != {"days", "by"}:
        raise BadRule("notice", "ange hours, eller days och by.")
    if by_hours:
        return NoticeRule(texts.whole(table, "hours"), None, None)
    return NoticeRule(None, texts.whole(table, "days"), texts.clock(table, "by"))


def pauses(rows: Sequence[Table]) -> tuple[PauseRule, ...]:
    found = tuple(_pause(row) for row in rows)
    both = (True, "plats som behålls"), (False, "plats som lämnas")
    for kept, name in both if found else ():
        _check_days("pause", name, [r for r in found if r.kept in (None, kept)])
    return found


def _pause(row: Table) -> PauseRule:
    texts.check_fields(row, {"from", "to", "share", "place"}, "pause")
    kept = texts.one_of(row, "place", PLACES) == "kept" if "place" in row else None
    return PauseRule(
        first=texts.whole_or_none(row, "from") or 1,
        last=texts.whole_or_none(row, "to"),
        share=texts.share(row, "share"),
        kept=kept,
    )


def after_end(rows: Sequence[Table]) -> tuple[EndRule, ...]:
    found = tuple(_end(row) for row in rows)
    for one, other in combinations(found, 2):
        if one.reason == other.reason:
            raise BadRule("after_end", f"{one.reason} står på två rader.")
    return found


def _end(row: Table) -> EndRule:
    fields = {"reason", "from", "days", "until", "share"}
    texts.check_fields(row, fields, "after_end")
    if ("days" in row) == ("until" in row):
        raise BadRule("after_end", "ange en av days och until.")
    if "until" in row:
        texts.one_of(row, "until", ("month_end",))
    return EndRule(
        reason=texts.text(row, "reason"),
        since=texts.one_of(row, "from", SINCE, "end"),
        days=texts.whole_or_none(row, "days"),
        share=texts.share(row, "share"),
    )


def supplements(rows: Sequence[Table]) -> tuple[SupplementRule, ...]:
    found = tuple(_supplement(row) for row in rows)
    for one, other in combinations(found, 2):
        if one.code == other.code:
            raise BadRule("supplements", f"{one.code} står på två rader.")
    return found


def _supplement(row: Table) -> SupplementRule:
    fields = {"code", "name", "per", "amounts", "counted", "proof"}
    texts.check_fields(row, fields, "supplements")
    code = texts.text(row, "code")
    if not CODE.fullmatch(code):
        raise BadRule("code", f"”{code}” ska vara högst 28 av a–z, 0–9, - och _.")
    return SupplementRule(
        code=code,
        name=texts.text(row, "name"),
        per=texts.one_of(row, "per", PER_SUPPLEMENT),
        counted=texts.one_of(row, "counted", SUPPLEMENT_DAYS, "paid_days"),
        needs_proof=texts.one_of(row, "proof", ("needed", "not_needed"), "not_needed")
        == "needed",
        amounts=_amounts(row) if "amounts" in row else (),
    )


def _amounts(row: Table) -> tuple[tuple[date, int], ...]:
    found = [_dated(one) for one in texts.rows_of(row, "amounts")]
    if not found or any(one[0] >= other[0] for one, other in pairwise(found)):
        raise BadRule("amounts", "ange belopp i dagarnas ordning, en rad en dag.")
    return tuple(found)


def _dated(row: Table) -> tuple[date, int]:
    texts.check_fields(row, {"from", "amount"}, "amounts")
    return texts.day(row, "from"), texts.amount(row, "amount")


def vat(table: Table) -> VatRule | None:
    texts.check_fields(table, {"kind", "percent", "regi"}, "vat", ["kind"])
    kind = texts.one_of(table, "kind", VAT_KINDS)
    if kind == "none":
        return None
    percent = texts.share(table, "percent")
    if percent == 0:
        raise BadRule("percent", "ska vara över noll.")
    return VatRule(kind, percent, texts.one_of(table, "regi", REGIS, "extern"))
