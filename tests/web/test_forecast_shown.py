"""What scenarios of a month show those who see no small numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lovdv.followup.small_counts import LEAST, NOT_SHOWN
from lovdv.forecast.scenarios import Key, Outcome, Row, own_of
from lovdv.forecast.shown import Shown, Sight

Cells = Mapping[Key, Sequence[int]]
"""What each of the people costs, by provider and level."""
Month = Mapping[str, tuple[int, int]]
"""People and the öre of each by provider, all of them at level 2."""

BEFORE = {"A": (3, 100), "B": (6, 100), "C": (30, 100), "D": (40, 100)}


def cells_outcome(before: Cells, after: Cells) -> Outcome:
    rows = []
    for key in sorted({**before, **after}):
        was, would = before.get(key, ()), after.get(key, ())
        rows.append(Row(*key, len(was), sum(was), len(would), sum(would)))
    own = own_of(_people(before)), own_of(_people(after))
    return Outcome(tuple(rows), {}, {}, own)


def _people(cells: Cells) -> list[dict[Key, int]]:
    return [{key: amount} for key, amounts in cells.items() for amount in amounts]


def outcome(after: Month, before: Month = BEFORE) -> Outcome:
    return cells_outcome(_cells(before), _cells(after))


def _cells(month: Month) -> Cells:
    return {(name, "2"): [ore] * people for name, (people, ore) in month.items()}


def raised(*names: str, by: int = 1) -> dict[str, tuple[int, int]]:
    return {
        name: (people, ore + by if name in names else ore)
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
    moved = outcome({**raised(*BEFORE), "C": (2, 101), "D": (68, 101)})
    both = sight(first, moved)
    assert hidden(both.providers(first)) == hidden(both.providers(moved)) == "ABC"
    assert hidden(sight(first).providers(first)) == "AB"


def test_what_differs_between_two_scenarios_is_hidden_in_both() -> None:
    first = outcome(raised(*BEFORE))
    other = outcome({**raised(*BEFORE), "A": (3, 333), "C": (30, 333)})
    assert hidden(sight(first).providers(first)) == "AB"
    assert hidden(sight(first, other).providers(first)) == "ABC"


def test_people_are_counted_where_something_changes_and_not_around_it() -> None:
    """Of provider C's people only three have the level that changes."""
    unchanged = {("C", "2"): [100] * 30, ("E", "2"): [100] * 50}
    found = cells_outcome(
        {**unchanged, ("C", "3"): [200] * 3, ("D", "3"): [200] * 40},
        {**unchanged, ("C", "3"): [220] * 3, ("D", "3"): [220] * 40},
    )
    assert hidden(sight(found).providers(found)) == "CD"
    assert hidden(sight(found).levels(found)) == ""


def test_only_those_whose_own_cost_changes_make_a_difference() -> None:
    """Of forty people in a cell three get fewer days."""
    few = cells_outcome(
        {("D", "2"): [100] * 40, ("E", "3"): [100] * 50},
        {("D", "2"): [100] * 37 + [80] * 3, ("E", "3"): [100] * 50},
    )
    assert not sight(few).tells(few)
    assert hidden(sight(few).providers(few)) == "D"
    assert hidden(sight(few).levels(few)) == "Nivå 2"


@pytest.mark.parametrize(
    ("movers", "providers", "levels"),
    [(3, "NP", "Nivå 2"), (4, "NP", "Nivå 2"), (5, "", "")],
)
def test_whoever_moves_is_counted_once(
    movers: int, providers: str, levels: str
) -> None:
    moved = cells_outcome(
        {("P", "2"): [100] * 40, ("Q", "3"): [100] * 50},
        {
            ("P", "2"): [100] * (40 - movers),
            ("N", "2"): [90] * movers,
            ("Q", "3"): [100] * 50,
        },
    )
    assert sight(moved).tells(moved) == (movers >= LEAST)
    assert hidden(sight(moved).providers(moved)) == providers
    assert hidden(sight(moved).levels(moved)) == levels


def test_those_who_move_are_hidden_among_others_that_change() -> None:
    """P and N together come to what three people's move changes."""
    moved = cells_outcome(
        {("P", "2"): [100] * 40, ("Q", "2"): [100] * 50},
        {("P", "2"): [100] * 37, ("N", "2"): [90] * 3, ("Q", "2"): [110] * 50},
    )
    assert hidden(sight(moved).providers(moved)) == "NPQ"


def test_few_in_a_cell_are_not_told_by_two_scenarios_either() -> None:
    before = {("D", "2"): [100] * 40}
    index = cells_outcome(before, {("D", "2"): [103] * 40})
    both = cells_outcome(before, {("D", "2"): [103] * 38 + [80] * 2})
    together = sight(index, both)
    assert [together.tells(one) for one in (index, both)] == [True, False]
    assert hidden(together.providers(index)) == "D"


def test_what_was_kept_without_how_many_changed_is_hidden() -> None:
    new = outcome(raised(*BEFORE, by=2))
    old = replace(outcome(raised(*BEFORE)), own=None)
    together = sight(old, new)
    assert [together.tells(one) for one in (old, new)] == [False, True]
    assert hidden(together.providers(old)) == "ABCD"
    assert hidden(together.levels(old)) == "Nivå 2"
    assert hidden(together.providers(new)) == "AB"
    everything = Sight([old, new], is_hiding=False)
    assert everything.tells(old)
    assert hidden(everything.providers(old)) == ""


def test_a_sum_that_few_make_another_is_not_told() -> None:
    every, few = outcome(raised(*BEFORE)), outcome(raised("A"))
    every_and_few = outcome({**raised(*BEFORE), "A": (3, 333)})
    together = sight(every, few, every_and_few)
    assert [together.tells(one) for one in together.together] == [True, False, False]
    assert Sight(together.together, is_hiding=False).tells(few)


def test_scenarios_of_a_month_that_was_corrected_between_are_not_compared() -> None:
    first = outcome(raised(*BEFORE))
    corrected = {**BEFORE, "A": (3, 103)}
    second = outcome({**raised(*BEFORE), "A": (3, 104)}, corrected)
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
        found.append(Counter({n: _moved(one, other, n) for n in {**one, **other}}))
    return found


def _moved(one: Month, other: Month, name: str) -> int:
    """Those who come or go; or all, where each costs something else."""
    (people, ore), (others, others_ore) = (m.get(name, (0, 0)) for m in (one, other))
    return abs(people - others) if ore == others_ore else max(people, others)
