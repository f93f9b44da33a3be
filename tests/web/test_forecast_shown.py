"""What scenarios of a month show those who see no small numbers."""

from collections import Counter
from collections.abc import Mapping
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from lovdv.followup.small_counts import LEAST, NOT_SHOWN
from lovdv.forecast.scenarios import Outcome, Row
from lovdv.forecast.shown import Shown, Sight

Month = Mapping[str, tuple[int, int]]
"""People and öre by provider, all of them at level 2."""

BEFORE = {"A": (3, 300), "B": (6, 600), "C": (30, 3000), "D": (40, 4000)}


def outcome(after: Month, before: Month = BEFORE) -> Outcome:
    rows = [
        Row(name, "2", *before.get(name, (0, 0)), *after.get(name, (0, 0)))
        for name in sorted({**before, **after})
    ]
    return Outcome(tuple(rows), {}, {})


def raised(*names: str, by: int = 1) -> dict[str, tuple[int, int]]:
    return {
        name: (people, ore + by * people if name in names else ore)
        for name, (people, ore) in BEFORE.items()
    }


def sight(*together: Outcome) -> Sight:
    return Sight(together, is_hiding=True)


def hidden(rows: list[Shown]) -> str:
    return "".join(row.name for row in rows if row.difference == NOT_SHOWN)


def test_few_people_are_hidden_with_as_many_more_as_they_need() -> None:
    same = outcome(raised(*BEFORE))
    [a, *_] = rows = sight(same).providers(same)
    assert hidden(rows) == "AB"
    assert a == Shown("A", *[NOT_SHOWN] * 5)
    assert hidden(Sight([same], is_hiding=False).providers(same)) == ""


def test_what_changes_for_few_is_hidden_with_something_else_that_changes() -> None:
    """B does not change, so the sum less C and D would be what A changes by."""
    found = outcome(raised("A", "C", "D"))
    assert hidden(sight(found).providers(found)) == "ABC"


def test_what_is_hidden_in_one_scenario_is_hidden_in_every_one_of_the_month() -> None:
    first = outcome(raised(*BEFORE))
    moved = outcome({**raised(*BEFORE), "C": (2, 200), "D": (68, 6800)})
    both = sight(first, moved)
    assert hidden(both.providers(first)) == hidden(both.providers(moved)) == "ABCD"
    assert hidden(sight(first).providers(first)) == "AB"


def test_what_differs_between_two_scenarios_is_hidden_in_both() -> None:
    first = outcome(raised(*BEFORE))
    other = outcome({**raised(*BEFORE), "A": (3, 999), "C": (30, 9999)})
    assert hidden(sight(first).providers(first)) == "AB"
    assert hidden(sight(first, other).providers(first)) == "ABC"


def test_people_are_counted_where_something_changes_and_not_around_it() -> None:
    """Of provider C's people only three have the level that changes."""
    rows = [
        Row("C", "2", 30, 3000, 30, 3000),
        Row("C", "3", 3, 600, 3, 660),
        Row("D", "3", 40, 8000, 40, 8800),
        Row("E", "2", 50, 5000, 50, 5000),
    ]
    found = Outcome(tuple(rows), {}, {})
    assert hidden(sight(found).providers(found)) == "CD"
    assert hidden(sight(found).levels(found)) == ""


def test_a_sum_that_few_make_another_is_not_told() -> None:
    every, few = outcome(raised(*BEFORE)), outcome(raised("A"))
    every_and_few = outcome({**raised(*BEFORE), "A": (3, 999)})
    together = sight(every, few, every_and_few)
    assert [together.tells(one) for one in together.together] == [True, False, False]
    assert Sight(together.together, is_hiding=False).tells(few)


def test_scenarios_of_a_month_that_was_corrected_between_are_not_compared() -> None:
    first = outcome(raised(*BEFORE))
    corrected = {**BEFORE, "A": (3, 310)}
    second = outcome({**raised(*BEFORE), "A": (3, 313)}, corrected)
    assert sight(first, second).tells(second)


CELLS = st.dictionaries(
    st.sampled_from("ABCDE"),
    st.tuples(st.integers(1, 12), st.integers(1, 3)),
)


@given(before=CELLS, afters=st.lists(CELLS, min_size=1, max_size=3))
def test_nothing_that_can_be_worked_out_is_of_few_people(
    before: Month, afters: list[Month]
) -> None:
    """What is hidden comes to a whole less what is shown, in any two months."""
    together = sight(*(outcome(after, before) for after in afters))
    out = {hidden(together.providers(one)) for one in together.together}
    names = set("".join(out))
    assert all(set(text) == names & set(one) for text, one in _with_names(together))
    for counts in _counted(before, afters):
        inside = [count for name, count in counts.items() if name in names]
        enough = sum(inside) == 0 or sum(inside) >= LEAST
        assert enough or sum(counts.values()) == sum(inside)


def _with_names(together: Sight) -> list[tuple[str, str]]:
    rows = [together.providers(one) for one in together.together]
    return [(hidden(some), "".join(row.name for row in some)) for some in rows]


def _counted(before: Month, afters: list[Month]) -> list[Counter[str]]:
    months = [before, *afters]
    found = [Counter({n: people for n, (people, _) in m.items()}) for m in months]
    for one, other in combinations(months, 2):
        differ = {n for n in {**one, **other} if one.get(n) != other.get(n)}
        sides = [{n: m[n][0] for n in differ if n in m} for m in (one, other)]
        found.append(Counter({n: min(s[n] for s in sides if n in s) for n in differ}))
    return found
