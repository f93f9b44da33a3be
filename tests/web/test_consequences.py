"""What a version of the instrument would mean, run over everybody's answers."""

import csv
import io
import json
import random
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from assessment import read_instrument
from lovdv.access import Role
from lovdv.extensions import db
from lovdv.needs import consequence_shown, consequences
from lovdv.needs.consequence_drivers import BOUNDS, drivers
from lovdv.needs.consequences import Found, ProviderCost
from lovdv.needs.models import InstrumentVersion
from lovdv.people.models import Client
from lovdv.providers.models import Unit
from tests import make, make_payments, small_instrument
from tests.kit_app import StrictClient

TODAY = date(2026, 3, 16)
MONTH_3, MONTH_4 = 2_138_500, 2_823_167
"""987 and 1 303 kr for five days a week, 52 weeks in 12 months, in öre."""


@pytest.fixture
def lead(client: StrictClient) -> StrictClient:
    client.login(make.user(Role.LEAD))
    return client


def changed(**question: Any) -> InstrumentVersion:
    """A draft in which one question is other than before, and sums may reach 10."""
    told = json.loads(small_instrument.document(version="2"))
    asked = told["domains"][0]["questions"][1]
    asked |= question
    told["limits"][-1]["to"] = "10"
    return make.draft_instrument(json.dumps(told))


def person(level: str, unit: Unit | None = None) -> Client:
    """Somebody with a level; at the unit five days a week when there is one."""
    found = make.person()
    make.level(found, level)
    if unit is not None:
        make.placement(found, unit)
    return found


def found_for(version: InstrumentVersion) -> Found:
    return Found.read(consequences.run(version=version, on=TODAY).found)


def test_who_moves_and_what_it_costs_by_the_list_in_force(lead: StrictClient) -> None:
    make_payments.payment_rules()
    make_payments.prices()
    unit = make.unit()
    for level in "1233":
        person(level, unit)
    found = found_for(changed(weight="2"))
    assert found.moves == [("1", "1", 1), ("2", "2", 1), ("3", "4", 2)]
    assert (found.people, found.moved, found.incomplete) == (4, 2, 0)
    [provider] = found.providers
    assert (provider.people, provider.moved) == (4, 2)
    assert provider.change == 2 * (MONTH_4 - MONTH_3)
    assert found.unpriced == []


def test_the_change_that_moves_people_is_named(lead: StrictClient) -> None:
    for level in "33":
        person(level)
    found = found_for(changed(weight="2"))
    assert found.drivers == [("Resa", 2)]
    assert found.untried == ["Gränser, regler och nivåer"]


def test_an_answer_that_is_missing_is_counted_and_never_guessed(
    lead: StrictClient,
) -> None:
    make_payments.payment_rules()
    make_payments.prices()
    person("3", make.unit())
    told = json.loads(small_instrument.document(version="2"))
    told["domains"][1]["questions"].append(
        {"id": "ny", "text": "Natten", "scale": "stod"}
    )
    told["limits"][-1]["to"] = "10"
    found = found_for(make.draft_instrument(json.dumps(told)))
    assert found.moves == [("3", "ofullständig", 1)]
    assert (found.moved, found.incomplete) == (0, 1)
    assert found.missing == [("Natten", 1)]
    assert found.month_then == found.month_now == MONTH_3


def test_a_place_without_price_is_left_out_by_name(lead: StrictClient) -> None:
    make_payments.payment_rules()
    make_payments.prices(spelt={"heltid": "helt"})
    person("3", make.unit())
    found = found_for(changed(weight="2"))
    assert (found.month_now, found.month_then) == (0, 0)
    [(reason, count)] = found.unpriced
    assert count == 1
    assert "heltid" in reason


def test_those_who_are_over_are_not_counted(lead: StrictClient) -> None:
    gone, over = person("3"), person("3")
    gone.died_on = date(2026, 3, 1)
    make.decision_of(over).end_day = date(2026, 3, 10)
    db.session.flush()
    assert found_for(changed(weight="2")).people == 0


def by_level() -> dict[tuple[str, str], Decimal]:
    """The full-time external prices, straight from the file."""
    text = (make_payments.PRICES / "tyreso-2020.csv").read_text("utf-8")
    rows = csv.DictReader(io.StringIO(text), delimiter=";")
    return {
        (row["nivå"], row["regi"]): Decimal(row["belopp_kr"])
        for row in rows
        if row["omfattning"] == "heltid"
    }


def test_the_parts_make_the_whole_to_the_ore(lead: StrictClient) -> None:
    """Whoever happens to be there, and wherever they are."""
    make_payments.payment_rules()
    make_payments.prices()
    drawn = random.Random(7)
    units = [make.unit(), make.unit()]
    levels = [drawn.choice("1234") for _ in range(12)]
    for level in levels:
        person(level, drawn.choice(units))
    found = found_for(changed(weight="2"))
    after = {"1": "1", "2": "2", "3": "4", "4": "4"}
    counts = Counter(levels)
    assert {(a, b): n for a, b, n in found.moves} == {
        (level, after[level]): count for level, count in counts.items()
    }
    prices = by_level()
    month = Decimal(20 * 13) / 12 * 100
    expected = sum(
        int((prices[after[level], "extern"] * month).quantize(Decimal(1)))
        for level in levels
    )
    assert found.month_then == expected == sum(one.then for one in found.providers)
    assert sum(one.people for one in found.providers) == found.people == 12


def test_the_lead_sees_whole_numbers_and_no_name(lead: StrictClient) -> None:
    named = person("3", make.unit())
    version = changed(weight="2")
    sent = lead.send(f"/instrument/{version.public_id}/konsekvenser")
    address = sent.headers["Location"]
    shown = lead.page(address)
    assert ["3", "0", "0", "0", "1"] in shown.table(1)
    assert named.last_name not in shown.text
    version.digest = "0" * 64
    db.session.flush()
    assert "Utkastet har ändrats sedan dess" in lead.page(address).text


def test_what_leaves_the_house_hides_small_counts(lead: StrictClient) -> None:
    for level in "3222222":
        person(level, make.unit() if level == "3" else None)
    run = consequences.run(version=changed(weight="2"), on=TODAY)
    content = lead.get(f"/konsekvenser/{run.public_id}/excel").data
    sheet = load_workbook(io.BytesIO(content))["Flyttar"]
    cells = {cell.value for row in sheet.iter_rows(min_row=2) for cell in row}
    assert "visas inte" in cells
    assert "6" not in cells
    told = consequence_shown.hidden(Found.read(run.found))
    assert [one.change for one in told.providers] == ["visas inte"]
    lead.login(make.user(Role.MANAGER))
    assert "visas inte" in lead.page(f"/siffror/konsekvenser/{run.public_id}").text
    assert lead.get(f"/konsekvenser/{run.public_id}").status_code == 403


def shown_moves(*moves: tuple[str, str, int]) -> consequence_shown.Shown:
    levels = ["1", "2", "3"]
    empty: list[tuple[str, int]] = []
    people = sum(count for _, _, count in moves)
    return consequence_shown.hidden(
        Found(people, levels, levels, list(moves), empty, empty, [], [], empty)
    )


def test_a_sum_that_is_shown_gives_no_hidden_cell_away() -> None:
    told = shown_moves(
        ("1", "1", 40), ("2", "2", 5), ("2", "3", 7), ("3", "1", 2), ("3", "3", 8)
    )
    assert told.moved == "9"
    assert dict(told.rows)["2"] == ["0", "5", "visas inte"]
    assert dict(told.rows)["3"] == ["visas inte", "0", "8"]


def test_a_provider_with_few_people_shows_no_amounts() -> None:
    costs = [
        ProviderCost("Liten", 1, 0, 2_138_500, 2_138_500),
        ProviderCost("Lagom", 9, 0, 9_000_000, 9_000_000),
        ProviderCost("Stor", 90, 6, 90_000_000, 95_000_000),
    ]
    empty: list[tuple[str, int]] = []
    found = Found(100, ["1"], ["1"], [("1", "1", 94)], empty, empty, [], costs, empty)
    told = consequence_shown.hidden(found)
    assert [one.now for one in told.providers][:2] == ["visas inte"] * 2
    assert told.providers[2].moved == "6"


def test_the_change_that_one_person_makes_is_not_shown() -> None:
    costs = [ProviderCost("Stor", 90, 1, 90_000_000, 90_684_667)]
    moves = [("3", "3", 89), ("3", "4", 1)]
    empty: list[tuple[str, int]] = []
    found = Found(90, ["3"], ["3", "4"], moves, empty, empty, [], costs, empty)
    told = consequence_shown.hidden(found)
    assert (told.total.change, told.year_change) == ("visas inte", "visas inte")


def test_a_removed_question_leaves_nobody_without_a_level(lead: StrictClient) -> None:
    for level in "1233":
        person(level)
    told = json.loads(small_instrument.document(version="2"))
    told["domains"][0]["questions"].pop()
    found = found_for(make.draft_instrument(json.dumps(told)))
    assert found.incomplete == 0
    assert found.moves == [("1", "1", 1), ("2", "1", 1), ("3", "2", 2)]
    assert found.drivers == [("Borttagen fråga: Resa", 3)]


def test_the_level_is_that_of_the_decision_in_force(lead: StrictClient) -> None:
    first = person("3")
    old = make.decision_of(first)
    old.end_day = date(2026, 3, 1)
    make.decision(first, first_day=date(2026, 3, 1))
    after_a_gap = person("3")
    make.decision_of(after_a_gap).end_day = date(2026, 2, 1)
    make.decision(after_a_gap, first_day=date(2026, 3, 1))
    db.session.flush()
    assert found_for(changed(weight="2")).moves == [("3", "4", 1)]


def test_a_question_that_moves_and_a_changed_maximum_are_changes() -> None:
    old = read_instrument(small_instrument.document())
    moved = json.loads(small_instrument.document(version="2"))
    question = moved["domains"][0]["questions"].pop()
    moved["domains"][1]["questions"].append(question)
    moved["irrelevant_lowers_maximum"] = True
    texts = [each.text for each in drivers(old, read_instrument(json.dumps(moved)))]
    assert texts == ["Resa", BOUNDS]


def test_a_draft_with_faults_is_not_run(lead: StrictClient) -> None:
    told = json.loads(small_instrument.document(version="2"))
    told["limits"].pop()
    version = make.draft_instrument(json.dumps(told))
    page = lead.page(f"/instrument/{version.public_id}/konsekvenser")
    assert "Det har fel som måste rättas" in page.text


def test_another_municipalitys_run_is_not_there(lead: StrictClient) -> None:
    run = consequences.run(version=changed(weight="2"), on=TODAY)
    elsewhere = make.user(Role.LEAD, municipality=make.municipality(name="Annan"))
    lead.login(elsewhere)
    for path in (
        f"/konsekvenser/{run.public_id}",
        f"/konsekvenser/{run.public_id}/excel",
        f"/siffror/konsekvenser/{run.public_id}",
    ):
        assert lead.get(path).status_code == 404, path
