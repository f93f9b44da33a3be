"""Letters in the person's way of reading, and reminders."""

import io
import re
from datetime import date

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice import links, not_choosing
from lovdv.choice.link_models import ShortLink
from lovdv.choice.models import ContactAttempt, Invitation
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.letters import fitting, operations, queries, words
from lovdv.letters.models import Letter, LetterSent
from lovdv.letters.queries import ToWrite
from lovdv.people.models import Client
from lovdv.reading.lix import AIM, measure
from lovdv.systems.operations import decide_rule
from tests import make
from tests.kit_app import StrictClient
from tests.kit_leaving import begun, placed
from tests.kit_pdf import alternatives, headings, page_text
from tests.kit_queues import no_level_required
from tests.kit_reading import MUST_SAY

NEVER = re.compile(
    r"\bnivå|icke-?val|dagspris|ersättning|prislista|\bkr\b", re.IGNORECASE
)
NAMES = ["Ateljén", "Lo Lind", "LSS-enheten", "Kafét"]


@pytest.fixture(autouse=True)
def home(app: Flask) -> None:
    app.config["DEMO"] = True
    make.municipality(contact="LSS-enheten, telefon 08-123 45 67")


@pytest.fixture
def caseworker(client: StrictClient) -> User:
    found = make.user(Role.CASEWORKER)
    client.login(found)
    return found


def invited(caseworker: User, kind: str = "first", **values: object) -> Invitation:
    person = make.person(caseworker=caseworker)
    make.decision(person)
    return make.invitation(person, kind=kind, **values)


def made(invitation: Invitation, kind: str = "invitation") -> Letter:
    choice = queries.arranged_choice(invitation)
    return operations.make(
        what=ToWrite(invitation, kind, None, choice),
        by_id=make.user(Role.CASEWORKER).id,
    )


def arranged(caseworker: User) -> Invitation:
    """Somebody who did not answer, and got a place at Egen regi."""
    unit = make.unit(name="Egen regi", contracted=False)
    make.contract(unit, regi="intern", is_default=True)
    invitation = invited(caseworker, answer_by=date(2026, 3, 15))
    make.attempt(invitation, caseworker, purpose="inform")
    not_choosing.place_without_choice(
        invitation=invitation,
        unit=unit,
        reasons={"interest": "Bild"},
        by=caseworker.id,
    )
    return invitation


def offered(client: StrictClient, invitation: Invitation) -> list[str]:
    page = client.page(f"/val/{invitation.public_id}/brev")
    return re.findall(r'name="kind"[^>]*value="(\w+)"', page.html) or re.findall(
        r'value="(\w+)"[^>]*name="kind"', page.html
    )


def the_letter() -> Letter:
    return db.session.scalars(select(Letter)).one()


def opened(answer: object) -> pikepdf.Pdf:
    assert answer.mimetype == "application/pdf"
    return pikepdf.open(io.BytesIO(answer.get_data()))


def said(letter: Letter) -> str:
    parts = letter.content["parts"]
    lines = [str(letter.content["title"])]
    for _, heading, sentences in parts:
        lines += [heading, *sentences]
    return "\n".join(lines)


def every_letter(app: Flask, caseworker: User) -> dict[str, Letter]:
    no_level_required()
    guide = make.user(Role.GUIDE, name="Lo Lind", phone="08-765 43 21")
    unit = make.unit(name="Ateljén")
    found = {
        "invitation": made(invited(caseworker)),
        "with guide": made(invited(caseworker, guide_id=guide.id)),
        "reminder": made(invited(caseworker), "reminder"),
        "no_choice": made(arranged(caseworker), "no_choice"),
    }
    stays = placed(make.unit(name="Kafét"), caseworker).client
    found["introduction"] = made(
        make.invitation(stays, kind="introduction"), "introduction"
    )
    leaves = placed(unit, caseworker).client
    begun(unit)
    asked = db.session.scalars(
        select(Invitation).where(Invitation.client_id == leaves.id)
    ).one()
    found["provider_left"] = made(asked, "provider_left")
    return found


def test_every_letter_says_all_and_is_easy_to_read(
    app: Flask, caseworker: User
) -> None:
    for name, letter in every_letter(app, caseworker).items():
        text = said(letter)
        assert [each for each in MUST_SAY if each not in text] == [], name
        assert NEVER.findall(text) == [], name
        assert measure(text, NAMES).lix < AIM, name


def test_each_kind_says_what_it_is_about(app: Flask, caseworker: User) -> None:
    found = {k: said(v) for k, v in every_letter(app, caseworker).items()}
    assert "Svara senast måndag 23 mars 2026." in found["invitation"]
    assert "Lo Lind, telefon 08-765 43 21." in found["with guide"]
    assert "Kom ihåg att svara" in found["reminder"]
    assert "Du får vara kvar på Kafét om du vill." in found["introduction"]
    assert (
        "Du får vara kvar till och med torsdag 30 april 2026."
        in (found["provider_left"])
    )
    assert "Ateljén ska sluta" in found["provider_left"]
    assert "Du kan välja igen när du vill." in found["no_choice"]


def silence(letter: Letter) -> str:
    parts = letter.content["parts"]
    return " ".join(
        next(said for _, head, said in parts if head == "Om jag inte väljer")
    )


@pytest.mark.parametrize(
    ("end_day", "words_of_it"),
    [
        (None, "Då är du kvar på Kafét. Inget händer."),
        (
            date(2026, 5, 1),
            (
                "Du är kvar på Kafét till och med torsdag 30 april 2026. Sedan har du "
                "ingen plats. Vill du ha hjälp? Ring LSS-enheten, telefon 08-123 45 67."
            ),
        ),
    ],
    ids=["goes on", "has a last day"],
)
def test_silence_is_told_as_it_is_for_the_place(
    caseworker: User, end_day: date | None, words_of_it: str
) -> None:
    person = placed(make.unit(name="Kafét"), caseworker, end_day=end_day).client
    letter = made(make.invitation(person, kind="rechoice"))
    assert silence(letter) == words_of_it
    text = said(letter)
    assert ("Ja, till och med torsdag 30 april 2026." in text) == (end_day is not None)
    assert measure(text, NAMES).lix < AIM


def test_silence_leads_to_the_place_that_is_to_begin(caseworker: User) -> None:
    ends = placed(make.unit(name="Kafét"), caseworker, end_day=date(2026, 5, 1))
    person = ends.client
    make.placement(person, make.unit(name="Ateljén"), first_day=date(2026, 5, 1))
    assert silence(made(make.invitation(person))) == (
        "Du är kvar på Kafét till och med torsdag 30 april 2026. "
        "Sedan börjar du på Ateljén fredag 1 maj 2026."
    )


def test_a_place_beside_the_unit_that_leaves_goes_on(caseworker: User) -> None:
    no_level_required()
    leaves = placed(make.unit(name="Ateljén"), caseworker)
    make.placement(leaves.client, make.unit(name="Kafét"))
    begun(leaves.unit)
    asked = db.session.scalars(select(Invitation)).one()
    assert silence(made(asked, "provider_left")) == "Då är du kvar på Kafét."


def test_a_letter_tells_of_no_place_in_another_choice_system(
    caseworker: User,
) -> None:
    person = make.person(caseworker=caseworker)
    make.decision(person)
    make.placement(person, make.unit(name="Ateljén"))
    system = make.system(name="Sysselsättning", municipality=make.municipality())
    make.decision(person, system=system, first_day=date(2026, 1, 1))
    assert "Ateljén" not in said(made(make.invitation(person)))


@pytest.mark.parametrize("way", words.WAYS)
def test_the_paper_is_tagged_and_the_same_in_every_way_of_reading(
    client: StrictClient, caseworker: User, way: str
) -> None:
    invitation = invited(caseworker)
    person = invitation.client.public_id
    client.send(f"/val/person/{person}/lasa", way=way)
    client.send(f"/val/{invitation.public_id}/brev", kind="invitation")
    letter = the_letter()
    assert letter.way == way
    with opened(client.get(f"/brev/{letter.public_id}.pdf")) as file:
        assert file.Root.MarkInfo.Marked
        text = page_text(file)
        assert [each for each in MUST_SAY if each not in text] == []
        assert [level for level, _ in headings(file)][:2] == [1, 2]
        pictures = [each for each in alternatives(file) if "Bild till" in each]
        assert bool(pictures) == (way in ("pictures", "large"))
        assert invitation.client.last_name in text
        link = db.session.scalars(select(ShortLink)).one()
        assert f"/v/{link.key}" in text.replace(" ", "")


def test_easy_read_with_pictures_until_something_else_is_said(
    caseworker: User,
) -> None:
    assert made(invited(caseworker)).way == "pictures"


def test_a_letter_that_is_sent_counts_as_a_try(
    client: StrictClient, caseworker: User
) -> None:
    invitation = invited(caseworker)
    client.send(f"/val/{invitation.public_id}/brev", kind="invitation")
    path = f"/brev/{the_letter().public_id}"
    assert "Svara senast" in client.page(path).text
    client.post(f"{path}/skickat")
    client.post(f"{path}/skickat")
    attempt = db.session.scalars(select(ContactAttempt)).one()
    assert (attempt.way, attempt.result, attempt.purpose) == (
        "letter",
        "sent",
        "inform",
    )
    assert "Brev, skickat" in client.page(f"/val/{invitation.public_id}").text


def test_a_letter_keeps_its_words_when_the_facts_change(caseworker: User) -> None:
    invitation = invited(caseworker)
    letter = made(invitation)
    invitation.answer_by = date(2026, 5, 5)
    assert "23 mars" in said(letter)
    letter.kind = "reminder"
    with pytest.raises(Exception, match="never changes"):
        db.session.flush()
    db.session.rollback()


def test_letters_are_made_though_the_public_has_made_all_the_links_of_the_day(
    caseworker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MOST_A_DAY", 0)
    assert made(invited(caseworker)).content["link"]


def test_a_letter_that_is_printed_later_has_the_day_when_it_was_made(
    app: Flask, client: StrictClient, caseworker: User
) -> None:
    letter = made(invited(caseworker))
    app.config["TODAY"] = "2026-03-20"
    client.login(caseworker)
    with opened(client.get(f"/brev/{letter.public_id}.pdf")) as file:
        text = page_text(file)
    assert "16 mars 2026" in text
    assert "20 mars 2026" not in text


def test_no_letter_says_a_day_that_holds_only_when_it_is_written(
    app: Flask, caseworker: User
) -> None:
    for letter in every_letter(app, caseworker).values():
        assert "i dag" not in said(letter)


# Only what is true


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ({}, ["invitation", "reminder"]),
        ({"kind": "rechoice"}, ["invitation", "reminder"]),
        ({"kind": "introduction"}, ["introduction", "invitation", "reminder"]),
        ({"kind": "provider_left"}, ["provider_left", "invitation", "reminder"]),
        ({"answer_by": date(2026, 3, 16)}, ["invitation", "reminder"]),
        ({"answer_by": date(2026, 3, 15)}, ["invitation"]),
        ({"closed_on": date(2026, 3, 10)}, []),
    ],
)
def test_only_letters_that_are_true_can_be_made(
    client: StrictClient,
    caseworker: User,
    values: dict[str, object],
    kinds: list[str],
) -> None:
    invitation = invited(caseworker, **values)
    assert offered(client, invitation) == kinds
    for kind in set(words.KINDS) - set(kinds):
        with pytest.raises(Refused):
            made(invitation, kind)
        path = f"/val/{invitation.public_id}/brev"
        page = client.post(path, data={"kind": kind}).page
        assert page.errors or fitting.NONE in page.text
    assert db.session.scalars(select(Letter)).all() == []
    assert [made(invitation, kind).kind for kind in kinds] == kinds


def test_the_page_says_when_no_letter_is_true(
    client: StrictClient, caseworker: User
) -> None:
    invitation = invited(caseworker)
    letter = made(invitation)
    invitation.closed_on = date(2026, 3, 16)
    page = client.page(f"/val/{invitation.public_id}/brev")
    assert "Inget brev stämmer nu" in page.text
    assert "Bjud in personen först." in page.text
    assert client.get(f"/brev/{letter.public_id}.pdf").status_code == 200
    invitation.client.died_on = date(2026, 3, 16)
    page = client.page(f"/val/{invitation.public_id}/brev")
    assert "Personen är avliden. Inget brev görs." in page.text


def test_a_letter_that_is_not_true_says_why(
    client: StrictClient, caseworker: User
) -> None:
    invitation = invited(caseworker, answer_by=date(2026, 3, 15))
    path = f"/val/{invitation.public_id}/brev"
    for kind, why in (
        ("reminder", "Svarstiden gick ut 15 mars 2026"),
        ("no_choice", "inte har valt sedan dess. Så är det inte här."),
        ("provider_left", "Valet gäller inte en verksamhet som slutar."),
        ("introduction", "får välja för första gången. Så är det inte här."),
    ):
        errors = client.post(path, data={"kind": kind}).page.errors
        assert [each for each in errors if why in each], kind


def test_an_arranged_place_is_told_of_until_the_person_chooses(
    client: StrictClient, caseworker: User
) -> None:
    invitation = arranged(caseworker)
    assert offered(client, invitation) == ["no_choice"]
    assert "Platsen är på Egen regi." in said(made(invitation, "no_choice"))
    before = queries.to_write(invitation, "no_choice")
    not_now = make.invitation(invitation.client, kind="rechoice")
    not_choosing.end_without_place(
        invitation=not_now, outcome="wants_to_wait", note="Sa det.", by=caseworker.id
    )
    assert offered(client, invitation) == []
    assert operations.make_all(asked=[before], by_id=caseworker.id) == []


def test_a_letter_after_the_last_day_says_that_it_has_passed(caseworker: User) -> None:
    letter = made(invited(caseworker, answer_by=date(2026, 3, 15)))
    text = said(letter)
    assert "Sista dagen var söndag 15 mars 2026." in text
    assert "Du kan välja ändå. Säg till snart." in text
    assert "Svara senast söndag" not in text
    assert letter.content["answer_by"] is None
    assert [each for each in MUST_SAY if each not in text] == []
    assert measure(text, NAMES).lix < AIM


# Reminders


def days_rule(*days: int) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="choice",
        first_day=make.START,
        value={"remind_days_before": list(days)},
    )


@pytest.mark.parametrize(
    ("today", "due"),
    [
        ("2026-03-15", None),
        ("2026-03-16", date(2026, 3, 16)),
        ("2026-03-19", date(2026, 3, 16)),
        ("2026-03-20", date(2026, 3, 20)),
        ("2026-03-23", date(2026, 3, 20)),
        ("2026-03-24", None),
    ],
)
def test_a_reminder_is_due_from_its_day_while_there_is_time(
    app: Flask, caseworker: User, today: str, due: date | None
) -> None:
    days_rule(3, 7)
    invitation = invited(caseworker)
    app.config["TODAY"] = today
    assert queries.reminder_day(invitation) == due


def test_nobody_is_reminded_who_has_only_just_been_invited(caseworker: User) -> None:
    invitation = invited(
        caseworker, sent_on=date(2026, 3, 16), answer_by=date(2026, 3, 20)
    )
    assert queries.reminder_day(invitation) is None


def test_who_answers_meanwhile_is_not_reminded(caseworker: User) -> None:
    first, second = invited(caseworker), invited(caseworker)
    day = queries.reminder_day(first)
    asked = [ToWrite(each, "reminder", day) for each in (first, second)]
    first.closed_on = date(2026, 3, 16)
    [made] = operations.make_all(asked=asked, by_id=caseworker.id)
    assert made.invitation_id == second.id


def test_one_button_makes_every_reminder_and_marks_them(
    client: StrictClient, caseworker: User
) -> None:
    first, second = invited(caseworker), invited(caseworker)
    hidden, gone = invited(caseworker), invited(caseworker)
    theirs = invited(make.user(Role.CASEWORKER))
    hidden.client.protection = "sekretessmarkering"
    gone.client.died_on = date(2026, 3, 1)
    assert "Personer att påminna om valet (3)" in client.page("/start").text
    page = client.page("/val/brev")
    assert "Skatteverkets förmedling" in page.text
    answer = client.post("/val/brev/reminders")
    rows = db.session.scalars(select(Letter)).all()
    assert {row.invitation_id for row in rows} == {first.id, second.id}
    assert len(db.session.scalars(select(LetterSent)).all()) == 2
    listed = client.page(str(answer.location))
    assert listed.heading == "2 brev"
    with opened(client.get(f"{answer.location}.pdf")) as file:
        assert len([1 for level, _ in headings(file) if level == 1]) == 2
    client.post("/val/brev/reminders")
    assert len(db.session.scalars(select(Letter)).all()) == 2
    assert theirs.attempts == []


def test_the_person_is_reminded_on_the_own_start_page(
    client: StrictClient, caseworker: User
) -> None:
    invitation = invited(caseworker)
    client.login(make.user(Role.CLIENT, client=invitation.client))
    assert "Kom ihåg att svara" in client.page("/start").text
    invitation.closed_on = date(2026, 3, 16)
    assert "Kom ihåg att svara" not in client.page("/start").text


# Who may


def test_another_caseworker_finds_no_letter(client: StrictClient) -> None:
    invitation = invited(make.user(Role.CASEWORKER))
    letter = made(invitation)
    client.login(make.user(Role.CASEWORKER))
    for path in (
        f"/brev/{letter.public_id}",
        f"/brev/{letter.public_id}.pdf",
        f"/brev/omgang/{letter.batch}",
        f"/brev/omgang/{letter.batch}.pdf",
        f"/val/{invitation.public_id}/brev",
        f"/val/person/{invitation.client.public_id}/lasa",
    ):
        assert client.get(path).status_code == 404, path
    assert client.post("/val/brev/allt").status_code == 404


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.CLIENT, Role.GUIDE, Role.LEAD])
def test_letters_are_the_caseworkers(client: StrictClient, role: Role) -> None:
    client.login(make.user(role, client=make.person()))
    assert client.get("/val/brev").status_code == 403


def test_a_protected_person_gets_no_name_on_paper_from_who_may_not_see_it(
    client: StrictClient, caseworker: User
) -> None:
    invitation = invited(caseworker)
    person: Client = invitation.client
    person.protection, person.last_name = "sekretessmarkering", "Hemlig"
    client.send(f"/val/{invitation.public_id}/brev", kind="invitation")
    path = f"/brev/{the_letter().public_id}"
    assert "Skatteverkets förmedling" in client.page(path).text
    with opened(client.get(f"{path}.pdf")) as file:
        assert "Hemlig" not in page_text(file)


def test_a_form_without_a_kind_says_so(client: StrictClient, caseworker: User) -> None:
    invitation = invited(caseworker)
    page = client.post(f"/val/{invitation.public_id}/brev", data={"kind": "annat"}).page
    assert "Välj vilket brev det gäller." in page.text


def test_an_empty_day_says_so(client: StrictClient, caseworker: User) -> None:
    assert client.page("/val/brev").text.count("Ingen just nu.") == 3
    answer = client.post("/val/brev/unwritten", follow_redirects=True)
    assert "Inget nytt brev behövs" in answer.page.text


def test_after_a_place_was_arranged_the_letter_is_a_task_until_made(
    client: StrictClient, caseworker: User
) -> None:
    unit = make.unit(name="Egen regi", contracted=False)
    make.contract(unit, regi="intern", is_default=True)
    invitation = invited(caseworker, answer_by=date(2026, 3, 15))
    made_before = made(invitation)
    make.attempt(invitation, caseworker, purpose="inform")
    page = client.page(f"/icke-val/{invitation.public_id}")
    assert "Inbjudan att välja" in page.text
    answer = client.send(
        f"/icke-val/{invitation.public_id}", unit=unit.public_id, interest="Bild"
    )
    assert answer.location == f"/val/{invitation.public_id}/brev"
    assert "plats som är ordnad (1)" in client.page("/start").text
    client.post("/val/brev/arranged")
    letter = db.session.scalars(select(Letter).where(Letter.id != made_before.id)).one()
    assert "Platsen är på Egen regi." in said(letter)
    assert "plats som är ordnad" not in client.page("/start").text


# The person's own page


def test_the_person_reads_what_was_sent_in_the_own_way(
    client: StrictClient, caseworker: User
) -> None:
    invitation = invited(caseworker)
    letter = made(invitation)
    me = client.login(make.user(Role.CLIENT, client=invitation.client))
    path = f"/mitt-val/{invitation.client.public_id}"
    assert "Brev till mig" not in me.page(path).text
    assert me.get(f"{path}/brev/{letter.public_id}").status_code == 404
    operations.mark_sent(letter=letter, by_id=caseworker.id)
    assert "Brev till mig" in me.page(path).text
    for way, pictures in (
        ("reading=normal", False),
        ("reading=easy", True),
        ("reading=easy&pictures=none", False),
        ("size=xl", True),
    ):
        me.set_cookie("visning", way)
        own = me.page(f"{path}/brev/{letter.public_id}")
        assert [each for each in MUST_SAY if each not in own.text] == []
        with opened(me.get(f"{path}/brev/{letter.public_id}.pdf")) as file:
            shown = [each for each in alternatives(file) if "Bild till" in each]
            assert bool(shown) == pictures, way


def test_a_representative_is_told_to_whom_the_letter_is_written(
    client: StrictClient, caseworker: User
) -> None:
    invitation = invited(caseworker)
    person = invitation.client
    letter = made(invitation)
    operations.mark_sent(letter=letter, by_id=caseworker.id)
    deputy = make.user(Role.REPRESENTATIVE)
    make.mandate(person, deputy)
    name = person.first_name
    written = f"Brevet är skrivet till {name}. När det står ”du” menas {name}."
    path = f"/mitt-val/{person.public_id}"
    client.login(deputy)
    assert f"Brev till {name}" in client.page(path).text
    assert f"Än har {name} inte valt." in client.page("/start").text
    page = client.page(f"{path}/brev/{letter.public_id}")
    assert written in page.text
    assert "Brev till dig." not in page.text
    with opened(client.get(f"{path}/brev/{letter.public_id}.pdf")) as file:
        assert written in " ".join(page_text(file).split())
    client.login(make.user(Role.CLIENT, client=person))
    assert "Brevet är skrivet till" not in client.page(path).text
    with opened(client.get(f"{path}/brev/{letter.public_id}.pdf")) as file:
        assert "Brevet är skrivet till" not in page_text(file)


def test_who_acts_for_a_protected_person_reads_no_name(
    client: StrictClient, caseworker: User
) -> None:
    invitation = invited(caseworker)
    person = invitation.client
    person.protection = "sekretessmarkering"
    letter = made(invitation)
    operations.mark_sent(letter=letter, by_id=caseworker.id)
    deputy = make.user(Role.REPRESENTATIVE)
    make.mandate(person, deputy)
    client.login(deputy)
    page = client.page(f"/mitt-val/{person.public_id}/brev/{letter.public_id}")
    assert "När det står ”du” menas personen." in page.text
    assert person.first_name not in page.text
    assert person.last_name not in page.text


def test_nobody_elses_letter_is_found(client: StrictClient, caseworker: User) -> None:
    letter = made(invited(caseworker))
    operations.mark_sent(letter=letter, by_id=caseworker.id)
    person = make.person()
    client.login(make.user(Role.CLIENT, client=person))
    for owner in (letter.client, person):
        path = f"/mitt-val/{owner.public_id}/brev/{letter.public_id}"
        assert client.get(path).status_code == 404
