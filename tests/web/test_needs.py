"""Scoring: work lists, drafts that lose nothing, and the signature."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import digest, traces_agree
from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.audit_chain import Audit
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import scoring
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import Answer, Assessment
from lovdv.people.models import Client
from tests import make
from tests.kit_app import StrictClient


@pytest.fixture
def assessor(app: Flask) -> User:
    return make.user(Role.ASSESSOR, name="Astrid Assessor")


@pytest.fixture
def person(assessor: User) -> Client:
    client = make.person(caseworker=assessor, first_name="Kim", last_name="Berg")
    make.decision(client, reference="BES-77")
    make.instrument()
    return client


def draft_path(draft: Assessment, rest: str = "") -> str:
    return f"/bedomningar/{draft.public_id}{rest}"


def stored(draft: Assessment) -> dict[str, str]:
    rows = db.session.scalars(select(Answer).where(Answer.assessment_id == draft.id))
    return {row.question: row.answer for row in rows}


def is_asked(client: StrictClient, path: str, question: str) -> bool:
    """Whether the question is shown; one that is not asked is there but hidden."""
    item = client.page(path).one("div", data_question=question)
    return item.get("hidden") is None


def test_a_decision_without_level_is_on_the_work_list(
    client: StrictClient, assessor: User, person: Client
) -> None:
    page = client.login(assessor).page("/bedomningar")
    assert page.table() == [["Kim Berg", "Saknar nivå", "BES-77", "–"]]


def test_another_teams_person_is_on_no_list(
    client: StrictClient, person: Client
) -> None:
    stranger = make.user(Role.ASSESSOR)
    page = client.login(stranger).page("/bedomningar")
    assert "Kim Berg" not in page.text
    address = f"/personer/{person.public_id}/bedomning/ny"
    assert client.get(address).status_code == 404


def test_an_assessment_is_begun_with_the_instrument_in_force(
    client: StrictClient, assessor: User, person: Client
) -> None:
    make.instrument(version="2", first_day=date(2026, 3, 16))
    response = client.login(assessor).send(
        f"/personer/{person.public_id}/bedomning/ny",
        kind="preliminary",
        held_on="2026-03-15",
        took_part="Kim",
    )
    draft = db.session.scalars(select(Assessment)).one()
    assert response.location == draft_path(draft)
    assert draft.instrument_version.version == "1"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            {"held_on": "i går"},
            "Skriv dagen som år-månad-dag, till exempel 2026-11-22.",
        ),
        ({"held_on": "2026-03-17"}, "Bedömningen kan inte ha hållits i framtiden."),
        ({"held_on": "2024-01-01"}, "Det finns inget bedömningsinstrument"),
        ({"took_part": " "}, "Skriv vilka som var med"),
    ],
)
def test_a_wrong_occasion_is_refused_at_its_field(
    client: StrictClient,
    assessor: User,
    person: Client,
    typed: dict[str, str],
    message: str,
) -> None:
    response = client.login(assessor).send(
        f"/personer/{person.public_id}/bedomning/ny",
        **{
            "kind": "ordinary",
            "held_on": "2026-03-10",
            "took_part": "Kim",
            "own_words": "Jag vill baka.",
            **typed,
        },
    )
    page = response.page
    assert any(error.startswith(message) for error in page.errors)
    assert page.form().fields["own_words"] == ["Jag vill baka."]
    assert db.session.scalars(select(Assessment)).all() == []


def test_a_second_draft_for_the_decision_is_refused(
    client: StrictClient, assessor: User, person: Client
) -> None:
    make.draft(person, make.user(Role.ASSESSOR, name="Bo"))
    response = client.login(assessor).send(
        f"/personer/{person.public_id}/bedomning/ny", kind="ordinary", took_part="Kim"
    )
    assert "Bo har redan påbörjat en bedömning" in response.page.text


def test_a_domain_shows_every_grade_and_no_points_before_it_is_scored(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor, mat="2")
    page = client.login(assessor).page(draft_path(draft, "/omrade/vardag"))
    assert "Mycket stöd. Måltid – behöver någon bredvid." in page.text
    assert "Ej relevant för den här personen" in page.text
    assert "poäng" not in page.text
    assert "poäng" not in client.page(draft_path(draft)).table()[0]


def test_a_saved_draft_keeps_answer_and_reason(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor)
    path = draft_path(draft, "/omrade/vardag")
    values = {"answer-mat": "1", "reason-mat": "Vill duka själv."}
    client.login(assessor).send(path, "answer-mat", step="save", **values)
    form = client.form(path, "answer-mat")
    assert form.fields["answer-mat"] == ["1"]
    assert form.fields["reason-mat"] == ["Vill duka själv."]


def test_a_scored_domain_shows_its_points_and_the_way_on(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor)
    path = draft_path(draft, "/omrade/vardag")
    values = {"answer-mat": "1", "answer-resa": "2"}
    response = client.login(assessor).send(path, "answer-mat", step="done", **values)
    assert response.location == path
    page = client.page(path)
    assert "Området är klart: 3 av 4 poäng" in page.text
    assert page.links["Nästa område: Trygghet"].endswith("/omrade/trygghet")


def test_a_domain_with_gaps_is_saved_but_not_closed(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor)
    path = draft_path(draft, "/omrade/vardag")
    response = client.login(assessor).send(
        path, "answer-mat", step="done", **{"answer-mat": "1"}
    )
    assert response.page.errors == ["Välj ett svar."]
    assert stored(draft) == {"mat": "1"}
    assert "Området är klart" not in response.page.text


def test_a_follow_up_question_is_asked_before_the_domain_is_closed(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor)
    path = draft_path(draft, "/omrade/trygghet")
    client.login(assessor)
    assert not is_asked(client, path, "ofta")
    response = client.send(path, "answer-oro", step="done", **{"answer-oro": "2"})
    assert response.location == path
    page = client.page(path)
    assert "följdfråga" in page.text
    assert is_asked(client, path, "ofta")


def test_an_answer_outside_the_scale_is_refused(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor)
    path = draft_path(draft, "/omrade/vardag")
    response = client.login(assessor).send(
        path, "answer-mat", step="save", **{"answer-mat": "9", "reason-mat": "Nej"}
    )
    assert response.page.errors == ["Välj ett av svaren på frågan."]
    assert response.page.form("answer-mat").fields["reason-mat"] == ["Nej"]
    assert stored(draft) == {}


def test_too_long_a_reason_is_refused_and_kept_in_the_page(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor)
    path = draft_path(draft, "/omrade/vardag")
    long = "ord " * 1_001
    response = client.login(assessor).send(
        path, "answer-mat", step="save", **{"reason-mat": long}
    )
    assert response.page.errors == ["Skriv högst 4000 tecken."]
    assert response.page.form("answer-mat").fields["reason-mat"] == [long.strip()]


def test_two_tabs_are_judged_question_by_question(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor)
    path = draft_path(draft, "/omrade/vardag")
    client.login(assessor)
    old_tab = client.form(path, "answer-mat")
    client.send(path, "answer-mat", step="save", **{"answer-mat": "1"})
    late = old_tab.filled({"answer-mat": "2", "answer-resa": "1", "step": "save"})
    response = client.post(path, data=late)
    (error,) = response.page.errors
    assert error.startswith("Svaret har ändrats i ett annat fönster.")
    assert "Lite stöd. Måltid – behöver påminnelse." in response.page.text
    assert response.page.form("answer-mat").fields["answer-mat"] == ["2"]
    assert stored(draft) == {"mat": "1", "resa": "1"}


@pytest.mark.parametrize(("kept", "answer"), [("mine", "2"), ("theirs", "1")])
def test_of_two_answers_the_chosen_one_counts(
    client: StrictClient, assessor: User, person: Client, kept: str, answer: str
) -> None:
    draft = make.draft(person, assessor)
    path = draft_path(draft, "/omrade/vardag")
    client.login(assessor)
    old_tab = client.form(path, "answer-mat")
    client.send(path, "answer-mat", step="save", **{"answer-mat": "1"})
    late = old_tab.filled({"answer-mat": "2", "step": "save"})
    shown = client.post(path, data=late).page.form("answer-mat")
    response = client.post(path, data=shown.filled({"keep-mat": kept}))
    assert response.location == path
    assert stored(draft) == {"mat": answer}
    assert client.form(path, "answer-mat").fields["answer-mat"] == [answer]


def test_two_answers_stand_until_one_is_chosen(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor)
    path = draft_path(draft, "/omrade/vardag")
    client.login(assessor)
    old_tab = client.form(path, "answer-mat")
    client.send(path, "answer-mat", step="save", **{"answer-mat": "1"})
    late = old_tab.filled({"answer-mat": "2", "step": "save"})
    shown = client.post(path, data=late).page.form("answer-mat")
    again = client.post(path, data=shown.filled({"step": "save"})).page
    assert "Två olika svar. Vilket ska gälla?" in again.text
    assert again.form("answer-mat").fields["answer-mat"] == ["2"]
    assert stored(draft) == {"mat": "1"}


def test_what_is_chosen_does_not_write_over_a_third_answer(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor)
    path = draft_path(draft, "/omrade/vardag")
    client.login(assessor)
    old_tab = client.form(path, "answer-mat")
    client.send(path, "answer-mat", step="save", **{"answer-mat": "1"})
    late = old_tab.filled({"answer-mat": "2", "step": "save"})
    shown = client.post(path, data=late).page.form("answer-mat")
    client.send(path, "answer-mat", step="save", **{"answer-mat": "0"})
    response = client.post(path, data=shown.filled({"keep-mat": "mine"}))
    assert "Inget stöd" in response.page.text
    assert stored(draft) == {"mat": "0"}


def test_a_refused_page_shows_what_another_tab_has_stored_where_it_was_untouched(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor)
    path = draft_path(draft, "/omrade/vardag")
    client.login(assessor)
    old_tab = client.form(path, "answer-mat")
    client.send(path, "answer-mat", step="save", **{"answer-mat": "1"})
    late = old_tab.filled({"answer-resa": "", "step": "done"})
    shown = client.post(path, data=late).page.form("answer-mat")
    assert shown.fields["answer-mat"] == ["1"]
    client.post(path, data=shown.filled({"reason-mat": "Dukar.", "step": "save"}))
    (row,) = db.session.scalars(select(Answer))
    assert (row.answer, row.reason) == ("1", "Dukar.")


def test_a_tab_that_changed_nothing_overwrites_nothing(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor)
    path = draft_path(draft, "/omrade/vardag")
    client.login(assessor)
    old_tab = client.form(path, "answer-mat")
    client.send(path, "answer-mat", step="save", **{"answer-mat": "1"})
    client.post(path, data=old_tab.filled({"answer-resa": "0", "step": "save"}))
    assert stored(draft) == {"mat": "1", "resa": "0"}


def test_a_question_is_saved_while_somebody_types(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor)
    address = draft_path(draft, "/svar/oro")
    seen = scoring.token(None)
    response = client.login(assessor).post(
        address, data={"answer": "2", "reason": "Ser det ofta", "seen": seen}
    )
    assert response.json["asked"] == ["mat", "ofta", "oro", "resa"]
    assert stored(draft) == {"oro": "2"}
    again = client.post(address, data={"answer": "1", "reason": "", "seen": seen})
    assert again.status_code == 409
    assert again.json["stored"]["answer"] == "2"
    assert ["Motivering", "Ser det ofta"] in again.json["shown"]
    assert stored(draft) == {"oro": "2"}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"answer": "9"}, "Välj ett av svaren på frågan."),
        ({"view": "grannen"}, "Välj vems bild svaret är."),
        (
            {"reason": "x" * 4_001},
            "Motiveringen får ha högst 4000 tecken. Korta, det du skrev står kvar.",
        ),
        (
            {"evidence": "x" * 4_001},
            "Underlaget får ha högst 4000 tecken. Korta, det du skrev står kvar.",
        ),
    ],
)
def test_what_cannot_be_saved_while_typing_is_said_in_words(
    client: StrictClient,
    assessor: User,
    person: Client,
    typed: dict[str, str],
    message: str,
) -> None:
    draft = make.draft(person, assessor)
    response = client.login(assessor).post(
        draft_path(draft, "/svar/mat"), data={"seen": scoring.token(None), **typed}
    )
    assert (response.status_code, response.json["message"]) == (422, message)
    assert stored(draft) == {}


def test_an_unknown_question_is_not_saved(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor)
    client.login(assessor)
    assert client.post(draft_path(draft, "/svar/finns-inte")).status_code == 404
    assert client.get(draft_path(draft, "/omrade/finns-inte")).status_code == 404


def test_the_result_is_not_shown_before_every_domain_is_scored(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor, **make.LEVELS["4"])
    scoring.close_domain(assessment=draft, domain="vardag")
    page = client.login(assessor).page(draft_path(draft, "/signera"))
    assert "Det blir ingen nivå ännu" in page.text
    assert "Trygghet, 2 av 2 frågor besvarade" in page.text
    assert "Marginal" not in page.text


def test_signing_without_every_answer_names_them_all(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor, mat="1")
    response = client.login(assessor).post(draft_path(draft, "/signera"))
    assert "2 frågor saknar svar, så det blir ingen nivå" in response.page.text
    assert "”Resa” ”Oro”" in response.page.text
    assert db.session.get_one(Assessment, draft.id).signed_at is None


def test_signing_freezes_one_text_that_gives_the_same_level_again(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor, **make.LEVELS["4"])
    for domain in ("vardag", "trygghet"):
        scoring.close_domain(assessment=draft, domain=domain)
    client.login(assessor)
    assert "Marginal" in client.page(draft_path(draft, "/signera")).text
    response = client.send(draft_path(draft, "/signera"))
    assert response.location == draft_path(draft, "/darfor")
    signed = db.session.get_one(Assessment, draft.id).signed
    assert signed is not None
    assert (signed.level, signed.digest) == ("4", digest(signed.document))
    assert traces_agree(instrument_of(draft.instrument_version), signed.document)
    assert client.get(draft_path(draft)).status_code == 404


def test_a_signed_assessment_takes_no_more_answers(app: Flask, person: Client) -> None:
    signed = make.signed(person)
    with pytest.raises(Refused, match="signerad"):
        make.answer(signed, mat="0")


def test_the_margin_and_the_rules_stand_on_the_page_of_why(
    client: StrictClient, assessor: User, person: Client
) -> None:
    signed = make.draft(person, assessor, mat="0", resa="0", oro="2", ofta="0")
    for domain in ("vardag", "trygghet"):
        scoring.close_domain(assessment=signed, domain=domain)
    scoring.sign(assessment=signed, by_id=assessor.id)
    page = client.login(assessor).page(draft_path(signed, "/darfor"))
    assert "Mycket oro ger minst den tredje nivån. Lyfte nivån till 3." in page.text
    assert "4 poäng till nivå 4." in page.text
    assert "Nivån hålls av en regel" in page.text
    assert page.table(0) == [["Vardag", "0 av 4"], ["Trygghet", "2 av 4"]]


def test_an_answer_that_is_no_longer_asked_is_named_and_not_counted(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor, mat="0", resa="0", oro="1", ofta="2")
    make.answer(draft, oro="0")
    for domain in ("vardag", "trygghet"):
        scoring.close_domain(assessment=draft, domain=domain)
    page = client.login(assessor).page(draft_path(draft, "/signera"))
    assert "Hur ofta Räknas inte: frågan ställs inte vid de här svaren." in page.text


def test_earlier_answers_are_shown_only_when_the_domain_is_scored(
    client: StrictClient, assessor: User, person: Client
) -> None:
    make.level(person, "4")
    draft = make.draft(person, assessor)
    path = draft_path(draft, "/omrade/vardag")
    assert "Förra bedömningen" not in client.login(assessor).page(path).text
    client.send(
        path, "answer-mat", step="done", **{"answer-mat": "0", "answer-resa": "0"}
    )
    assert "Förra bedömningen: Mycket stöd." in client.page(path).text


def test_a_colleagues_draft_is_not_there(
    client: StrictClient, assessor: User, person: Client
) -> None:
    colleague = make.user(Role.ASSESSOR)
    make.assignment(person, colleague)
    draft = make.draft(person, assessor)
    client.login(colleague)
    for rest in ("", "/omrade/vardag", "/signera", "/tillfalle", "/ta-bort"):
        assert client.get(draft_path(draft, rest)).status_code == 404
    assert client.post(draft_path(draft, "/svar/mat")).status_code == 404


def test_a_draft_may_be_thrown_away(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor, mat="1")
    client.login(assessor).send(draft_path(draft, "/ta-bort"))
    assert db.session.scalars(select(Assessment)).all() == []
    assert "Saknar nivå" in client.page("/bedomningar").text


def test_what_changed_nothing_is_neither_written_nor_logged(
    client: StrictClient, assessor: User, person: Client
) -> None:
    draft = make.draft(person, assessor, mat="1")
    path = draft_path(draft, "/omrade/vardag")
    client.login(assessor).send(path, "answer-mat", step="save")
    actions = db.session.scalars(select(Audit.action).where(~Audit.read)).all()
    assert actions.count("assessment.answer") == 1
    assert db.session.scalars(select(Answer.revision)).all() == [1]
