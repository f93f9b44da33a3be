"""Every fault of a rule set is refused by its field, in words that say what to do."""

from collections.abc import Mapping

import pytest

from payments import RuleSet
from payments.errors import BadRule
from tests.engines.payfacts import GOTEBORG, TYRESO, changed

WEEK = {"measure": "planned_days_a_week"}
BY_DAY = {
    "measure": "planned_hours_a_day",
    "classes": [{"name": "plats", "from": "0"}],
}
ALL = [{"name": "plats", "from": "0"}]
LOW = "”till och med 6 timmar räknas som 0”"
NOTIFIED = {"effect": "notified", "share": "0"}
LEAVE = {"effect": "leave", "share": "0"}
HSL = {"code": "hsl", "name": "Egen HSL", "per": "day"}
NEEDED = "behövs för den här räknegrunden."
NOT_OF_IT = "hör inte till den här räknegrunden."
LAWFUL = "ska gå från dag 1 och framåt utan glapp och överlapp."


def classes(*rows: Mapping[str, str]) -> dict[str, object]:
    return {"extent": {**WEEK, "classes": list(rows)}}


def absence(*rows: Mapping[str, str]) -> dict[str, object]:
    return {"absence": list(rows)}


def supplement(**told: object) -> dict[str, object]:
    return {"supplements": [{**HSL, **told}]}


def amounts(*rows: tuple[str, str]) -> dict[str, object]:
    told = [{"from": day, "amount": amount} for day, amount in rows]
    return supplement(amounts=told)


def bundles(*rows: Mapping[str, str]) -> dict[str, object]:
    return {"basis": "bundled", "bundles": list(rows)}


DAY_FAULTS: dict[str, tuple[dict[str, object], str, str]] = {
    "unknown field": ({"sort": "x"}, "regler", "okänt fält sort."),
    "two unknown fields": ({"z": "1", "a": "1"}, "regler", "okänt fält a, z."),
    "missing field": ({"source": None}, "regler", "fältet source saknas."),
    "two missing fields": (
        {"source": None, "name": None},
        "regler",
        "fältet name, source saknas.",
    ),
    "a number": ({"name": 1}, "name", "ska vara en text; tal skrivs som text."),
    "spaces only": ({"name": " "}, "name", "ska vara en text; tal skrivs som text."),
    "no such choice": (
        {"part_days": "halva"},
        "part_days",
        "”halva” finns inte. Välj bland by_minutes, whole_day.",
    ),
    "not the first": (
        {"first_day": "2020-01-02"},
        "first_day",
        "regler börjar gälla den första i en månad.",
    ),
    "no day": ({"first_day": "2020-02-30"}, "first_day", "”2020-02-30” är ingen dag."),
    "no whole number": (
        {"revision": "0"},
        "revision",
        "”0” ska vara ett helt tal från 1.",
    ),
    "a part of a number": (
        {"revision": "1.5"},
        "revision",
        "”1.5” ska vara ett helt tal från 1.",
    ),
    "too many": (
        {"late_months": "100001"},
        "late_months",
        "”100001” ska vara ett helt tal från 1.",
    ),
    "no instant": ({"decided_at": "nu"}, "decided_at", "”nu” är ingen tidpunkt."),
    "no time zone": (
        {"decided_at": "2020-01-01T10:00"},
        "decided_at",
        "tidpunkten behöver tidszon, till exempel +00:00.",
    ),
    "over a hundred": (
        {"pause_share": "101"},
        "pause_share",
        "”101” ska vara hela procent, 0 till 100.",
    ),
    "part of a per cent": (
        {"pause_share": "12,5"},
        "pause_share",
        "”12,5” ska vara hela procent, 0 till 100.",
    ),
    "an odd step": (
        {"rounding": "10"},
        "rounding",
        "avrunda till öre (0.01) eller kronor (1).",
    ),
    "an odd step of the rate": (
        {"rate_rounding": "0.1"},
        "rate_rounding",
        "avrunda till öre (0.01) eller kronor (1).",
    ),
    "no table": ({"extent": []}, "extent", "ska vara en tabell."),
    "an extent without classes": ({"extent": WEEK}, "extent", "fältet classes saknas."),
    "an extent with more": (
        {"extent": {**WEEK, "classes": ALL, "x": "1"}},
        "extent",
        "okänt fält x.",
    ),
    "no rows": ({"absence": {}}, "absence", "ska vara en lista med rader."),
    "rows that are texts": (
        {"absence": ["A"]},
        "absence",
        "ska vara en lista med rader.",
    ),
    "no class": (classes(), "classes", "minst en omfattningsklass behövs."),
    "classes that meet": (
        classes({"name": "a", "from": "1", "to": "3"}, {"name": "b", "from": "3"}),
        "classes",
        "klasserna a och b går in i varandra.",
    ),
    "one name twice": (
        classes({"name": "a", "from": "1", "to": "2"}, {"name": "a", "from": "3"}),
        "classes",
        "klasserna a och a går in i varandra.",
    ),
    "a class from nowhere": (
        classes({"name": "a", "to": "3"}),
        "classes",
        "en klass behöver from eller above.",
    ),
    "two lower bounds": (
        classes({"name": "a", "from": "1", "above": "1"}),
        "classes",
        "ange bara en av from och above.",
    ),
    "two upper bounds": (
        classes({"name": "a", "from": "1", "to": "2", "below": "2"}),
        "classes",
        "ange bara en av to och below.",
    ),
    "a class backwards": (
        classes({"name": "a", "from": "3", "to": "2"}),
        "classes",
        "en rad går från ett lägre till ett högre tal.",
    ),
    "a class of nothing": (
        classes({"name": "a", "from": "3", "below": "3"}),
        "classes",
        "en rad går från ett lägre till ett högre tal.",
    ),
    "a long name": (
        classes({"name": "a" * 41, "from": "1"}),
        "classes",
        f"namnet {'a' * 41} är längre än 40 tecken.",
    ),
    "a bound in words": (
        classes({"name": "a", "from": "ett"}),
        "from",
        "”ett” ska vara ett tal.",
    ),
    "a class with more": (
        classes({"name": "a", "from": "1", "x": "1"}),
        "classes",
        "okänt fält x.",
    ),
    "an effect without a beginning": (
        absence({**NOTIFIED, "from": "2"}),
        "absence",
        f"notified {LAWFUL}",
    ),
    "an effect without an end": (
        absence({**NOTIFIED, "to": "2"}),
        "absence",
        f"notified {LAWFUL}",
    ),
    "a gap": (
        absence(
            {**NOTIFIED, "to": "2"},
            {**NOTIFIED, "from": "4"},
        ),
        "absence",
        f"notified {LAWFUL}",
    ),
    "nothing said of an effect": (absence(), "absence", "notified saknar rad."),
    "a group counted in two ways": (
        absence(
            {
                "effect": "leave",
                "share": "0",
                "group": "g",
                "counting": "calendar_days",
            },
            {"effect": "late", "share": "0", "group": "g"},
            {"effect": "notified", "share": "0"},
            {"effect": "not_notified", "share": "0"},
            {"effect": "closed", "share": "0"},
            {"effect": "planning_day", "share": "0"},
            {"effect": "other_unit", "share": "0"},
        ),
        "absence",
        "raderna i g räknar på olika sätt.",
    ),
    "notice of two kinds": (
        {"notice": {"hours": "1", "days": "1"}},
        "notice",
        "ange hours, eller days och by.",
    ),
    "days without a time": (
        {"notice": {"days": "1"}},
        "notice",
        "ange hours, eller days och by.",
    ),
    "notice with more": ({"notice": {"x": "1"}}, "notice", "okänt fält x."),
    "no clock time": (
        {"notice": {"days": "1", "by": "24:00"}},
        "by",
        "”24:00” är inget klockslag. Skriv till exempel 15:00.",
    ),
    "a pause with more": (
        {"pause": [{"share": "0", "x": "1"}]},
        "pause",
        "okänt fält x.",
    ),
    "a pause with a gap": (
        {"pause": [{"share": "50", "to": "14"}, {"share": "0", "from": "16"}]},
        "pause",
        f"plats som behålls {LAWFUL}",
    ),
    "a pause of places kept only": (
        {"pause": [{"share": "50", "place": "kept"}]},
        "pause",
        "plats som lämnas saknar rad.",
    ),
    "an end twice": (
        {"after_end": [{"reason": "a", "days": "1", "share": "0"}] * 2},
        "after_end",
        "a står på två rader.",
    ),
    "an end without days": (
        {"after_end": [{"reason": "a", "share": "0"}]},
        "after_end",
        "ange en av days och until.",
    ),
    "an end with more": (
        {"after_end": [{"reason": "a", "days": "1", "share": "0", "x": "1"}]},
        "after_end",
        "okänt fält x.",
    ),
    "an end until something": (
        {"after_end": [{"reason": "a", "until": "later", "share": "0"}]},
        "until",
        "”later” finns inte. Välj bland month_end.",
    ),
    "a code twice": (
        {"supplements": [HSL, HSL]},
        "supplements",
        "hsl står på två rader.",
    ),
    "a code in capitals": (
        supplement(code="HSL"),
        "code",
        "”HSL” ska vara högst 28 av a–z, 0–9, - och _.",
    ),
    "a supplement with more": (supplement(x="1"), "supplements", "okänt fält x."),
    "no amounts": (
        amounts(),
        "amounts",
        "ange belopp i dagarnas ordning, en rad en dag.",
    ),
    "amounts backwards": (
        amounts(("2020-02-01", "9"), ("2020-01-01", "9")),
        "amounts",
        "ange belopp i dagarnas ordning, en rad en dag.",
    ),
    "an amount of nought": (
        amounts(("2020-01-01", "0")),
        "amount",
        "beloppet ska vara över noll.",
    ),
    "an amount with more": (
        supplement(amounts=[{"from": "2020-01-01", "amount": "1", "x": "1"}]),
        "amounts",
        "okänt fält x.",
    ),
    "no proof of a kind": (
        supplement(proof="maybe"),
        "proof",
        "”maybe” finns inte. Välj bland needed, not_needed.",
    ),
    "VAT without a kind": ({"vat": {}}, "vat", "fältet kind saknas."),
    "VAT with more": ({"vat": {"kind": "none", "x": "1"}}, "vat", "okänt fält x."),
    "VAT of nothing": (
        {"vat": {"kind": "added", "percent": "0"}},
        "percent",
        "ska vara över noll.",
    ),
    "VAT of nobody": (
        {"vat": {"kind": "added", "percent": "6", "regi": "egen"}},
        "regi",
        "”egen” finns inte. Välj bland extern, intern, alla.",
    ),
    "hours by whole days": (
        {"basis": "hour", "part_days": "whole_day"},
        "part_days",
        "timmar räknas på minuter (by_minutes).",
    ),
    "bundles by whole days": (
        {**bundles({"units": "1"}), "part_days": "whole_day"},
        "part_days",
        "timmar räknas på minuter (by_minutes).",
    ),
    "no bundles": ({"basis": "bundled"}, "bundles", NEEDED),
    "bundles of another basis": (
        {"bundles": [{"units": "1"}]},
        "bundles",
        NOT_OF_IT,
    ),
    "bundles that meet": (
        bundles({"to": "6", "units": "0"}, {"from": "6", "units": "1"}),
        "bundles",
        f"{LOW} och ”från 6 timmar räknas som 1” går in i varandra.",
    ),
    "a bundle with more": (
        bundles({"units": "1", "x": "1"}),
        "bundles",
        "okänt fält x.",
    ),
    "less than nought units": (
        bundles({"units": "-1"}),
        "units",
        "antalet ska vara noll eller mer.",
    ),
    "a bundle with two lower bounds": (
        bundles({"units": "1", "from": "1", "above": "1"}),
        "bundles",
        "ange bara en av from och above.",
    ),
    "a bundle backwards": (
        bundles({"units": "1", "from": "3", "to": "2"}),
        "bundles",
        "en rad går från ett lägre till ett högre tal.",
    ),
    "absence with more": (absence({**LEAVE, "x": "1"}), "absence", "okänt fält x."),
    "an effect in two groups": (
        absence(
            {**NOTIFIED, "to": "2", "group": "a"},
            {**NOTIFIED, "from": "3", "group": "b"},
            *({"effect": e, "share": "0"} for e in ("leave", "late", "closed")),
            *({"effect": e, "share": "0"} for e in ("not_notified", "planning_day")),
            {"effect": "other_unit", "share": "0"},
        ),
        "absence",
        "raderna för notified har olika group.",
    ),
    "extra days counted as absence": (
        absence(
            {"effect": "extra", "to": "2", "share": "100"},
            {"effect": "extra", "from": "3", "share": "0"},
            *({"effect": e, "share": "0"} for e in ("notified", "late", "leave")),
            *({"effect": e, "share": "0"} for e in ("not_notified", "closed")),
            *({"effect": e, "share": "0"} for e in ("planning_day", "other_unit")),
        ),
        "absence",
        "närvaro räknas inte i frånvarodagar.",
    ),
    "a factor of another basis": (
        {"schablon_factor": "4.2"},
        "schablon_factor",
        NOT_OF_IT,
    ),
    "a factor of nought": (
        {"schablon_factor": "0"},
        "schablon_factor",
        "ska vara över noll.",
    ),
    "a class a day of placements together": (
        {"extent": BY_DAY, "concurrent": "total"},
        "concurrent",
        "samlad klass räknas på veckoplanen, inte dagen.",
    ),
    "days that need no report": (
        {"not_reported": "not_needed"},
        "not_reported",
        "dagpris räknas på rapporterad närvaro.",
    ),
    "days here counted as absence": (
        absence(
            {"effect": "attended", "to": "2", "share": "100"},
            {"effect": "attended", "from": "3", "share": "0"},
            *({"effect": e, "share": "0"} for e in ("notified", "late", "leave")),
            *({"effect": e, "share": "0"} for e in ("not_notified", "closed")),
            *({"effect": e, "share": "0"} for e in ("planning_day", "other_unit")),
        ),
        "absence",
        "närvaro räknas inte i frånvarodagar.",
    ),
}
MONTH_FAULTS: dict[str, tuple[dict[str, object], str, str]] = {
    "days counted": (
        {"counted": "attended"},
        "counted",
        "månadspris räknas på beställd tid (ordered_time).",
    ),
    "a class a day": (
        {"extent": BY_DAY},
        "measure",
        "månadspris har en klass för placeringen, inte dagen.",
    ),
    "two ways at once": (
        {"proration_change": "weekdays"},
        "proration_change",
        "räkna som proration, eller välj none.",
    ),
    "no factor": ({"basis": "schablon_days"}, "schablon_factor", NEEDED),
}


def refused(rules: RuleSet, fields: dict[str, object]) -> tuple[str, str]:
    with pytest.raises(BadRule) as found:
        changed(rules, **fields)
    return found.value.where, found.value.why


@pytest.mark.parametrize(
    ("fields", "where", "why"), DAY_FAULTS.values(), ids=DAY_FAULTS.keys()
)
def test_a_fault_is_told_at_its_field(
    fields: dict[str, object], where: str, why: str
) -> None:
    assert refused(TYRESO, fields) == (where, why)


@pytest.mark.parametrize(
    ("fields", "where", "why"), MONTH_FAULTS.values(), ids=MONTH_FAULTS.keys()
)
def test_a_fault_of_a_month_is_told_at_its_field(
    fields: dict[str, object], where: str, why: str
) -> None:
    assert refused(GOTEBORG, fields) == (where, why)
