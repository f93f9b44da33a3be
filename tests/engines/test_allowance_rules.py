"""Rules on what people are paid for taking part: read, refused and in force."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from payments.allowance_presets import PRESETS, preset
from payments.allowance_rules import (
    AllowanceRules,
    MissingBaseAmount,
    effects_in_words,
    known_allowance,
    read_allowance,
)
from payments.calendar import EFFECTS
from payments.errors import BadRule
from payments.month import Month

MARCH = Month(2020, 3)
BASE_2020 = 4730000
GOTEBORG, KRISTIANSTAD = preset("goteborg-2020"), preset("kristianstad-2018")
SOLLENTUNA = preset("sollentuna")
PERCENT = (
    "Göteborg 2020: 0,168 % av prisbasbeloppet 47 300,00 kr per halv dag, "
    "avrundat 79,00 kr"
)
DECIDED = {"revision": "1", "decided_at": "2018-01-01T00:00:00+00:00"}


@pytest.mark.parametrize(
    ("minutes", "kind"),
    [(59, None), (60, "half"), (239, "half"), (240, "full")],
)
def test_limits_belong_to_the_longer_day(minutes: int, kind: str | None) -> None:
    assert GOTEBORG.kind_of_day(minutes) == kind


@pytest.mark.parametrize(
    ("hours", "least", "minutes", "paid"),
    [
        ("exact", 0, 95, 95),
        ("whole", 0, 95, 60),
        ("whole", 0, 59, 0),
        ("started", 0, 95, 120),
        ("started", 0, 120, 120),
        ("started", 0, 0, 0),
        ("exact", 60, 59, 0),
        ("exact", 60, 60, 60),
    ],
)
def test_minutes_become_hours_by_the_rule(
    hours: str, least: int, minutes: int, paid: int
) -> None:
    rules = replace(SOLLENTUNA, hours=hours, least=least)
    assert rules.paid_minutes(minutes) == paid


def test_a_new_decision_counts_from_its_first_day_when_it_is_known() -> None:
    later = replace(
        GOTEBORG,
        name="Höjd",
        first_day=date(2020, 4, 1),
        decided_at=datetime(2020, 5, 1, tzinfo=UTC),
    )
    sets = [GOTEBORG, later]
    soon, late = (datetime(2020, n, 15, tzinfo=UTC) for n in (4, 6))
    assert known_allowance(sets, Month(2020, 4), soon) is GOTEBORG
    assert known_allowance(sets, Month(2020, 4), late) is later
    assert known_allowance(sets, MARCH, late) is GOTEBORG
    assert known_allowance(sets, Month(2019, 12), late) is None


def test_of_two_decisions_for_the_same_day_the_later_revision_counts() -> None:
    second = replace(GOTEBORG, name="Andra", revision=2)
    at = datetime(2020, 5, 1, tzinfo=UTC)
    assert known_allowance([second, GOTEBORG], MARCH, at) is second
    assert known_allowance([GOTEBORG], MARCH, GOTEBORG.decided_at) is GOTEBORG


@pytest.mark.parametrize(
    ("rules", "kind", "rate", "told"),
    [
        (KRISTIANSTAD, "full", 5400, "Kristianstad 2018: 54,00 kr per hel dag"),
        (KRISTIANSTAD, "half", 3900, "Kristianstad 2018: 39,00 kr per halv dag"),
        (SOLLENTUNA, "hour", 800, "Sollentuna: 8,00 kr per timme"),
        (
            GOTEBORG,
            "half",
            7900,
            PERCENT,
        ),
    ],
)
def test_rules_tell_what_made_the_rate(
    rules: AllowanceRules, kind: str, rate: int, told: str
) -> None:
    assert plain(rules.told(kind, rate, BASE_2020)) == told


def test_a_rate_in_oren_is_rounded_to_them() -> None:
    assert replace(GOTEBORG, rounding=1).rate("full", BASE_2020, 2020) == 11352


def test_what_counts_is_said_in_the_engines_order() -> None:
    words = effects_in_words(frozenset({"extra", "attended"}))
    assert words == "närvarande, närvarande utanför planen"


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("goteborg-2020", {"full": "0,24 %"}),
        ("goteborg-2020", {"full": "101"}),
        ("goteborg-2020", {"full": "0.1"}),
        ("goteborg-2020", {"full": "0"}),
        ("goteborg-2020", {"full": "0.240001"}),
        ("goteborg-2020", {"full": ".24"}),
        ("goteborg-2020", {"full": 0.24}),
        ("goteborg-2020", {"half_from": "240"}),
        ("goteborg-2020", {"half_from": "0"}),
        ("goteborg-2020", {"first_day": "2020-01-02"}),
        ("goteborg-2020", {"first_day": "i dag"}),
        ("goteborg-2020", {"kind": "annat"}),
        ("goteborg-2020", {"hour": "8"}),
        ("goteborg-2020", {"counted": []}),
        ("goteborg-2020", {"counted": ["sick"]}),
        ("goteborg-2020", {"counted": [["attended"]]}),
        ("goteborg-2020", {"counted": "attended"}),
        ("goteborg-2020", {"payer": {"extern": "municipality"}}),
        ("goteborg-2020", {"payer": {"extern": "x", "intern": "municipality"}}),
        ("goteborg-2020", {"rounding": "10"}),
        ("goteborg-2020", {"month_max": "0"}),
        ("kristianstad-2018", {"full": "54,001"}),
        ("sollentuna", {"hours": "some"}),
        ("sollentuna", {"least": "-1"}),
    ],
)
def test_rules_that_cannot_be_read_are_refused_by_name(
    name: str, changed: Mapping[str, object]
) -> None:
    with pytest.raises(BadRule):
        read_allowance({**PRESETS[name], **DECIDED, **changed})


@pytest.mark.parametrize(
    ("name", "changed", "where", "why"),
    [
        (
            "goteborg-2020",
            {"first_day": "2020-01-02"},
            "first_day",
            "reglerna ska gälla från den första i en månad.",
        ),
        (
            "goteborg-2020",
            {"full": "101"},
            "full",
            "procenten ska vara över 0 och högst 100.",
        ),
        (
            "goteborg-2020",
            {"half": "0"},
            "half",
            "procenten ska vara över 0 och högst 100.",
        ),
        (
            "goteborg-2020",
            {"full": "ett"},
            "full",
            "”ett” ska vara procent, till exempel 0,24.",
        ),
        (
            "goteborg-2020",
            {"half_from": "240"},
            "half_from",
            "en halv dag ska börja före en hel.",
        ),
        (
            "goteborg-2020",
            {"half": "0.3"},
            "half",
            "en halv dag ska inte ge mer än en hel.",
        ),
        (
            "goteborg-2020",
            {"payer": {}},
            "payer",
            "säg vem som betalar för extern och för intern regi.",
        ),
        (
            "goteborg-2020",
            {"hour": "8"},
            "habiliteringsersättning",
            "okänt fält hour.",
        ),
        (
            "sollentuna",
            {"least": "-1"},
            "least",
            "”-1” ska vara ett helt tal från 1.",
        ),
        (
            "sollentuna",
            {"counted": []},
            "counted",
            (
                "välj minst en bland attended, closed, extra, late, leave, "
                "not_notified, notified, other_unit, planning_day."
            ),
        ),
        (
            "sollentuna",
            {"full": "8"},
            "habiliteringsersättning",
            "okänt fält full.",
        ),
    ],
)
def test_a_refused_rule_says_where_and_why(
    name: str, changed: Mapping[str, object], where: str, why: str
) -> None:
    with pytest.raises(BadRule) as told:
        read_allowance({**PRESETS[name], **DECIDED, **changed})
    assert str(told.value) == f"Regeln ”{where}”: {why}"


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("100", Fraction(100)),
        ("0,24", Fraction("0.24")),
        (" 0.24001 ", Fraction("0.24001")),
    ],
)
def test_a_share_is_read_as_people_write_it(text: str, share: Fraction) -> None:
    table = {**PRESETS["goteborg-2020"], **DECIDED, "full": text}
    assert read_allowance(table).full == share


def test_a_half_day_may_give_as_much_as_a_full_one() -> None:
    table = {**PRESETS["goteborg-2020"], **DECIDED, "half": "0.24"}
    assert read_allowance(table).half == Fraction("0.24")


def test_all_effects_may_count() -> None:
    every = list(EFFECTS.values())
    table = {**PRESETS["sollentuna"], **DECIDED, "counted": every}
    assert read_allowance(table).counted == frozenset(every)


COMMON = {
    "first_day": date(2018, 1, 1),
    "revision": 1,
    "decided_at": datetime(2018, 1, 1, tzinfo=UTC),
    "rounding": 100,
    "counted": frozenset({"attended", "extra"}),
    "payer": {"extern": "municipality", "intern": "municipality"},
    "month_max": None,
}


def test_rules_by_the_day_are_read_whole() -> None:
    assert preset("kristianstad-2018") == AllowanceRules(
        **COMMON,  # type: ignore[arg-type]
        name="Kristianstad 2018",
        source="Kristianstad 2018, fasta belopp",
        kind="fixed",
        full=Fraction(54),
        half=Fraction(39),
        full_from=240,
        half_from=60,
        hour=Fraction(0),
        hours="exact",
        least=0,
    )


def test_rules_by_the_hour_are_read_whole() -> None:
    table = {
        **PRESETS["sollentuna"],
        **DECIDED,
        "hour": "8,50",
        "least": "30",
        "month_max": "1000",
    }
    read = AllowanceRules(
        **COMMON,  # type: ignore[arg-type]
        name="Sollentuna",
        source="Sollentuna, per närvarotimme",
        kind="hour",
        full=Fraction(0),
        half=Fraction(0),
        full_from=0,
        half_from=0,
        hour=Fraction("8.5"),
        hours="whole",
        least=0,
    )
    assert preset("sollentuna") == replace(read, hour=Fraction(8))
    assert read_allowance(table) == replace(read, least=30, month_max=100000)


@pytest.mark.parametrize(
    ("name", "field"),
    [(name, field) for name, table in PRESETS.items() for field in (*table, *DECIDED)],
)
def test_every_field_of_the_kind_is_needed(name: str, field: str) -> None:
    table = {**PRESETS[name], **DECIDED}
    del table[field]
    with pytest.raises(BadRule, match=field):
        read_allowance(table)


def test_a_year_without_base_amount_is_named() -> None:
    with pytest.raises(MissingBaseAmount, match="Prisbasbeloppet för 2031 saknas"):
        GOTEBORG.rate("full", None, 2031)


def test_a_fixed_amount_keeps_its_oren() -> None:
    table = {**PRESETS["kristianstad-2018"], **DECIDED, "full": "54,50"}
    assert read_allowance(table).rate("full", None, 2020) == 5450


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")
