"""People: registering, finding, opening, protecting and handing over."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.audit_chain import Audit, AuditSubject
from lovdv.choice.models import Invitation
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.people import circle_operations, numbers, operations, queries
from lovdv.people.models import (
    Assignment,
    Client,
    ClientNumber,
    LifeEvent,
    Mandate,
    Opening,
    Remark,
    Supporter,
)
from tests import make
from tests.kit_app import StrictClient

Clients = Callable[[], StrictClient]
TODAY = date(2026, 3, 16)

READ = {
    "twelve digits": ("191212121212", "191212121212", "personnummer"),
    "ten digits": ("121212+1212", "191212121212", "personnummer"),
    "ten digits are the latest": ("121212-1212", "201212121212", "personnummer"),
    "a hyphen": ("19121212-1212", "191212121212", "personnummer"),
    "spaces": (" 1912 1212 1212 ", "191212121212", "personnummer"),
    "samordningsnummer": ("701063-2391", "197010632391", "samordningsnummer"),
    "no month and no day": ("191500722390", "191500722390", "samordningsnummer"),
    "no month": ("191500882392", "191500882392", "samordningsnummer"),
    "reservnummer": ("r-2026 17", "R-202617", "reservnummer"),
}
NOT_READ = {
    "wrong last digit": ("19121212-1213", "Kontrollsiffran"),
    "no such day": ("19120230-1212", "ingen sådan födelsedag"),
    "not born yet": ("20261224-1238", "har inte varit"),
    "a diagnosis": ("autism", "inget nummer"),
    "too short": ("12345", "inget nummer"),
    "the year 0": ("000000600015", "inget år 0"),
    "digits of another script": ("١٩١٢١٢١٢١٢١٢", "inget nummer"),
}


@pytest.mark.parametrize("case", READ.values(), ids=READ)
def test_a_number_is_read_as_people_write_it(case: tuple[str, str, str]) -> None:
    text, kept, kind = case
    assert numbers.read(text, on=TODAY) == numbers.Number(numbers.Kind(kind), kept)


@pytest.mark.parametrize("case", NOT_READ.values(), ids=NOT_READ)
def test_what_is_not_a_number_is_refused_with_a_reason(case: tuple[str, str]) -> None:
    text, reason = case
    with pytest.raises(numbers.NotANumber) as refused:
        numbers.read(text, on=TODAY)
    assert reason in str(refused.value)


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(1, 999))
def test_every_true_number_is_read_and_masked(born: date, serial: int) -> None:
    ten = f"{born:%y%m%d}{serial:03}"
    last = next(n for n in range(10) if numbers._adds_up(f"{ten}{n}"))
    number = numbers.read(f"{born:%Y}{ten[2:]}{last}", on=TODAY)
    assert number.born == born
    assert numbers.masked(number.kind, number.text) == f"{born:%Y%m%d}-••••"


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(numbers.NotANumber):
        assert numbers.read(numbers.read(text, on=TODAY).text, on=TODAY)


def caseworker(**values: object) -> User:
    return make.user(Role.CASEWORKER, **values)


def registered(**values: object) -> Client:
    told = {
        "municipality_id": make.municipality().id,
        "number": numbers.read("19121212-1212", on=TODAY),
        "first_name": "Kim",
        "last_name": "Öst",
        "case_number": "DV-900",
        **values,
    }
    return operations.register(**told)


def fill(client: StrictClient, **values: object) -> TestResponse:
    told = {
        "number": "121212+1212",
        "first_name": "Kim",
        "last_name": "Öst",
        "case_number": "DV-1",
        **values,
    }
    return client.send("/personer/ny", "case_number", **told)


def reads_of(client: Client) -> list[str]:
    return list(
        db.session.scalars(
            select(Audit.action)
            .join(AuditSubject, AuditSubject.audit_id == Audit.id)
            .where(AuditSubject.client_id == client.id, Audit.read)
            .order_by(Audit.id)
        )
    )


def test_a_person_is_registered_with_an_encrypted_number(
    app: Flask, client: StrictClient
) -> None:
    user = caseworker()
    client.login(user)
    response = fill(client)
    new = db.session.scalars(select(Client)).one()
    assert response.location == f"/personer/{new.public_id}"
    kept = db.session.scalars(select(ClientNumber)).one()
    assert b"1212" not in kept.sealed + kept.blind
    assert queries.number_text(kept) == "191212121212"
    assert new.birth_date == date(1912, 12, 12)
    assert [a.user_id for a in new.assignments] == [user.id]
    assert "19121212-••••" in client.page(response.location).text


def test_a_number_that_is_known_says_which_case_and_who_holds_it(
    app: Flask, client: StrictClient
) -> None:
    other = caseworker(name="Anna Berg")
    make.assignment(registered(), other)
    client.login(caseworker())
    response = fill(client)
    assert response.page.errors[0].startswith(
        "Numret finns redan i ärende DV-900, ansvarig Anna Berg."
    )
    assert response.page.form("case_number").fields["last_name"] == ["Öst"]
    assert db.session.scalar(select(func.count()).select_from(Client)) == 1


def test_a_case_number_that_is_taken_is_said_at_its_field(
    app: Flask, client: StrictClient
) -> None:
    make.person(case_number="DV-1")
    client.login(caseworker())
    assert "Ärendenumret används redan" in fill(client).page.errors[0]


def test_the_same_number_may_be_known_in_two_municipalities(app: Flask) -> None:
    make.municipality()
    away = make.municipality(name="Grannkommunen")
    assert registered().id != registered(municipality_id=away.id).id
    db.session.commit()


def test_bad_input_is_said_at_each_field_and_nothing_is_saved(
    app: Flask, client: StrictClient
) -> None:
    client.login(caseworker())
    response = fill(client, number="12345", first_name="", email="nej")
    assert len(response.page.errors) == 3
    assert db.session.scalar(select(func.count()).select_from(Client)) == 0


def test_the_list_holds_own_and_team_people_and_logs_each(
    app: Flask, client: StrictClient
) -> None:
    user = caseworker()
    mine = make.person(caseworker=user, last_name="Åberg")
    ours = make.person(last_name="Zorn")
    make.assignment(ours, make.team(user))
    former, others = make.person(last_name="Förr"), make.person(last_name="Annan")
    make.assignment(former, user, end_day=TODAY)
    rows = client.login(user).page("/personer").table()
    assert [row[0] for row in rows] == ["Kim Zorn", "Kim Åberg"]
    assert (reads_of(mine), reads_of(ours)) == (["person.list"], ["person.list"])
    assert (reads_of(former), reads_of(others)) == ([], [])


def test_an_empty_list_says_what_to_do(app: Flask, client: StrictClient) -> None:
    page = client.login(caseworker()).page("/personer")
    assert "Du har inga ärenden ännu" in page.text


def test_a_long_list_comes_in_pages(app: Flask, client: StrictClient) -> None:
    user = caseworker()
    for number in range(51):
        make.person(caseworker=user, last_name=f"Efternamn{number:02}")
    client.login(user)
    assert len(client.page("/personer").table()) == 50
    assert len(client.page("/personer?sida=2").table()) == 1
    assert len(client.page("/personer?sida=99").table()) == 1


SOUGHT = {
    "the beginning of a surname": ("öst", True),
    "both names, any order": ("östlund kim", True),
    "the case number": ("dv-900", True),
    "the whole number": ("19121212-1212", True),
    "the whole number, ten digits": ("121212+1212", True),
    "the end of a name": ("lund", False),
    "a part of the number": ("19121212", False),
    "a diagnosis": ("autism", False),
    "a street": ("Storgatan", False),
    "one letter": ("ö", False),
    "a wildcard": ("%%", False),
}


@pytest.mark.parametrize("case", SOUGHT.values(), ids=SOUGHT)
def test_search_is_by_name_number_or_case_only(
    app: Flask, client: StrictClient, case: tuple[str, bool]
) -> None:
    text, found = case
    user = caseworker()
    who = registered(last_name="Östlund", street="Storgatan 1", communication="autism")
    make.assignment(who, user)
    client.login(user)
    page = client.send("/personer", "text", text=text).page
    assert ("Kim Östlund" in page.text) is found
    assert ("person.search" in reads_of(who)) is found
    assert text not in page.one("main").attrib.values()


def test_a_search_never_stands_in_the_address(app: Flask, client: StrictClient) -> None:
    client.login(caseworker())
    assert client.get("/personer/sok?text=kim").status_code == 404


def test_a_former_name_still_finds_the_person(app: Flask, client: StrictClient) -> None:
    user = caseworker()
    who = registered(last_name="Gammal")
    make.assignment(who, user)
    client.login(user)
    client.send(
        f"/personer/{who.public_id}/namn",
        "first_day",
        last_name="Nyman",
        first_day="2026-03-01",
    )
    page = client.send("/personer", "text", text="gammal").page
    assert "Kim Nyman" in page.text
    assert [
        (n.last_name, n.first_day) for n in db.session.get_one(Client, who.id).names
    ]
    kinds = db.session.scalars(select(LifeEvent.kind)).all()
    assert kinds == ["name"]


def test_a_name_that_held_earlier_does_not_become_the_present_one(app: Flask) -> None:
    who = registered(last_name="Nu", first_day=date(2026, 1, 1))
    operations.rename(
        client=who,
        first_name="Kim",
        last_name="Förr",
        first_day=date(2020, 1, 1),
        by_id=caseworker().id,
    )
    assert who.last_name == "Nu"
    assert [n.last_name for n in who.names] == ["Förr", "Nu"]
    db.session.commit()


def test_somebody_elses_case_exists_but_does_not_open(
    app: Flask, client: StrictClient
) -> None:
    who = make.person(caseworker=caseworker(name="Anna Berg"), last_name="Östlund")
    client.login(caseworker())
    page = client.send("/personer", "text", text="östlund").page
    row = page.table()[0]
    assert row[:3] == ["Kim Östlund", who.case_number, "Anna Berg"]
    assert client.get(f"/personer/{who.public_id}").status_code == 404


def test_a_case_is_opened_with_a_reason_until_midnight(
    app: Flask, client: StrictClient
) -> None:
    user, who = caseworker(), make.person(caseworker=caseworker())
    client.login(user)
    short = client.send(f"/personer/{who.public_id}/oppna", "reason", reason="vet ej")
    assert "Skriv en mening" in short.page.errors[0]
    client.send(
        f"/personer/{who.public_id}/oppna", "reason", reason="Anna är sjuk i dag."
    )
    page = client.page(f"/personer/{who.public_id}")
    assert "Öppnat utanför ditt uppdrag" in page.text
    opened = db.session.scalars(select(Opening)).one()
    assert (opened.user_id, opened.reason) == (user.id, "Anna är sjuk i dag.")
    app.config["TODAY"] = "2026-03-17"
    client.login(user)
    assert client.get(f"/personer/{who.public_id}").status_code == 404


def test_opening_does_not_reach_another_municipality(
    app: Flask, client: StrictClient
) -> None:
    make.municipality()
    away = make.person(municipality=make.municipality(name="Grannkommunen"))
    client.login(caseworker())
    assert client.get(f"/personer/{away.public_id}/oppna").status_code == 404


PAGES = [
    "",
    "/uppgifter",
    "/namn",
    "/nummer",
    "/skydd",
    "/foretradare/ny",
    "/stodperson/ny",
    "/beslut/nytt",
    "/handelse",
]


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_a_person_outside_the_assignment_are_not_found(
    app: Flask, client: StrictClient, page: str
) -> None:
    who = make.person(caseworker=caseworker())
    client.login(caseworker())
    assert client.get(f"/personer/{who.public_id}{page}").status_code == 404
    assert reads_of(who) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_person_is_whole_and_logged(
    app: Flask, client: StrictClient, page: str
) -> None:
    user = caseworker()
    who = make.person(caseworker=user)
    client.login(user).page(f"/personer/{who.public_id}{page}")
    assert len(reads_of(who)) == 1


def test_the_number_is_shown_on_request_and_that_is_logged(
    app: Flask, client: StrictClient
) -> None:
    user, who = caseworker(), registered()
    make.assignment(who, user)
    client.login(user)
    assert "19121212-1212" not in client.page(f"/personer/{who.public_id}").text
    response = client.post(f"/personer/{who.public_id}/nummer/visa")
    assert "19121212-1212" in response.page.text
    assert reads_of(who) == ["person.read", "number.reveal"]
    assert client.get(f"/personer/{who.public_id}/nummer/visa").status_code == 405


def test_a_personnummer_follows_a_samordningsnummer(
    app: Flask, client: StrictClient
) -> None:
    user = caseworker()
    who = registered(number=numbers.read("701063-2391", on=TODAY))
    make.assignment(who, user)
    client.login(user)
    client.send(
        f"/personer/{who.public_id}/nummer",
        "first_day",
        number="19121212-1212",
        first_day="2026-03-16",
    )
    texts = [row[0] for row in client.page(f"/personer/{who.public_id}/nummer").table()]
    assert texts == ["19121212-••••", "19701063-••••"]
    for text in ("701063-2391", "191212121212"):
        page = client.send("/personer", "text", text=text).page
        assert "Kim Öst" in page.text


def test_a_number_of_somebody_else_is_not_taken_over(
    app: Flask, client: StrictClient
) -> None:
    user = caseworker()
    registered(), make.person()
    who = make.person(caseworker=user)
    client.login(user)
    response = client.send(
        f"/personer/{who.public_id}/nummer",
        "first_day",
        number="19121212-1212",
        first_day="2026-03-16",
    )
    assert "Numret finns redan i ärende DV-900" in response.page.errors[0]


@pytest.fixture
def protected(app: Flask) -> tuple[User, Client]:
    """A caseworker without the permission, and their person with protection."""
    user = caseworker()
    who = registered(last_name="Hemlig", phone="070-1740605", street="Gömda vägen 1")
    make.assignment(who, user)
    circle_operations.add_supporter(
        client=who,
        name="Mamma Hemlig",
        relation="mamma",
        phone="",
        consented_on=TODAY,
        end_day=None,
    )
    operations.protect(
        client=who, protection="sekretessmarkering", alias="Robin", by_id=user.id
    )
    db.session.commit()
    return user, who


SECRETS = ["Hemlig", "070-1740605", "Gömda vägen", "19121212"]


def test_a_protected_case_is_there_without_the_identity(
    protected: tuple[User, Client], client: StrictClient
) -> None:
    user, who = protected
    client.login(user)
    for page in ("/personer", f"/personer/{who.public_id}"):
        text = client.page(page).html
        assert "Skyddade personuppgifter" in text
        assert who.case_number in text
        assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize(
    "page", ["/uppgifter", "/namn", "/nummer", "/skydd", "/foretradare/ny"]
)
def test_a_protected_identity_is_not_opened_for_change(
    protected: tuple[User, Client], client: StrictClient, page: str
) -> None:
    user, who = protected
    client.login(user)
    assert client.get(f"/personer/{who.public_id}{page}").status_code == 403
    assert client.post(f"/personer/{who.public_id}/nummer/visa").status_code == 403


def test_a_protected_person_is_left_out_of_searches_by_name(
    protected: tuple[User, Client], client: StrictClient
) -> None:
    user, who = protected
    client.login(user)
    assert "Ingen träff" in client.send("/personer", "text", text="hemlig").page.text
    by_case = client.send("/personer", "text", text=who.case_number).page.text
    assert "Skyddade personuppgifter" in by_case
    assert "Hemlig" not in by_case


def test_who_may_see_protected_people_sees_and_finds_them(
    protected: tuple[User, Client], client: StrictClient
) -> None:
    _, who = protected
    trusted = caseworker(sees_protected=True)
    make.assignment(who, trusted)
    client.login(trusted)
    assert "Kim Hemlig" in client.send("/personer", "text", text="hemlig").page.text
    assert "Gömda vägen" in client.page(f"/personer/{who.public_id}").text


def test_protection_needs_a_name_for_the_unit(app: Flask, client: StrictClient) -> None:
    user = caseworker(sees_protected=True)
    who = make.person(caseworker=user)
    client.login(user)
    response = client.send(
        f"/personer/{who.public_id}/skydd", "alias", protection="skyddad_folkbokforing"
    )
    assert "Skriv det namn som enheten ska använda" in response.page.errors[0]


MANDATE = {
    "name": "Gunnar God",
    "kind": "god_man",
    "scope": ["sorja_for_person"],
    "first_day": "2026-01-01",
    "evidence": "registerutdrag 2026-01-02",
    "checked_on": "2026-03-16",
}


def test_a_representative_is_kept_with_what_was_checked(
    app: Flask, client: StrictClient
) -> None:
    user = caseworker()
    who = make.person(caseworker=user)
    client.login(user)
    client.send(f"/personer/{who.public_id}/foretradare/ny", "evidence", **MANDATE)
    kept = db.session.scalars(select(Mandate)).one()
    assert (kept.scope, kept.checked_by_id) == (["sorja_for_person"], user.id)
    page = client.page(f"/personer/{who.public_id}")
    assert "Gunnar God" in page.text
    client.send(
        f"/personer/{who.public_id}/foretradare/{kept.public_id}/avsluta",
        "last_day",
        last_day="2026-03-31",
    )
    assert db.session.get_one(Mandate, kept.id).end_day == date(2026, 4, 1)


REFUSED_MANDATES = {
    "a parent of an adult": ({"kind": "guardian"}, "Personen är myndig"),
    "no scope": ({"scope": None}, "Kryssa i minst en del"),
    "ends before it begins": ({"last_day": "2025-12-31"}, "före den första"),
    "no paper": ({"evidence": ""}, "vilket papper"),
    "unknown login": ({"login": "ingen"}, "ingen företrädare med det"),
}


@pytest.mark.parametrize("case", REFUSED_MANDATES.values(), ids=REFUSED_MANDATES)
def test_a_mandate_that_does_not_hold_is_refused(
    app: Flask, client: StrictClient, case: tuple[dict[str, object], str]
) -> None:
    wrong, message = case
    user = caseworker()
    who = make.person(caseworker=user)
    client.login(user)
    response = client.send(
        f"/personer/{who.public_id}/foretradare/ny", "evidence", **{**MANDATE, **wrong}
    )
    assert message in response.page.errors[0]
    assert db.session.scalars(select(Mandate)).all() == []


def test_a_mandate_is_looked_at_again_when_it_is_time(
    app: Flask, client: StrictClient
) -> None:
    user = caseworker()
    who = make.person(caseworker=user)
    kept = make.mandate(who, next_check_on=date(2026, 3, 30))
    make.mandate(who, next_check_on=date(2026, 3, 31))
    make.mandate(make.person(), next_check_on=date(2026, 3, 1))
    client.login(user)
    assert "Företrädare att kontrollera (1)" in client.page("/start").text
    assert client.page("/foretradare/kontroll").table()[0][2] == "30 mars 2026"
    client.send(
        f"/personer/{who.public_id}/foretradare/{kept.public_id}/kontroll",
        "evidence",
        evidence="registerutdrag 2026-03-16",
        next_check_on="2027-03-16",
    )
    assert client.page("/start").text.count("att kontrollera") == 0
    assert db.session.get_one(Mandate, kept.id).checked_by_id == user.id


def test_the_page_says_that_a_relative_has_no_authority(
    app: Flask, client: StrictClient
) -> None:
    user = caseworker()
    who = make.person(caseworker=user)
    page = client.login(user).page(f"/personer/{who.public_id}/foretradare/ny")
    assert "ingen rätt att välja åt personen" in page.text


def test_a_supporter_is_added_with_consent_and_taken_away(
    app: Flask, client: StrictClient
) -> None:
    user = caseworker()
    who = make.person(caseworker=user)
    client.login(user)
    base = f"/personer/{who.public_id}/stodperson"
    client.send(f"{base}/ny", "relation", name="Vän Vänsson", consented_on="2026-03-01")
    kept = db.session.scalars(select(Supporter)).one()
    assert "Vän Vänsson" in client.page(f"/personer/{who.public_id}").text
    client.post(f"{base}/{kept.public_id}/avsluta")
    assert "Vän Vänsson" not in client.page(f"/personer/{who.public_id}").text


def test_cases_are_handed_over_for_good(app: Flask, client: StrictClient) -> None:
    giver, taker = caseworker(), caseworker()
    who, kept = make.person(caseworker=giver), make.person(caseworker=giver)
    client.login(giver)
    client.send(
        "/personer/lamna-over",
        "taker",
        taker=taker.public_id,
        people=[who.public_id],
        first_day="2026-03-16",
    )
    held = {p.id: queries.responsible([p.id], TODAY)[p.id] for p in (who, kept)}
    assert held == {who.id: taker.name, kept.id: giver.name}


def test_cover_for_a_vacation_leaves_the_case_with_both_until_it_ends(
    app: Flask, client: StrictClient
) -> None:
    giver, stand_in = caseworker(), caseworker()
    make.team(giver, stand_in)
    who = make.person(caseworker=giver)
    client.login(stand_in)
    client.send(
        f"/personer/lamna-over?fran={giver.public_id}",
        "taker",
        taker=stand_in.public_id,
        first_day="2026-03-16",
        last_day="2026-03-20",
    )
    both = f"{giver.name}, {stand_in.name}"
    assert queries.responsible([who.id], date(2026, 3, 20))[who.id] == both
    assert queries.responsible([who.id], date(2026, 3, 21))[who.id] == giver.name


def test_whoever_guides_the_choice_does_not_handle_the_case(
    app: Flask, client: StrictClient
) -> None:
    user = caseworker()
    guide = make.user(Role.GUIDE, Role.CASEWORKER)
    who = make.person(caseworker=user)
    db.session.add(
        Invitation(
            client_id=who.id,
            decision_id=make.decision_of(who).id,
            sent_on=TODAY,
            answer_by=TODAY,
            guide_id=guide.id,
            created_at=now(),
        )
    )
    client.login(user)
    given = client.send(
        "/personer/lamna-over", "taker", taker=guide.public_id, first_day="2026-03-16"
    )
    assert "kan inte också handlägga" in given.page.text
    client.login(guide)
    opened = client.send(
        f"/personer/{who.public_id}/oppna", "reason", reason="Anna är sjuk i dag."
    )
    assert "kan inte också handlägga" in opened.page.text


def test_nobody_hands_over_the_cases_of_a_stranger(
    app: Flask, client: StrictClient
) -> None:
    stranger, me = caseworker(), caseworker()
    who = make.person(caseworker=stranger)
    page = client.login(me).page(f"/personer/lamna-over?fran={stranger.public_id}")
    assert who.last_name not in page.text
    client.post(
        "/personer/lamna-over",
        data={
            "giver": stranger.public_id,
            "taker": me.public_id,
            "people": [who.public_id],
            "first_day": "2026-03-16",
        },
    )
    held = select(Assignment.user_id).where(Assignment.client_id == who.id)
    assert db.session.scalars(held).all() == [stranger.id]


@pytest.fixture
def own(app: Flask, client: StrictClient) -> tuple[Client, StrictClient]:
    """A person signed in on the own page."""
    app.config["DEMO"] = True
    who = make.person(first_name="Kim", caseworker=caseworker(name="Anna Berg"))
    client.login(make.user(Role.CLIENT, client=who))
    return who, client


def test_the_own_page_tells_place_decision_and_caseworker(
    own: tuple[Client, StrictClient],
) -> None:
    who, client = own
    unit = make.unit(name="Ateljén")
    make.decision(who, extent="Fem dagar i veckan")
    make.placement(who, unit)
    assert client.get("/min-sida").location == f"/min-sida/{who.public_id}"
    page = client.page(f"/min-sida/{who.public_id}")
    assert page.heading == "Hej Kim"
    for text in ("Ateljén", "Fem dagar i veckan", "Anna Berg"):
        assert text in page.text


def test_the_own_page_tells_who_has_read(
    own: tuple[Client, StrictClient], clients: Clients
) -> None:
    who, client = own
    reader = caseworker(name="Nina Nyfiken")
    make.assignment(who, reader)
    other = clients().login(reader)
    other.page("/personer"), other.page("/personer")
    other.page(f"/personer/{who.public_id}")
    rows = client.page(f"/min-sida/{who.public_id}/vem-har-last").table()
    assert rows == [
        [
            "16 mars 2026",
            "Nina Nyfiken",
            "Biståndshandläggare",
            "Läste dina uppgifter. Såg ditt namn i en lista",
        ]
    ]


def test_nobody_opens_the_page_of_another(own: tuple[Client, StrictClient]) -> None:
    _, client = own
    other = make.person()
    for page in ("", "/vem-har-last", "/stammer-inte"):
        assert client.get(f"/min-sida/{other.public_id}{page}").status_code == 404


SCOPES = {
    "sörja för person": (["sorja_for_person"], None, 200),
    "bevaka rätt": (["bevaka_ratt"], None, 200),
    "only property": (["forvalta_egendom"], None, 404),
    "ended": (["sorja_for_person"], TODAY, 404),
}


@pytest.mark.parametrize("case", SCOPES.values(), ids=SCOPES)
def test_a_representative_sees_what_the_mandate_covers(
    app: Flask, client: StrictClient, case: tuple[list[str], date | None, int]
) -> None:
    scope, end_day, status = case
    app.config["DEMO"] = True
    user, who = make.user(Role.REPRESENTATIVE), make.person()
    make.mandate(who, user, scope=scope, end_day=end_day)
    client.login(user)
    assert client.get(f"/min-sida/{who.public_id}").status_code == status


def test_what_the_person_finds_wrong_is_kept_and_answered(
    own: tuple[Client, StrictClient], clients: Clients
) -> None:
    who, client = own
    client.send(
        f"/min-sida/{who.public_id}/stammer-inte",
        "about",
        about="min adress",
        text="Jag har flyttat till Storgatan.",
    )
    staff = clients().login(caseworker())
    assert "Inget väntar" in staff.page("/start").text
    staff = clients().login(db.session.get_one(User, who.assignments[0].user_id))
    assert "Synpunkter från personer (1)" in staff.page("/start").text
    kept = db.session.scalars(select(Remark)).one()
    staff.send(
        f"/personer/{who.public_id}/synpunkt/{kept.public_id}",
        "answer",
        answer="Nu är den rättad.",
    )
    assert db.session.get_one(Remark, kept.id).text == "Jag har flyttat till Storgatan."
    page = client.page(f"/min-sida/{who.public_id}/stammer-inte")
    assert "Nu är den rättad." in page.text
