"""Each line in words: its period, what it is priced by, what counted and the sum."""

from dataclasses import replace
from datetime import date

import pytest

from payments import Line, explained
from payments.lines import Priced
from tests.engines.payfacts import MARCH

PLAIN = Priced(
    kind="place",
    month=MARCH,
    start=date(2020, 3, 2),
    end=date(2020, 3, 28),
    level="2",
    extent_class="heltid",
    regi="extern",
    cells=("heltid 2",),
    unit="day",
    price=626_00,
    hundredths=18_00,
    of=1,
    share=100,
    rounding=1,
    amount=11_268_00,
    days=18,
    counted="N:18",
    rules=("planerade dagar",),
)


def steps(**told: object) -> list[str]:
    line = Line("p", ("beslut",), (), replace(PLAIN, **told))  # type: ignore[arg-type]
    return [step.replace("\N{NO-BREAK SPACE}", " ") for step in explained(line)]


def test_a_line_says_its_period_terms_days_rules_and_sum() -> None:
    assert steps() == [
        "Perioden 2020-03-02 till och med 2020-03-27.",
        "Nivå 2, heltid, extern regi: 626,00 kr per dag enligt prislistan.",
        "Räknade dagar: 18 närvarande.",
        "Regel: planerade dagar.",
        "18 dagar × 626,00 kr = 11 268,00 kr.",
    ]


def test_what_no_days_were_counted_for_says_nothing_of_days() -> None:
    told = steps(counted="", rules=())
    assert told == [
        "Perioden 2020-03-02 till och med 2020-03-27.",
        "Nivå 2, heltid, extern regi: 626,00 kr per dag enligt prislistan.",
        "18 dagar × 626,00 kr = 11 268,00 kr.",
    ]


@pytest.mark.parametrize(
    ("told", "terms"),
    [
        ({"unit": "month"}, "626,00 kr per månad enligt prislistan."),
        ({"unit": "schablon"}, "626,00 kr per månad enligt reglernas schablon."),
        ({"unit": "hour"}, "626,00 kr per timme enligt prislistan."),
    ],
    ids=["month", "schablon", "hour"],
)
def test_what_a_price_is_for_and_where_it_stands(
    told: dict[str, object], terms: str
) -> None:
    assert steps(**told)[1] == f"Nivå 2, heltid, extern regi: {terms}"


@pytest.mark.parametrize(
    ("told", "times"),
    [
        ({"hundredths": 10_50}, "10,5 dagar × 626,00 kr"),
        ({"hundredths": 18_00, "share": 50}, "18 dagar × 626,00 kr × 50 %"),
        ({"unit": "hour", "hundredths": 330_00}, "5 timmar 30 minuter × 626,00 kr"),
        ({"unit": "month", "hundredths": 31_00, "of": 31}, "1 månad × 626,00 kr"),
        (
            {"unit": "month", "hundredths": 10_00, "of": 31, "days": 10},
            "10 av 31 dagar × 626,00 kr",
        ),
        (
            {"unit": "month", "hundredths": -10_00, "of": 31, "days": 10},
            "−10 av 31 dagar × 626,00 kr",
        ),
        (
            {"unit": "month", "hundredths": 8_40, "of": 22, "days": 10},
            "8,4 av 22 delar av månaden × 626,00 kr",
        ),
        ({"unit": "amount", "hundredths": 1_00}, "1 × 626,00 kr"),
        ({"unit": "piece", "hundredths": 1_00}, "1 × 626,00 kr"),
    ],
    ids=[
        "half a day",
        "half the price",
        "hours",
        "a whole month",
        "days of a month",
        "days taken back",
        "parts of a month",
        "an amount",
        "once",
    ],
)
def test_how_many_are_paid(told: dict[str, object], times: str) -> None:
    assert steps(**told)[-1] == f"{times} = 11 268,00 kr."
