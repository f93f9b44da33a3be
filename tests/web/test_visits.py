"""Asking to visit or try, the unit's answer, and the days that took place."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice.made_by import MadeBy
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.models import Client
from lovdv.people.progress import clocks
from lovdv.placements.facts import first_attended_day
from lovdv.placements.models import ClosedDay
from lovdv.providers.models import Unit
from lovdv.reading.lix import AIM, measure
from lovdv.systems.operations import decide_rule
from lovdv.visits import operations, queries
from lovdv.visits.models import VisitDay, VisitRequest
from tests import make
from tests.kit_app import StrictClient
from tests.kit_reading import read, sentences, world_in


@pytest.fixture
def chooser(app: Flask, client: StrictClient) -> Client:
    app.config["DEMO"] = True
    person = make.person(first_name="Kim")
    make.decision(person)
    make.invitation(person)
    client.login(make.user(Role.CLIENT, client=person))
    return person


@pytest.fixture
def unit(chooser: Client) -> Unit:
    return make.unit(name="Kaféet", street="Torget 1")


@pytest.fixture
def staff(unit: Unit) -> User:
    return make.user(Role.PROVIDER, unit=unit)


def visit_rule(**value: object) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="visit",
        first_day=make.START,
        value=value,
    )


def ask(
    client: StrictClient, person: Client, unit: Unit, sort: str = "visit", **told: Any
) -> Any:
    path = f"/mitt-val/{person.public_id}/besok/ny/{unit.public_id}?sort={sort}"
    return client.send(path, **told)


def the_request() -> VisitRequest:
    return db.session.scalars(select(VisitRequest)).one()


def the_days() -> list[date]:
    rows = select(VisitDay).where(VisitDay.annulled_at.is_(None))
    return [row.day for row in db.session.scalars(rows.order_by(VisitDay.day))]


def test_the_person_asks_and_reads_the_units_answer(
    client: StrictClient, chooser: Client, unit: Unit, staff: User
) -> None:
    where = client.page(f"/mitt-val/{chooser.public_id}/besok")
    page = client.page(where.links["Fråga Kaféet"])
    assert "Ett besök är att titta och fråga." in page.text
    answer = ask(client, chooser, unit, weekdays=["mon", "tue"])
    own = answer.location
    assert "svara senast måndag 23 mars 2026" in client.page(own).text
    client.login(staff)
    assert "Frågor om besök att svara på" in client.page("/start").text
    listed = client.page("/besok")
    assert "En person vill besöka er" in listed.text
    assert "Kim" not in listed.text
    path = f"/besok/{the_request().public_id}"
    assert "måndag, tisdag" in client.page(path).text
    client.send(path, "day_1", day_1="2026-03-24", clock="9:30", words="Mia möter.")
    client.login(make.user(Role.CLIENT, client=chooser))
    page = client.page(f"/mitt-val/{chooser.public_id}")
    day = page.one("time", datetime="2026-03-24")
    assert day is not None
    for words in ("klockan 9.30", "De skriver: Mia möter."):
        assert words in page.text
        assert words in client.page(own).text
    assert "Du ska besöka Kaféet" in client.page("/start").text


@pytest.mark.parametrize(
    "case",
    [("yes", False, True), ("no", False, False), ("yes", True, False)],
    ids=["said yes", "said no", "protected"],
)
def test_a_first_name_is_given_only_with_consent_and_never_a_protected_one(
    client: StrictClient, chooser: Client, staff: User, case: tuple[str, bool, bool]
) -> None:
    (named, protected, shown), unit = case, db.session.scalars(select(Unit)).one()
    if protected:
        chooser.protection = "confidentiality"
        db.session.flush()
        form = client.page(f"/mitt-val/{chooser.public_id}/besok/ny/{unit.public_id}")
        assert "Vi skriver aldrig ditt namn." in form.text
        ask(client, chooser, unit)
    else:
        ask(client, chooser, unit, named=named)
    found = the_request()
    assert (found.consented_at is not None) == shown
    client.login(staff)
    for path in ("/besok", f"/besok/{found.public_id}"):
        text = client.page(path).text
        assert ("Kim" in text) == shown
        assert chooser.last_name not in text


def test_protection_that_comes_later_hides_the_name(
    client: StrictClient, chooser: Client, unit: Unit, staff: User
) -> None:
    ask(client, chooser, unit, named="yes")
    chooser.protection = "confidentiality"
    db.session.flush()
    client.login(staff)
    assert "Kim" not in client.page("/besok").text


def test_the_name_is_taken_back_as_easily_as_it_was_given(
    client: StrictClient, chooser: Client, unit: Unit, staff: User
) -> None:
    own = ask(client, chooser, unit, named="yes").location
    form = client.page(own).form(action=f"{own}/namn")
    client.post(form.action, data=form.filled({}))
    client.login(staff)
    assert "Kim" not in client.page("/besok").text


def test_a_no_has_a_reason_from_the_list(
    client: StrictClient, chooser: Client, unit: Unit, staff: User
) -> None:
    own = ask(client, chooser, unit).location
    client.login(staff)
    path = f"/besok/{the_request().public_id}/nej"
    assert "Välj det som passar bäst." in client.send(path).page.errors
    client.send(path, reason="closed")
    assert client.get(path).status_code == 404
    client.login(make.user(Role.CLIENT, client=chooser))
    page = client.page(own)
    assert "Vi har stängt de dagarna." in page.text
    assert "Fråga en annan" in page.links


@pytest.mark.parametrize(
    "case",
    [
        ({"day_1": "", "clock": "9.30"}, "Skriv en dag."),
        ({"day_1": "2026-03-10", "clock": "9.30"}, "Dagen har redan varit."),
        ({"day_1": "2026-03-24", "clock": "25.00"}, "Skriv tiden som 9.30."),
        ({"day_1": "i morgon", "clock": "9.30"}, "Skriv dagen som år-månad-dag"),
    ],
)
def test_a_bad_answer_is_told_at_its_field(
    client: StrictClient,
    chooser: Client,
    staff: User,
    case: tuple[dict[str, str], str],
) -> None:
    (told, message), unit = case, db.session.scalars(select(Unit)).one()
    ask(client, chooser, unit)
    client.login(staff)
    path = f"/besok/{the_request().public_id}"
    answer = client.send(path, "day_1", words="Välkommen", **told)
    assert any(error.startswith(message) for error in answer.page.errors)
    assert answer.page.form("day_1").filled({})["words"] == ["Välkommen"]
    assert the_request().status == "asked"


def test_the_person_may_say_that_it_does_not_suit(
    client: StrictClient, chooser: Client, unit: Unit, staff: User
) -> None:
    own = ask(client, chooser, unit).location
    form = client.page(own).form(action=f"{own}/avboka")
    client.post(form.action, data=form.filled({}))
    again = client.post(form.action, data=form.filled({}))
    assert again.status_code == 409
    assert "redan besvarad eller återtagen" in again.page.text
    client.login(staff)
    assert "Ingen har frågat" in client.page("/besok").text


def test_the_same_unit_is_asked_once_at_a_time(
    client: StrictClient, chooser: Client, unit: Unit
) -> None:
    path = f"/mitt-val/{chooser.public_id}/besok/ny/{unit.public_id}"
    form = client.form(path).filled({})
    client.post(path, data=form)
    answer = client.post(path, data=form)
    assert "Du har redan frågat" in answer.page.text
    assert the_request().status == "asked"


def test_a_closed_unit_and_ones_own_place_are_told_calmly(
    client: StrictClient, chooser: Client, unit: Unit
) -> None:
    make.contract_of(unit).closed_from = date(2026, 3, 16)
    db.session.flush()
    answer = ask(client, chooser, unit)
    assert "tar inte emot nya just nu" in answer.page.text
    other = make.unit()
    make.placement(chooser, other)
    assert "Det finns redan en plats på" in ask(client, chooser, other).page.text


def test_other_units_and_roles_do_not_see_it(
    client: StrictClient, chooser: Client, unit: Unit
) -> None:
    ask(client, chooser, unit)
    path = f"/besok/{the_request().public_id}"
    for user, code in (
        (make.user(Role.PROVIDER, unit=make.unit()), 404),
        (make.user(Role.CASEWORKER), 403),
        (make.user(Role.CLIENT, client=make.person()), 403),
    ):
        client.login(user)
        assert client.get(path).status_code == code
    own = f"/mitt-val/{chooser.public_id}/besok/{the_request().public_id}"
    assert client.get(own).status_code == 404


def test_try_out_days_are_offered_and_counted_by_the_rule(
    client: StrictClient, chooser: Client, unit: Unit
) -> None:
    visit_rule(try_out_days=2)
    answer = ask(client, chooser, unit, "try_out", days="3")
    assert "Skriv ett helt tal mellan 1 och 2." in answer.page.errors
    ask(client, chooser, unit, "try_out", days="2")
    assert (the_request().kind, the_request().days) == ("try_out", 2)
    the_request().status = "done"
    db.session.flush()
    answer = ask(client, chooser, unit, "try_out", days="1")
    assert "Det går inte att prova Kaféet fler dagar." in answer.page.text


def test_where_try_outs_are_not_offered_a_visit_is_asked_for(
    client: StrictClient, chooser: Client, unit: Unit
) -> None:
    visit_rule(try_out=False)
    path = f"/mitt-val/{chooser.public_id}/besok/ny/{unit.public_id}?sort=try_out"
    assert "prova" not in client.page(path).text.lower()
    client.send(path)
    assert the_request().kind == "visit"


def tried(person: Client, unit: Unit, day: date) -> VisitRequest:
    """A try-out that was answered, and a day of it that took place."""
    made = operations.ask(
        client=person,
        decision=make.decision_of(person),
        unit=unit,
        kind="try_out",
        days=2,
        weekdays=(),
        consents=False,
        made_by=MadeBy(),
    )
    operations.answer(request=made, days=[day], clock="9.30", words="")
    operations.record_day(request=made, day=day)
    return made


TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("rule", "days"),
    [({"starts_clock": True}, [TODAY]), ({}, [])],
    ids=["counts", "does not count"],
)
def test_a_day_that_was_tried_counts_where_the_rule_says_so(
    chooser: Client, unit: Unit, rule: dict[str, bool], days: list[date]
) -> None:
    visit_rule(**rule)
    tried(chooser, unit, TODAY)
    decision = make.decision_of(chooser)
    assert list(first_attended_day([decision.id]).values()) == days


def test_who_tried_and_got_no_place_is_interrupted_from_the_day_after(
    app: Flask, chooser: Client, unit: Unit
) -> None:
    visit_rule(starts_clock=True)
    decision = make.decision_of(chooser)
    tried(chooser, unit, TODAY)
    app.config["TODAY"] = "2026-05-20"
    clock = clocks([decision], date(2026, 5, 20))[decision.id]
    assert clock.interrupted
    make.placement(chooser, unit, first_day=date(2026, 4, 1))
    assert clocks([decision], date(2026, 5, 20)) == {}


def test_the_unit_records_each_day_once_and_can_take_a_wrong_one_away(
    client: StrictClient, chooser: Client, unit: Unit, staff: User
) -> None:
    visit_rule(starts_clock=True)
    made = tried(chooser, unit, TODAY)
    client.login(staff)
    path = f"/besok/{made.public_id}"
    for day, message in (
        ("2026-03-16", "Den dagen är redan antecknad."),
        ("2026-03-17", "Dagen har inte varit än."),
        ("2026-03-02", "Personen frågade"),
    ):
        form = client.page(path).form(action=f"{path}/dagar")
        answer = client.post(form.action, data=form.filled({"day": day}))
        assert any(error.startswith(message) for error in answer.page.errors)
    [button] = [
        form.get("action")
        for form in client.page(path).tree.iter("form")
        if (form.get("action") or "").endswith("/bort")
    ]
    client.post(button)
    assert the_days() == []
    assert first_attended_day([made.decision_id]) == {}
    assert client.post(button).status_code == 409
    assert "Dag bestämd" in client.page(path).text


def test_a_wrong_day_is_taken_away_though_the_person_has_asked_again(
    client: StrictClient, chooser: Client, unit: Unit, staff: User
) -> None:
    made = tried(chooser, unit, TODAY)
    ask(client, chooser, unit)
    client.login(staff)
    path = f"/besok/{made.public_id}"
    answer = client.post(f"{path}/dagar/{made.took_place[0].public_id}/bort")
    assert answer.status_code == 302
    assert the_days() == []
    assert made.status == "done"


def test_no_more_days_than_were_asked_for(
    app: Flask, chooser: Client, unit: Unit
) -> None:
    made = tried(chooser, unit, TODAY)
    made.days = 1
    db.session.flush()
    app.config["TODAY"] = "2026-03-17"
    with pytest.raises(Refused, match="Alla dagar"):
        operations.record_day(request=made, day=date(2026, 3, 17))


def test_paid_days_wait_for_a_place_that_covers_them(
    client: StrictClient, chooser: Client, unit: Unit
) -> None:
    visit_rule(paid=True)
    worker = make.user(Role.CASEWORKER)
    make.assignment(chooser, worker)
    tried(chooser, unit, TODAY)
    client.login(worker)
    assert "Provdagar att ersätta" in client.page("/start").text
    page = client.page("/val/provdagar")
    assert client.get(page.links["Beställ en kort plats för " + _name(chooser)])
    make.placement(chooser, unit, first_day=TODAY, end_day=date(2026, 3, 17))
    assert "Ingen provdag väntar" in client.page("/val/provdagar").text


def _name(person: Client) -> str:
    return f"{person.first_name} {person.last_name}"


def test_unpaid_days_are_not_listed(
    client: StrictClient, chooser: Client, unit: Unit
) -> None:
    worker = make.user(Role.CASEWORKER)
    make.assignment(chooser, worker)
    tried(chooser, unit, TODAY)
    client.login(worker)
    assert "Ingen provdag väntar" in client.page("/val/provdagar").text
    assert "Kaféet" in client.page(f"/val/person/{chooser.public_id}").text


def test_the_guide_sees_the_answer_and_other_guides_do_not(
    client: StrictClient, chooser: Client, unit: Unit
) -> None:
    mine, other = make.user(Role.GUIDE), make.user(Role.GUIDE)
    make.invitation(chooser, guide_id=mine.id)
    ask(client, chooser, unit)
    operations.answer(
        request=the_request(), days=[date(2026, 3, 24)], clock="9.30", words=""
    )
    client.login(mine)
    assert "Besök för dem du stöder" in client.page("/start").text
    page = client.page("/stod")
    assert "Kaféet" in client.page(page.links["Besök som är frågade om"]).text
    client.login(other)
    assert "Ingen du stöder" in client.page("/stod/besok").text


def test_a_representative_asks_with_the_persons_own_will(
    client: StrictClient, chooser: Client, unit: Unit
) -> None:
    holder = make.user(Role.REPRESENTATIVE)
    mandate = make.mandate(chooser, holder)
    client.login(holder)
    assert "Välj vad personen själv vill." in ask(client, chooser, unit).page.errors
    path = f"/mitt-val/{chooser.public_id}/besok/ny/{unit.public_id}"
    form = client.form(path).filled({"own_will": "agrees"})
    mandate.scope = ["bevaka_ratt"]
    db.session.flush()
    assert "räcker inte" in client.post(path, data=form).page.text
    mandate.scope = ["sorja_for_person"]
    db.session.flush()
    client.post(path, data=form)
    assert (the_request().made_by, the_request().mandate_id) == (
        "representative",
        mandate.id,
    )


def test_a_life_event_takes_open_wishes_back(chooser: Client, unit: Unit) -> None:
    operations.ask(
        client=chooser,
        decision=make.decision_of(chooser),
        unit=unit,
        kind="visit",
        days=1,
        weekdays=(),
        consents=True,
        made_by=MadeBy(),
    )
    operations.stop(chooser.id)
    assert the_request().status == "cancelled"
    assert queries.open_at(chooser.id, unit.id) is None


def test_the_pages_of_the_person_are_easy(app: Flask) -> None:
    world = world_in(app)
    person = db.session.scalars(select(Client)).one()
    base = f"/mitt-val/{person.public_id}/besok"
    told = db.session.scalars(select(Unit).where(Unit.name == "Kafé Solen")).one()
    form = f"{base}/ny/{told.public_id}"
    pages = {"where": base, "ask": form, "try": f"{form}?sort=try_out"}
    hard = {}
    for name, page in read(world, "reading=easy", pages):
        hard[name] = measure(sentences(page), world.names).lix
    own = str(world.reader.send(form).location)
    request = the_request()
    for state in ("asked", "answered", "declined"):
        if state == "answered":
            operations.answer(
                request=request, days=[date(2026, 3, 24)], clock="9.30", words=""
            )
        if state == "declined":
            operations.decline(request=request, reason="full")
        [(_, page)] = read(world, "reading=easy", {state: own})
        hard[state] = measure(sentences(page), world.names).lix
    assert {name: lix for name, lix in hard.items() if lix >= AIM} == {}


@pytest.mark.parametrize(
    "case",
    [
        ({}, None, "2026-04-22", "2026-04-23"),
        ({}, "2026-03-30", "2026-04-29", "2026-04-30"),
        ({"name_days": 0}, "2026-03-30", "2026-03-30", "2026-03-31"),
        ({"try_out_days": 2}, "2026-03-30", "2026-04-29", "2026-04-30"),
    ],
    ids=["nobody answered", "a day was proposed", "no days after", "an older rule"],
)
def test_a_name_is_known_until_some_days_after_the_visit(
    app: Flask,
    client: StrictClient,
    chooser: Client,
    unit: Unit,
    case: tuple[dict[str, object], str | None, str, str],
) -> None:
    value, proposed, last, after = case
    visit_rule(**value)
    own = ask(client, chooser, unit, named="yes").location
    found = the_request()
    if proposed:
        days = [date.fromisoformat(proposed)]
        operations.answer(request=found, days=days, clock="9.30", words="")
    for day, shown in ((last, True), (after, False)):
        app.config["TODAY"] = day
        client.login(make.user(Role.PROVIDER, unit=unit))
        for path in ("/besok", f"/besok/{found.public_id}"):
            assert ("Kim" in client.page(path).text) == shown, (day, path)
        client.login(make.user(Role.CLIENT, client=chooser))
        told = "De ser det till och med" if shown else "De ser inte namnet längre."
        assert told in client.page(own).text


def test_how_long_a_name_is_known_is_as_told_when_the_person_agreed(
    app: Flask, client: StrictClient, chooser: Client, unit: Unit, staff: User
) -> None:
    path = f"/mitt-val/{chooser.public_id}/besok/ny/{unit.public_id}"
    assert "Ett ja gäller till 30 dagar efter besöket." in client.page(path).text
    ask(client, chooser, unit, named="yes")
    decide_rule(
        choice_system_id=make.system().id,
        key="visit",
        first_day=date(2026, 4, 1),
        value={"name_days": 90},
    )
    app.config["TODAY"] = "2026-04-23"
    client.login(staff)
    assert "Kim" not in client.page("/besok").text
    page = client.page(f"/besok/{the_request().public_id}")
    assert "Tiden då ni får se namnet är slut." in page.text


def test_a_rule_with_an_earlier_first_day_shows_no_name_again(
    app: Flask, client: StrictClient, chooser: Client, unit: Unit, staff: User
) -> None:
    ask(client, chooser, unit, named="yes")
    app.config["TODAY"] = "2026-04-23"
    visit_rule(name_days=90)
    assert "Kim" not in client.login(staff).page("/besok").text


def test_no_unit_decides_how_long_it_knows_a_name(
    app: Flask, client: StrictClient, chooser: Client, unit: Unit, staff: User
) -> None:
    visit_rule(name_days=5, ahead_days=10)
    ask(client, chooser, unit, named="yes")
    path = f"/besok/{the_request().public_id}"
    client.login(staff)
    page = client.send(path, "day_1", day_1="2099-12-31", clock="9.30").page
    far = "Det är för långt fram. Välj en dag senast 26 mars 2026."
    assert far in page.errors
    client.send(path, "day_1", day_1="2026-03-26", clock="9.30")
    app.config["TODAY"] = "2026-03-31"
    assert "Kim" in client.login(staff).page("/besok").text
    app.config["TODAY"] = "2026-04-01"
    assert "Kim" not in client.login(staff).page("/besok").text


def test_the_name_stays_through_all_the_days_and_can_be_taken_back_after(
    client: StrictClient, chooser: Client, unit: Unit, staff: User
) -> None:
    own = ask(client, chooser, unit, "try_out", days=2, named="yes").location
    request = the_request()
    days = [date(2026, 3, 16), date(2026, 3, 17)]
    operations.answer(request=request, days=days, clock="9.30", words="")
    operations.record_day(request=request, day=days[0])
    assert "Kim" in client.login(staff).page("/besok").text
    client.login(make.user(Role.CLIENT, client=chooser))
    form = client.page(own).form(action=f"{own}/namn")
    gone = client.post(form.action, data=form.filled({})).location
    assert "De ser inte längre namnet här." in client.page(gone).text
    assert "Kim" not in client.login(staff).page("/besok").text


def proposed(client: StrictClient, day: str, clock: str) -> list[str]:
    """What is said about a day and time that the unit proposes."""
    path = f"/besok/{the_request().public_id}"
    answer = client.send(path, "day_1", day_1=day, clock=clock)
    return [] if answer.status_code == 302 else list(answer.page.errors)


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (
            ("2026-03-22", "9.30"),
            "Söndag 22 mars 2026 har ni inte öppet. Välj en dag då",
        ),
        (("2026-05-01", "9.30"), "Fredag 1 maj 2026 är det stängt: Första maj. Välj"),
        (("2026-03-25", "9.30"), "Onsdag 25 mars 2026 är det stängt: Planering. Välj"),
        (("2026-03-24", "3.00"), "Välj en tid mellan 6.00 och 20.00."),
        (("2026-03-24", "20:01"), "Välj en tid mellan 6.00 och 20.00."),
    ],
)
def test_a_visit_when_the_unit_is_closed_is_refused_at_the_field(
    client: StrictClient,
    chooser: Client,
    staff: User,
    case: tuple[str, str],
    told: str,
) -> None:
    unit = db.session.scalars(select(Unit)).one()
    ask(client, chooser, unit)
    closed = {"unit_id": unit.id, "day": date(2026, 3, 25), "name": "Planering"}
    system = make.system().id
    db.session.add(ClosedDay(choice_system_id=system, decided_at=now(), **closed))
    db.session.flush()
    client.login(staff)
    assert any(error.startswith(told) for error in proposed(client, *case))
    assert the_request().status == "asked"


def test_the_units_own_days_and_hours_are_known(
    client: StrictClient, chooser: Client, unit: Unit, staff: User
) -> None:
    make.profile(
        unit,
        facts={"open_days": ["tue", "sat"], "opens": "10.00", "closes": "15.30"},
    )
    ask(client, chooser, unit)
    client.login(staff)
    monday = "Måndag 23 mars 2026 har ni inte öppet. Välj en dag då ni har öppet: "
    assert proposed(client, "2026-03-23", "10") == ["Skriv tiden som 9.30."]
    assert f"{monday}tisdag och lördag." in proposed(client, "2026-03-23", "10.00")
    hours = "Välj en tid mellan 10.00 och 15.30."
    assert hours in proposed(client, "2026-03-24", "9.30")
    assert proposed(client, "2026-03-21", "10.00") == []
    assert the_request().proposed == ["2026-03-21"]


def test_a_time_that_has_been_today_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    client: StrictClient,
    chooser: Client,
    unit: Unit,
    staff: User,
) -> None:
    ask(client, chooser, unit)
    client.login(staff)
    noon = datetime(2026, 3, 16, 11, tzinfo=UTC)
    monkeypatch.setattr("lovdv.visits.forms.now", lambda: noon)
    told = "Den tiden har redan varit i dag. Välj en senare tid eller en annan dag."
    assert told in proposed(client, "2026-03-16", "11.00")
    assert proposed(client, "2026-03-16", "13.00") == []


def test_a_day_that_was_not_wished_is_said_calmly(
    client: StrictClient, chooser: Client, unit: Unit, staff: User
) -> None:
    ask(client, chooser, unit, weekdays=["mon", "tue"])
    client.login(staff)
    path = f"/besok/{the_request().public_id}"
    assert "Välj helst en av dagarna som passar." in client.page(path).text
    hint = "är inte bland dagarna som passar personen"
    assert proposed(client, "2026-03-24", "9.30") == []
    assert hint not in client.page(path).text
    assert proposed(client, "2026-03-25", "9.30") == []
    assert f"onsdag 25 mars 2026 {hint}" in client.page(path).text
