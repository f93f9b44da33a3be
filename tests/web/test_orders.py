"""Orders: sent by the caseworker, answered by the unit, turned into placements."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice.models import QueueEntry
from lovdv.clock import now
from lovdv.database import writing
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.models import Client, Decision, Offer
from lovdv.placements import orders, queries
from lovdv.placements.models import Order, Placement
from lovdv.placements.occupancy import WORKING_HALVES
from lovdv.placements.operations import annul
from lovdv.providers.models import Unit
from lovdv.systems.operations import decide_rule
from tests import make
from tests.kit_app import StrictClient

START = date(2026, 4, 1)
WEEK: list[list[list[str] | None]] = [[*([["09:00", "15:00"]] * 5), None, None]]


@pytest.fixture(autouse=True)
def _no_level_needed(request: pytest.FixtureRequest) -> None:
    """Most orders here are about something else than the level."""
    if "app" in request.fixturenames and "level" not in request.node.name:
        request.getfixturevalue("app")
        level_required(required=False)


def level_required(*, required: bool) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="order",
        first_day=make.START,
        value={"level_required": required},
    )


def send(
    client: Client | None = None,
    unit: Unit | None = None,
    decision: Decision | None = None,
    **values: object,
) -> Order:
    who = client or make.person()
    told = {
        "goal": "Komma ut.",
        "extent": "Fem dagar",
        "half_days": WORKING_HALVES,
        "wanted_start": START,
        "contact": "Handläggaren",
        **values,
    }
    return orders.send(
        client=who,
        decision=decision or make.decision_of(who),
        unit=unit or make.unit(),
        **told,
    )


def confirm(order: Order, **values: object) -> Placement:
    told = {"start_day": START, "times": WEEK, **values}
    return orders.confirm(order=order, **told)


def offer_of(order: Order) -> Offer:
    return db.session.scalars(
        select(Offer).where(Offer.decision_id == order.decision_id)
    ).one()


def test_the_answer_is_due_after_five_working_days(app: Flask) -> None:
    app.config["TODAY"] = "2026-04-01"
    assert send(wanted_start=date(2026, 5, 4)).answer_by == date(2026, 4, 10)


def test_an_order_is_an_offer_until_it_is_answered(app: Flask) -> None:
    order = send()
    assert offer_of(order).answer == "waiting"
    orders.decline(order=order, reason="full")
    assert (offer_of(order).answer, offer_of(order).reason) == (
        "declined",
        "Enheten: Enheten är full",
    )


def test_a_yes_becomes_a_placement_with_a_plan(app: Flask) -> None:
    order = send()
    placement = confirm(order)
    assert (placement.first_day, placement.order_id) == (START, order.id)
    assert [plan.times for plan in placement.week_plans] == [WEEK]
    assert offer_of(order).answer == "accepted"


def test_an_order_is_answered_once(app: Flask) -> None:
    order = send()
    confirm(order)
    with pytest.raises(Refused, match="redan besvarad"):
        orders.decline(order=order, reason="full")


def test_without_a_level_nothing_is_ordered(app: Flask) -> None:
    with pytest.raises(Refused, match="Ingen nivå är fastställd"):
        send()


def test_the_unit_is_told_the_level_and_no_more(app: Flask) -> None:
    client = make.person()
    make.level(client, "3")
    assert send(client).level == "3"


def test_a_decision_that_has_ended_orders_nothing(app: Flask) -> None:
    client = make.person()
    decision = make.decision(client, end_day=START)
    with pytest.raises(Refused, match="gäller till och med 31 mars 2026"):
        send(client, decision=decision)


def test_a_replaced_decision_orders_nothing(app: Flask) -> None:
    client = make.person()
    decision = make.decision(client, status="replaced")
    with pytest.raises(Refused, match="Beslutet gäller inte"):
        send(client, decision=decision)


def test_a_unit_without_contract_gets_no_order(app: Flask) -> None:
    with pytest.raises(Refused, match="inget avtal"):
        send(unit=make.unit(contracted=False))


def test_a_unit_closed_for_choices_gets_no_order(app: Flask) -> None:
    unit = make.unit()
    make.contract_of(unit).closed_from = date(2026, 3, 1)
    with pytest.raises(Refused, match="tar inte emot nya val"):
        send(unit=unit)


def test_a_unit_without_permit_gets_no_order(app: Flask) -> None:
    with pytest.raises(Refused, match="saknar tillstånd"):
        send(unit=make.unit(permit_number=" "))


def test_the_last_place_is_ordered_once(app: Flask) -> None:
    unit = make.unit(permit_maximum=1)
    send(unit=unit)
    with pytest.raises(Refused, match=r"är full: måndag, tisdag.*ledig plats"):
        send(unit=unit)


def test_a_full_morning_leaves_the_afternoon(app: Flask) -> None:
    unit = make.unit(permit_maximum=1)
    send(unit=unit, half_days=["0am"])
    assert send(unit=unit, half_days=["0pm"]).status == "sent"


def test_somebody_who_starts_later_keeps_the_place(app: Flask) -> None:
    unit = make.unit(permit_maximum=1)
    make.placement(unit=unit, first_day=date(2026, 9, 1))
    with pytest.raises(Refused, match="är full"):
        send(unit=unit)


def test_a_place_that_becomes_free_in_time_is_free(app: Flask) -> None:
    unit = make.unit(permit_maximum=1)
    make.placement(unit=unit, end_day=START)
    assert send(unit=unit).status == "sent"


def test_more_times_than_ordered_are_refused(app: Flask) -> None:
    order = send(half_days=["0am", "1am"])
    with pytest.raises(Refused, match="måndag förmiddag, tisdag förmiddag, men planen"):
        confirm(order)


def test_as_many_times_on_other_days_are_refused(app: Flask) -> None:
    order = send(half_days=["0am", "0pm"])
    spread: list[list[list[str] | None]] = [[*([["09:00", "09:01"]] * 2), *[None] * 5]]
    with pytest.raises(Refused, match=r"tisdag förmiddag\. .* ändrad beställning"):
        confirm(order, times=spread)


def test_a_rechoice_leaves_no_gap_and_no_double_day(app: Flask) -> None:
    client = make.person()
    before = make.placement(client)
    after = confirm(send(client, replaces=before))
    assert before.end_day == after.first_day == before.paid_end_day
    assert before.end_reason == "other_choice"


def test_a_change_gives_the_same_placement_new_times(app: Flask) -> None:
    placement = make.placement()
    change = orders.send_change(
        placement=placement,
        extent="En halv dag",
        half_days=["0am"],
        wanted_start=START,
    )
    times: list[list[list[str] | None]] = [[["09:00", "12:00"], *[None] * 6]]
    assert confirm(change, times=times) is placement
    assert placement.week_plans[-1].first_day == START
    assert queries.placement_of_order(change) is placement


def change_of(placement: Placement) -> Order:
    return orders.send_change(
        placement=placement, extent="En dag", half_days=["0am"], wanted_start=START
    )


def test_an_annulled_placement_takes_its_waiting_change_along(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    placement = make.placement(unit=unit)
    change = change_of(placement)
    client.login(staff(unit))
    assert client.get(f"/bestallningar/{change.public_id}").status_code == 200
    annul(placement=placement, reason="Fel enhet")
    assert change.status == "withdrawn"
    assert client.get(f"/bestallningar/{change.public_id}").status_code == 404


def test_an_annulled_placement_gets_no_new_times(app: Flask) -> None:
    placement = make.placement()
    change = change_of(placement)
    placement.annulled_at = now()
    with pytest.raises(Refused, match="annullerad"):
        confirm(change, times=[[["09:00", "12:00"], *[None] * 6]])


def test_a_withdrawn_order_gives_the_place_back(app: Flask) -> None:
    unit = make.unit(permit_maximum=1)
    orders.withdraw(order=send(unit=unit))
    assert send(unit=unit).status == "sent"


# Pages


def caseworker() -> User:
    return make.user(Role.CASEWORKER)


def staff(unit: Unit) -> User:
    return make.user(Role.PROVIDER, unit=unit)


def test_the_chain_from_order_to_placement(client: StrictClient, app: Flask) -> None:
    worker = caseworker()
    person = make.person(caseworker=worker, communication="Bilder")
    make.decision(person, goal="Arbeta med djur")
    unit = make.unit()
    client.login(worker)
    sent = client.send(
        f"/bestallningar/ny/{person.public_id}",
        unit=unit.public_id,
        wanted_start="2026-04-01",
        extent="30 timmar",
    )
    assert sent.status_code == 302, sent.page.errors
    client.login(staff(unit))
    page = client.page("/bestallningar")
    assert page.table()[0][0] == f"Kim {person.last_name}"
    address = page.links[f"Kim {person.last_name}"]
    assert "Arbeta med djur" in client.page(address).text
    answered = client.send(f"{address}/bekrafta")
    assert answered.status_code == 302, answered.page.errors
    assert "30 timmar" in client.page(answered.location).text


def test_an_order_for_no_half_day_says_what_to_do(
    client: StrictClient, app: Flask
) -> None:
    worker = caseworker()
    person = make.person(caseworker=worker)
    make.decision(person)
    client.login(worker)
    sent = client.send(
        f"/bestallningar/ny/{person.public_id}",
        unit=make.unit().public_id,
        wanted_start="2026-04-01",
        extent="Inget",
        half_days=[],
    )
    assert "Kryssa i minst en halvdag." in sent.page.text


def test_the_plan_is_typed_in_any_way_and_kept_on_a_fault(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    order = send(unit=unit)
    client.login(staff(unit))
    path = f"/bestallningar/{order.public_id}/bekrafta"
    wrong = client.send(
        path, from_0_0="9", to_0_0="1430", from_0_1="nio", to_0_1="8.15"
    )
    assert wrong.page.errors == ["Skriv tiden som 9, 900, 9.00 eller 09:00."]
    assert wrong.page.one("input", name="from_0_1").get("value") == "nio"
    assert order.status == "sent"
    right = client.send(path, from_0_0="9", to_0_0="1430", from_0_1="9.00")
    assert right.status_code == 302
    placed = queries.placement_of_order(order)
    assert placed is not None
    assert placed.week_plans[0].times[0][0] == ["09:00", "14:30"]


def test_sums_are_shown_without_saving(client: StrictClient, app: Flask) -> None:
    unit = make.unit()
    order = send(unit=unit)
    client.login(staff(unit))
    page = client.send(
        f"/bestallningar/{order.public_id}/bekrafta", weeks="2", step="sums"
    ).page
    assert "2,5 dagar och 15 timmar i veckan" in page.text
    assert order.status == "sent"


def test_a_unit_sees_its_own_orders_only(client: StrictClient, app: Flask) -> None:
    own, other = make.unit(), make.unit()
    theirs = send(unit=other)
    client.login(staff(own))
    assert client.page("/bestallningar").all("tbody") == []
    assert client.get(f"/bestallningar/{theirs.public_id}").status_code == 404
    assert client.get(f"/bestallningar/{theirs.public_id}/bekrafta").status_code == 404


def test_a_declined_order_is_no_longer_the_units_business(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    order = send(unit=unit)
    client.login(staff(unit))
    client.send(f"/bestallningar/{order.public_id}/avboj", reason="full")
    assert client.get(f"/bestallningar/{order.public_id}").status_code == 404


def test_a_colleagues_order_is_not_found(client: StrictClient, app: Flask) -> None:
    order = send(make.person(caseworker=caseworker()))
    client.login(caseworker())
    assert client.get(f"/bestallningar/{order.public_id}").status_code == 404
    assert client.get(f"/bestallningar/{order.public_id}/aterkalla").status_code == 404


def test_overdue_orders_come_first(client: StrictClient, app: Flask) -> None:
    worker = caseworker()
    for name, due in (("Nyss", date(2026, 3, 20)), ("Sen", date(2026, 3, 10))):
        person = make.person(caseworker=worker, last_name=name)
        make.order(person, make.unit(), answer_by=due)
    client.login(worker)
    names = [row[0] for row in client.page("/bestallningar").table()]
    assert names == ["Kim Sen", "Kim Nyss"]
    start = client.page("/start").text
    assert "Beställningar med passerat svarsdatum (1)" in start


def test_a_protected_person_has_an_alias_at_the_unit(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    person = make.person(protection="sekretessmarkering", alias="Ask", last_name="Gömd")
    send(person, unit)
    client.login(staff(unit))
    page = client.page("/bestallningar")
    assert page.table()[0][0] == "Ask"
    assert "Gömd" not in page.html


def test_a_full_unit_is_told_in_the_form(client: StrictClient, app: Flask) -> None:
    worker, unit = caseworker(), make.unit(permit_maximum=1)
    send(unit=unit)
    person = make.person(caseworker=worker)
    make.decision(person)
    client.login(worker)
    page = client.send(
        f"/bestallningar/ny/{person.public_id}",
        unit=unit.public_id,
        wanted_start="2026-04-01",
        extent="Heltid",
        goal="Mål",
    ).page
    assert "Vänta på en ledig plats" in page.errors[0]
    assert page.one("input", name="extent").get("value") == "Heltid"


def test_a_place_ends_the_wait_in_the_queue(app: Flask) -> None:
    person, unit = make.person(), make.unit()
    waiting = QueueEntry(client_id=person.id, unit_id=unit.id, since=now())
    db.session.add(waiting)
    confirm(send(person, unit))
    db.session.refresh(waiting)
    assert (waiting.end_reason, waiting.ended_at is not None) == ("placed", True)


# Two at once


def test_two_at_once_get_the_last_place_once(cloned_app: Flask) -> None:
    with cloned_app.app_context():
        level_required(required=False)
        unit = make.unit(permit_maximum=1)
        people = [make.person(), make.person()]
        for person in people:
            make.decision(person)
        ids = [person.id for person in people]
        unit_id = unit.id
        db.session.commit()
    together = Barrier(2)

    def order(client_id: int) -> bool:
        with cloned_app.app_context(), writing():
            together.wait()
            try:
                send(
                    db.session.get_one(Client, client_id),
                    db.session.get_one(Unit, unit_id),
                )
            except Refused:
                return False
            db.session.commit()
            return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(order, ids)) == [False, True]
