"""Controls are tuned by dated decisions, and never off without everybody seeing it."""

from datetime import date

import pytest
from flask import Flask

from lovdv.access import Role
from lovdv.controls import checking, settings
from lovdv.controls import queries as control_queries
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.payouts import operations
from payments.control_catalogue import CONTROLS
from tests import make
from tests.kit_app import StrictClient
from tests.kit_payouts import compute, month_ready, paid

pytestmark = [pytest.mark.usefixtures("in_april"), pytest.mark.usefixtures("terms")]
TODAY = date(2026, 4, 7)


@pytest.fixture
def lead(app: Flask, client: StrictClient) -> StrictClient:
    make.system()
    return client.login(make.user(Role.LEAD, name="Lena Lead"))


def decide(key: str, effect: str = "lists", **told: object) -> None:
    settings.decide(
        choice_system_id=make.system().id,
        control=CONTROLS[key],
        effect=effect,
        **{"first_day": TODAY, "reason": "Prov", **told},
    )


def in_force(key: str, on: date = TODAY) -> settings.Setting:
    return settings.in_force(make.system().id, on)[key]


def test_what_ships_holds_until_somebody_decides() -> None:
    assert in_force("whole_months").effect == "decides"
    assert in_force("whole_months").knobs == {"months": 6}
    decide("whole_months", "decides", knobs={"months": 12})
    assert in_force("whole_months").knobs == {"months": 12}
    assert in_force("whole_months", date(2026, 4, 6)).knobs == {"months": 6}


def test_what_is_off_comes_back_as_it_was_after_its_last_day() -> None:
    decide("whole_months", "lists", knobs={"months": 9})
    decide("whole_months", "off", off_end_day=date(2026, 5, 1))
    assert in_force("whole_months", date(2026, 4, 30)).is_off
    after = in_force("whole_months", date(2026, 5, 1))
    assert (after.effect, after.knobs) == ("lists", {"months": 9})


REFUSED = {
    "a fixed control": ("total", {}, "går inte att ändra"),
    "a day that has been": (
        "whole_months",
        {"first_day": date(2026, 4, 6)},
        "kontrolleras inte på nytt",
    ),
    "off for ever": ("whole_months", {"effect": "off"}, "Skriv vilken"),
    "off for no day": (
        "whole_months",
        {"effect": "off", "off_end_day": TODAY},
        "före den första",
    ),
    "off for years": (
        "whole_months",
        {"effect": "off", "off_end_day": date(2027, 4, 9)},
        "högst ett år",
    ),
    "a number outside its limits": (
        "whole_months",
        {"knobs": {"months": 1}},
        "mellan 2 och 24",
    ),
    "a confidence that has no value": (
        "sample",
        {"knobs": {"confidence": 91}},
        "90, 95 eller 99",
    ),
    "no reason": ("whole_months", {"reason": ""}, "Skriv varför"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_decided_is_refused(case: str) -> None:
    key, told, message = REFUSED[case]
    with pytest.raises(Refused, match=message):
        decide(key, **told)


def test_a_control_that_is_off_finds_nothing_and_says_so() -> None:
    lead = make.user(Role.LEAD, name="Lena Lead")
    decide("outside_plan", "off", off_end_day=date(2026, 5, 1), by_id=lead.id)
    month_ready(d9="X")
    run = compute()
    assert control_queries.findings(run) == []
    told = settings.switched_off(settings.kept(run))
    assert [(one.title, one.last_day, one.by, one.reason) for one in told] == [
        ("Närvaro utanför planen", date(2026, 4, 30), "Lena Lead", "Prov"),
        ("Urval att gå igenom", date(2099, 12, 31), "kommandot", "Prov"),
    ]


def test_a_control_that_only_lists_asks_for_no_decision() -> None:
    decide("outside_plan", "lists")
    month_ready(d9="X")
    run = compute()
    [one] = control_queries.findings(run)
    assert (one.effect, checking.needs_decision(one)) == ("lists", False)
    operations.attest(run=run, by_id=make.user(Role.APPROVER).id)


def test_a_run_remembers_how_it_was_controlled() -> None:
    month_ready()
    run = paid()
    decide("whole_months", "lists")
    assert settings.kept(run)["whole_months"].effect == "decides"


def test_a_control_that_is_set_otherwise_demands_a_new_computation() -> None:
    month_ready()
    run = compute()
    before = checking.seal(run)
    decide("whole_months", "lists")
    with pytest.raises(Refused, match="räkna om"):
        operations.attest(run=run, by_id=make.user(Role.APPROVER).id)
    again = compute(seen=run)
    assert checking.seal(again) != before
    operations.attest(run=again, by_id=make.user(Role.APPROVER).id)


def test_the_seal_tells_how_controls_were_set() -> None:
    month_ready()
    run = compute()
    told = checking.settings_told(run)
    assert 'whole_months decides {"months": 6} ' in told


def test_the_page_lists_every_control_and_what_it_found(lead: StrictClient) -> None:
    month_ready(d9="X")
    paid()
    page = lead.page("/kontroller")
    rows = {row[0]: row for row in page.table()}
    assert len(rows) == len(CONTROLS)
    assert rows["Närvaro utanför planen"][2:] == [
        "Kräver beslut",
        "1 körning, 1 fynd",
        "1 av 1",
    ]
    assert rows["Efter dödsfall"][2:] == ["Kräver beslut", "–", "–"]
    assert "avstängd till och med 31 december 2099" in page.text


def test_a_control_is_tuned_on_its_page(lead: StrictClient) -> None:
    address = "/kontroller/whole_months"
    assert "Ingen har ändrat kontrollen" in lead.page(address).text
    typed = {"effect": "lists", "months": "8", "reference": "SN § 3"}
    without = lead.send(f"{address}/andra", "effect", reason="", **typed)
    assert any("Skriv varför" in error for error in without.page.errors)
    assert without.page.form("effect").fields["months"] == ["8"]
    sent = lead.send(f"{address}/andra", "effect", reason="För många", **typed)
    assert sent.status_code == 302
    row = lead.page(address).table()[0]
    assert row[1:3] == ["Visas bara", "–"]
    assert row[4:] == ["För många", "SN § 3", "Lena Lead"]


def test_a_control_is_switched_off_until_a_day(lead: StrictClient) -> None:
    address = "/kontroller/outside_plan/andra"
    never = lead.send(address, "effect", effect="off", reason="Ombyggnad")
    assert any("Skriv vilken" in error for error in never.page.errors)
    lead.send(
        address,
        "effect",
        effect="off",
        off_last_day="2026-04-30",
        reason="Ombyggnad av schemat",
    )
    told = "Närvaro utanför planen: avstängd till och med 30 april 2026 av Lena Lead"
    assert f"{told}, därför att: Ombyggnad av schemat" in lead.page("/kontroller").text


def test_a_fixed_control_has_no_page_to_change_it(lead: StrictClient) -> None:
    assert "Alltid på" in lead.page("/kontroller/total").text
    assert lead.get("/kontroller/total/andra").status_code == 404
    assert lead.get("/kontroller/finns-inte").status_code == 404


def test_finance_reads_and_does_not_change(client: StrictClient) -> None:
    make.system()
    client.login(make.user(Role.FINANCE))
    assert "Ändra kontrollen" not in client.page("/kontroller/whole_months").text
    assert client.get("/kontroller/whole_months/andra").status_code == 403


def test_another_municipalitys_system_is_not_found(lead: StrictClient) -> None:
    other = make.system(municipality=make.municipality(name="Grannstad"))
    db.session.flush()
    assert lead.get(f"/kontroller?system={other.public_id}").status_code == 404
