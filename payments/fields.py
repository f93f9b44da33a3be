"""The fields of a rule set as pages show them: Swedish names, choices, defaults."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from payments.calendar import NAMES

Choices = tuple[tuple[str, str], ...]
"""Each value with its Swedish words."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the rule file. `default` None: it must be said."""

    name: str
    label: str
    kind: str
    """text, choice, number, percent, step, day, instant, clock, rows or table."""
    hint: str = ""
    choices: Choices = ()
    default: str | None = None
    fields: tuple["Field", ...] = ()
    """The fields of a row, or of the table."""
    basis: str = ""
    """The only basis that it belongs to."""


STEP: Choices = (("0.01", "öre"), ("1", "hela kronor"))
BASIS: Choices = (
    ("day", "per dag"),
    ("month", "per månad"),
    ("hour", "per timme"),
    ("schablon_days", "dagspris × faktor × dagar i veckan, per månad"),
    ("bundled", "dagens timmar räknas om till enheter"),
)
COUNTED: Choices = (
    ("planned_less_unpaid_absence", "planerade dagar minus obetald frånvaro"),
    ("ordered_time", "beställd tid oavsett närvaro"),
    ("attended", "dagar med närvaro"),
)
MEASURE: Choices = (
    ("planned_days_a_week", "planerade dagar i veckan"),
    ("planned_hours_a_week", "planerade timmar i veckan"),
    ("planned_hours_a_day", "planerade timmar varje dag"),
    ("counted_hours_a_day", "timmar som räknas varje dag"),
)
PRORATION: Choices = (
    ("calendar_days", "kalenderdagar"),
    ("weekdays", "vardagar, måndag till fredag"),
    ("planned_days", "planerade dagar"),
    ("none", "inte alls"),
)
RANGE = (
    Field("from", "Från och med", "number", default=""),
    Field("above", "Över", "number", default=""),
    Field("to", "Till och med", "number", default=""),
    Field("below", "Under", "number", default=""),
)
DAY_NUMBERS = (
    Field("from", "Från dag", "number", default="1"),
    Field("to", "Till och med dag", "number", "Tomt: och framåt.", default=""),
)
SHARE = Field("share", "Betalas, procent", "percent")
EFFECTS: Choices = tuple(NAMES.items())
ABSENCE = (
    Field("effect", "Vad dagen är", "choice", choices=EFFECTS),
    *DAY_NUMBERS,
    SHARE,
    Field(
        "counting",
        "Dagarna räknas som",
        "choice",
        choices=(
            ("planned_days", "planerade dagar"),
            ("calendar_days", "kalenderdagar"),
        ),
        default="planned_days",
    ),
    Field(
        "restart",
        "Räkningen börjar om",
        "choice",
        choices=(
            ("attended", "efter en dag med närvaro"),
            ("month", "varje månad"),
            ("calendar_year", "varje kalenderår"),
        ),
        default="attended",
    ),
    Field("group", "Räknas ihop under", "text", "Tomt: för sig.", default=""),
)
NOTICE = (
    Field("hours", "Timmar före", "number", default=""),
    Field("days", "Dagar före", "number", default=""),
    Field("by", "Senast klockan", "clock", default=""),
)
PAUSE = (
    *DAY_NUMBERS,
    SHARE,
    Field(
        "place",
        "Platsen",
        "choice",
        choices=(("", "båda"), ("kept", "behålls"), ("given_up", "lämnas")),
        default="",
    ),
)
AFTER_END = (
    Field("reason", "Skäl till slutet", "text", "Skälets kod."),
    Field(
        "from",
        "Räknas från",
        "choice",
        choices=(("end", "slutet"), ("notice", "dagen då det meddelades")),
        default="end",
    ),
    Field("days", "Kalenderdagar", "number", default=""),
    Field(
        "until",
        "Eller",
        "choice",
        choices=(("", "antal dagar"), ("month_end", "månaden ut")),
        default="",
    ),
    SHARE,
)
SUPPLEMENTS = (
    Field("code", "Kod", "text", "Högst 28 av a–z, 0–9, - och _."),
    Field("name", "Namn", "text"),
    Field(
        "per",
        "Betalas",
        "choice",
        choices=(("day", "per dag"), ("month", "per månad"), ("once", "en gång")),
    ),
    Field(
        "counted",
        "Dagar som räknas",
        "choice",
        choices=(
            ("paid_days", "dagar som betalas"),
            ("attended", "dagar med närvaro"),
            ("planned_days", "planerade dagar"),
            ("calendar_days", "kalenderdagar"),
        ),
        default="paid_days",
    ),
    Field(
        "proof",
        "Underlag",
        "choice",
        choices=(("not_needed", "behövs inte"), ("needed", "behövs")),
        default="not_needed",
    ),
    Field(
        "amounts",
        "Belopp",
        "rows",
        "Utan belopp är tillägget individuellt.",
        default="",
        fields=(Field("from", "Från", "day"), Field("amount", "Kronor", "number")),
    ),
)
VAT = (
    Field(
        "kind",
        "Momskompensation",
        "choice",
        choices=(
            ("none", "ingen"),
            ("included", "ingår i priset"),
            ("added", "läggs till"),
        ),
    ),
    Field("percent", "Procent", "percent"),
    Field(
        "regi",
        "Gäller",
        "choice",
        choices=(("extern", "extern"), ("intern", "egen regi"), ("alla", "alla")),
        default="extern",
    ),
)
FIELDS: tuple[Field, ...] = (
    Field("name", "Namn", "text"),
    Field("source", "Källa", "text", "Var regeln står, och vad som är antaget."),
    Field("first_day", "Första dag", "day", "Den första i en månad."),
    Field("revision", "Version", "number"),
    Field("decided_at", "Beslutad", "instant"),
    Field("basis", "Vad som betalas", "choice", choices=BASIS),
    Field("counted", "Vad som räknas", "choice", choices=COUNTED),
    Field(
        "extent",
        "Omfattningsklasser",
        "table",
        fields=(
            Field("measure", "Mäts i", "choice", choices=MEASURE),
            Field(
                "classes",
                "Klasser",
                "rows",
                fields=(Field("name", "Namn", "text"), *RANGE),
            ),
        ),
    ),
    Field("absence", "Frånvaro", "rows", fields=ABSENCE),
    Field("proration", "Del av månad vid start och slut", "choice", choices=PRORATION),
    Field(
        "proration_change",
        "Del av månad vid ändring",
        "choice",
        choices=(("", "samma som vid start och slut"), *PRORATION),
        default="",
    ),
    Field(
        "part_days",
        "Delar av dagar",
        "choice",
        choices=(("by_minutes", "efter minuter"), ("whole_day", "hela dagar")),
    ),
    Field("pause_share", "Uppehåll, procent", "percent"),
    Field("pause", "Uppehåll efter dag", "rows", default="", fields=PAUSE),
    Field(
        "not_reported",
        "När närvaro inte är rapporterad",
        "choice",
        choices=(
            ("waits", "enheten väntar"),
            ("plan_is_paid", "planen betalas och stäms av senare"),
            ("not_needed", "närvaro behövs inte"),
        ),
    ),
    Field(
        "same_hours",
        "Samma timmar på två placeringar",
        "choice",
        choices=(("held", "hålls inne"), ("paid", "betalas")),
    ),
    Field("rounding", "Raden avrundas till", "step", choices=STEP),
    Field(
        "rate_rounding",
        "Priset avrundas till",
        "step",
        choices=STEP,
        default="0.01",
    ),
    Field(
        "schablon_factor",
        "Faktor",
        "number",
        "Dagspris × faktor × planerade dagar i veckan.",
        default="",
        basis="schablon_days",
    ),
    Field(
        "bundles",
        "Timmar till enheter",
        "rows",
        default="",
        fields=(*RANGE, Field("units", "Enheter", "number")),
        basis="bundled",
    ),
    Field("notice", "Anmälan i tid", "table", default="", fields=NOTICE),
    Field("after_end", "Efter slutet", "rows", default="", fields=AFTER_END),
    Field(
        "concurrent",
        "Flera placeringar samtidigt",
        "choice",
        choices=(
            ("own", "egen klass för varje placering"),
            ("total", "samlad klass gånger andel"),
            ("main", "bara huvudplaceringen betalas"),
        ),
        default="own",
    ),
    Field("supplements", "Tillägg", "rows", default="", fields=SUPPLEMENTS),
    Field("vat", "Momskompensation", "table", default="", fields=VAT),
    Field(
        "late_months",
        "Månader att rapportera i efterhand",
        "number",
        "Tomt: ingen gräns.",
        default="",
    ),
    Field(
        "change_weeks",
        "Veckor till ändrad omfattning",
        "number",
        "Tomt: regleras inte.",
        default="",
    ),
)
BY_NAME: Mapping[str, Field] = MappingProxyType({one.name: one for one in FIELDS})
