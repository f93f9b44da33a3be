"""What has changed between lines, in words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from lovdv.basis.changes import corrected, since_last
from payments import Line, Month, Priced, amount_of, explained
from tests.kit_payouts import plain

MARCH = Month(2026, 3)


def line(days: int = 22, price: int = 62600, **changed: object) -> Line:
    """Tyresö's full-time day at level 2 for March, with what matters changed."""
    priced = Priced(
        kind="place",
        month=MARCH,
        start=MARCH.first,
        end=MARCH.end,
        level="2",
        extent_class="heltid",
        regi="extern",
        cells=(1,),
        unit="day",
        price=price,
        hundredths=days * 100,
        of=1,
        share=100,
        rounding=1,
        amount=amount_of(price, days * 100, 1),
        days=days,
        counted=f"N:{days}",
        rules=(),
    )
    return Line(1, (1,), (1,), replace(priced, **changed))


def told(before: Sequence[Line], now: Sequence[Line]) -> list[str]:
    return [plain(sentence) for sentence in corrected(before, now)]


def test_a_raised_level_is_told_with_its_day_days_and_price() -> None:
    begun = line(19, end=date(2026, 3, 27))
    raised = line(3, 76000, start=date(2026, 3, 27), level="3")
    [sentence] = told([line()], [begun, raised])
    assert sentence.startswith("Nivån höjdes från 2 till 3 från 27 mars 2026: ")
    assert sentence.endswith("3 dagar × 760,00 kr = 2 280,00 kr.")


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (line(price=50000, level="1"), "Nivån sänktes från 2 till 1"),
        (
            line(price=31300, extent_class="deltid"),
            "Omfattningen ändrades från heltid till deltid",
        ),
        (line(price=62700), "Priset höjdes från 626,00 kr till 627,00 kr"),
        (line(regi="intern"), "Regin ändrades från extern till intern"),
        (line(share=50), "Andelen som betalas ändrades från 100 till 50 %"),
    ],
    ids=["level", "extent", "price", "regi", "share"],
)
def test_what_decides_the_price_is_told(now: Line, change: str) -> None:
    formula = plain(explained(now)[-1])
    assert told([line()], [now]) == [f"{change} från 1 mars 2026: {formula}"]


def test_changed_days_are_told_code_by_code() -> None:
    assert told([line()], [line(20, counted="N:20 O:2")]) == [
        "Betalda dagar, närvarande: 20 i stället för 22.",
        "Betalda dagar, frånvaro inte anmäld: 2 i stället för 0.",
    ]


def test_another_end_is_told_with_the_last_day() -> None:
    assert "Betalas till och med 15 mars 2026 i stället för 31 mars 2026." in told(
        [line()], [line(11, end=date(2026, 3, 16))]
    )


def test_what_is_taken_back_or_new_in_full_is_told_with_its_amount() -> None:
    formula = "22 dagar × 626,00 kr = 13 772,00 kr."
    assert told([line()], []) == [f"Betalas inte längre: {formula}"]
    assert told([], [line()]) == [f"Betalas nu: {formula}"]


def test_a_line_with_nothing_to_tell_of_is_computed_again() -> None:
    assert told([line()], [line(rounding=100)]) == ["Månaden är räknad på nytt."]


def test_more_days_in_a_longer_month_are_no_change() -> None:
    april = Month(2026, 4)
    later = line(20, month=april, start=april.first, end=april.end)
    assert since_last([line()], [later]) == ()


def test_a_new_level_since_the_month_before_is_told() -> None:
    april = Month(2026, 4)
    later = line(20, 76000, month=april, start=april.first, end=april.end, level="3")
    [sentence] = since_last([line()], [later])
    assert sentence.startswith("Nivån höjdes från 2 till 3 från 1 april 2026")
