"""The caseworker: inviting, registering, other outcomes and icke-val."""

from datetime import date

import pytest
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice import supporting
from lovdv.choice.models import Choice, Invitation
from lovdv.extensions import db
from lovdv.letters import fitting
from lovdv.providers.models import Unit
from lovdv.systems.operations import decide_rule
from tests import make
from tests.kit_app import StrictClient
from tests.kit_choice import by_the_20th, fill, no_choices, the_choice, units
from tests.kit_leaving import begun
from tests.kit_page import Page
from tests.kit_queues import choose

TODAY = date(2026, 3, 16)


@pytest.fixture
def caseworker(client: StrictClient) -> User:
    user = make.user(Role.CASEWORKER)
    client.login(user)
    return user


def invited(caseworker: User, **values: object) -> Invitation:
    return make.invitation(make.person(caseworker=caseworker), **values)


def test_the_caseworker_sees_the_own_peoples_choices_only(
    client: StrictClient, caseworker: User
) -> None:
    mine = invited(caseworker)
    other = make.invitation(make.person(first_name="Annan"))
    page = client.page("/val")
    assert mine.client.last_name in page.text
    assert "Annan" not in page.text
    for path in ("", "/registrera", "/utan-plats"):
        assert client.get(f"/val/{other.public_id}{path}").status_code == 404
    assert client.get(f"/icke-val/{other.public_id}").status_code == 404


def test_the_caseworker_invites_with_the_systems_deadline(
    client: StrictClient, caseworker: User
) -> None:
    person = make.person(caseworker=caseworker)
    make.decision(person)
    path = f"/val/bjud-in/{person.public_id}"
    assert "Välj vad det gäller." in client.send(path).page.errors
    client.send(path, kind="first", wants_support="yes")
    made = db.session.scalars(select(Invitation)).one()
    assert (made.answer_by, made.wants_support) == (date(2026, 4, 6), True)
    response = client.send(path, kind="rechoice")
    assert "redan ett val som väntar" in response.page.text


def test_nobody_is_invited_without_a_decision(
    client: StrictClient, caseworker: User
) -> None:
    person = make.person(caseworker=caseworker)
    make.decision(person, end_day=date(2026, 3, 1))
    response = client.send(f"/val/bjud-in/{person.public_id}", kind="first")
    assert "inget beslut som gäller" in response.page.text


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("unit", "Välj den verksamhet som personen har valt."),
        ("made_by", "Välj vem som bestämde."),
        ("channel", "Välj hur det gick till."),
        ("support", "Skriv vilket stöd personen fick, eller att inget behövdes."),
    ],
)
def test_a_choice_that_is_not_whole_says_what_is_missing(
    client: StrictClient, caseworker: User, field: str, message: str
) -> None:
    unit, invitation = make.unit(), invited(caseworker)
    values = {
        "unit": unit.public_id,
        "made_by": "person",
        "channel": "phone",
        "support": "Inget behövdes.",
    }
    path = f"/val/{invitation.public_id}/registrera"
    form = client.form(path)
    response = client.post(path, data=form.filled({**values, field: None}))
    assert message in response.page.errors
    assert response.page.title.startswith("Fel: ")
    assert no_choices()


def registered(
    client: StrictClient, invitation: Invitation, unit: Unit, **values: object
) -> Page:
    told = {
        "unit": unit.public_id,
        "made_by": "representative",
        "channel": "phone",
        "support": "Samtal.",
        **values,
    }
    return client.send(f"/val/{invitation.public_id}/registrera", **told).page


def test_a_relative_without_authority_cannot_choose(
    client: StrictClient, caseworker: User
) -> None:
    unit, invitation = make.unit(), invited(caseworker)
    make.supporter(invitation.client, relation="mamma")
    page = registered(client, invitation, unit, own_will="agrees")
    assert any("utan uppdrag" in error for error in page.errors)


def test_the_circle_of_a_protected_person_is_named_nowhere(
    client: StrictClient, caseworker: User
) -> None:
    invitation = invited(caseworker, answer_by=date(2026, 3, 2))
    invitation.client.protection = "sekretessmarkering"
    mandate = make.mandate(invitation.client, name="Gun God")
    made = registered(
        client, invitation, make.unit(), mandate=mandate.public_id, own_will="agrees"
    )
    assert "Gun God" not in made.html
    base = f"/val/{invitation.public_id}"
    case, form = client.page(base), client.page(f"{base}/registrera")
    assert "(skyddat namn)" in case.text
    assert "Gun God" not in case.html + form.html
    client.post(
        f"{base}/registrera", data=made.form("support").filled({"step": "confirm"})
    )
    history = client.page(f"/val/person/{invitation.client.public_id}")
    assert "företrädare (skyddat namn)" in history.text


def test_no_title_names_the_person(client: StrictClient, caseworker: User) -> None:
    invitation = invited(caseworker)
    title = client.page(f"/val/{invitation.public_id}").title
    assert invitation.client.case_number in title
    assert invitation.client.last_name not in title


def test_a_lapsed_mandate_cannot_be_picked(
    client: StrictClient, caseworker: User
) -> None:
    unit, invitation = make.unit(), invited(caseworker)
    lapsed = make.mandate(invitation.client, end_day=date(2026, 3, 1))
    page = registered(
        client, invitation, unit, own_will="agrees", mandate=lapsed.public_id
    )
    assert any("utan uppdrag" in error for error in page.errors)


def test_a_representatives_choice_names_mandate_and_will(
    client: StrictClient, caseworker: User
) -> None:
    unit, invitation = make.unit(), invited(caseworker)
    mandate = make.mandate(invitation.client)
    page = registered(client, invitation, unit, mandate=mandate.public_id)
    assert "Skriv vad personen själv vill." in page.errors
    page = registered(
        client, invitation, unit, mandate=mandate.public_id, own_will="agrees"
    )
    assert page.heading == "Stämmer det här?"


def test_the_dates_stand_there_before_a_rechoice_is_saved(
    client: StrictClient, caseworker: User
) -> None:
    by_the_20th()
    invitation = invited(caseworker, kind="rechoice")
    old, new = units(2)
    make.placement(invitation.client, old)
    page = registered(client, invitation, new, made_by="person")
    assert "torsdag 30 april 2026" in page.text
    assert "fredag 1 maj 2026" in page.text


def test_the_outcomes_place_nobody(client: StrictClient, caseworker: User) -> None:
    for outcome in ("does_not_want", "wants_to_wait"):
        invitation = invited(caseworker)
        client.send(
            f"/val/{invitation.public_id}/utan-plats", outcome=outcome, note="Sagt."
        )
    made = db.session.scalars(select(Choice)).all()
    assert {(each.kind, each.unit_id) for each in made} == {
        ("does_not_want", None),
        ("wants_to_wait", None),
    }
    assert "Bjud in igen" in client.page("/val").text


def test_not_reached_needs_a_logged_attempt(
    client: StrictClient, caseworker: User
) -> None:
    invitation = invited(caseworker)
    path = f"/val/{invitation.public_id}/utan-plats"
    response = client.send(path, outcome="not_reached", note="Svarar inte.")
    assert "Ingen har försökt nå personen än. Logga försöken först." in (
        response.page.errors
    )
    make.attempt(invitation, caseworker)
    client.send(path, outcome="not_reached", note="Svarar inte.")
    assert the_choice().kind == "not_reached"


def test_an_outcome_needs_its_words(client: StrictClient, caseworker: User) -> None:
    response = client.send(f"/val/{invited(caseworker).public_id}/utan-plats")
    assert response.page.errors == [
        "Välj vad som har hänt.",
        "Skriv kort vad som har hänt och hur du vet det.",
    ]


def test_cannot_express_is_a_task_and_refused_where_somebody_may_speak(
    client: StrictClient, caseworker: User
) -> None:
    invitation = invited(caseworker)
    mandate = make.mandate(invitation.client, name="Gun God")
    path = f"/val/{invitation.public_id}/utan-plats"
    response = client.send(path, outcome="cannot_express", note="Enligt möte.")
    assert "Personen har en företrädare" in response.page.errors[0]
    mandate.end_day = date(2026, 3, 1)
    client.send(path, outcome="cannot_express", note="Enligt möte.")
    assert "Behöver en företrädare" in client.page("/val").text


# ---- Icke-val ----


def default_unit(**values: object) -> Unit:
    unit = make.unit(contracted=False, **values)
    make.contract(unit, regi="intern", is_default=True)
    return unit


def test_a_named_person_picks_a_unit_of_own_regi_with_reasons(
    client: StrictClient, caseworker: User
) -> None:
    own, external = default_unit(name="Egen"), make.unit(name="Extern")
    invitation = invited(caseworker, answer_by=date(2026, 3, 15))
    make.attempt(invitation, caseworker)
    assert invitation.client.last_name in client.page("/icke-val").text
    path = f"/icke-val/{invitation.public_id}"
    page = client.page(path)
    assert "Egen" in page.text
    assert "Extern" not in page.text
    assert "fick inte kontakt" in page.text
    assert external.public_id not in page.html
    response = client.send(path, unit=own.public_id)
    assert "Skriv varför verksamheten passar, i minst en ruta." in response.page.errors
    client.send(path, unit=own.public_id, interest="Tycker om att laga mat.")
    made = the_choice()
    assert (made.kind, made.made_by, made.unit_id) == ("no_choice", "nobody", own.id)
    assert made.reasons == {"interest": "Tycker om att laga mat."}
    assert made.registered_by_id == caseworker.id


def test_who_has_chosen_and_then_asked_for_help_is_never_an_icke_val(
    client: StrictClient, caseworker: User
) -> None:
    own, wanted = default_unit(), make.unit(name="Kafét")
    person = invited(caseworker).client
    choose(person, wanted)
    decision = make.decision_of(person)
    invitation = supporting.ask_for_help(client=person, decision=decision)
    assert "reminder" not in fitting.kinds(invitation)
    invitation.answer_by = date(2026, 3, 15)
    make.attempt(invitation, caseworker)
    page = client.page("/icke-val")
    assert "Personer som inte har valt" not in page.text
    assert "Svarade inte, men har plats eller har valt" in page.text
    refused = client.send(
        f"/icke-val/{invitation.public_id}", unit=own.public_id, need="Lugn."
    )
    assert "Kafét är redan vald, och platsen är på väg." in refused.page.text
    missed = client.send(
        f"/val/{invitation.public_id}/utan-plats", outcome="not_reached", note="Nej."
    )
    assert "Kafét är redan vald" in missed.page.text
    client.post("/icke-val/kvar")
    assert (the_choice().unit_id, invitation.closed_on) == (wanted.id, TODAY)


def test_what_was_typed_stands_when_the_answer_came_meanwhile(
    client: StrictClient, caseworker: User
) -> None:
    own, wanted = default_unit(), make.unit(name="Kafét")
    invitation = invited(caseworker, answer_by=date(2026, 3, 15))
    make.attempt(invitation, caseworker)
    paths = {
        f"/icke-val/{invitation.public_id}": {
            "unit": own.public_id,
            "interest": "Lagar gärna mat.",
        },
        f"/val/{invitation.public_id}/registrera": {
            "unit": own.public_id,
            "made_by": "person",
            "channel": "phone",
            "support": "Lagar gärna mat.",
        },
        f"/val/{invitation.public_id}/utan-plats": {
            "outcome": "does_not_want",
            "note": "Lagar gärna mat.",
        },
    }
    filled = {path: client.form(path).filled(typed) for path, typed in paths.items()}
    choose(invitation.client, wanted)
    for path, sent in filled.items():
        late = client.post(path, data=sent)
        assert "Valet är redan registrerat" in late.page.text, path
        assert "Lagar gärna mat." in late.page.html, path
        told = client.get(path)
        assert told.location == f"/val/person/{invitation.client.public_id}"
    assert the_choice().unit_id == wanted.id


@pytest.mark.parametrize(
    ("answer_by", "tried", "message"),
    [
        (date(2026, 3, 16), True, "16 mars 2026 på sig"),
        (date(2026, 3, 15), False, "Ingen har försökt informera"),
    ],
    ids=["time left", "nobody tried"],
)
def test_icke_val_waits_for_the_deadline_and_for_an_attempt(
    client: StrictClient,
    caseworker: User,
    answer_by: date,
    tried: bool,  # noqa: FBT001 (a parameter of the table)
    message: str,
) -> None:
    own = default_unit()
    invitation = invited(caseworker, answer_by=answer_by)
    if tried:
        make.attempt(invitation, caseworker)
    response = client.send(
        f"/icke-val/{invitation.public_id}", unit=own.public_id, need="Behöver lugn."
    )
    assert message in response.page.text
    assert no_choices()


def test_icke_val_is_never_at_a_unit_that_is_leaving(
    client: StrictClient, caseworker: User
) -> None:
    leaves, stays = default_unit(name="Ateljén"), default_unit(name="Kafét")
    invitation = invited(caseworker, answer_by=date(2026, 3, 1))
    make.attempt(invitation, caseworker)
    begun(leaves)
    path = f"/icke-val/{invitation.public_id}"
    words = "Ateljén ska sluta och sista dagen är 30 april 2026."
    page = client.page(path)
    assert words in page.text
    assert "Ingen verksamhet kan ta emot" not in page.text
    refused = client.send(path, unit=leaves.public_id, need="Behöver lugn.").page
    assert [error for error in refused.errors if error.startswith(words)]
    assert "Behöver lugn." in refused.html
    assert no_choices()
    client.send(path, unit=stays.public_id, need="Behöver lugn.")
    assert the_choice().unit_id == stays.id


def test_icke_val_where_every_unit_is_leaving_says_whom_to_ask(
    client: StrictClient, caseworker: User
) -> None:
    begun(default_unit())
    invitation = invited(caseworker, answer_by=date(2026, 3, 1))
    page = client.page(f"/icke-val/{invitation.public_id}")
    assert "Be systemledaren ange en annan utförare" in page.text


def test_icke_val_is_never_at_a_unit_that_cannot_be_ordered(
    client: StrictClient, caseworker: User
) -> None:
    closed = default_unit(name="Ateljén")
    make.contract_of(closed).closed_from = date(2026, 3, 1)
    invitation = invited(caseworker, answer_by=date(2026, 3, 1))
    make.attempt(invitation, caseworker)
    refused = client.send(
        f"/icke-val/{invitation.public_id}", unit=closed.public_id, need="Lugn."
    ).page
    assert [error for error in refused.errors if "går inte att beställa" in error]
    assert no_choices()


def test_nothing_is_preselected_for_icke_val(
    client: StrictClient, caseworker: User
) -> None:
    default_unit()
    invitation = invited(caseworker, answer_by=date(2026, 3, 1))
    form = client.form(f"/icke-val/{invitation.public_id}")
    assert "unit" not in form.fields


def test_icke_val_without_own_regi_says_whom_to_ask(
    client: StrictClient, caseworker: User
) -> None:
    make.unit()
    invitation = invited(caseworker, answer_by=date(2026, 3, 1))
    page = client.page(f"/icke-val/{invitation.public_id}")
    assert "Be systemledaren" in page.text


def test_choices_to_order_and_history_tell_what_was_shown(
    client: StrictClient, caseworker: User
) -> None:
    unit, invitation = make.unit(name="Ateljén"), invited(caseworker)
    page = registered(client, invitation, unit, made_by="person")
    sent = page.form("support").filled({"step": "confirm"})
    client.post(f"/val/{invitation.public_id}/registrera", data=sent)
    assert "Ateljén" in client.page("/val").text
    history = client.page(f"/val/person/{invitation.client.public_id}")
    assert "1 verksamheter visades" in history.text
    make.order(invitation.client, unit, choice_id=the_choice().id)
    assert "Inget val väntar på beställning." in client.page("/val").text


def test_silence_keeps_the_place_and_is_counted_apart(
    client: StrictClient, caseworker: User
) -> None:
    own = default_unit()
    invitation = invited(caseworker, kind="introduction", answer_by=date(2026, 3, 15))
    make.attempt(invitation, caseworker)
    make.placement(invitation.client, make.unit())
    page = client.page("/icke-val")
    assert "Svarade inte, men har plats" in page.text
    assert invitation.client.last_name in page.text
    refused = client.send(
        f"/icke-val/{invitation.public_id}", unit=own.public_id, need="Lugn."
    )
    assert "Personen har en plats och behåller den." in refused.page.text
    form = page.form(action="/icke-val/kvar")
    client.post(form.action, data=form.filled({}))
    made = the_choice()
    assert (made.kind, made.unit_id, made.made_by) == ("silent", None, "nobody")
    assert invitation.closed_on == date(2026, 3, 16)


def test_another_rule_with_its_risk_confirmed_lists_every_open_unit(
    client: StrictClient, caseworker: User
) -> None:
    external = make.unit(name="Extern")
    decide_rule(
        choice_system_id=make.system().id,
        key="choice",
        first_day=make.START,
        value={"no_choice": "nearest", "risk_confirmed": "Lena Lead"},
    )
    invitation = invited(caseworker, answer_by=date(2026, 3, 15))
    make.attempt(invitation, caseworker)
    path = f"/icke-val/{invitation.public_id}"
    client.send(path, unit=external.public_id, distance="Närmast hemmet.")
    assert the_choice().unit_id == external.id


def test_the_dead_are_on_no_list(client: StrictClient, caseworker: User) -> None:
    invitation = invited(caseworker)
    path = f"/val/{invitation.public_id}/utan-plats"
    client.send(path, outcome="cannot_express", note="Ingen företrädare.")
    assert "Behöver en företrädare" in client.page("/val").text
    invitation.client.died_on = date(2026, 3, 10)
    db.session.flush()
    assert "Behöver en företrädare" not in client.page("/val").text


def test_the_caseworker_sees_who_stands_in_which_queue(
    client: StrictClient, caseworker: User
) -> None:
    unit, invitation = make.unit(name="Ateljén"), invited(caseworker)
    fill(unit)
    page = registered(client, invitation, unit, made_by="person")
    sent = page.form("support").filled({"step": "confirm"})
    client.post(f"/val/{invitation.public_id}/registrera", data=sent)
    rows = client.page("/val").table()
    assert [row[1] for row in rows] == ["Ateljén"]
