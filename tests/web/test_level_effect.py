"""When a level counts, what needs a ground, and what must be reviewed."""

from datetime import date
from hashlib import sha256

import pytest

from lovdv.needs import effect
from lovdv.needs.effect import Change, Occasion
from lovdv.systems.rules import DEFAULTS

LEVELS = ["1", "2", "3"]
SETTINGS = DEFAULTS["level_effect"]


def occasion(**values: object) -> Occasion:
    told: dict[str, object] = {
        "held_on": date(2026, 3, 10),
        "asked_on": date(2026, 2, 20),
        "decided_on": date(2026, 3, 31),
        "decision_first_day": date(2025, 6, 1),
        "preliminary_first_day": None,
        "kind": "ordinary",
        **values,
    }
    return Occasion(**told)


@pytest.mark.parametrize(
    ("old", "new", "how"),
    [
        (None, "2", Change.FIRST),
        ("2", "2", Change.SAME),
        ("1", "2", Change.RAISE),
        ("3", "2", Change.LOWERING),
        ("7", "2", Change.UNKNOWN),
    ],
)
def test_two_levels_are_compared_by_the_instruments_order(
    old: str | None, new: str, how: Change
) -> None:
    assert effect.change(LEVELS, old, new) is how


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({"raise": "day"}, date(2026, 3, 10)),
        ({"raise": "request"}, date(2026, 2, 20)),
        ({"raise": "next_first"}, date(2026, 4, 1)),
        ({"raise": "months"}, date(2026, 4, 30)),
        ({"raise": "months", "raise_months": 3}, date(2026, 6, 30)),
    ],
    ids=["from its day", "from the request", "the next 1st", "a month", "three months"],
)
def test_a_raise_counts_when_the_setting_says(
    setting: dict[str, object], expected: date
) -> None:
    settings = {**SETTINGS, **setting}
    assert effect.first_day(settings, Change.RAISE, occasion()) == expected


def test_a_lowering_has_its_own_setting() -> None:
    settings = {**SETTINGS, "raise": "day", "lowering": "months", "lowering_months": 2}
    assert effect.first_day(settings, Change.LOWERING, occasion()) == date(2026, 5, 31)


def test_without_a_request_the_day_of_the_assessment_counts() -> None:
    settings = {**SETTINGS, "raise": "request"}
    day = effect.first_day(settings, Change.RAISE, occasion(asked_on=None))
    assert day == date(2026, 3, 10)


def test_a_first_level_counts_from_the_decision() -> None:
    assert effect.first_day(SETTINGS, Change.FIRST, occasion()) == date(2025, 6, 1)


def test_no_level_counts_before_its_decision() -> None:
    settings = {**SETTINGS, "raise": "day"}
    late = occasion(decision_first_day=date(2026, 5, 1))
    assert effect.first_day(settings, Change.RAISE, late) == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("replaces", "kind", "expected"),
    [
        (True, "ordinary", date(2025, 7, 1)),
        (False, "ordinary", date(2026, 4, 1)),
        (True, "changed_need", date(2026, 4, 1)),
    ],
)
def test_an_ordinary_level_may_replace_the_preliminary_backwards(
    *, replaces: bool, kind: str, expected: date
) -> None:
    settings = {**SETTINGS, "ordinary_replaces_preliminary": replaces}
    told = occasion(kind=kind, preliminary_first_day=date(2025, 7, 1))
    assert effect.first_day(settings, Change.RAISE, told) == expected


@pytest.mark.parametrize(
    ("part", "how", "needed"),
    [
        (True, Change.LOWERING, True),
        (True, Change.UNKNOWN, True),
        (True, Change.RAISE, False),
        (True, Change.SAME, False),
        (False, Change.LOWERING, False),
    ],
)
def test_a_worse_level_in_a_favourable_decision_needs_its_ground(
    *, part: bool, how: Change, needed: bool
) -> None:
    settings = {**SETTINGS, "part_of_decision": part}
    assert effect.needs_ground(settings, how) is needed


@pytest.mark.parametrize(
    ("rule", "level", "how", "must"),
    [
        ({"when": "never"}, "3", Change.RAISE, False),
        ({"when": "always"}, "1", Change.SAME, True),
        ({"when": "changed"}, "2", Change.SAME, False),
        ({"when": "changed"}, "2", Change.LOWERING, True),
        ({"when": "changed"}, "2", Change.FIRST, True),
        ({"when": "top"}, "3", Change.SAME, True),
        ({"when": "top"}, "2", Change.RAISE, False),
        ({"when": "top", "top_levels": ["2", "3"]}, "2", Change.SAME, True),
        ({"when": "share", "share_percent": 0}, "3", Change.RAISE, False),
        ({"when": "share", "share_percent": 100}, "1", Change.SAME, True),
        ({"when": "misspelt"}, "1", Change.SAME, True),
    ],
)
def test_the_setting_decides_what_a_colleague_must_see(
    *, rule: dict[str, object], level: str, how: Change, must: bool
) -> None:
    told = {**DEFAULTS["review"], **rule}
    found = effect.must_review(told, level=level, levels=LEVELS, how=how, draw="00aa")
    assert found is must


def test_a_drawn_share_is_about_the_share() -> None:
    rule = {**DEFAULTS["review"], "when": "share", "share_percent": 25}
    drawn = sum(
        effect.must_review(
            rule,
            level="1",
            levels=LEVELS,
            how=Change.SAME,
            draw=sha256(str(number).encode()).hexdigest(),
        )
        for number in range(2_000)
    )
    assert 430 < drawn < 570
