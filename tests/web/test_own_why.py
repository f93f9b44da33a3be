"""Easy read about one's own need: the page, the PDF, and how easy the words are."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from assessment import (
    Direction,
    Instrument,
    Result,
    SignedAnswer,
    score,
    shipped_instruments,
    signed_text,
)
from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.audit_chain import Audit, AuditSubject
from lovdv.extensions import db
from lovdv.needs import easy, own
from lovdv.people.models import Client
from lovdv.systems.operations import decide_rule
from tests import make
from tests.kit_app import StrictClient
from tests.kit_pdf import alternatives, headings, page_text

Picking = Callable[..., Any]
TODAY = date(2026, 3, 16)
NEVER = ("icke-val", "pris", " kr", "poäng", "ersättning")


@pytest.fixture
def person(app: Flask) -> Client:
    app.config["DEMO"] = True  # persons and representatives sign in only there
    client = make.person(first_name="Kim", last_name="Berg")
    make.level(client, "3", own_words="Jag vill vara ute.")
    return client


@pytest.fixture
def oneself(person: Client) -> User:
    return make.user(Role.CLIENT, client=person)


def path(person: Client, rest: str = "") -> str:
    return f"/min-niva/{person.public_id}{rest}"


def explained(*, level: bool = True, part: bool = True) -> None:
    system = make.system().id
    for key, value in (
        ("explanation", {"own_shows_level": level}),
        ("level_effect", {"part_of_decision": part}),
    ):
        decide_rule(choice_system_id=system, key=key, first_day=make.START, value=value)


def lix(text: str) -> int:
    """Words a sentence, and the share of words longer than six letters."""
    words = re.findall(r"[^\W\d_]+|\d+", text)
    sentences = len(re.findall(r"[.?!:]+", text))
    long = sum(len(word) > 6 for word in words)
    return round(len(words) / sentences + 100 * long / len(words))


def sentences(found: easy.EasyRead) -> str:
    """All that we have written, but not what others have."""
    said = [found.title + "."]
    for part in found.parts:
        said += [part.title if part.title.endswith("?") else f"{part.title}."]
        said += [*part.sentences, *(words for words, _ in part.quotes)]
    return " ".join(said)


def test_the_person_reads_where_support_is_needed_with_pictures(
    client: StrictClient, oneself: User, person: Client
) -> None:
    page = client.login(oneself).page(path(person, "/darfor"))
    assert page.heading == "Därför har du nivå 3"
    assert "Här behöver du mycket stöd Vardag" in page.text
    assert "Det här klarar du själv Trygghet" in page.text
    assert "Så sa du: Jag vill vara ute." in page.text
    pictures = [img for img in page.all("img") if "openmoji" in img.get("src", "")]
    assert len(pictures) == 7


@pytest.mark.parametrize("shows", [True, False])
def test_whether_the_level_stands_there_is_a_setting(
    client: StrictClient, oneself: User, person: Client, *, shows: bool
) -> None:
    explained(level=shows)
    client.login(oneself)
    told = client.page(path(person)).text + client.page(path(person, "/darfor")).text
    with opened(client, person) as file:
        told += page_text(file) + str(file.docinfo.Title)
    assert ("nivå" in told.lower()) is shows


def opened(client: StrictClient, person: Client) -> pikepdf.Pdf:
    response = client.get(path(person, "/darfor.pdf"))
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    return pikepdf.open(io.BytesIO(response.data))


@pytest.mark.parametrize("shows", [True, False])
@pytest.mark.parametrize("part", [True, False])
def test_no_price_and_no_hard_word_stands_there(
    client: StrictClient, oneself: User, person: Client, *, shows: bool, part: bool
) -> None:
    explained(level=shows, part=part)
    text = client.login(oneself).page(path(person, "/darfor")).text.lower()
    with opened(client, person) as file:
        text += page_text(file).lower()
    assert [word for word in NEVER if word in text] == []
    assert ("överklaga" in text) is part


@pytest.mark.parametrize("shows", [True, False])
@pytest.mark.parametrize("part", [True, False])
def test_the_words_are_easy(person: Client, *, shows: bool, part: bool) -> None:
    explained(level=shows, part=part)
    assert lix(sentences(own.easy_read(person.id, TODAY))) < 30


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("review", {"when": "always"}, "En annan bedömare kan också läsa."),
        (
            "explanation",
            {"own_shows_level": True, "unit_sees": "profile"},
            "De som du är hos på dagarna får se hur mycket stöd du behöver.",
        ),
    ],
)
def test_who_may_read_follows_the_rules(
    person: Client, key: str, value: dict[str, object], words: str
) -> None:
    without = {"review": {"when": "never"}, "explanation": {**value, "unit_sees": "no"}}
    for settings, told in ((without[key], False), (value, True)):
        decide_rule(
            choice_system_id=make.system().id, key=key, first_day=TODAY, value=settings
        )
        assert (words in sentences(own.easy_read(person.id, TODAY))) is told


def test_the_measure_of_easy_words_is_the_known_one() -> None:
    """Six words in two sentences, one of them long: 3 + 17."""
    assert lix("Du kan välja. Verksamheten är bra.") == 20


def test_the_pdf_is_tagged_and_every_picture_has_its_words(
    client: StrictClient, oneself: User, person: Client
) -> None:
    with opened(client.login(oneself), person) as file:
        assert str(file.Root.Lang) == "sv"
        assert str(file.docinfo.Title) == "Därför har du nivå 3"
        with file.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        levels = [level for level, _ in headings(file)]
        assert levels[0] == 1
        assert set(levels[1:]) == {2}
        shown = alternatives(file)
        assert len(shown) == 7
        assert all(words.startswith("Bild: ") for words in shown)
        assert "Kim" not in page_text(file)


def test_objections_and_answers_stand_in_the_easy_read(
    client: StrictClient, oneself: User, person: Client
) -> None:
    client.login(oneself).send(path(person, "/invandning"), text="Jag äter själv.")
    text = client.page(path(person, "/darfor")).text
    assert "Det här är sagt: Jag äter själv." in text
    assert "Du får ett svar här." in client.page(path(person)).text


def test_the_file_is_read_logged_and_only_ones_own(
    client: StrictClient, oneself: User, person: Client
) -> None:
    other = make.person()
    make.level(other, "2")
    client.login(oneself).get(path(person, "/darfor.pdf"))
    actions = db.session.scalars(
        select(Audit.action)
        .join(AuditSubject, AuditSubject.audit_id == Audit.id)
        .where(AuditSubject.client_id == person.id, Audit.read)
    ).all()
    assert actions == ["level.own_file"]
    for rest in ("/darfor", "/darfor.pdf"):
        assert client.get(path(other, rest)).status_code == 404


def test_without_a_level_there_is_nothing_to_explain(
    app: Flask, client: StrictClient
) -> None:
    app.config["DEMO"] = True
    newcomer = make.person()
    client.login(make.user(Role.CLIENT, client=newcomer))
    for rest in ("/darfor", "/darfor.pdf"):
        assert client.get(path(newcomer, rest)).status_code == 404


def test_a_representative_reads_it_for_whom_the_mandate_covers(
    client: StrictClient, person: Client
) -> None:
    guardian = make.user(Role.REPRESENTATIVE)
    make.mandate(person, guardian)
    page = client.login(guardian).page(path(person, "/darfor"))
    assert page.heading == "Därför har du nivå 3"


def test_an_ended_decision_says_nothing_more(
    client: StrictClient, oneself: User, person: Client
) -> None:
    make.decision_of(person).end_day = date(2026, 3, 1)
    client.login(oneself)
    assert "Det finns ingen nivå ännu." in client.page(path(person)).text
    assert client.get(path(person, "/darfor")).status_code == 404
    assert client.get(path(person, "/ny-bedomning")).status_code == 404


def test_a_request_is_made_on_the_decision_that_carries_the_level_on(
    client: StrictClient, oneself: User, person: Client
) -> None:
    make.decision_of(person).end_day = date(2026, 3, 1)
    renewed = make.decision(person, first_day=date(2026, 3, 1))
    client.login(oneself)
    assert "Det är nivå 3." in client.page(path(person)).text
    client.send(path(person, "/ny-bedomning"), reason="Jag har fått rullstol.")
    [request] = own.level_in_words(person.id, TODAY).requests
    assert request.decision_id == renewed.id


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize(("pick", "share"), [(min, 0), (max, 1)], ids=["least", "most"])
@pytest.mark.parametrize(
    "shipped", shipped_instruments(), ids=lambda found: f"{found.id}-{found.version}"
)
def test_the_need_is_measured_between_the_least_and_the_most_the_answers_can_say(
    shipped: Instrument, pick: Picking, share: int, direction: Direction
) -> None:
    """In an instrument where most points mean the least need, the other way round."""
    instrument = replace(shipped, direction=direction)
    found = easy.shares(instrument, signed_with(instrument, pick))
    assert set(found) == {domain.title for domain in instrument.domains}
    need = share if direction is Direction.ASCENDING else 1 - share
    assert set(found.values()) == {need}


def signed_with(instrument: Instrument, pick: Picking) -> str:
    """Signed with the answer of the least, or most, points to each question."""
    answers = {
        question.id: pick(
            instrument.scale(question.scale).steps, key=lambda step: step.points
        ).code
        for question in instrument.questions()
    }
    result = score(instrument, answers)
    assert isinstance(result, Result)
    rows = tuple(SignedAnswer(name, value, "") for name, value in answers.items())
    return signed_text(instrument, rows, result, {})
