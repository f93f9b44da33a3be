"""A choice on paper: the scan is asked for, looked at, kept and shown to few."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.audit_chain import Audit
from lovdv.choice.models import Invitation
from lovdv.choice.paper_models import ChoicePaper
from lovdv.choice.scans import scan_of
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.providers.models import Unit
from lovdv.systems.operations import decide_rule
from tests import make
from tests.kit_app import StrictClient
from tests.kit_choice import no_choices, the_choice
from tests.kit_pictures import png
from tests.web.test_profile_photos import sent as photo

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def caseworker(client: StrictClient) -> User:
    user = make.user(Role.CASEWORKER)
    client.login(user)
    return user


@pytest.fixture
def unit(app: Flask) -> Unit:
    return make.unit(name="Ateljén")


@pytest.fixture
def invitation(caseworker: User, unit: Unit) -> Invitation:
    return make.invitation(make.person(caseworker=caseworker))


def file(content: bytes, name: str = "papper.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


def path(invitation: Invitation) -> str:
    return f"/val/{invitation.public_id}/registrera"


def written(
    client: StrictClient,
    invitation: Invitation,
    unit: Unit,
    content: bytes | None = None,
    **values: object,
) -> TestResponse:
    told: dict[str, object] = {
        "unit": unit.public_id,
        "made_by": "person",
        "channel": "paper",
        "support": "Vi läste tillsammans.",
        "file": file(content) if content else FileStorage(),
        **values,
    }
    return client.send(path(invitation), **told)


def confirmed(
    client: StrictClient, invitation: Invitation, read: TestResponse
) -> TestResponse:
    sent = read.page.form("support").filled({"step": "confirm"})
    return client.post(path(invitation), data=sent)


def papers() -> list[ChoicePaper]:
    return list(db.session.scalars(select(ChoicePaper).order_by(ChoicePaper.id)))


def paper_rule(**value: object) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="choice",
        first_day=make.START,
        value=value,
    )


def actions() -> list[str]:
    return list(db.session.scalars(select(Audit.action)))


def test_the_paper_is_kept_with_the_choice_and_opened_by_the_caseworker(
    client: StrictClient, caseworker: User, invitation: Invitation, unit: Unit
) -> None:
    read = written(client, invitation, unit, PDF)
    assert "inläst" in read.page.text
    assert no_choices()
    confirmed(client, invitation, read)
    [paper] = papers()
    made = the_choice()
    assert (made.channel, made.confirmed) == ("paper", "paper")
    assert (paper.choice_id, paper.uploaded_by_id) == (made.id, caseworker.id)
    history = client.page(f"/val/person/{invitation.client.public_id}")
    link = next(a for a in history.links.values() if a.startswith("/val/papper/"))
    answer = client.get(link)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert actions()[-1] == "choice.paper"


def test_a_photo_is_drawn_anew_without_its_place() -> None:
    made = scan_of(photo((1600, 1000)), 9)
    assert made.media == "image/jpeg"
    with Image.open(io.BytesIO(made.content)) as kept:
        assert kept.size == (1000, 1600)
        assert not kept.getexif()
    assert scan_of(png(800, 600), 9).media == "image/jpeg"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"MZ virus", "Filen går inte att läsa. Välj en PDF"),
        (b"<html>%PDF-1.7 %%EOF", "Filen går inte att läsa. Välj en PDF"),
        (b"\xff\xd8\xff kapad bild", "Filen går inte att läsa som en bild."),
        (b"%PDF-1.7 avbruten", "PDF-filen är inte hel."),
    ],
    ids=["another kind", "not from its start", "cut off", "half a PDF"],
)
def test_a_bad_file_is_said_at_the_field_and_nothing_typed_is_lost(
    client: StrictClient,
    invitation: Invitation,
    unit: Unit,
    content: bytes,
    message: str,
) -> None:
    answer = written(client, invitation, unit, content)
    assert [error for error in answer.page.errors if error.startswith(message)]
    assert "Vi läste tillsammans." in answer.page.text
    assert papers() == []


def test_how_large_a_paper_may_be_is_the_systems(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    paper_rule(paper_megabytes=2)
    assert "högst 2 MB" in client.page(path(invitation)).text
    with pytest.raises(Refused, match="högst 2 MB"):
        scan_of(PDF + b" " * (2 * 1024 * 1024), 2)


def test_a_good_file_is_sent_once_whatever_else_is_wrong(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    first = written(client, invitation, unit, PDF, support="")
    assert first.page.errors
    assert "Ett papper är inläst (PDF" in first.page.text
    form = first.page.form("support")
    told = form.filled({"support": "Samtal.", "file": FileStorage()})
    read = client.post(path(invitation), data=told)
    confirmed(client, invitation, read)
    [paper] = papers()
    assert paper.choice_id == the_choice().id


def test_the_same_file_twice_is_kept_once(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    for _ in range(2):
        written(client, invitation, unit, PDF)
    assert len(papers()) == 1


def test_a_strangers_paper_is_refused(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    other = ChoicePaper(
        client_id=make.person().id,
        media="application/pdf",
        sha256="0" * 64,
        size=1,
        content=b"1",
        uploaded_by_id=make.user(Role.CASEWORKER).id,
        uploaded_at=now(),
    )
    db.session.add(other)
    db.session.flush()
    answer = written(client, invitation, unit, paper=other.public_id)
    assert any("hör inte till det här valet" in e for e in answer.page.errors)
    assert no_choices()


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("required", "Lägg till papperet, inläst eller fotograferat."),
        ("reason", "eller skriv varför det inte finns."),
    ],
    ids=["required", "reason"],
)
def test_a_paper_that_is_missing_is_asked_for(
    client: StrictClient,
    invitation: Invitation,
    unit: Unit,
    rule: str,
    message: str,
) -> None:
    paper_rule(paper_scan=rule)
    answer = written(client, invitation, unit)
    assert any(error.endswith(message) for error in answer.page.errors)
    assert ("paper_reason" in answer.page.form("support").names) == (rule == "reason")


def test_why_the_paper_is_gone_is_kept_instead(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    read = written(client, invitation, unit, paper_reason="Brann upp.")
    assert "Brann upp." in read.page.text
    confirmed(client, invitation, read)
    [paper] = papers()
    assert (paper.reason, paper.content) == ("Brann upp.", None)
    history = client.page(f"/val/person/{invitation.client.public_id}")
    assert "Papper med underskrift saknas: Brann upp." in history.text


def test_no_paper_is_asked_for_where_the_rule_says_so(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    paper_rule(paper_scan="not")
    confirmed(client, invitation, written(client, invitation, unit))
    assert the_choice().channel == "paper"
    assert papers() == []


def test_a_choice_by_phone_keeps_no_file(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    read = written(client, invitation, unit, PDF, channel="phone")
    confirmed(client, invitation, read)
    assert papers() == []


def test_others_do_not_open_it(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    confirmed(client, invitation, written(client, invitation, unit, PDF))
    address = f"/val/papper/{papers()[0].public_id}"
    client.login(make.user(Role.CASEWORKER))
    assert client.get(address).status_code == 404
    client.login(make.user(Role.GUIDE))
    assert client.get(address).status_code == 403


def test_a_paper_that_waits_is_opened_by_nobody(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    written(client, invitation, unit, PDF)
    assert client.get(f"/val/papper/{papers()[0].public_id}").status_code == 404


def test_papers_without_a_choice_are_removed_after_a_week(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    written(client, invitation, unit, PDF)
    [old] = papers()
    old.uploaded_at = now() - timedelta(days=8)
    kept_before = old.public_id
    db.session.flush()
    written(client, invitation, unit, paper_reason="Borttappat.")
    assert papers() == []
    log = db.session.scalars(
        select(Audit.object).where(Audit.action == "choice.paper_forget")
    )
    assert list(log) == [kept_before]


def test_a_paper_with_its_choice_never_changes(
    client: StrictClient, invitation: Invitation, unit: Unit
) -> None:
    confirmed(client, invitation, written(client, invitation, unit, PDF))
    papers()[0].reason = "x"
    with pytest.raises(DatabaseError), db.session.begin_nested():
        db.session.flush()
    db.session.expire_all()


def test_a_pdf_that_hides_something_is_kept_as_it_came() -> None:
    assert scan_of(PDF, 9).content == PDF
    with pytest.raises(Refused):
        scan_of(b"", 9)
