"""What if: a paid month with something changed, through the engine itself."""

import io
import json
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lovdv.access import Role
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.forecast import scenarios
from lovdv.forecast.changing import Changes, drawn, weights
from lovdv.forecast.models import Scenario
from lovdv.forecast.scenarios import Outcome
from lovdv.forecast.shown import whole_kronor
from lovdv.formats import kronor
from lovdv.payouts.models import PaymentLine
from lovdv.placements.models import Pause
from lovdv.prices.models import PriceDraft
from payments import PriceCell, read_price_rows
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import MARCH, PRICE, compute, lines, month_ready, paid, plain

pytestmark = pytest.mark.usefixtures("in_april", "terms")

INTERNAL = 59100
"""Tyresö's full-time day at level 2, own regi."""

DAYS = 20


def tried(**changes: object) -> Outcome:
    return scenarios.tried(make.system(), Changes(**changes))[1]


def four_people() -> None:
    """Three at level 2 and one at level 3, paid for February."""
    for label in ("2", "2", "2", "3"):
        month_ready(label)
    paid()


def test_nothing_changed_is_the_month_as_it_was_booked() -> None:
    placement = month_ready(d9="A", d10="O", d11="O")
    month_ready("3")
    run = paid()
    found = tried()
    booked = sum(line.amount for line in lines(run))
    assert (found.before, found.after, found.difference) == (booked, booked, 0)
    assert placement.id in {line.placement_id for line in lines(run)}


def test_absence_that_ran_on_from_the_month_before_is_in_it() -> None:
    nine = {f"d{day}": "A" for day in (17, 18, 19, 20, 23, 24, 25, 26, 27)}
    placement = month_ready(**nine)
    paid()
    make_payments.month_of(placement, "2026-03", d2="A", d3="A", d4="A")
    run = paid(MARCH)
    [march] = lines(run)
    found = tried()
    assert (found.before, found.difference) == (march.amount, 0)
    assert march.amount == 20 * PRICE


def test_raised_prices_are_rounded_as_the_list_is() -> None:
    four_people()
    found = tried(price_index=310)
    assert found.difference == 3 * DAYS * (64500 - PRICE) + DAYS * (101800 - 98700)
    assert found.a_year == 12 * found.difference


def test_a_draft_list_is_tried_as_it_stands() -> None:
    four_people()
    text = (make_payments.PRICES / "tyreso-2020.csv").read_text("utf-8")
    rows = [row.split(";") for row in text.splitlines()]
    cells = [
        PriceCell(c.level, c.extent_class, c.regi, c.unit, c.amount + 500, c.ref)
        for c in read_price_rows(rows).cells
    ]
    assert tried(price_cells=cells).difference == 4 * DAYS * 500


def test_rules_from_a_file_move_the_limits_of_the_classes() -> None:
    four_people()
    table = json.loads((files("payments.rulesets") / "tyreso-2020.json").read_text())
    table["extent"]["classes"] = [
        {"name": "deltid", "from": "1", "to": "2"},
        {"name": "halvtid", "from": "3", "to": "5"},
        {"name": "heltid", "from": "6"},
    ]
    found = tried(rules=table)
    assert found.after == DAYS * (3 * 43900 + 69100)
    with pytest.raises(Refused, match="Regelfilen"):
        tried(rules={**table, "basis": "år"})


def changed_rules(**changes: object) -> dict[str, object]:
    table = json.loads((files("payments.rulesets") / "tyreso-2020.json").read_text())
    return table | changes


def test_rules_from_a_file_may_ask_for_more_than_those_in_force() -> None:
    placement = month_ready()
    placement.end_day = placement.paid_end_day = date(2026, 2, 25)
    placement.end_reason = "deceased"
    tail = [{"reason": "deceased", "days": "10", "share": "100"}]
    paid()
    assert tried(rules=changed_rules(after_end=tail)).difference == 3 * PRICE
    assert tried(rules=changed_rules(late_months="1")).after == 0


def test_days_after_an_end_in_the_month_before_are_in_what_a_file_would_pay() -> None:
    placement = month_ready()
    month_ready()
    paid()
    placement.end_day = placement.paid_end_day = date(2026, 2, 25)
    placement.end_reason = "deceased"
    paid(MARCH)
    tail = [{"reason": "deceased", "days": "10", "share": "100"}]
    assert tried(rules=changed_rules(after_end=tail)).difference == 5 * PRICE


def test_a_place_that_is_given_up_is_told_to_rules_that_ask() -> None:
    placement = month_ready()
    make._added(
        Pause(
            placement_id=placement.id,
            first_day=date(2026, 2, 23),
            end_day=date(2026, 2, 28),
            share_paid=None,
            place_kept=False,
            recorded_at=now() - timedelta(days=1),
        )
    )
    paid()
    kept = [{"share": "100", "place": "kept"}, {"share": "50", "place": "given_up"}]
    found = tried(rules=changed_rules(pause=kept))
    assert (found.before, found.difference) == (15 * PRICE, 5 * PRICE // 2)


def test_one_day_fewer_a_week_changes_both_days_and_class() -> None:
    four_people()
    found = tried(extent_days=-1, extent_share=100)
    # Four days a week are half time; four Fridays fall away.
    assert found.after == 16 * (3 * 43900 + 69100)
    assert found.after == tried(extent_days=-1, extent_share=100).after


def test_a_day_more_than_all_weekdays_is_no_day_more() -> None:
    four_people()
    assert tried(extent_days=1, extent_share=100).difference == 0


def test_more_days_are_attended_but_for_closed_ones() -> None:
    person = make.person()
    make.level(person, "2", first_day=make.START)
    three = [[["09:00", "15:00"]] * 3 + [None] * 4]
    placement = make.placement(person, times=three)
    make_payments.month_of(placement, d2="O")
    paid()
    found = tried(extent_days=2, extent_share=100)
    assert (found.before, found.after) == (12 * 43900, 20 * PRICE)


def test_half_of_the_placements_are_the_same_half_each_time() -> None:
    four_people()
    half = tried(extent_days=-1, extent_share=50)
    assert half.difference not in (
        0,
        tried(extent_days=-1, extent_share=100).difference,
    )
    assert half == tried(extent_days=-1, extent_share=50)


def test_people_who_choose_another_regi_are_paid_by_its_prices() -> None:
    four_people()
    found = tried(external_share=0)
    assert found.after == DAYS * (3 * INTERNAL + 93100)
    assert {row.provider for row in found.rows if row.after} == {"Nya val, egen regi"}
    assert tried(external_share=100).difference == 0


def test_more_people_cost_what_the_levels_own_cost() -> None:
    four_people()
    assert tried(more_people={"2": 2}).difference == 2 * DAYS * PRICE
    assert tried(more_percent={"2": 1000}).difference == 3 * DAYS * PRICE // 10
    assert tried(more_people={"3": -1}).after == 3 * DAYS * PRICE
    assert tried(more_people={"3": -5}).after == 3 * DAYS * PRICE
    with pytest.raises(Refused, match="Ingen har nivå 4"):
        tried(more_people={"4": 1})


def test_a_missing_price_is_told_and_never_counted_as_a_saving(
    client: StrictClient,
) -> None:
    four_people()
    cells = [PriceCell("2", "heltid", "extern", "day", PRICE, 1)]
    found = tried(price_cells=cells)
    assert sum(found.held_after.values()) == 1
    kept = scenarios.keep(
        system=make.system(),
        name="Utan nivå 3",
        changes=Changes(price_cells=cells, price_name="utan.csv"),
        by_id=None,
    )
    client.login(make.user(Role.FINANCE))
    page = client.page(f"/prognos/scenarier/{kept.public_id}").text
    assert "ingår inte i summorna" in page


def test_a_scenario_writes_no_line_and_no_run() -> None:
    four_people()
    before = len(db.session.scalars(select(PaymentLine)).all())
    tried(price_index=1000)
    assert len(db.session.scalars(select(PaymentLine)).all()) == before


def test_nothing_attested_is_nothing_to_count_from(client: StrictClient) -> None:
    month_ready()
    compute()
    client.login(make.user(Role.FINANCE))
    told = {"name": "x", "price_percent": "3"}
    page = client.send("/prognos/scenarier/nytt", "price_percent", **told).page
    assert any("Ingen månad är attesterad" in error for error in page.errors)


def test_scenarios_are_made_on_the_page_kept_and_compared(
    client: StrictClient,
) -> None:
    four_people()
    client.login(make.user(Role.FINANCE))
    new = "/prognos/scenarier/nytt"
    first = client.send(new, "price_percent", name="Index 3,1 %", price_percent="3,1")
    table = (files("payments.rulesets") / "tyreso-2020.json").read_bytes()
    second = client.send(
        new,
        "price_percent",
        name="Fler",
        rules=(io.BytesIO(table), "regler.json"),
        **{"volumes-1-more": "10 %", "volumes-2-more": "-1"},
    )
    page = client.page(second.location)
    assert "regler.json" in page.text
    assert "Personer på nivå 2" in page.text
    client.page(first.location)
    listed = client.page("/prognos/scenarier")
    assert "Index 3,1 %" in plain(listed.text)
    kept = db.session.scalars(select(Scenario)).all()
    asked = "&".join(f"scenario={one.public_id}" for one in kept)
    side = plain(client.page(f"/prognos/jamfor?{asked}").text)
    assert "Index 3,1 %" in side
    assert "Fler" in side
    assert "Skillnad på ett år" in side
    assert "Inget scenario är valt" in client.page("/prognos/jamfor").text


def test_a_draft_list_is_chosen_on_the_page(client: StrictClient) -> None:
    four_people()
    text = (make_payments.PRICES / "tyreso-2020.csv").read_text("utf-8")
    rows = [row.split(";") for row in text.splitlines() if row[0] != "5"]
    draft = make._added(
        PriceDraft(
            choice_system_id=make.system().id,
            file_name="nasta.csv",
            rows=rows,
            reasons={},
            uploaded_at=now(),
        )
    )
    client.login(make.user(Role.FINANCE))
    told = {"name": "Nästa lista", "prices": draft.public_id}
    done = client.send("/prognos/scenarier/nytt", "price_percent", **told)
    assert "nasta.csv" in client.page(done.location).text


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"price_percent": "mycket"}, "Skriv procent"),
        ({"price_percent": "101"}, "högst 100"),
        ({"volumes-0-more": "några"}, "antal personer"),
        ({"volumes-0-more": "5,555 %"}, "antal personer"),
        ({"external_share": "101"}, "hela procent"),
        ({"extent_share": "-1"}, "hela procent"),
        ({}, "Ändra något"),
        ({"rules": b"[]"}, "ingen regelfil"),
        ({"rules": b"\xff"}, "inte JSON"),
    ],
)
def test_what_is_typed_wrong_is_told_and_nothing_is_kept(
    client: StrictClient, told: dict[str, object], words: str
) -> None:
    four_people()
    client.login(make.user(Role.FINANCE))
    said = {
        name: (io.BytesIO(value), "r.json") if isinstance(value, bytes) else value
        for name, value in told.items()
    }
    page = client.send(
        "/prognos/scenarier/nytt", "price_percent", name="Fel", **said
    ).page
    assert any(words in error for error in page.errors), page.errors
    assert page.form("price_percent").filled({})["name"] == ["Fel"]
    assert not db.session.scalars(select(Scenario)).all()


def kept_with(name: str, **changes: object) -> Scenario:
    return scenarios.keep(
        system=make.system(), name=name, changes=Changes(**changes), by_id=None
    )


def test_managers_see_sums_but_no_level_of_few(client: StrictClient) -> None:
    month_ready("2")
    four_people()
    kept = kept_with("Index", price_index=310)
    client.login(make.user(Role.MANAGER))
    page = client.page(f"/prognos/scenarier/{kept.public_id}")
    found = Outcome.read(kept.outcome)
    assert plain(whole_kronor(found.difference)) in plain(page.text)
    levels = [row[1:] for row in page.table(2)]
    assert levels == [["visas inte"] * 5] * 2
    assert "Per utförare och nivå" not in page.text
    assert client.get("/prognos/scenarier/nytt").status_code == 403


def test_managers_see_no_sum_that_differs_by_the_cost_of_few(
    client: StrictClient,
) -> None:
    month_ready("2")
    four_people()
    index = kept_with("Index", price_index=310)
    both = kept_with("Fler också", price_index=310, more_percent={"3": 1000})
    pages = (
        f"/prognos/scenarier/{both.public_id}",
        "/prognos/scenarier",
        f"/prognos/jamfor?scenario={index.public_id}&scenario={both.public_id}",
    )
    found = Outcome.read(both.outcome)
    told = [
        plain(write(amount))
        for amount in (found.after, found.difference, found.a_year)
        for write in (kronor, whole_kronor)
    ]
    assert shows(client.login(make.user(Role.FINANCE)), pages, told) == [True] * 3
    client.login(make.user(Role.MANAGER))
    assert shows(client, pages, told) == [False] * 3
    first = Outcome.read(index.outcome)
    assert shows(client, pages[1:], [plain(kronor(first.after))]) == [True] * 2


def is_told(client: StrictClient, kept: Scenario) -> bool:
    address = f"/prognos/scenarier/{kept.public_id}"
    told = plain(whole_kronor(Outcome.read(kept.outcome).difference))
    return told in plain(client.page(address).text)


@pytest.mark.parametrize(
    ("few", "enough"),
    [
        ({"external_share": 70}, {"external_share": 50}),
        (
            {"extent_days": -1, "extent_share": 40},
            {"extent_days": -1, "extent_share": 50},
        ),
    ],
    ids=["moved", "another extent"],
)
def test_managers_see_no_sum_that_few_of_a_cell_change(
    client: StrictClient, few: dict[str, int], enough: dict[str, int]
) -> None:
    """Three of ten people move, or four of them come on fewer days; or five."""
    unit = make.unit()
    for _ in range(10):
        month_ready("2", unit)
    paid()
    by_five, by_few = kept_with("Fem", **enough), kept_with("Få", **few)
    client.login(make.user(Role.MANAGER))
    assert is_told(client, by_five)
    assert not is_told(client, by_few)
    assert is_told(client.login(make.user(Role.FINANCE)), by_few)


def test_managers_see_no_old_sum_that_does_not_say_how_many_change_it(
    client: StrictClient,
) -> None:
    for _ in range(5):
        month_ready("2")
    paid()
    new = kept_with("Ny", price_index=310)
    old = make._added(
        Scenario(
            choice_system_id=new.choice_system_id,
            name="Gammal",
            month=new.month,
            changes=new.changes,
            outcome={name: new.outcome[name] for name in new.outcome if name != "own"},
            made_at=now(),
        )
    )
    client.login(make.user(Role.MANAGER))
    assert [is_told(client, one) for one in (old, new)] == [False, True]
    client.login(make.user(Role.FINANCE))
    assert is_told(client, old)


def shows(
    client: StrictClient, pages: Sequence[str], told: Sequence[str]
) -> list[bool]:
    """Whether some of the texts stands on each page."""
    texts = [plain(client.page(address).text) for address in pages]
    return [any(one in text for one in told) for text in texts]


def test_managers_do_not_see_how_many_cannot_be_priced(client: StrictClient) -> None:
    four_people()
    cells = [PriceCell("2", "heltid", "extern", "day", PRICE, 1)]
    kept = kept_with("Utan nivå 3", price_cells=cells, price_name="utan.csv")
    client.login(make.user(Role.MANAGER))
    page = client.page(f"/prognos/scenarier/{kept.public_id}").text
    assert "antalet visas inte" in page
    assert "(1)" not in page


def test_a_scenario_of_another_municipality_is_not_found(client: StrictClient) -> None:
    four_people()
    kept = scenarios.keep(
        system=make.system(),
        name="Index",
        changes=Changes(price_index=310),
        by_id=None,
    )
    other = make.municipality(name="Annan")
    client.login(make.user(Role.FINANCE, municipality=other))
    assert client.get(f"/prognos/scenarier/{kept.public_id}").status_code == 404
    asked = f"/prognos/jamfor?scenario={kept.public_id}"
    assert client.get(asked).status_code == 404


def test_lots_do_not_depend_on_the_order_they_are_drawn_in() -> None:
    refs = list(range(100))
    assert drawn(refs, 30) == drawn(refs[::-1], 30)
    assert drawn(refs, 30) < drawn(refs, 31)


LEVELS = ("1", "2", "3")


@given(
    parts=st.dictionaries(
        st.tuples(st.sampled_from("ABCDEF"), st.sampled_from(LEVELS)),
        st.integers(0, 10**9),
    ),
    by=st.fractions(0, 10, max_denominator=400),
)
def test_what_is_shared_out_adds_up_to_the_whole(
    parts: dict[tuple[str, str], int], by: Fraction
) -> None:
    found = scenarios.shared_out(parts, by)
    assert sum(found.values()) == scenarios.scaled(sum(parts.values()), by)
    assert all(abs(found[key] - part * by) < 1 for key, part in parts.items())


def test_everything_that_was_changed_is_kept_with_the_scenario() -> None:
    four_people()
    changes = Changes(
        price_index=310,
        extent_days=-1,
        extent_share=50,
        more_people={"2": 1},
        external_share=80,
    )
    made = scenarios.keep(
        system=make.system(), name="Allt", changes=changes, by_id=None
    )
    values = {name: made.changes[name] for name in ("price_index", "external_share")}
    assert values == {"price_index": 310, "external_share": 80}
    assert [term for term, _ in made.changes["words"]] == [
        "Alla priser",
        "Omfattning",
        "Personer på nivå 2",
        "Väljer extern utförare",
    ]
    assert Outcome.read(made.outcome) == scenarios.tried(make.system(), changes)[1]


def test_weights_count_people_and_per_cent_together() -> None:
    changes = Changes(more_percent={"1": 500}, more_people={"1": 1, "2": -9})
    found = weights(changes, {"1": 10, "2": 3, "3": 4})
    assert found == {"1": Fraction(23, 20), "2": Fraction(0), "3": Fraction(1)}


def test_the_day_of_a_scenario_is_its_month() -> None:
    four_people()
    month, _ = scenarios.tried(make.system(), Changes(price_index=100))
    assert month.first == date(2026, 2, 1)
