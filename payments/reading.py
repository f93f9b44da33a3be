"""Rule sets from plain tables of texts, as in JSON; everything checked when read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from itertools import combinations, pairwise

from payments.calendar import EFFECTS
from payments.errors import BadRule, NotAnAmount
from payments.money import kronor, ore
from payments.rules import (
    BASES,
    COUNTED,
    COUNTINGS,
    MEASURES,
    NOT_REPORTED_RULES,
    PART_DAYS,
    PRORATIONS,
    RESTARTS,
    SAME_HOURS,
    WHOLE,
    AbsenceRule,
    Bound,
    ExtentClass,
    RuleSet,
)

FIELDS = frozenset(
    {
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
    }
)
EXTENT_FIELDS = frozenset({"measure", "classes"})
CLASS_FIELDS = frozenset({"name", "from", "above", "to", "below"})
ABSENCE_FIELDS = frozenset(
    {"effect", "from", "to", "share", "counting", "restart", "group"}
)
PAID_BY_DEFAULT = {
    "planned_less_unpaid_absence": {"attended": WHOLE, "extra": 0},
    "attended": dict.fromkeys(EFFECTS.values(), 0)
    | {"attended": WHOLE, "extra": WHOLE},
    "ordered_time": {effect: WHOLE for effect in EFFECTS.values() if effect != "closed"}
    | {"extra": 0},
}


def read_rules(table: Mapping[str, object]) -> RuleSet:
    """A rule set from its JSON form, where every number is a text."""
    _check_fields(table, FIELDS, "regler")
    extent = _table(table, "extent")
    _check_fields(extent, EXTENT_FIELDS, "extent")
    rules = RuleSet(
        name=_text(table, "name"),
        source=_text(table, "source"),
        first_day=_first_of_month(table),
        revision=_whole(table, "revision"),
        decided_at=_instant(table, "decided_at"),
        basis=_one_of(table, "basis", BASES),
        counted=_one_of(table, "counted", COUNTED),
        measure=_one_of(extent, "measure", MEASURES),
        classes=_classes(_rows(extent, "classes")),
        absences=_absences(table),
        proration=_one_of(table, "proration", PRORATIONS),
        part_days=_one_of(table, "part_days", PART_DAYS),
        pause_share=_share(table, "pause_share"),
        not_reported=_one_of(table, "not_reported", NOT_REPORTED_RULES),
        same_hours=_one_of(table, "same_hours", SAME_HOURS),
        rounding=_rounding(table),
    )
    _check_whole(rules)
    return rules


def _check_whole(rules: RuleSet) -> None:
    if rules.basis == "month" and rules.counted != "ordered_time":
        raise BadRule("counted", "månadspris räknas på beställd tid (ordered_time).")
    if rules.basis == "day" and rules.not_reported == "not_needed":
        raise BadRule("not_reported", "dagpris räknas på rapporterad närvaro.")


def _classes(rows: Sequence[Mapping[str, object]]) -> tuple[ExtentClass, ...]:
    classes = tuple(_extent_class(row) for row in rows)
    if not classes:
        raise BadRule("classes", "minst en omfattningsklass behövs.")
    for one, other in combinations(classes, 2):
        if one.name == other.name or one.meets(other):
            raise BadRule(
                "classes", f"klasserna {one.name} och {other.name} går in i varandra."
            )
    return classes


def _extent_class(row: Mapping[str, object]) -> ExtentClass:
    _check_fields(row, CLASS_FIELDS, "classes", whole=False)
    lower = _bound(row, closed="from", opened="above")
    upper = _bound(row, closed="to", opened="below")
    if lower is None:
        raise BadRule("classes", "en klass behöver from eller above.")
    if upper is not None and not _holds_some(lower, upper):
        raise BadRule("classes", "en klass går från ett lägre till ett högre tal.")
    return ExtentClass(_text(row, "name"), lower, upper)


def _holds_some(lower: Bound, upper: Bound) -> bool:
    both = lower.closed and upper.closed
    return lower.value < upper.value or (both and lower.value == upper.value)


def _bound(row: Mapping[str, object], *, closed: str, opened: str) -> Bound | None:
    if closed in row and opened in row:
        raise BadRule("classes", f"ange bara en av {closed} och {opened}.")
    if closed in row:
        return Bound(_number(row, closed), closed=True)
    if opened in row:
        return Bound(_number(row, opened), closed=False)
    return None


def _absences(table: Mapping[str, object]) -> tuple[AbsenceRule, ...]:
    given = tuple(_absence(row) for row in _rows(table, "absence"))
    named = {rule.effect for rule in given}
    default = PAID_BY_DEFAULT[_one_of(table, "counted", COUNTED)]
    filled = tuple(
        AbsenceRule(effect, 1, None, share, "planned_days", "attended", effect)
        for effect, share in default.items()
        if effect not in named
    )
    rules = given + filled
    for effect in EFFECTS.values():
        _check_days(effect, [rule for rule in rules if rule.effect == effect])
    _check_groups(rules)
    return rules


def _absence(row: Mapping[str, object]) -> AbsenceRule:
    _check_fields(row, ABSENCE_FIELDS, "absence", whole=False)
    effect = _one_of(row, "effect", tuple(EFFECTS.values()))
    return AbsenceRule(
        effect=effect,
        first=_whole(row, "from") if "from" in row else 1,
        last=_whole(row, "to") if "to" in row else None,
        share=_share(row, "share"),
        counting=_one_of(row, "counting", COUNTINGS, default="planned_days"),
        restart=_one_of(row, "restart", RESTARTS, default="attended"),
        group=_text(row, "group") if "group" in row else effect,
    )


def _check_days(effect: str, rules: Sequence[AbsenceRule]) -> None:
    ordered = sorted(rules, key=lambda rule: rule.first)
    if not ordered:
        raise BadRule("absence", f"{effect} saknar rad.")
    gapless = all(one.last == other.first - 1 for one, other in pairwise(ordered))
    if ordered[0].first != 1 or ordered[-1].last is not None or not gapless:
        raise BadRule(
            "absence", f"{effect} ska gå från dag 1 och framåt utan glapp och överlapp."
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


def _check_fields(
    table: Mapping[str, object],
    fields: Collection[str],
    where: str,
    *,
    whole: bool = True,
) -> None:
    unknown = sorted(set(table) - set(fields))
    if unknown:
        raise BadRule(where, f"okänt fält {', '.join(unknown)}.")
    missing = sorted(set(fields) - set(table)) if whole else []
    if missing:
        raise BadRule(where, f"fältet {', '.join(missing)} saknas.")


def _text(table: Mapping[str, object], field: str) -> str:
    value = table.get(field)
    if not isinstance(value, str) or not value.strip():
        raise BadRule(field, "ska vara en text; tal skrivs som text.")
    return value.strip()


def _one_of(
    table: Mapping[str, object],
    field: str,
    choices: Sequence[str],
    default: str | None = None,
) -> str:
    if default is not None and field not in table:
        return default
    value = _text(table, field)
    if value not in choices:
        raise BadRule(field, f"”{value}” finns inte. Välj bland {', '.join(choices)}.")
    return value


def _whole(table: Mapping[str, object], field: str) -> int:
    value = _text(table, field)
    if not (value.isascii() and value.isdigit() and int(value) > 0):
        raise BadRule(field, f"”{value}” ska vara ett helt tal från 1.")
    return int(value)


def _share(table: Mapping[str, object], field: str) -> int:
    value = _text(table, field)
    if not (value.isascii() and value.isdigit() and int(value) <= WHOLE):
        raise BadRule(field, f"”{value}” ska vara hela procent, 0 till 100.")
    return int(value)


def _number(table: Mapping[str, object], field: str) -> Fraction:
    value = _text(table, field)
    try:
        return Fraction(kronor(value))
    except NotAnAmount:
        raise BadRule(field, f"”{value}” ska vara ett tal.") from None


def _rounding(table: Mapping[str, object]) -> int:
    value = _text(table, "rounding")
    if value not in ("0.01", "1"):
        raise BadRule("rounding", "avrunda till öre (0.01) eller kronor (1).")
    return ore(kronor(value))


def _first_of_month(table: Mapping[str, object]) -> date:
    value = _text(table, "first_day")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise BadRule("first_day", f"”{value}” är ingen dag.") from None
    if day.day != 1:
        raise BadRule("first_day", "regler börjar gälla den första i en månad.")
    return day


def _instant(table: Mapping[str, object], field: str) -> datetime:
    value = _text(table, field)
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise BadRule(field, f"”{value}” är ingen tidpunkt.") from None
    if instant.tzinfo is None:
        raise BadRule(field, "tidpunkten behöver tidszon, till exempel +00:00.")
    return instant


def _table(table: Mapping[str, object], field: str) -> Mapping[str, object]:
    value = table.get(field)
    if not isinstance(value, Mapping):
        raise BadRule(field, "ska vara en tabell.")
    return value


def _rows(table: Mapping[str, object], field: str) -> Sequence[Mapping[str, object]]:
    value = table.get(field)
    rows = value if isinstance(value, list) else None
    if rows is None or not all(isinstance(row, Mapping) for row in rows):
        raise BadRule(field, "ska vara en lista med rader.")
    return rows
