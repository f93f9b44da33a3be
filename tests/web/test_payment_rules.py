"""Payment rules on pages: from an example or a file, section by section, decided."""

import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from lovdv.access import Role
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.payment_rules import operations
from lovdv.payment_rules.models import RuleDraft
from lovdv.payment_rules.sections import SECTIONS, rules_of
from lovdv.payouts.facts import rule_sets
from lovdv.systems.models import Rule
from payments import read_rules, written
from payments.rulesets import shipped
from tests import make, make_payments
from tests.kit_app import StrictClient

NEW = "/ersattningsregler/ny"


@pytest.fixture
def finance(client: StrictClient) -> StrictClient:
    make.system()
    return client.login(make.user(Role.FINANCE))


def begun(client: StrictClient, start: str = "shipped:tyreso-2020") -> str:
    """The address of a new draft."""
    response = client.send(NEW, start=start)
    assert response.status_code == 302, response.page.errors
    return response.location


def draft() -> RuleDraft:
    return db.session.scalars(select(RuleDraft)).one()


def test_rules_are_begun_from_an_example_edited_and_decided(
    finance: StrictClient,
) -> None:
    page = begun(finance)
    response = finance.send(f"{page}/del/uppehall", "pause_share", pause_share="50")
    assert response.status_code == 302
    response = finance.send(
        f"{page}/beslut", "reference", first_day="2026-04-01", reference="SN § 1"
    )
    decided = finance.page(response.location)
    assert "Under ett uppehåll betalas 50 %." in decided.text
    assert "SN § 1" in decided.text
    [rules] = rule_sets(make.system().id)
    assert (rules.pause_share, rules.first_day) == (50, date(2026, 4, 1))
    assert db.session.scalars(select(RuleDraft)).all() == []


def test_who_set_the_rules_is_shown(client: StrictClient) -> None:
    make.system()
    user = make.user(Role.FINANCE, name="Ek Onom")
    page = begun(client.login(user))
    client.send(f"{page}/beslut", "reference", reference="SN § 2")
    assert "Ek Onom" in client.page("/ersattningsregler").text


def test_the_index_says_what_holds_what_comes_and_what_has_been(
    finance: StrictClient,
) -> None:
    for day in (date(2025, 1, 1), date(2026, 1, 1), date(2026, 5, 1)):
        make_payments.payment_rules(first_day=day)
    page = finance.page("/ersattningsregler")
    assert [row[1] for row in page.table()] == ["Kommande", "Gäller nu", "Har gällt"]
    assert "Heltid: 5 planerade dagar i veckan." in page.text


PUBLISHED = sorted((Path(__file__).parents[1] / "data" / "rules").glob("*.json"))


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_every_published_rule_set_goes_through_every_page_unchanged(
    finance: StrictClient, path: Path
) -> None:
    content = operations.content_of(path.read_bytes())
    made = operations.begin(
        system=make.system(), content=content, started_from="", by_id=None
    )
    page, before = f"/ersattningsregler/utkast/{made.public_id}", rules_of(content)
    for section in SECTIONS:
        response = finance.send(f"{page}/del/{section.key}", "version")
        assert response.status_code == 302, response.page.errors
    assert rules_of(draft().content) == before
    response = finance.send(f"{page}/beslut", "reference", reference="SN § 3")
    told = finance.page(response.location).text
    assert "Det här säger reglerna" in told
    assert not re.search(r"\b[a-z]+_[a-z]+\b", told)


def test_a_class_is_added_in_an_empty_row(finance: StrictClient) -> None:
    page = begun(finance, "shipped:goteborg-2023")
    row = {
        "extent-classes-3-name": "utökad",
        "extent-classes-3-above": "40",
        "extent-classes-2-to": "40",
    }
    finance.send(f"{page}/del/omfattning", "version", **row)
    classes = [one.name for one in rules_of(draft().content).classes]
    assert classes == ["deltid 1", "deltid 2", "heltid", "utökad"]


def test_an_emptied_row_is_taken_away(finance: StrictClient) -> None:
    page = begun(finance, "shipped:goteborg-2023")
    row = {f"extent-classes-0-{name}": "" for name in ("name", "from", "to")}
    finance.send(f"{page}/del/omfattning", "version", **row)
    assert rules_of(draft().content).classes[0].name == "deltid 2"


def test_more_rows_are_given_without_saving_or_losing_anything(
    finance: StrictClient,
) -> None:
    page = f"{begun(finance)}/del/omfattning"
    form = finance.form(page, "more")
    many = sum(name.endswith("-name") for name in form.names)
    typed = {"extent-classes-3-name": "ny klass", "more": "extent-classes"}
    again = finance.post(page, data=form.filled(typed)).page.form("more")
    assert sum(name.endswith("-name") for name in again.names) == many + 2
    assert again.fields["extent-classes-3-name"] == ["ny klass"]
    assert "ny klass" not in json.dumps(draft().content)


@pytest.mark.parametrize(
    ("section", "typed", "words"),
    [
        ("uppehall", {"pause_share": "120"}, "hela procent"),
        ("grund", {"basis": "month"}, "beställd tid"),
        ("omfattning", {"extent-classes-0-from": "4"}, "går in i varandra"),
        ("omfattning", {"extent-classes-0-from": "fyra"}, "Skriv ett tal"),
        ("omfattning", {"extent-classes-3-from": "9"}, "Skriv namn."),
        ("franvaro", {"absence-1-from": "12"}, "utan glapp och överlapp"),
        ("manad", {"proration_change": "weekdays"}, "Del av månad"),
        ("moms", {"vat-kind": "added", "vat-percent": ""}, "Skriv procent."),
    ],
)
def test_what_is_wrong_in_a_section_is_told_and_what_was_typed_is_kept(
    finance: StrictClient, section: str, typed: dict[str, str], words: str
) -> None:
    page = f"{begun(finance)}/del/{section}"
    before = draft().content
    response = finance.send(page, "version", **typed)
    assert response.status_code == 200
    assert any(words in error for error in response.page.errors), response.page.errors
    kept = response.page.form("version").fields
    assert all(kept[name] == [text] for name, text in typed.items() if text)
    assert draft().content == before


def test_two_who_edit_the_same_draft_do_not_write_over_each_other(
    finance: StrictClient,
) -> None:
    page = f"{begun(finance)}/del/uppehall"
    form = finance.form(page, "version")
    finance.send(page, "version", pause_share="25")
    late = finance.post(page, data=form.filled({"pause_share": "75"}))
    assert "har sparat i utkastet sedan du öppnade sidan" in late.page.errors[0]
    assert late.page.form("version").fields["pause_share"] == ["75"]
    assert draft().content["pause_share"] == "25"


def test_a_draft_that_another_saved_warns(client: StrictClient) -> None:
    make.system()
    page = begun(client.login(make.user(Role.FINANCE, name="Den Första")))
    client.login(make.user(Role.FINANCE))
    assert "Den Första sparade senast i utkastet" in client.page(page).text


def test_rules_go_out_as_a_file_and_in_again_the_same(finance: StrictClient) -> None:
    make_payments.payment_rules(first_day=date(2026, 1, 1))
    row = db.session.scalars(select(Rule).where(Rule.key == "payment")).one()
    content = finance.get(f"/ersattningsregler/{row.public_id}/fil").data
    assert read_rules(json.loads(content)).pause_share == 0
    assert sent(finance, content).status_code == 302
    assert rules_of(draft().content).classes == shipped("tyreso-2020").classes


def _file(**changes: object) -> bytes:
    return json.dumps(written(shipped("tyreso-2020")) | changes).encode()


def sent(client: StrictClient, content: bytes) -> TestResponse:
    file = io.BytesIO(content), "regler.json"
    return client.post(
        NEW,
        data={"file": file, "start": "shipped:tyreso-2020"},
        content_type="multipart/form-data",
    )


def test_a_file_with_a_fault_becomes_a_draft_that_names_it(
    finance: StrictClient,
) -> None:
    response = sent(finance, _file(rounding="0.5"))
    page = finance.page(response.location)
    assert "Reglerna är inte färdiga" in page.text
    assert "Rätta avrundning" in page.links
    assert "Besluta reglerna" not in page.links


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"%PDF", "inte en regelfil"),
        (b"[1]", "en regeluppsättning"),
        (_file(surprise="1"), "fält som inte finns: surprise"),
        (b'{"name": "\\ud800"}', "inte går att spara"),
        (b'{"name": "a\\u0000"}', "inte går att spara"),
        (b'{"pause_share": NaN}', "inte går att spara"),
    ],
    ids=["pdf", "list", "unknown field", "half a character", "NUL", "NaN"],
)
def test_a_file_that_is_no_rule_file_is_refused(
    finance: StrictClient, file: bytes, words: str
) -> None:
    response = sent(finance, file)
    assert words in response.page.errors[0]


def test_rules_begin_on_the_first_of_a_month(finance: StrictClient) -> None:
    page = begun(finance)
    response = finance.send(
        f"{page}/beslut", "reference", first_day="2026-04-02", reference="SN § 1"
    )
    assert response.page.errors == ["Regler börjar gälla den första i en månad."]


def test_the_difference_is_told_in_words(finance: StrictClient) -> None:
    make_payments.payment_rules(first_day=date(2026, 1, 1))
    rule = db.session.scalars(select(Rule).where(Rule.key == "payment")).one()
    page = begun(finance, f"rule:{rule.public_id}")
    assert "säger samma sak som Tyresö 2020" in finance.page(page).text
    finance.send(f"{page}/del/uppehall", "version", pause_share="10")
    rows = finance.page(page).table()
    before, after = (f"Under ett uppehåll betalas {n} %." for n in (0, 10))
    assert rows == [["Uppehåll", before, after]]


def test_a_draft_can_be_thrown_away(finance: StrictClient) -> None:
    page = begun(finance)
    finance.post(f"{page}/kasta")
    assert finance.get(page).status_code == 404


def test_another_municipalitys_rules_and_drafts_are_not_found(
    finance: StrictClient,
) -> None:
    other = make.system(municipality=make.municipality(name="Annan"))
    kept = operations.begin(
        system=other,
        content=written(shipped("tyreso-2020")),
        started_from="",
        by_id=None,
    )
    rule = Rule(
        choice_system_id=other.id,
        key="payment",
        first_day=date(2026, 1, 1),
        value={},
        decided_at=now(),
    )
    db.session.add(rule)
    db.session.flush()
    for address in (
        f"utkast/{kept.public_id}",
        f"utkast/{kept.public_id}/del/grund",
        f"utkast/{kept.public_id}/beslut",
        f"{rule.public_id}",
        f"{rule.public_id}/fil",
    ):
        assert finance.get(f"/ersattningsregler/{address}").status_code == 404


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.PROVIDER])
def test_others_may_not_see_the_rules(client: StrictClient, role: Role) -> None:
    make.system()
    client.login(make.user(role))
    assert client.get("/ersattningsregler").status_code == 403


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[" * 100_000, "inte en regelfil"),
        ("1" * 5_000, "inte en regelfil"),
        ('{"basis":\n}', "rad 2, tecken"),
    ],
    ids=["too deep", "too long a number", "not JSON"],
)
def test_a_rule_file_that_cannot_be_read_is_refused(content: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        operations.content_of(content.encode())


def test_a_decided_row_that_cannot_be_read_is_named(finance: StrictClient) -> None:
    make_payments.payment_rules(first_day=date(2026, 1, 1), rounding="0.5")
    assert "Reglerna går inte att läsa" in finance.page("/ersattningsregler").text


def test_no_page_shows_the_file_s_own_words(finance: StrictClient) -> None:
    page = begun(finance)
    finance.send(f"{page}/del/delar", "version", part_days="whole_day")
    finance.send(f"{page}/del/grund", "version", basis="hour")
    told = finance.page(page)
    assert "Timmar räknas på minuter (efter minuter)." in told.text
    assert told.links["Rätta delar av dagar"].endswith("/del/delar")
