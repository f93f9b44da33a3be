"""Why this level: the page and the PDF for staff, and what would change the level."""

import io
from collections.abc import Iterator
from itertools import pairwise

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.audit_chain import Audit, AuditSubject
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.needs import changing, pdf
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import Assessment, DomainWords, Objection
from lovdv.people.models import Client
from tests import make, make_needs
from tests.kit_app import StrictClient
from tests.kit_pdf import alternatives, headings, page_text, tags


@pytest.fixture
def colleague(app: Flask) -> User:
    return make.user(Role.ASSESSOR, name="Kerstin Kollega")


@pytest.fixture
def person(colleague: User) -> Client:
    return make.person(caseworker=colleague, first_name="Kim", last_name="Bergström")


def path(assessment: Assessment, rest: str) -> str:
    return f"/bedomningar/{assessment.public_id}/{rest}"


def steps_of(assessment: Assessment) -> list[tuple[str, str, str]]:
    instrument = instrument_of(assessment.instrument_version)
    assert assessment.signed is not None
    return [
        (step.question, step.after.split(".")[0], step.leads_to)
        for step in changing.single_steps(instrument, assessment.signed.document)
    ]


def opened(response: object) -> pikepdf.Pdf:
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    return pikepdf.open(io.BytesIO(response.data))


def actions(person: Client) -> list[str]:
    return list(
        db.session.scalars(
            select(Audit.action)
            .join(AuditSubject, AuditSubject.audit_id == Audit.id)
            .where(AuditSubject.client_id == person.id, Audit.read)
            .order_by(Audit.id)
        )
    )


def test_each_single_answer_that_would_change_the_level_is_found(
    person: Client,
) -> None:
    """Two points, level 2: one point less is level 1; more oro asks another question"""
    assert steps_of(make.signed(person, level="2")) == [
        ("Måltid", "Inget stöd", "Nivå 1"),
        ("Resa", "Inget stöd", "Nivå 1"),
        ("Oro", "Lite stöd", "Beror på svaret på ”Hur ofta”"),
    ]


def test_an_answer_at_the_end_of_its_scale_moves_one_way_only(person: Client) -> None:
    """Six points, level 4: the smallest sum of the level, so one less is level 3."""
    assert steps_of(make.signed(person, level="4")) == [
        ("Måltid", "Lite stöd", "Nivå 3"),
        ("Resa", "Lite stöd", "Nivå 3"),
        ("Oro", "Inget stöd", "Nivå 3"),
        ("Hur ofta", "Inget stöd", "Nivå 3"),
    ]


def test_an_answer_that_a_rule_holds_up_is_told_with_its_rule(
    client: StrictClient, colleague: User, person: Client
) -> None:
    """Two points would be level 2; much oro holds level 3 up."""
    draft = make.draft(person, colleague, mat="0", resa="0", oro="2", ofta="0")
    signed = make_needs.signing(draft)
    text = client.login(colleague).page(path(signed, "darfor")).text
    assert "Nivån hålls av en regel: Mycket oro ger minst" in text
    assert steps_of(signed) == [("Oro", "Lite stöd", "Nivå 1")]


def test_the_page_shows_the_profile_and_the_same_figures_in_a_table(
    client: StrictClient, colleague: User, person: Client
) -> None:
    signed = make.signed(person, level="3")
    page = client.login(colleague).page(path(signed, "darfor"))
    assert page.table(0) == [["Vardag", "4 av 4"], ["Trygghet", "0 av 2"]]
    assert "Störst del av sina poäng har området Vardag: 4 av 4." in page.text
    assert page.table(1) == [
        [
            "Måltid",
            "Mycket stöd. Måltid – behöver någon bredvid.",
            "Lite stöd. Måltid – behöver påminnelse.",
            "Nivå 2",
        ],
        [
            "Resa",
            "Mycket stöd. Resa – behöver någon bredvid.",
            "Lite stöd. Resa – behöver påminnelse.",
            "Nivå 2",
        ],
        [
            "Oro",
            "Inget stöd. Oro – klarar det själv.",
            "Lite stöd. Oro – behöver påminnelse.",
            "Beror på svaret på ”Hur ofta”",
        ],
    ]


def test_what_an_answer_rests_on_and_the_persons_own_words_stand_beside_it(
    client: StrictClient, colleague: User, person: Client
) -> None:
    draft = make.draft(person, colleague, **make.LEVELS["2"])
    draft.answers[0].evidence = "Två samtal i februari."
    words = {"domain": "vardag", "text": "Jag vill äta ute.", "voice": "said"}
    db.session.add(DomainWords(assessment_id=draft.id, updated_at=now(), **words))
    db.session.flush()
    db.session.expire(draft)
    signed = make_needs.signing(draft)
    told = client.login(colleague).page(path(signed, "darfor")).text
    with opened(client.get(path(signed, "darfor.pdf"))) as found:
        for text in (told, page_text(found)):
            assert "Underlag: Två samtal i februari." in text
            assert "Personens egna ord: ”Jag vill äta ute.”" in text


def test_what_would_change_the_level_is_not_told_before_the_signature(
    client: StrictClient, colleague: User, person: Client
) -> None:
    draft = make.draft(person, colleague, **make.LEVELS["2"])
    client.login(colleague)
    for rest in ("", "/signera"):
        page = client.page(f"/bedomningar/{draft.public_id}{rest}")
        assert "Vad som skulle ändra nivån" not in page.text
    assert client.get(path(draft, "darfor.pdf")).status_code == 404


@pytest.fixture
def file(
    client: StrictClient, colleague: User, person: Client
) -> Iterator[pikepdf.Pdf]:
    signed = make.level(person, "2").assessment
    with opened(client.login(colleague).get(path(signed, "darfor.pdf"))) as found:
        yield found


def test_the_pdf_says_its_language_title_and_standard(
    file: pikepdf.Pdf, person: Client
) -> None:
    assert str(file.Root.Lang) == "sv"
    assert file.Root.MarkInfo.Marked
    assert file.Root.ViewerPreferences.DisplayDocTitle
    title = f"Därför denna nivå, ärende {person.case_number}"
    assert str(file.docinfo.Title) == title
    with file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == title


def test_the_pdf_has_headings_in_order(file: pikepdf.Pdf) -> None:
    levels = [level for level, _ in headings(file)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_level_is_explained_on_one_page(file: pikepdf.Pdf) -> None:
    """The answers and the facts follow on the next."""
    first, *rest = [page_text(file, number) for number in range(len(file.pages))]
    for words in ("Nivå 2", "Poäng per område", "Vad som skulle ändra nivån"):
        assert words in first
    assert "Svaren" not in first
    assert rest[0].startswith("Svaren")


def test_every_table_in_the_pdf_has_headers_and_a_caption(file: pikepdf.Pdf) -> None:
    tables = [tag for tag in tags(file) if tag.kind == "Table"]
    assert len(tables) >= 4
    for table in tables:
        kinds = [tag.kind for tag in table.within()]
        assert "Caption" in kinds
        assert kinds.count("TH") >= 2
        pointed = [tag for tag in table.within() if tag.kind == "TD"]
        assert all(tag.headers for tag in pointed)


def test_every_figure_in_the_pdf_is_described(file: pikepdf.Pdf) -> None:
    caption = "Poäng per område, som del av områdets högsta"
    assert alternatives(file) == [f"{caption}. Samma siffror står i tabellen intill."]


def test_the_pdf_embeds_its_letters(file: pikepdf.Pdf) -> None:
    fonts = [
        font for page in file.pages for font in page.Resources.get("/Font", {}).values()
    ]
    assert fonts
    for font in fonts:
        [inner] = font.DescendantFonts
        assert {"/FontFile2", "/FontFile3"} & set(inner.FontDescriptor.keys())


def test_the_download_is_logged_as_a_reading_of_its_own(
    client: StrictClient, colleague: User, person: Client
) -> None:
    signed = make.signed(person)
    client.login(colleague).get(path(signed, "darfor.pdf"))
    assert actions(person) == ["assessment.file"]


def test_a_stranger_gets_no_file(client: StrictClient, person: Client) -> None:
    signed = make.level(person, "2").assessment
    client.login(make.user(Role.ASSESSOR, Role.CASEWORKER))
    assert client.get(path(signed, "darfor.pdf")).status_code == 404
    client.login(make.user(Role.PROVIDER))
    assert client.get(path(signed, "darfor.pdf")).status_code == 403


NAMES = ("Kim", "Bergström", "Gudrun", "Månsson")


@pytest.mark.parametrize("sees", [False, True], ids=["without right", "with right"])
def test_a_protected_person_is_named_only_to_those_who_may_know(
    client: StrictClient, colleague: User, person: Client, *, sees: bool
) -> None:
    make.mandate(person, name="Gudrun Månsson")
    signed = make.level(
        person,
        "2",
        took_part="Kim och Gudrun Månsson",
        own_words="Jag heter Kim Bergström.",
    ).assessment
    make_needs.objection(signed, "Gudrun Månssons ord om Kim är fel.")
    person.protection = "sekretessmarkering"
    reader = make.user(Role.ASSESSOR, sees_protected=sees)
    make.assignment(person, reader)
    client.login(reader)
    page = client.page(path(signed, "darfor"))
    response = client.get(path(signed, "darfor.pdf"))
    with opened(response) as found:
        told = page_text(found) + page.text + str(found.docinfo.Title)
    assert [name for name in NAMES if name in told] == (list(NAMES) if sees else [])
    assert ("(skyddat namn)" in told) is not sees
    assert not any(name in response.headers["Content-Disposition"] for name in NAMES)


def test_the_maker_of_pdfs_reads_nothing_but_our_own_files(app: Flask) -> None:
    for url in ("css/../../config.py", "../app.py", "%2e%2e/app.py", "js/page.js"):
        with pytest.raises((ValueError, FileNotFoundError)):
            pdf.own_file(pdf.BASE + url)
    assert pdf.own_file(pdf.BASE + "css/pdf.css")[1] == "text/css"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.svg",
        "file:///etc/hostname",
        "ftp://x/y.svg",
        "/vendor/missing.svg",
    ],
)
def test_an_address_elsewhere_stops_the_pdf(app: Flask, address: str) -> None:
    page = f"<html lang=sv><title>x</title><img alt=x src='{address}'>"
    with pytest.raises(pdf.UnfetchedError, match="not one of our own files"):
        pdf.made(page)


def test_what_people_write_is_text_and_nothing_else_in_the_pdf(
    client: StrictClient, colleague: User, person: Client
) -> None:
    signed = make.level(person, "2").assessment
    text = "<img src='https://example.org/a.svg'> & <b>fet</b>"
    make_needs.objection(signed, text)
    with opened(client.login(colleague).get(path(signed, "darfor.pdf"))) as found:
        assert text in page_text(found)


def test_the_pdf_is_made_without_a_word_of_warning(
    client: StrictClient,
    colleague: User,
    person: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    signed = make.level(person, "3").assessment
    with caplog.at_level("WARNING", logger="weasyprint"):
        client.login(colleague).get(path(signed, "darfor.pdf"))
    assert [r.getMessage() for r in caplog.records if r.name == "weasyprint"] == []


def test_objections_stand_side_by_side_each_with_its_answers(
    client: StrictClient, colleague: User, person: Client
) -> None:
    signed = make.level(person, "2").assessment
    before = signed.signed.document
    for text in ("Jag äter själv.", "Jag reser själv."):
        client.login(colleague).send(path(signed, "invandning"), text=text)
    first, second = db.session.scalars(select(Objection).order_by(Objection.id))
    for text in ("Vi ser på det.", "Det stämmer, tack."):
        client.send(f"/invandningar/{first.public_id}/svara", text=text)
    page = client.page(path(signed, "darfor"))
    for text in ("Jag äter själv.", "Jag reser själv.", "Vi ser på det.", "tack."):
        assert text in page.text
    assert page.text.count("Ingen har svarat än.") == 1
    assert db.session.get_one(Assessment, signed.id).signed.document == before
    response = client.send(f"/invandningar/{second.public_id}/svara", text=" ")
    assert response.page.errors == ["Skriv ett svar."]


def test_an_unanswered_objection_waits_on_the_start_page(
    client: StrictClient, colleague: User, person: Client
) -> None:
    objection = make_needs.objection(make.level(person, "2").assessment, "Fel.")
    client.login(colleague)
    assert "Invändningar att besvara (1)" in client.page("/start").text
    assert client.page("/ny-bedomning/att-svara").links["Kim Bergström"] == (
        f"/invandningar/{objection.public_id}/svara"
    )
    client.send(f"/invandningar/{objection.public_id}/svara", text="Tack.")
    assert "Invändningar att besvara" not in client.page("/start").text


def test_an_objection_in_another_case_is_not_found(
    client: StrictClient, person: Client
) -> None:
    objection = make_needs.objection(make.level(person, "2").assessment, "Fel.")
    client.login(make.user(Role.ASSESSOR))
    path = f"/invandningar/{objection.public_id}/svara"
    assert client.get(path).status_code == 404
    assert client.post(path, data={"text": "Hej"}).status_code == 404
