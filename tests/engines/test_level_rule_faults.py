"""Faults in decisions, tables and intervals, and holes when there are no limits."""

from dataclasses import replace
from decimal import Decimal

import pytest

from assessment import (
    Band,
    Condition,
    Interval,
    Limit,
    TableKey,
    TableRow,
    faults_in,
)
from tests.engines import published_instruments as make
from tests.engines.level_rule_builders import BANDS, LOW, decision, table, with_parts


def problems(**parts: object) -> list[str]:
    found = faults_in(with_parts(**parts))
    assert all(fault.remedy for fault in found)
    return [f"{fault.place}: {fault.problem}" for fault in found]


SAID = Condition("a", at_least=Decimal(1))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            {"limits": ()},
            [
                "nivå 1: Nivån ”1” kan aldrig ges.",
                "nivå 2: Nivån ”2” kan aldrig ges.",
                "gränser: Det finns svar som inte får någon nivå.",
            ],
        ),
        (
            {"limits": (), "tables": (table(without=("hög", "låg")),)},
            [
                (
                    "gränser: Det finns svar som inte får någon nivå. "
                    "Tabellen ”t”: raden hög, låg saknas."
                )
            ],
        ),
        (
            {"decisions": (decision("x", "9", SAID),)},
            ["beslut 1, fältet level: Nivån ”9” finns inte i instrumentet."],
        ),
        (
            {"decisions": (decision("x", "1", Condition("z", at_least=Decimal(1))),)},
            ["beslut 1, fältet when, villkor 1: Frågan ”z” finns inte i instrumentet."],
        ),
        (
            {
                "decisions": (
                    decision("x", "1", Condition(domain="z", at_least=Decimal(1))),
                )
            },
            [
                (
                    "beslut 1, fältet when, villkor 1: "
                    "Området ”z” finns inte i instrumentet."
                )
            ],
        ),
        (
            {
                "decisions": (
                    decision("x", "1", Condition(total=True, at_least=Decimal(7))),
                )
            },
            [
                (
                    "beslut 1, fältet when, villkor 1: "
                    "Ingen summa som kan bli uppfyller villkoret."
                )
            ],
        ),
        (
            {"decisions": (decision("t", "1", SAID),), "tables": (table(),)},
            ["regler, beslut och tabeller: ”t” finns 2 gånger."],
        ),
        (
            {
                "tables": (
                    table(TableKey("z", bands=BANDS), TableKey("b", bands=BANDS)),
                )
            },
            ["tabell 1, nyckel 1: Frågan ”z” finns inte i instrumentet."],
        ),
        (
            {
                "tables": (
                    table(
                        TableKey("a", bands=(LOW, Band("hög", Decimal(9)))),
                        TableKey("b", bands=BANDS),
                    ),
                )
            },
            ["tabell 1, nyckel 1, band 2: Inga poäng kan hamna i ”hög”."],
        ),
        (
            {
                "tables": (
                    table(
                        TableKey("a", bands=(LOW, Band("hög", Decimal(1)))),
                        TableKey("b", bands=BANDS),
                    ),
                )
            },
            ["tabell 1, nyckel 1: Banden ”låg” och ”hög” överlappar varandra."],
        ),
        (
            {
                "tables": (
                    replace(
                        table(),
                        rows=(
                            *table().rows,
                            TableRow(("låg", "hög"), "2"),
                            TableRow(("låg",), "2"),
                            TableRow(("låg", "okänd"), "2"),
                            TableRow(("låg", "lägst"), "8"),
                        ),
                    ),
                )
            },
            [
                "tabell 1, rad 5: Raden låg, hög finns redan.",
                (
                    "tabell 1, rad 6, fältet bands: "
                    "Raden har 1 band men tabellen 2 nycklar."
                ),
                (
                    "tabell 1, rad 7, fältet bands: "
                    "Bandet ”okänd” finns inte i instrumentet."
                ),
                "tabell 1, rad 8, fältet level: Nivån ”8” finns inte i instrumentet.",
                (
                    "tabell 1, rad 8, fältet bands: "
                    "Bandet ”lägst” finns inte i instrumentet."
                ),
            ],
        ),
        (
            {"reassessment": (Interval(16, 36), Interval(5, 24))},
            ["intervall 2, fältet from_age: Åldern 5 kommer efter 16."],
        ),
    ],
)
def test_a_fault_in_a_level_rule_is_named(
    parts: dict[str, object], expected: list[str]
) -> None:
    assert problems(**parts) == expected


def key_problem(key: TableKey, **parts: object) -> str:
    (problem,) = problems(limits=(), tables=(table(key, table().keys[1]),), **parts)
    return problem.removeprefix(
        "gränser: Det finns svar som inte får någon nivå. Tabellen ”t”: "
    )


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("0", "2", "svaret ”1” på ”a” är inte i något band."),
        ("1", "3", "svaret ”2” på ”a” är inte i något band."),
    ],
)
def test_an_answer_in_no_band_is_a_hole_without_limits(
    low: str, high: str, expected: str
) -> None:
    bands = (Band("låg", at_most=Decimal(low)), Band("hög", at_least=Decimal(high)))
    assert key_problem(TableKey("a", bands=bands)) == expected


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        (
            (Band("låg", Decimal(1), Decimal(3)), Band("hög", Decimal(4))),
            "summan 0 är inte i något band.",
        ),
        (
            (Band("låg", None, Decimal(3)), Band("hög", Decimal(4), Decimal(5))),
            "summan 6 är inte i något band.",
        ),
        (
            (Band("låg", None, Decimal(2)), Band("hög", Decimal(4))),
            "summor mellan 2 och 4 är inte i något band.",
        ),
    ],
)
def test_a_sum_in_no_band_is_a_hole_without_limits(
    bands: tuple[Band, ...], expected: str
) -> None:
    assert key_problem(TableKey(total=True, bands=bands)) == expected


def test_a_key_that_may_be_unanswered_is_a_hole_without_limits() -> None:
    asked = (make.question("a", required=False), make.question("b"))
    domains = (replace(make.instrument().domains[0], questions=asked),)
    key = TableKey("a", bands=BANDS)
    assert key_problem(key, domains=domains) == "frågan ”a” kan vara utan poäng."


def test_a_question_cannot_be_shown_by_a_sum() -> None:
    shown = Condition(total=True, at_least=Decimal(1))
    asked = (make.question("a"), make.question("b", shown_when=(shown,)))
    (fault,) = faults_in(make.instrument(questions=asked))
    assert fault.place == "område 1, fråga 2, fältet shown_when, villkor 1"
    assert "kan inte hänga på en summa" in fault.problem


def test_limits_may_stand_beside_a_decision_that_always_holds() -> None:
    limits: tuple[Limit, ...] = make.instrument().limits
    assert problems(limits=limits, decisions=(decision("annars", "1"),)) == []
