"""What differs between two versions is said part by part, and nothing else is."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given

from assessment import (
    Change,
    Instrument,
    Interval,
    LevelRule,
    RuleKind,
    canonical_text,
    difference,
)
from tests.engines import published_instruments as make
from tests.engines.instrument_strategies import instruments, steady
from tests.engines.level_rule_builders import decision, table

OLD = make.instrument()


def changed(**parts: object) -> list[tuple[str, str, str, str, str]]:
    return [as_row(change) for change in difference(OLD, replace(OLD, **parts))]


def as_row(change: Change) -> tuple[str, str, str, str, str]:
    return (change.kind, change.place, change.what, change.before, change.after)


def questions(*asked: object) -> dict[str, object]:
    return {"domains": (replace(OLD.domains[0], questions=asked),)}


@steady
@given(instruments(), instruments())
def test_there_is_a_difference_exactly_when_the_texts_differ(
    one: Instrument, other: Instrument
) -> None:
    assert difference(one, one) == ()
    differ = canonical_text(one) != canonical_text(other)
    assert bool(difference(one, other)) is differ


def test_a_changed_weight_is_said_with_before_and_after() -> None:
    a, b = OLD.questions()
    assert changed(**questions(replace(a, weight=Decimal("0.04186")), b)) == [
        ("changed", "frågan ”a”", "vikt", "1", "0,04186")
    ]


def test_a_changed_limit_is_said_in_words() -> None:
    limits = [make.between("1", "0", "4"), make.between("2", "4", "6", ends="(]")]
    assert changed(limits=tuple(limits)) == [
        (
            "changed",
            "gränsen för nivå ”1”",
            "poäng",
            "från och med 0 till och med 3",
            "från och med 0 till och med 4",
        ),
        (
            "changed",
            "gränsen för nivå ”2”",
            "poäng",
            "från och med 4 till och med 6",
            "över 4 till och med 6",
        ),
    ]


def test_new_and_removed_questions_are_said_whole() -> None:
    a, _ = OLD.questions()
    new = make.question("c", shown_when=(make.at_least("a", "2"),))
    added, removed = changed(**questions(a, new))
    assert added[:4] == ("added", "frågan ”c”", "", "")
    assert "ställs när: frågan ”a” ger minst 2" in added[4]
    assert removed[:3] == ("removed", "frågan ”b”", "")
    assert removed[4] == ""


def test_questions_in_another_order_are_moved() -> None:
    a, b = OLD.questions()
    assert changed(**questions(b, a)) == [
        ("moved", "frågor", "ordning", "a, b", "b, a")
    ]


def test_new_rules_decisions_tables_and_intervals_are_said() -> None:
    floor = LevelRule("g", RuleKind.FLOOR, "Golv", (make.at_least("a", "3"),), "2")
    found = changed(
        rules=(floor,),
        decisions=(decision("annars", "1"),),
        tables=(table(),),
        reassessment=(Interval(22, 48),),
    )
    assert [row[:2] for row in found] == [
        ("added", "regeln ”g”"),
        ("added", "beslutet ”annars”"),
        ("added", "tabellen ”t”"),
        ("added", "ny bedömning från åldern ”22”"),
    ]
    assert "ger: minst nivå 2" in found[0][4]
    assert "när: annars" in found[1][4]
    assert "rad hög, hög: nivå 2" in found[2][4]
    assert found[3][4] == "månader: 48"


def test_a_changed_answer_in_a_scale_is_said() -> None:
    (scale,) = OLD.scales
    first, *rest = scale.steps
    steps = (replace(first, label="Inget stöd"), *rest)
    assert changed(scales=(replace(scale, steps=steps),)) == [
        (
            "changed",
            "skalan ”grad”",
            "svaret ”0”",
            "0 poäng, Steg 0",
            "0 poäng, Inget stöd",
        )
    ]


def test_head_and_levels_are_said() -> None:
    first, second = OLD.levels
    levels = (first, replace(second, price_level="9"))
    assert changed(version="2", irrelevant_lowers_maximum=True, levels=levels) == [
        ("changed", "instrumentet", "version", "1", "2"),
        ("changed", "instrumentet", "ej relevant sänker det högsta", "nej", "ja"),
        ("changed", "nivån ”2”", "prisnivå", "2", "9"),
    ]
