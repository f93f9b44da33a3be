"""Rules decided through their forms, and the public pages about the site."""

from collections.abc import Mapping
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from lovdv.access import Role
from lovdv.extensions import db
from lovdv.systems import operations, queries
from lovdv.systems.forms import FORMS
from lovdv.systems.models import ChoiceSystem, Rule
from lovdv.systems.rules import DEFAULTS
from tests import make
from tests.kit_app import StrictClient

TODAY = date(2026, 3, 16)


@pytest.fixture
def lead(app: Flask, client: StrictClient) -> StrictClient:
    make.system()
    return client.login(make.user(Role.LEAD))


def decide(
    client: StrictClient, key: str, *, shown: str = "", **values: object
) -> TestResponse:
    """Decide a rule from the form that shows today's, or that of another day."""
    told = {"first_day": "2026-04-01", "reference": "Nämnden 2026-03-10 § 4", **values}
    system = db.session.scalars(select(ChoiceSystem).limit(1)).one()
    address = f"/valfrihetssystem/{system.public_id}/regel/{key}?fran={shown}"
    return client.send(address, "reference", **told)


def in_force(key: str, on: date = date(2026, 4, 1)) -> Mapping[str, object]:
    return queries.rule(make.system().id, key, on)


def test_the_page_shows_what_holds_today(lead: StrictClient) -> None:
    page = lead.page(f"/valfrihetssystem/{make.system().public_id}")
    assert "Dagar att välja på 21" in page.text
    assert "Ingenting är beslutat än" in page.text


@pytest.mark.parametrize("key", FORMS)
def test_deciding_what_already_holds_changes_nothing(
    lead: StrictClient, key: str
) -> None:
    assert decide(lead, key).status_code == 302
    kept = {k: v for k, v in in_force(key).items() if k in DEFAULTS[key]}
    assert kept == {k: DEFAULTS[key][k] for k in kept}


DECIDED = {
    "days to choose": ("choice", {"answer_days": 30}, {"answer_days": 30}),
    "notice by a day": (
        "choice",
        {"notice_kind": "by_day", "notice_day": 20, "notice_months": 2},
        {"notice": {"kind": "by_day", "day": 20, "months": 2}},
    ),
    "reasons to decline": (
        "order",
        {"decline_reasons": "Enheten är full\r\n\r\nFel språk"},
        {"decline_reasons": {"full": "Enheten är full", "fel_sprz1k": "Fel språk"}},
    ),
    "the plan is paid when late": ("attendance", {"late": "plan"}, {"late": "plan"}),
    "a share is reviewed": (
        "review",
        {"when": "share", "share_percent": 25},
        {"when": "share", "share_percent": 25},
    ),
    "top levels": (
        "review",
        {"when": "top", "top_levels": "3A, 3B"},
        {"when": "top", "top_levels": ["3A", "3B"]},
    ),
    "a raise from the request": (
        "level_effect",
        {"raising": "request", "part_of_decision": None},
        {"raise": "request", "part_of_decision": False},
    ),
    "warnings": ("clock", {"warn_days": "30, 60"}, {"warn_days": [30, 60]}),
}


@pytest.mark.parametrize("case", DECIDED.values(), ids=DECIDED)
def test_a_rule_is_decided_from_its_first_day(
    lead: StrictClient, case: tuple[str, dict[str, object], dict[str, object]]
) -> None:
    key, values, expected = case
    decide(lead, key, **values)
    found = in_force(key)
    said = {name: found[name] for name in expected}
    if "decline_reasons" in said:
        assert list(said["decline_reasons"].values()) == [
            "Enheten är full",
            "Fel språk",
        ]
    else:
        assert said == expected
    before = in_force(key, date(2026, 3, 31))
    assert {name: before[name] for name in DEFAULTS[key]} == dict(DEFAULTS[key])


REFUSED = {
    "too few days": ("choice", {"answer_days": 1}, "mellan 7 och 180"),
    "not a number": ("choice", {"answer_days": "många"}, "mellan 7 och 180"),
    "no reason left": ("order", {"decline_reasons": " "}, "minst ett skäl"),
    "falling numbers": ("clock", {"warn_days": "90, 60"}, "i stigande ordning"),
    "words for numbers": ("clock", {"warn_days": "sextio"}, "hela tal"),
    "no first day": ("clock", {"first_day": ""}, "från vilken dag"),
    "no reference": ("clock", {"reference": ""}, "var det är beslutat"),
    "no levels": ("review", {"when": "top"}, "vilka nivåer"),
    "an unknown way": ("attendance", {"late": "aldrig"}, "Välj ett av alternativen"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_rule_that_says_nothing_is_refused(
    lead: StrictClient, case: tuple[str, dict[str, object], str]
) -> None:
    key, values, message = case
    assert message in " ".join(decide(lead, key, **values).page.errors)
    assert db.session.scalars(select(Rule)).all() == []


@pytest.mark.parametrize("rule", ["nearest", "turn_list"])
def test_another_rule_for_icke_val_needs_the_risk_confirmed(
    lead: StrictClient, rule: str
) -> None:
    refused = decide(lead, "choice", no_choice=rule)
    assert "Bekräfta att du har tagit del av risken" in refused.page.errors[0]
    decide(lead, "choice", no_choice=rule, risk_confirmed="y")
    found = in_force("choice")
    assert found["no_choice"] == rule
    assert str(found["risk_confirmed"]).startswith("Användare")


def test_a_new_decision_for_the_same_day_supersedes_and_both_stand(
    lead: StrictClient,
) -> None:
    decide(lead, "clock", ending_days=60)
    decide(lead, "clock", shown="2026-04-01", ending_days=30)
    assert in_force("clock")["ending_days"] == 30
    page = lead.page(f"/valfrihetssystem/{make.system().public_id}")
    assert [row[0] for row in page.table()] == [
        "Tremånadersklockan, ändring 2",
        "Tremånadersklockan",
    ]
    assert page.table()[0][2] == "Nämnden 2026-03-10 § 4"


def test_finance_reads_the_rules_but_decides_none(
    app: Flask, client: StrictClient
) -> None:
    system = make.system()
    client.login(make.user(Role.FINANCE))
    base = f"/valfrihetssystem/{system.public_id}"
    assert "Besluta ny regel" not in client.page(base).text
    assert client.get(f"{base}/regel/clock").status_code == 403


def test_the_system_of_another_municipality_is_not_found(
    lead: StrictClient,
) -> None:
    other = make.system(municipality=make.municipality(name="Grannkommunen"))
    for page in ("", "/regel/clock"):
        address = f"/valfrihetssystem/{other.public_id}{page}"
        assert lead.get(address).status_code == 404


def test_there_is_no_such_rule(lead: StrictClient) -> None:
    base = f"/valfrihetssystem/{make.system().public_id}"
    assert lead.get(f"{base}/regel/payment").status_code == 404


def test_several_systems_are_listed(lead: StrictClient) -> None:
    assert lead.get("/valfrihetssystem").status_code == 302
    make.system(name="Sysselsättning", municipality=make.municipality())
    assert "Sysselsättning" in lead.page("/valfrihetssystem").text


PUBLIC = {
    "/tillganglighet": "Digg",
    "/personuppgifter": "samtycke",
    "/licenser": "CC-BY-SA-4.0",
}


@pytest.mark.parametrize("address", PUBLIC)
def test_pages_about_the_site_are_public(client: StrictClient, address: str) -> None:
    assert PUBLIC[address] in client.page(address).text


def test_the_supervisor_is_the_one_of_the_day(app: Flask, client: StrictClient) -> None:
    app.config["TODAY"] = "2027-01-01"
    assert "Post- och telestyrelsen" in client.page("/tillganglighet").text


def test_a_rule_decided_for_later_is_not_undone_by_what_holds_today(
    lead: StrictClient,
) -> None:
    decide(lead, "attendance", first_day="2026-07-01", confirm_by_day=10)
    page = decide(lead, "attendance", first_day="2026-08-01", late="plan").page
    assert "En annan regel gäller den dagen" in page.errors[0]
    assert "Det finns ett senare beslut" in page.text
    later = page.links["Hämta det som gäller 1 augusti 2026"]
    lead.send(later, "late", late="plan", reference="Nämnden")
    kept = in_force("attendance", date(2026, 8, 15))
    assert (kept["late"], kept["confirm_by_day"]) == ("plan", 10)


def test_reasons_that_begin_alike_are_all_kept(lead: StrictClient) -> None:
    reasons = [
        "Utanför enhetens målgrupp enligt tillståndet",
        "Utanför enhetens målgrupp enligt beslutet",
        "Enheten är full",
    ]
    decide(lead, "order", decline_reasons="\n".join(reasons))
    kept = in_force("order")["decline_reasons"]
    assert sorted(kept.values()) == sorted(reasons)
    assert max(map(len, kept)) <= 30


def test_a_reason_keeps_its_code_when_the_rule_is_decided_again(
    lead: StrictClient,
) -> None:
    old = {"utanfor_": "Utanför enhetens målgrupp enligt tillståndet"}
    operations.decide_rule(
        choice_system_id=make.system().id,
        key="order",
        first_day=date(2026, 1, 1),
        value={**DEFAULTS["order"], "decline_reasons": old},
    )
    decide(lead, "order", answer_working_days=7)
    assert in_force("order")["decline_reasons"] == old
