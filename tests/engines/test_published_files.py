"""The published instruments, read from files, give the published numbers exactly."""

from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment import (
    Instrument,
    NoLevel,
    Result,
    Scorer,
    canonical_text,
    read_instrument,
    score,
)
from tests.engines.instrument_strategies import steady

FILES = Path(__file__).parents[1] / "data" / "instruments"
NAMES = sorted(path.name for path in FILES.glob("*.json"))


def read(name: str) -> Instrument:
    return read_instrument((FILES / f"{name}.json").read_bytes())


def result(instrument: Instrument, answers: dict[str, str]) -> Result:
    outcome = score(instrument, answers)
    assert isinstance(outcome, Result), outcome
    assert Scorer(instrument).score(answers) == outcome
    return outcome


def all_at(instrument: Instrument, code: str, **other: str) -> dict[str, str]:
    names = [question.id for question in instrument.questions()]
    return dict.fromkeys(names, code) | other


def adding_up_to(instrument: Instrument, total: int) -> dict[str, str]:
    """Answer from the first question on, with the greatest step that still fits."""
    answers = {}
    for question in instrument.questions():
        steps = instrument.scale(question.scale).steps
        step = max((s for s in steps if s.points <= total), key=lambda s: s.points)
        answers[question.id] = step.code
        total -= int(step.points)
    return answers


@pytest.mark.parametrize("name", NAMES)
def test_a_file_survives_being_written_again(name: str) -> None:
    instrument = read(name.removesuffix(".json"))
    text = canonical_text(instrument)
    assert read_instrument(text) == instrument
    assert canonical_text(read_instrument(text)) == text


def ticked(instrument: Instrument, *numbers: int) -> dict[str, str]:
    return all_at(instrument, "0") | {f"svar-{number}": "1" for number in numbers}


def test_the_newer_environment_rule_gives_its_worked_sum() -> None:
    newer = read("wac-388-828-9235-2022")
    outcome = result(newer, ticked(newer, 1, 3, 8, 9))
    assert (outcome.points, outcome.level, outcome.maximum) == (3, "3", 8)
    assert result(newer, all_at(newer, "1")).level == "8"


def test_the_older_environment_rule_gives_its_own_worked_sum() -> None:
    older = read("wac-388-828-9235-2011")
    outcome = result(older, ticked(older, 1, 3, 8, 13, 15))
    assert (outcome.points, outcome.level, outcome.maximum) == (3, "3", 13)
    assert len(older.questions()) == 16
    assert result(older, all_at(older, "1")).level == "13"


def test_an_old_assessment_keeps_the_old_version() -> None:
    older, newer = read("wac-388-828-9235-2011"), read("wac-388-828-9235-2022")
    assert older.id == newer.id
    answers = ticked(older, 1, 2, 13)
    assert (result(older, answers).level, result(older, answers).version) == (
        "3",
        "2011-07-09",
    )
    assert isinstance(score(newer, answers), NoLevel)


@pytest.mark.parametrize(
    ("code", "points", "level"),
    [
        ("0", "0", "Ingen"),
        ("1", "0.04186", "Låg"),
        ("2", "0.08372", "Medel"),
        ("3", "0.12558", "Hög"),
    ],
)
def test_the_behaviour_rule_is_exact(code: str, points: str, level: str) -> None:
    outcome = result(read("wac-388-828-9220"), {"beteende": code})
    assert (outcome.points, outcome.level) == (Decimal(points), level)


@pytest.mark.parametrize(
    ("level", "tier"),
    [
        ("1", "1"),
        ("2", "2"),
        ("3", "3"),
        ("4", "3"),
        ("5", "4"),
        ("6", "4"),
        ("7", "4"),
    ],
)
def test_virginia_maps_seven_levels_to_four_tiers(level: str, tier: str) -> None:
    outcome = result(read("virginia-12vac30-122-210"), {"niva": level})
    assert (outcome.level, outcome.price_level) == (level, tier)


@pytest.mark.parametrize(
    ("age", "months"),
    [(4, None), (5, 24), (15, 24), (16, 36), (21, 36), (22, 48), (90, 48), (None, 24)],
)
def test_virginia_asks_again_after_years_by_age(
    age: int | None, months: int | None
) -> None:
    virginia = read("virginia-12vac30-122-210")
    assert virginia.reassessment_months(age) == months


def test_without_intervals_nothing_is_asked_again() -> None:
    assert read("phq-9").reassessment_months(40) is None
    assert read("phq-9").reassessment_months(None) is None


LEVELS = {
    "phq-9": [
        (range(5), "minimal"),
        (range(5, 10), "mild"),
        (range(10, 15), "medelsvår"),
        (range(15, 20), "ganska svår"),
        (range(20, 28), "svår"),
    ],
    "gad-7": [
        (range(5), "minimal"),
        (range(5, 10), "mild"),
        (range(10, 15), "måttlig"),
        (range(15, 22), "svår"),
    ],
    "barthel": [
        (range(0, 21, 5), "helt"),
        (range(25, 61, 5), "svårt"),
        (range(65, 91, 5), "måttligt"),
        (range(95, 96), "lätt"),
        (range(100, 101), "oberoende"),
    ],
}


@pytest.mark.parametrize(
    ("name", "points", "level"),
    [
        (name, points, level)
        for name, rows in LEVELS.items()
        for sums, level in rows
        for points in sums
    ],
)
def test_every_sum_gives_the_published_level(
    name: str, points: int, level: str
) -> None:
    instrument = read(name)
    outcome = result(instrument, adding_up_to(instrument, points))
    assert (outcome.points, outcome.level) == (points, level)


@pytest.mark.parametrize("name", LEVELS)
def test_one_answer_missing_gives_no_level(name: str) -> None:
    instrument = read(name)
    answers = adding_up_to(instrument, 20)
    for question in instrument.questions():
        left = {key: code for key, code in answers.items() if key != question.id}
        outcome = score(instrument, left)
        assert isinstance(outcome, NoLevel)
        assert outcome.missing == (question.id,)


def test_all_threes_give_twenty_seven() -> None:
    assert result(read("phq-9"), all_at(read("phq-9"), "3")).points == 27


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({}, "Ingen"),
        ({"f1-typ": "1"}, "Låg"),
        ({"f1-typ": "3", "f1-ofta": "3"}, "Medel"),
        ({"f1-typ": "3", "f2-ofta": "4"}, "Låg"),
        ({"f1-typ": "4", "f1-ofta": "2"}, "Låg"),
        ({"f8-typ": "4", "f8-ofta": "4"}, "Medel"),
    ],
)
@pytest.mark.parametrize("way", ["golv", "lista"])
def test_type_and_frequency_at_least_three_give_at_least_medium(
    answers: dict[str, str], level: str, way: str
) -> None:
    rule = read(f"wac-388-828-5820-{way}")
    assert result(rule, all_at(rule, "0", **answers)).level == level


@pytest.mark.parametrize(
    ("points", "level"),
    [(0, "Ingen"), (1, "Låg"), (19, "Låg"), (20, "Medel"), (55, "Medel"), (56, "Hög")],
)
@pytest.mark.parametrize("way", ["golv", "lista"])
def test_the_sums_of_the_interpersonal_rule_hit_their_bounds(
    points: int, level: str, way: str
) -> None:
    """Spread over the questions so that none has three for both type and frequency."""
    rule = read(f"wac-388-828-5820-{way}")
    answers = all_at(rule, "0")
    for name in sorted(answers, key=lambda name: ("tid" not in name, "ofta" in name)):
        step = min(points, 2 if name.endswith("ofta") else 4)
        answers[name] = str(step)
        points -= step
    assert points == 0
    assert result(rule, answers).level == level


@steady
@given(codes=st.lists(st.sampled_from("00001234"), min_size=24, max_size=24))
def test_limits_with_floors_and_the_printed_list_give_the_same_level(
    codes: list[str],
) -> None:
    floors, ordered = read("wac-388-828-5820-golv"), read("wac-388-828-5820-lista")
    names = [question.id for question in floors.questions()]
    answers = dict(zip(names, codes, strict=True))
    assert result(floors, answers).level == result(ordered, answers).level


def test_the_table_of_daily_time_gives_every_printed_cell() -> None:
    table = read("wac-388-828-9660-a2")
    hours = {"0": "0", "1": "0,25", "2": "1", "3": "3", "4": "5"}
    for kind, often, time in product("01234", repeat=3):
        expected = hours[time] if kind != "0" and often in "34" else "0"
        outcome = result(table, {"typ": kind, "ofta": often, "tid": time})
        assert outcome.level == expected
        assert outcome.trace[-2].kind == "by_table"
