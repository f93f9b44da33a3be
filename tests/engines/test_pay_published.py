"""Published rules set up as files alone, with their worked numbers exact."""

from datetime import date

import pytest

from payments import (
    change_day,
    explained,
    in_kronor,
    kronor,
    read_rules,
    recomputed,
    written,
)
from payments.errors import BadRule
from tests.engines.payment_cases import (
    Case,
    all_cases,
    dues,
    held_told,
    line_told,
    rules_of,
)

CASES = all_cases()
NAMES = sorted({name for name, _ in CASES})
IDS = [f"{name}-{number}" for number, (name, _) in enumerate(CASES)]
"""Without å, ä and ö, so that a single test can be asked for by its name."""


@pytest.mark.parametrize(("name", "case"), CASES, ids=IDS)
def test_a_worked_case_comes_out_exactly(name: str, case: Case) -> None:
    found = dues(rules_of(name), case)
    lines = [line for due in found for line in due.lines]
    held = [held_told(one) for due in found for one in due.held]
    if "total" in case:
        assert in_kronor(sum(line.amount for line in lines)) == kronor(case["total"])
    else:
        told = [line_told(line) for line in lines]
        assert [cut(one, like) for one, like in pairs(told, case["lines"])] == (
            case["lines"]
        )
    expected = case.get("held", [])
    assert [cut(one, like) for one, like in pairs(held, expected)] == expected
    for line in lines:
        assert line.amount == recomputed(line) > 0
        assert explained(line)[-1].endswith(".")


def pairs(found: list[dict], expected: list[dict]) -> list[tuple[dict, dict]]:
    assert len(found) == len(expected), found
    return list(zip(found, expected, strict=True))


def cut(found: dict, like: dict) -> dict:
    """Only what the case speaks of."""
    return {name: found[name] for name in like}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_reads_back_as_the_same_rules(name: str) -> None:
    rules = rules_of(name)
    assert read_rules(written(rules)) == rules


def test_goteborgs_change_of_extent_counts_within_four_weeks() -> None:
    rules = rules_of("goteborg-2023")
    ordered = date(2026, 3, 10)
    assert change_day(rules, ordered) == date(2026, 4, 7)
    assert change_day(rules, ordered, date(2026, 3, 20)) == date(2026, 3, 20)
    assert change_day(rules, ordered, date(2026, 4, 8)) == date(2026, 4, 7)
    assert change_day(rules, ordered, ordered) == ordered


def test_a_change_before_its_order_is_refused() -> None:
    with pytest.raises(BadRule, match="inte före beställningen"):
        change_day(rules_of("goteborg-2023"), date(2026, 3, 10), date(2026, 3, 9))


def test_rules_that_are_silent_on_changes_say_so() -> None:
    with pytest.raises(BadRule, match="säger inte"):
        change_day(rules_of("tyreso-2020"), date(2026, 3, 10))
