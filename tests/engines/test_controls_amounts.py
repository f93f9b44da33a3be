"""Controls of amounts and of what they rest on, the innocent next to the guilty."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments import Month
from payments.amount_controls import (
    Limits,
    Report,
    Superseded,
    Terms,
    Usual,
    changed_after,
    fixed_data,
    is_unusual,
    late_reports,
    left_provider,
    terms_changed,
    unusual,
    unusual_units,
)
from payments.controls import Finding

deterministic = settings(derandomize=True, deadline=None, max_examples=80)
FEBRUARY, MARCH = Month(2026, 2), Month(2026, 3)
LIMITS = Limits(spreads=5, percent=30, least=200_000)
USUAL = [1_252_000, 1_314_600, 1_252_000, 1_189_400, 1_252_000, 1_377_200]
"""18 to 22 days at 626 kr."""


def plain(findings: list[Finding]) -> list[Finding]:
    """Told with plain spaces."""
    return [
        replace(one, message=one.message.replace("\N{NO-BREAK SPACE}", " "))
        for one in findings
    ]


AMOUNTS = st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=12)


@deterministic
@given(AMOUNTS)
def test_the_middle_and_the_spread_are_exact(amounts: list[int]) -> None:
    usual = Usual.of(amounts)
    exact = [Fraction(amount) for amount in amounts]
    middle = median(exact)
    assert usual.twice_median == 2 * middle
    spread = 2 * median([abs(one - middle) for one in exact])
    assert spread - 1 < usual.twice_spread <= spread


@pytest.mark.parametrize(
    ("amount", "found"),
    [
        (2_504_000, True),
        (1_377_200, False),
        (1_440_000, False),
        (626_000, False),
        (0, False),
    ],
    ids=["double", "as the most before", "one day more", "half", "nothing"],
)
def test_an_amount_far_above_its_own_history_is_unusual(
    amount: int, *, found: bool
) -> None:
    assert is_unusual(amount, USUAL, LIMITS) is found


def test_august_after_a_closed_july_is_no_more_than_before_july() -> None:
    assert not is_unusual(1_314_600, [*USUAL, 125_200], LIMITS)


def test_what_varies_much_may_vary_more() -> None:
    wild = [200_000, 1_200_000, 500_000, 1_000_000, 300_000, 900_000]
    assert not is_unusual(1_900_000, wild, LIMITS)
    assert is_unusual(3_500_000, wild, LIMITS)


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        (Limits(spreads=0, percent=1, least=0), True),
        (Limits(spreads=0, percent=10, least=0), False),
        (Limits(spreads=0, percent=1, least=10), True),
        (Limits(spreads=0, percent=1, least=11), False),
        (Limits(spreads=10, percent=1, least=0), False),
    ],
    ids=["above", "at the per cent", "at the least", "under the least", "at spreads"],
)
def test_each_limit_is_a_limit_of_its_own(limits: Limits, *, found: bool) -> None:
    assert is_unusual(110, [99, 100, 101], limits) is found


@deterministic
@given(AMOUNTS, st.integers(-(10**9), 10**9))
def test_nothing_that_has_been_paid_before_is_unusual(
    history: list[int], amount: int
) -> None:
    loose = Limits(spreads=0, percent=0, least=0)
    assert not is_unusual(max(history), history, loose)
    assert not is_unusual(amount, [], loose)


TOLD = "25 040,00 kr mot 12 520,00 kr i mitten av 6 månader, som mest 13 772,00 kr."


def test_placements_and_units_are_told_with_their_usual_amount() -> None:
    now, history = {1: 2_504_000, 2: 1_252_000, 3: 9_000_000}, {1: USUAL, 2: USUAL}
    found = unusual(MARCH, now, history, months=6, limits=LIMITS)
    assert plain(found) == [Finding("unusual_amount", 1, MARCH, TOLD, 2_504_000)]
    units = unusual_units(MARCH, now, history, months=6, limits=LIMITS)
    assert plain(units) == [
        Finding("unusual_unit", None, MARCH, TOLD, 2_504_000, unit=1)
    ]


@pytest.mark.parametrize("told", [unusual, unusual_units])
@pytest.mark.parametrize(
    ("history", "months"),
    [({1: USUAL}, 7), ({}, 1)],
    ids=["a month short", "new"],
)
def test_too_short_a_history_says_nothing(
    told: Callable[..., list[Finding]], history: dict[int, list[int]], months: int
) -> None:
    now = {1: 2_504_000}
    assert told(MARCH, now, history, months=months, limits=LIMITS) == []


def terms(contract: int = 1, **told: str) -> Terms:
    return Terms(contract, "Ateljén", {"konto": "4641", "regi": "extern", **told})


def test_changed_fixed_data_is_told_field_by_field() -> None:
    found = fixed_data(MARCH, [terms(konto="4642")], {1: terms()}, {1: 900})
    told = "Ateljén. konto: 4641 → 4642."
    assert found == [Finding("fixed_data", None, MARCH, told, 900, contract=1)]


def test_what_was_empty_and_what_was_not_told_before_are_told_as_empty() -> None:
    before = {1: Terms(1, "Ateljén", {"konto": ""})}
    [found] = fixed_data(MARCH, [terms()], before, {1: 900})
    assert found.message == "Ateljén. konto: tomt → 4641. regi: tomt → extern."


def test_what_is_no_longer_told_is_a_change_too() -> None:
    before = {1: terms(enhet="från 2025-01-01")}
    [found] = fixed_data(MARCH, [terms()], before, {1: 900})
    assert found.message == "Ateljén. enhet: från 2025-01-01 → tomt."


def test_what_is_told_as_empty_and_what_is_not_told_are_the_same() -> None:
    told = {1: terms(enhet="")}
    assert fixed_data(MARCH, [terms()], told, {1: 900}) == []
    assert fixed_data(MARCH, list(told.values()), {1: terms()}, {1: 900}) == []


def test_a_new_payee_is_found_when_it_is_paid() -> None:
    [found] = fixed_data(MARCH, [terms(1), terms(2)], {1: terms(1)}, {1: 1, 2: 5})
    assert (found.contract, found.message) == (2, "Ateljén: ny sedan förra körningen.")


def test_the_same_data_and_a_change_for_nobody_who_is_paid_are_innocent() -> None:
    assert fixed_data(MARCH, [terms()], {1: terms()}, {1: 900}) == []
    assert fixed_data(MARCH, [terms(konto="4642")], {1: terms()}, {}) == []


def test_a_list_decided_since_is_told_and_one_for_later_months_is_not() -> None:
    now = Superseded("Prislistan 2026", date(2026, 3, 31))
    later = Superseded("Prislistan 2027", date(2026, 4, 1))
    told = "Prislistan 2026 från 2026-03-31 är beslutad efter förra körningen."
    found = terms_changed(MARCH, [now, later])
    assert found == [Finding("terms_changed", None, MARCH, told)]


def test_money_to_a_provider_that_has_left_is_found() -> None:
    ended = {1: ("Ateljén", date(2026, 2, 28)), 2: ("Bageriet", date(2026, 3, 1))}
    found = left_provider(MARCH, {1: 1, 2: 500, 3: 500}, ended)
    told = "Ateljén slutade 2026-02-28."
    assert found == [Finding("left_provider", None, MARCH, told, 1, contract=1)]


@pytest.mark.parametrize("amount", [-500, 0])
def test_a_claim_on_a_provider_that_has_left_is_innocent(amount: int) -> None:
    ended = {1: ("Ateljén", date(2026, 2, 28))}
    assert left_provider(MARCH, {1: amount}, ended) == []


def report(on: date, version: int = 1, adds: int = 0) -> Report:
    return Report(1, FEBRUARY, on, version, adds)


def test_a_month_reported_long_after_is_found() -> None:
    tenth, eleventh = report(date(2026, 3, 10)), report(date(2026, 3, 11))
    told = "Bekräftad 2026-03-11, 11 dagar efter månadens slut."
    found = late_reports([tenth, eleventh], days=10)
    assert found == [Finding("late_report", 1, FEBRUARY, told)]


def test_a_month_confirmed_once_more_long_after_is_not_late() -> None:
    assert late_reports([report(date(2026, 3, 11), version=2)], days=10) == []


CHANGED = date(2026, 3, 20)


def test_a_month_changed_so_that_more_is_paid_is_found() -> None:
    found = changed_after([report(CHANGED, 2, 500)], least=500)
    told = "Ändrad 2026-03-20 (version 2): 5,00 kr mer betalas."
    assert plain(found) == [Finding("changed_after", 1, FEBRUARY, told, 500)]


@pytest.mark.parametrize(
    ("version", "adds", "least", "found"),
    [
        (2, 499, 500, 0),
        (1, 500, 500, 0),
        (2, -500, 500, 0),
        (2, 1, 0, 1),
        (2, 0, 0, 0),
    ],
    ids=["too little", "never changed", "less", "any more", "no more"],
)
def test_a_month_changed_for_too_little_is_innocent(
    version: int, adds: int, least: int, found: int
) -> None:
    reports = [report(CHANGED, version, adds)]
    assert len(changed_after(reports, least=least)) == found
