"""The guide's day: what comes next, substitutes, conflicts, handing over, answers."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice.made_by import MadeBy
from lovdv.choice.models import Invitation
from lovdv.extensions import db
from lovdv.guides import operations
from lovdv.guides.models import (
    GuideConflict,
    GuideHandover,
    GuideSubstitute,
    StartAnswer,
)
from lovdv.people.models import Client
from lovdv.providers.models import Unit
from lovdv.systems.operations import decide_rule
from lovdv.visits import operations as visits
from lovdv.visits.models import VisitRequest
from tests import make
from tests.kit_app import StrictClient
from tests.kit_choice import no_choices, the_choice

MONDAY = date(2026, 3, 16)


@pytest.fixture
def guide(client: StrictClient) -> User:
    make.system()
    user = make.user(Role.GUIDE, name="Lisa Lots")
    client.login(user)
    return user


@pytest.fixture
def other(guide: User) -> User:
    return make.user(Role.GUIDE, name="Nils Lots")


def guided(guide: User, first_name: str = "Eva", **values: object) -> Invitation:
    told = {"wants_support": True, "guide_id": guide.id, **values}
    return make.invitation(make.person(first_name=first_name), **told)


def substitute(
    guide: User,
    other: User,
    first_day: date = MONDAY,
    end_day: date = date(2026, 3, 23),
) -> GuideSubstitute:
    return operations.name_substitute(
        guide=guide,
        substitute=other,
        municipality_id=make.municipality().id,
        first_day=first_day,
        end_day=end_day,
        by_id=guide.id,
    )


def conflict(user: User, unit: Unit, *, whole: bool = True) -> GuideConflict:
    """With the whole provider, or with that unit only."""
    return operations.declare_conflict(
        user_id=user.id,
        municipality_id=make.municipality().id,
        provider=unit.provider if whole else None,
        unit=None if whole else unit,
        reason="Min syster arbetar där.",
        first_day=MONDAY,
    )


# The work list


def test_each_person_has_a_next_step_and_the_nearest_stand_first(
    client: StrictClient, guide: User
) -> None:
    far = date(2026, 4, 20)
    unit = make.unit(name="Ateljén")
    make.invitation(make.person(first_name="Ny"), wants_support=True, answer_by=far)
    tried = guided(guide, "Tyst", answer_by=far)
    make.attempt(tried, guide)
    guided(guide, "Bråttom", answer_by=date(2026, 3, 20))
    visiting = guided(guide, "Besökare", answer_by=far)
    make.attempt(visiting, guide, visit_day=MONDAY, unit_id=unit.id, result="booked")
    started = guided(guide, "Börjat", closed_on=date(2026, 1, 5))
    make.placement(started.client, first_day=date(2026, 2, 1))
    rows = client.page("/stod").table()
    assert [(row[0].split()[0], row[1]) for row in rows] == [
        ("Besökare", "Besök på Ateljén i dag"),
        ("Bråttom", "Ta den första kontakten"),
        ("Börjat", "Fråga efter en månad"),
        ("Tyst", "Försök nå personen igen"),
        ("Ny", "Ingen lots har tagit uppdraget"),
    ]


def test_the_visits_of_the_week_stand_by_day(client: StrictClient, guide: User) -> None:
    unit = make.unit(name="Ateljén")
    invitation = guided(guide)
    for day in (date(2026, 3, 22), MONDAY, date(2026, 3, 23), date(2026, 3, 13)):
        make.attempt(invitation, guide, visit_day=day, unit_id=unit.id)
    items = [
        " ".join("".join(item.itertext()).split())
        for item in client.page("/stod").one("main").iter("li")
    ]
    assert [item.split(":")[0] for item in items] == ["I dag", "söndag 22 mars 2026"]


def answered(
    invitation: Invitation, unit: Unit, *days: date, kind: str = "visit"
) -> VisitRequest:
    """What the person has asked for, and the days that the unit has said yes to."""
    asked = visits.ask(
        client=invitation.client,
        decision=invitation.decision,
        unit=unit,
        kind=kind,
        days=len(days),
        weekdays=[],
        consents=False,
        made_by=MadeBy(),
    )
    asked.status, asked.clock = "answered", "9.30"
    asked.proposed = [day.isoformat() for day in days]
    db.session.flush()
    return asked


def test_the_days_that_units_have_said_yes_to_stand_in_the_week(
    client: StrictClient, guide: User
) -> None:
    unit, far = make.unit(name="Ateljén"), date(2026, 4, 20)
    mine = guided(guide, "Kim", answer_by=far)
    answered(mine, unit, MONDAY, date(2026, 3, 18), date(2026, 3, 24), kind="try_out")
    make.attempt(mine, guide, visit_day=date(2026, 3, 18), unit_id=unit.id)
    declined = answered(mine, make.unit(name="Kafét"), date(2026, 3, 19))
    declined.status = "declined"
    answered(guided(make.user(Role.GUIDE), "Annan"), unit, MONDAY)
    page = client.page("/stod")
    items = page.one("main").iter("li")
    said = [" ".join("".join(item.itertext()).split()) for item in items]
    assert [each.split(":")[0].strip() for each in said] == [
        "I dag",
        "onsdag 18 mars 2026",
    ]
    assert said[0].endswith("provar på Ateljén klockan 9.30")
    assert page.table()[0][1] == "Besök på Ateljén i dag"


# Substitutes


def test_the_substitute_sees_and_does_the_guides_work_under_their_own_name(
    client: StrictClient, guide: User, other: User
) -> None:
    invitation, unit = guided(guide), make.unit()
    client.send(
        "/stod/ersattare",
        substitute=other.public_id,
        first_day="2026-03-16",
        last_day="2026-03-22",
    )
    client.login(other)
    assert "Du, i stället för Lisa Lots" in client.page("/stod").text
    path = f"/stod/{invitation.public_id}"
    client.send(path, way="phone", result="reached")
    assert [each.by_id for each in invitation.attempts] == [other.id]
    read = client.send(
        f"/val/{invitation.public_id}/registrera",
        unit=unit.public_id,
        made_by="person",
        channel="phone",
        support="Samtal.",
    )
    sent = read.page.form("support").filled({"step": "confirm"})
    client.post(f"/val/{invitation.public_id}/registrera", data=sent)
    made = the_choice()
    assert (made.channel, made.registered_by_id) == ("guide", other.id)
    assert invitation.guide_id == guide.id


@pytest.mark.parametrize(
    "day", ["2026-03-15", "2026-03-23"], ids=["before", "the day after the last"]
)
def test_a_substitute_whose_days_are_over_sees_nothing(
    app: Flask, client: StrictClient, guide: User, other: User, day: str
) -> None:
    invitation = guided(guide)
    substitute(guide, other)
    app.config["TODAY"] = day
    client.login(other)
    assert "Eva" not in client.page("/stod").text
    assert client.get(f"/stod/{invitation.public_id}").status_code == 404
    path = f"/val/{invitation.public_id}/registrera"
    assert client.get(path).status_code == 404


def test_a_substitute_sees_nobody_of_another_municipality(
    client: StrictClient, guide: User, other: User
) -> None:
    elsewhere = make.municipality(name="Annan")
    operations.name_substitute(
        guide=guide,
        substitute=other,
        municipality_id=elsewhere.id,
        first_day=MONDAY,
        end_day=date(2026, 3, 23),
        by_id=guide.id,
    )
    invitation = guided(guide)
    client.login(other)
    assert client.get(f"/stod/{invitation.public_id}").status_code == 404


def test_a_substitute_is_no_guide_of_those_placed_where_they_are_tied(
    client: StrictClient, guide: User, other: User
) -> None:
    tied, free = guided(guide, "Eva"), guided(guide, "Fri")
    placement = make.placement(tied.client)
    conflict(other, db.session.get_one(Unit, placement.unit_id))
    page = client.send(
        "/stod/ersattare",
        substitute=other.public_id,
        first_day="2026-03-16",
        last_day="2026-03-22",
    )
    warned = client.page(page.location).text
    assert "kan inte hjälpa 1 av personerna" in warned
    client.login(other)
    assert client.get(f"/stod/{tied.public_id}").status_code == 404
    assert client.get(f"/stod/{free.public_id}").status_code == 200


def test_who_is_no_longer_a_guide_registers_for_nobody_they_guided(
    client: StrictClient, guide: User
) -> None:
    former = make.user(Role.CASEWORKER)
    invitation = guided(former)
    client.login(former)
    path = f"/val/{invitation.public_id}/registrera"
    assert client.get(path).status_code == 404


def test_a_substitute_is_no_guide_of_those_whose_case_they_handle(
    client: StrictClient, guide: User
) -> None:
    both = make.user(Role.GUIDE, Role.CASEWORKER, name="Båda Två")
    invitation, free = guided(guide, "Eva"), guided(guide, "Fri")
    make.assignment(invitation.client, both)
    page = client.send(
        "/stod/ersattare",
        substitute=both.public_id,
        first_day="2026-03-16",
        last_day="2026-03-22",
    )
    warned = client.page(page.location).text
    assert "kan inte hjälpa 1 av personerna" in warned
    client.login(both)
    assert "Eva" not in client.page("/stod").text
    assert client.get(f"/stod/{invitation.public_id}").status_code == 404
    assert client.get(f"/stod/{free.public_id}").status_code == 200


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"first_day": "2026-03-22"}, "har redan en ersättare någon av dagarna"),
        ({"first_day": "2026-03-10"}, "Dagen har redan varit."),
        (
            {"first_day": "2026-04-10", "last_day": "2026-04-09"},
            "Den sista dagen kan inte komma före den första.",
        ),
        ({"substitute": ""}, "Välj vem som är ersättare."),
        ({"last_day": ""}, "Skriv den sista dagen."),
        ({"substitute": "away"}, "är själv borta någon av dagarna"),
    ],
    ids=["overlapping", "past", "backwards", "nobody", "no last day", "away"],
)
def test_a_substitute_that_cannot_be_is_refused_at_its_field(
    client: StrictClient,
    guide: User,
    other: User,
    values: dict[str, str],
    message: str,
) -> None:
    third = make.user(Role.GUIDE)
    substitute(guide, other, end_day=date(2026, 3, 23))
    substitute(third, other, date(2026, 5, 1), date(2026, 5, 9))
    told = {
        "substitute": other.public_id,
        "first_day": "2026-05-01",
        "last_day": "2026-05-05",
        **values,
    }
    if told["substitute"] == "away":
        told["substitute"] = third.public_id
    answer = client.send("/stod/ersattare", "substitute", **told)
    assert any(message in error for error in answer.page.errors)
    assert len(db.session.scalars(select(GuideSubstitute)).all()) == 2


def test_days_that_meet_do_not_overlap(guide: User, other: User) -> None:
    substitute(guide, other, MONDAY, date(2026, 3, 20))
    substitute(guide, other, date(2026, 3, 20), date(2026, 3, 24))


def test_a_substitute_is_taken_back_by_the_guide_and_by_nobody_else(
    client: StrictClient, guide: User, other: User
) -> None:
    named = substitute(guide, other)
    path = f"/stod/ersattare/{named.public_id}/ta-bort"
    client.login(make.user(Role.GUIDE))
    assert client.post(path).status_code == 404
    client.login(guide)
    client.post(path)
    assert named.withdrawn_by_id == guide.id
    client.login(other)
    assert "i stället för" not in client.page("/stod").text


def test_the_lead_names_a_substitute_for_who_is_ill(
    client: StrictClient, guide: User, other: User
) -> None:
    client.login(make.user(Role.LEAD))
    path = f"/lotsar/{guide.public_id}/ersattare"
    client.send(
        path,
        substitute=other.public_id,
        first_day="2026-03-16",
        last_day="2026-03-20",
    )
    page = client.page("/lotsar")
    assert page.table(1)[0][:4] == [
        "Lisa Lots",
        "Nils Lots",
        "16 mars 2026",
        "20 mars 2026",
    ]
    named = db.session.scalars(select(GuideSubstitute)).one()
    client.post(f"/lotsar/ersattare/{named.public_id}/ta-bort")
    assert named.withdrawn_at is not None
    elsewhere = make.user(Role.GUIDE, municipality=make.municipality(name="Annan"))
    path = f"/lotsar/{elsewhere.public_id}/ersattare"
    assert client.get(path).status_code == 404


def test_the_persons_page_names_who_helps_now(
    app: Flask, client: StrictClient, guide: User, other: User
) -> None:
    app.config["DEMO"] = True
    invitation = guided(guide)
    me = make.user(Role.CLIENT, client=invitation.client)
    client.login(me)
    path = f"/mitt-val/{invitation.client.public_id}"
    assert "Lisa Lots" in client.page(path).text
    substitute(guide, other)
    page = client.page(path).text
    assert "Nils Lots" in page
    assert "Lisa Lots" not in page


# Handing over


def test_a_person_is_handed_over_with_a_reason(
    client: StrictClient, guide: User, other: User
) -> None:
    invitation = guided(guide)
    path = f"/stod/{invitation.public_id}/lamna-over"
    empty = client.send(path, to="", reason="")
    assert empty.page.errors == ["Välj en lots.", "Skriv kort varför."]
    client.send(path, to=other.public_id, reason="Byter område.")
    assert client.get(f"/stod/{invitation.public_id}").status_code == 404
    client.login(other)
    page = client.page(f"/stod/{invitation.public_id}").text
    assert "Från Lisa Lots till Nils Lots. Byter område." in page


def test_who_handles_the_case_or_is_tied_to_the_place_cannot_take_over(
    client: StrictClient, guide: User, other: User
) -> None:
    both = make.user(Role.GUIDE, Role.CASEWORKER, name="Båda Två")
    person = make.person(caseworker=both)
    placement = make.placement(person)
    invitation = make.invitation(person, guide_id=guide.id, wants_support=True)
    conflict(other, db.session.get_one(Unit, placement.unit_id))
    page = client.page(f"/stod/{invitation.public_id}/lamna-over").text
    assert "Ingen annan lots kan ta över just nu" in page


def test_who_no_longer_helps_hands_nobody_over(
    client: StrictClient, guide: User, other: User
) -> None:
    path = f"/stod/{guided(guide).public_id}/lamna-over"
    sent = client.form(path).filled({"to": other.public_id, "reason": "Byte."})
    assert client.post(path, data=sent).location
    assert client.post(path, data=sent).status_code == 404
    rows = db.session.scalars(select(GuideHandover)).all()
    assert [(row.from_id, row.to_id) for row in rows] == [(guide.id, other.id)]


# Conflicts of interest


def test_a_guide_declares_and_the_lead_sees_it(
    client: StrictClient, guide: User
) -> None:
    unit = make.unit(name="Ateljén")
    assert "Du har inte svarat än" in client.page("/stod/jav").text
    client.send(
        "/stod/jav",
        "about",
        about=f"p-{unit.provider.public_id}",
        reason="Min syster arbetar där.",
    )
    assert "Du blir påmind 16 mars 2027" in client.page("/stod/jav").text
    client.login(make.user(Role.LEAD))
    assert "Min syster arbetar där." in client.page("/lotsar").text
    client.login(make.user(Role.CASEWORKER))
    assert client.get("/lotsar").status_code == 403


def test_a_declaration_that_is_not_whole_says_what_is_missing(
    client: StrictClient, guide: User
) -> None:
    make.unit()
    answer = client.send("/stod/jav", "about", about="", reason="", first_day="")
    assert answer.page.errors == [
        "Välj utföraren eller verksamheten.",
        "Skriv kort vad det är.",
        "Skriv från vilken dag.",
    ]


def test_the_start_page_asks_again_after_the_months_of_the_rule(
    app: Flask, client: StrictClient, guide: User
) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="guide",
        first_day=make.START,
        value={"declare_months": 6},
    )
    ask = "Anmäl jäv, eller att du inte har något"
    assert ask in client.page("/start").text
    client.post("/stod/jav/inget")
    assert ask not in client.page("/start").text
    app.config["TODAY"] = "2026-09-16"
    client.login(guide)
    assert ask in client.page("/start").text


def test_a_guide_does_not_register_a_choice_where_they_are_tied(
    client: StrictClient, guide: User, other: User
) -> None:
    unit, free = make.unit(name="Ateljén"), make.unit(name="Bageriet")
    invitation = guided(guide)
    conflict(guide, unit, whole=False)
    path = f"/val/{invitation.public_id}/registrera"
    told = {"made_by": "person", "channel": "phone", "support": "Samtal."}
    page = client.send(path, unit=unit.public_id, **told).page
    assert page.heading == "En annan lots registrerar valet"
    assert no_choices()
    form = page.form("to")
    client.post(form.action, data=form.fields)
    [row] = db.session.scalars(select(GuideHandover)).all()
    assert row.reason == "Jäv mot Ateljén. Personen vill välja Ateljén."
    assert invitation.guide_id == other.id
    mine = guided(guide, "Kim")
    path = f"/val/{mine.public_id}/registrera"
    page = client.send(path, unit=free.public_id, **told).page
    assert page.heading == "Stämmer det här?"


def test_a_conflict_counts_from_its_day_until_it_ends(
    client: StrictClient, guide: User
) -> None:
    unit = make.unit()
    found = conflict(guide, unit)
    client.post(f"/stod/jav/{found.public_id}/avsluta")
    path = f"/val/{guided(guide).public_id}/registrera"
    told = {"made_by": "person", "channel": "phone", "support": "Samtal."}
    page = client.send(path, unit=unit.public_id, **told).page
    assert page.heading == "Stämmer det här?"
    found.reason = "x"
    with pytest.raises(DatabaseError), db.session.begin_nested():
        db.session.flush()
    db.session.expire_all()


def test_nobody_ends_anothers_conflict(client: StrictClient, guide: User) -> None:
    found = conflict(guide, make.unit())
    client.login(make.user(Role.GUIDE))
    path = f"/stod/jav/{found.public_id}/avsluta"
    assert client.post(path).status_code == 404


def test_a_guide_takes_nobody_placed_where_they_are_tied(
    client: StrictClient, guide: User
) -> None:
    person = make.person()
    placement = make.placement(person)
    invitation = make.invitation(person, wants_support=True)
    conflict(guide, db.session.get_one(Unit, placement.unit_id))
    answer = client.post(f"/stod/{invitation.public_id}/ta")
    assert answer.status_code == 409
    assert "En annan lots behöver ta uppdraget" in answer.page.text


# Answers after the start


@pytest.fixture
def started(guide: User) -> Client:
    person = make.person(first_name="Eva")
    make.invitation(
        person, guide_id=guide.id, closed_on=date(2026, 1, 5), wants_support=True
    )
    make.placement(person, unit=make.unit(name="Ateljén"), first_day=date(2026, 2, 1))
    return person


def asked(client: StrictClient, person: Client, **values: object) -> list[str]:
    invitation = db.session.scalars(
        select(Invitation).where(Invitation.client_id == person.id)
    ).first()
    assert invitation is not None
    path = f"/stod/{invitation.public_id}?gallde=after_1_month"
    answer = client.send(path, way="phone", result="reached", **values)
    return [] if answer.location else answer.page.errors


def test_the_answer_after_the_start_is_kept_with_the_unit(
    client: StrictClient, started: Client
) -> None:
    assert asked(client, started, feeling="fair", note="Vill sluta tidigare.") == []
    [row] = db.session.scalars(select(StartAnswer)).all()
    assert (row.feeling, row.wants_rechoice) == ("fair", False)
    assert row.attempt.note == "Vill sluta tidigare."


def test_who_wants_to_choose_again_is_invited_at_once(
    client: StrictClient, guide: User, started: Client
) -> None:
    asked(client, started, feeling="bad", choose_again="y")
    new = db.session.scalars(
        select(Invitation).where(Invitation.closed_on.is_(None))
    ).one()
    assert (new.kind, new.guide_id, new.wants_support) == ("rechoice", guide.id, True)
    before = db.session.scalars(
        select(Invitation).where(Invitation.closed_on.is_not(None))
    ).one()
    page = client.page(f"/stod/{before.public_id}")
    assert page.links["Gå till det nya valet"] == f"/stod/{new.public_id}"


def test_an_answer_belongs_to_a_question_that_was_asked(
    client: StrictClient, started: Client
) -> None:
    assert asked(client, started) == [
        "Välj hur personen trivs, så som personen säger det."
    ]
    errors = asked(client, started, feeling="good", purpose="inform")
    assert errors[0].startswith("Svaret gäller när du har fått kontakt")
    assert db.session.scalars(select(StartAnswer)).all() == []


def test_a_protected_identity_is_hidden_in_every_list(
    client: StrictClient, guide: User, other: User
) -> None:
    unit, invitation = make.unit(), guided(guide)
    invitation.client.protection = "sekretessmarkering"
    make.attempt(invitation, guide, visit_day=MONDAY, unit_id=unit.id)
    substitute(guide, other)
    for user in (guide, other):
        client.login(user)
        for path in ("/stod", f"/stod/{invitation.public_id}/lamna-over"):
            page = client.page(path)
            assert "Eva" not in page.html
            assert "Skyddade personuppgifter" in page.text


def test_two_guides_who_take_at_once_make_one(
    client: StrictClient, guide: User, other: User, clients: Callable[[], StrictClient]
) -> None:
    invitation = make.invitation(make.person(), wants_support=True)
    path = f"/stod/{invitation.public_id}/ta"
    client.post(path)
    late = clients().login(other).post(path)
    assert (late.status_code, "hann före" in late.page.text) == (409, True)
    assert client.post(path).location == f"/stod/{invitation.public_id}"
    assert invitation.guide_id == guide.id
