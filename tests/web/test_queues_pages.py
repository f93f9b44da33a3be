"""The pages about queues: the caseworker offers, and the person answers."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice.models import QueueEntry
from lovdv.extensions import db
from lovdv.people.models import Client
from lovdv.placements.models import Order
from lovdv.providers.models import Unit
from lovdv.queues import operations
from lovdv.queues.models import PassedOver, PlaceOffer
from tests import make
from tests.kit_app import StrictClient
from tests.kit_queues import (
    APRIL,
    choose,
    chooser,
    line,
    no_level_required,
    offer,
    queue_rule,
    small_unit,
    taken,
    waiting,
)


@pytest.fixture
def unit(app: Flask) -> Unit:
    """A unit with one place, which becomes free on 1 April."""
    app.config["DEMO"] = True
    no_level_required()
    found = small_unit(name="Ateljén")
    placement = taken(found)
    placement.end_day = placement.paid_end_day = APRIL
    return found


@pytest.fixture
def caseworker(app: Flask, client: StrictClient) -> User:
    found = make.user(Role.CASEWORKER)
    client.login(found)
    return found


def me(client: StrictClient, person: Client) -> StrictClient:
    return client.login(make.user(Role.CLIENT, client=person))


def own_path(made: PlaceOffer) -> str:
    return f"/mitt-val/{made.client.public_id}/erbjudande/{made.public_id}"


def the_offer() -> PlaceOffer:
    return db.session.scalars(select(PlaceOffer)).one()


def test_the_caseworker_offers_the_place_to_the_first_in_line(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    first, second = waiting(unit, 2, caseworker)
    assert "Lediga platser som köande kan erbjudas (1)" in client.page("/start").text
    assert client.page("/koer").table()[0][1] == "2"
    page = client.page(f"/koer/{unit.public_id}")
    assert [row[0] for row in page.table()] == ["1", "2"]
    path = page.links["Erbjud plats åt nummer 1"]
    assert "30 mars 2026" in client.page(path).text
    client.send(path, first_day="2026-04-01", half_days=["2am", "2pm"])
    made = the_offer()
    assert (made.queue_entry_id, made.half_days) == (first.id, ["2am", "2pm"])
    assert "Har ett erbjudande" in client.page(f"/koer/{unit.public_id}").text
    assert "Lediga platser" in client.page("/start").text
    assert second.ended_at is None


def test_passing_over_asks_why_and_keeps_what_was_typed(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    first, second = waiting(unit, 2, caseworker)
    path = f"/koer/{unit.public_id}/erbjud/{second.public_id}"
    answer = client.send(path, first_day="2026-04-02")
    assert "Välj varför nummer 1 går förbi" in answer.page.text
    assert 'value="2026-04-02"' in answer.get_data(as_text=True)
    reason = {f"pass_{first.public_id}": "asked_to_wait"}
    client.send(path, first_day="2026-04-02", **reason)
    assert db.session.scalars(select(PassedOver.reason)).all() == ["asked_to_wait"]
    page = client.page(f"/erbjudanden/{the_offer().public_id}")
    assert "Har bett att få vänta" in page.text


def test_somebody_elses_person_is_a_number_and_a_name_to_call(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    other = make.user(Role.CASEWORKER, name="Olle Kollega")
    [theirs] = waiting(unit, 1, other)
    [mine] = waiting(unit, 1, caseworker)
    rows = client.page(f"/koer/{unit.public_id}").table()
    assert "Ansvarig: Olle Kollega" in [row[1] for row in rows]
    assert theirs.client.last_name not in client.page(f"/koer/{unit.public_id}").text
    assert mine.client.last_name in client.page(f"/koer/{unit.public_id}").text
    path = f"/koer/{unit.public_id}/erbjud/{theirs.public_id}"
    assert client.get(path).status_code == 404


def test_the_person_sees_the_number_and_then_the_offer(
    client: StrictClient, unit: Unit
) -> None:
    first, second = waiting(unit, 2)
    me(client, second.client)
    path = f"/mitt-val/{second.client.public_id}"
    assert "Du är nummer 2 i kön till Ateljén" in client.page(path).text
    made = offer(second, passed={first.public_id: "other_days"})
    assert "Du har fått ett erbjudande om plats" in client.page("/start").text
    page = client.page(path)
    assert page.links["Läs och svara"] == own_path(made)
    page = client.page(own_path(made))
    assert "Vill du börja på Ateljén?" in page.text
    assert "onsdag 1 april 2026" in page.text
    assert page.one("time", class_="lov-day").get("datetime") == "2026-03-30"
    assert "behåller du platsen i kön" in page.text
    for word in ("nivå", "icke-val", "ersättning"):
        assert word not in page.text.lower()


def test_the_person_says_yes_and_the_caseworker_orders_it(
    client: StrictClient, unit: Unit
) -> None:
    caseworker = make.user(Role.CASEWORKER)
    [first] = waiting(unit, 1, caseworker)
    made = offer(first)
    answer = me(client, first.client).post(own_path(made))
    assert answer.location.endswith(own_path(made))
    assert "Du har sagt ja" in client.page(own_path(made)).text
    assert (made.answer, made.channel, made.answered_by) == (
        "accepted",
        "self",
        "person",
    )
    client.login(caseworker)
    page = client.page(f"/erbjudanden/{made.public_id}")
    form = client.form(page.links["Gör beställningen"])
    sent = form.filled({"goal": "Mål", "extent": "Onsdagar", "contact": "Jag"})
    assert sent["wanted_start"] == ["2026-04-01"]
    assert sent["half_days"] == ["2am", "2pm"]
    client.post(page.links["Gör beställningen"], data=sent)
    assert db.session.scalars(select(Order.half_days)).all() == [["2am", "2pm"]]


def test_the_person_says_no_and_why(client: StrictClient, unit: Unit) -> None:
    [first] = waiting(unit, 1)
    made = offer(first)
    me(client, first.client)
    path = client.page(own_path(made)).links["Nej tack"]
    assert "Välj det som passar bäst" in client.send(path).page.text
    client.send(path, reason="travel")
    assert (made.answer, made.reason) == ("declined", "travel")
    page = client.page(own_path(made))
    assert "Du har sagt nej" in page.text
    assert "Du är nummer 1 i kön" in page.text


def test_an_expired_offer_is_a_calm_page(
    client: StrictClient, unit: Unit, app: Flask
) -> None:
    [first] = waiting(unit, 1)
    made = offer(first)
    app.config["TODAY"] = "2026-03-31"
    me(client, first.client)
    page = client.page(own_path(made))
    assert "Tiden att svara är slut" in page.text
    answer = client.post(own_path(made))
    assert "Sista dagen att svara har gått" not in answer.page.text
    assert made.answer == ""
    assert "Du har fått ett erbjudande" not in client.page("/start").text


def test_another_window_that_answered_first_is_told_calmly(
    client: StrictClient, unit: Unit
) -> None:
    [first] = waiting(unit, 1)
    made = offer(first)
    me(client, first.client)
    client.post(own_path(made))
    answer = client.post(f"{own_path(made)}/nej", data={"reason": "travel"})
    assert "Du har sagt ja" in answer.page.text
    assert made.answer == "accepted"


def test_a_unit_that_has_closed_meanwhile_is_told_calmly(
    client: StrictClient, unit: Unit
) -> None:
    [first] = waiting(unit, 1)
    made = offer(first)
    unit.end_day = date(2026, 3, 31)
    me(client, first.client)
    assert "tar inte emot fler" in client.page(own_path(made)).text
    client.post(own_path(made))
    assert made.answer == ""


def test_a_place_that_is_gone_is_told_calmly(client: StrictClient, unit: Unit) -> None:
    [first] = waiting(unit, 1)
    made = offer(first)
    make.capacity(unit, ceiling=0, weekday=2, half="am", first_day=APRIL)
    me(client, first.client)
    page = client.page(own_path(made))
    assert "Det är fullt igen" in page.text
    assert "Du är nummer 1 i kön" in page.text


def test_nobody_reads_anothers_offer(client: StrictClient, unit: Unit) -> None:
    first, second = waiting(unit, 2)
    made = offer(first)
    me(client, second.client)
    assert client.get(own_path(made)).status_code == 404
    wrong = f"/mitt-val/{second.client.public_id}/erbjudande/{made.public_id}"
    assert client.get(wrong).status_code == 404


def test_a_representative_says_what_the_person_wants(
    client: StrictClient, unit: Unit
) -> None:
    [first] = waiting(unit, 1)
    made, holder = offer(first), make.user(Role.REPRESENTATIVE)
    make.mandate(first.client, holder)
    client.login(holder)
    path = own_path(made)
    assert "Välj vad personen själv vill" in client.send(path, "own_will").page.text
    refused = client.send(path, "own_will", own_will="does_not_agree")
    assert "Personen håller inte med" in refused.page.text
    client.send(path, "own_will", own_will="agrees", own_will_note="Vi pratade.")
    assert (made.answer, made.answered_by, made.own_will) == (
        "accepted",
        "representative",
        "agrees",
    )


def test_a_mandate_that_does_not_reach_may_read_but_not_answer(
    client: StrictClient, unit: Unit
) -> None:
    [first] = waiting(unit, 1)
    made, holder = offer(first), make.user(Role.REPRESENTATIVE)
    make.mandate(first.client, holder, scope=["bevaka_ratt"])
    client.login(holder)
    assert "räcker inte för att svara" in client.page(own_path(made)).text
    client.post(own_path(made), data={"own_will": "agrees"})
    assert made.answer == ""


def test_the_guide_registers_the_answer_and_sees_no_queue(
    client: StrictClient, unit: Unit
) -> None:
    guide = make.user(Role.GUIDE)
    [first] = waiting(unit, 1)
    make.invitation(first.client, guide_id=guide.id, wants_support=True)
    made = offer(first)
    client.login(guide)
    page = client.page("/start")
    path = page.links["Någon du stöder har fått ett erbjudande om plats"]
    client.send(path, answer="declined", made_by="person", channel="phone")
    assert made.answer == ""
    client.send(
        path, answer="declined", reason="travel", made_by="person", channel="phone"
    )
    assert (made.answer, made.channel) == ("declined", "guide")
    assert client.get("/koer").status_code == 403


def test_a_caseworker_registers_an_answer_on_paper(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    [first] = waiting(unit, 1, caseworker)
    made = offer(first)
    client.send(
        f"/erbjudanden/{made.public_id}/svar",
        answer="accepted",
        made_by="person",
        channel="paper",
    )
    assert (made.answer, made.channel) == ("accepted", "paper")
    page = client.page(f"/erbjudanden/{made.public_id}/svar")
    assert "går inte att svara på längre" in page.text


def test_an_offer_is_taken_back(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    [first] = waiting(unit, 1, caseworker)
    made = offer(first)
    client.post(f"/erbjudanden/{made.public_id}/ta-tillbaka")
    assert made.answer == "withdrawn"
    client.post(f"/erbjudanden/{made.public_id}/ta-tillbaka")
    assert "gäller inte längre" in client.page(f"/erbjudanden/{made.public_id}").text


def test_a_choice_that_found_no_room_is_put_in_line_from_its_day(
    client: StrictClient, caseworker: User
) -> None:
    unit = small_unit()
    person = chooser(caseworker)
    choose(person, unit)
    taken(unit)
    page = client.page(f"/koer/{unit.public_id}")
    assert "står inte i kön" in page.text
    client.send(f"/koer/{unit.public_id}")
    [one] = line(unit)
    assert one.entry.client_id == person.id
    assert "Val att beställa" not in client.page("/start").text


def test_the_history_shows_the_place_in_line_and_the_offers(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    [first] = waiting(unit, 1, caseworker)
    made = offer(first)
    operations.withdraw(offer=made)
    page = client.page(f"/val/person/{first.client.public_id}")
    assert "Nummer 1 i kön till" in page.text
    assert "Tillbakataget" in page.text


def test_a_protected_person_has_no_name_in_the_queue(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    [first] = waiting(unit, 1, caseworker)
    first.client.protection = "sekretessmarkering"
    page = client.page(f"/koer/{unit.public_id}")
    assert "Skyddade personuppgifter" in page.text
    assert first.client.last_name not in page.text


def test_the_public_page_tells_no_small_number(
    client: StrictClient, unit: Unit
) -> None:
    waiting(unit, 2)
    page = client.page(f"/verksamheter/{unit.public_id}")
    assert "Färre än 5 i kö" in page.text
    waiting(unit, 3)
    assert "5 i kö" in client.page(f"/verksamheter/{unit.public_id}").text


def test_an_empty_queue_says_so(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    assert "Ingen av dina personer står i kö" in client.page("/koer").text
    assert "Ingen står i kö till Ateljén" in client.page(f"/koer/{unit.public_id}").text


def test_last_in_line_is_told_before_the_answer(
    client: StrictClient, unit: Unit
) -> None:
    queue_rule(lapse="last")
    [first] = waiting(unit, 1)
    me(client, first.client)
    assert "ställs du sist i kön" in client.page(own_path(offer(first))).text
    assert db.session.scalars(select(QueueEntry)).one().ended_at is None


def test_the_persons_pages_say_where_the_person_stands(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    first, second = waiting(unit, 2, caseworker)
    make.level(second.client, "2")
    page = client.page(f"/personer/{second.client.public_id}")
    assert "Nummer 2 i kön till Ateljén" in page.text
    me(client, second.client)
    page = client.page(f"/min-sida/{second.client.public_id}")
    assert "Du är nummer 2 i kön till Ateljén" in page.text
    assert first.ended_at is None


def test_an_offer_is_taken_back_after_a_question(
    client: StrictClient, unit: Unit, caseworker: User
) -> None:
    [entry] = waiting(unit, 1, caseworker)
    made = offer(entry, by=caseworker)
    asked = client.page(f"/erbjudanden/{made.public_id}").links
    path = asked["Ta tillbaka erbjudandet"]
    assert "står kvar i kön" in client.page(path).text
    assert the_offer().answer == ""
    client.send(path)
    page = client.page(f"/erbjudanden/{made.public_id}")
    assert the_offer().answer == "withdrawn"
    assert "Vem svarade" not in page.text
    assert "gäller inte längre" in client.page(path).text


def test_the_offer_is_filled_in_with_what_can_be_offered(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    [first] = waiting(unit, 1, caseworker)
    path = f"/koer/{unit.public_id}/erbjud/{first.public_id}"
    assert client.form(path).filled({})["first_day"] == ["2026-04-01"]
    client.send(path)
    assert (the_offer().first_day, len(the_offer().half_days)) == (APRIL, 10)


def test_the_filled_in_day_is_one_of_those_that_are_free(
    client: StrictClient, caseworker: User, unit: Unit
) -> None:
    [first] = waiting(unit, 1, caseworker)
    for weekday in range(4):
        for half in ("am", "pm"):
            make.capacity(unit, ceiling=0, weekday=weekday, half=half)
    make.capacity(unit, ceiling=1, weekday=4, half="am")
    client.send(f"/koer/{unit.public_id}/erbjud/{first.public_id}")
    made = the_offer()
    assert (made.first_day, made.half_days) == (date(2026, 4, 3), ["4am"])


def test_a_unit_where_nothing_becomes_free_has_nothing_ticked(
    client: StrictClient, caseworker: User
) -> None:
    unit = small_unit()
    taken(unit)
    [first] = waiting(unit, 1, caseworker)
    path = f"/koer/{unit.public_id}/erbjud/{first.public_id}"
    sent = client.form(path).filled({})
    assert (sent["first_day"], sent.get("half_days")) == (["2026-03-16"], None)


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2099-01-12", "Det är för långt fram. Välj en dag senast 16 mars 2027."),
        (
            "2026-04-05",
            "Söndag 5 april 2026 är inte en av dagarna som erbjuds: måndag.",
        ),
    ],
)
def test_a_first_day_that_cannot_be_is_told_at_the_field(
    client: StrictClient, caseworker: User, unit: Unit, day: str, message: str
) -> None:
    [first] = waiting(unit, 1, caseworker)
    path = f"/koer/{unit.public_id}/erbjud/{first.public_id}"
    answer = client.send(path, first_day=day, half_days=["0am", "0pm"])
    assert any(error.startswith(message) for error in answer.page.errors)
    assert db.session.scalars(select(PlaceOffer)).first() is None
