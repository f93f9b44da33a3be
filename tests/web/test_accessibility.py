"""The accessibility statement, and telling of what does not work."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accessibility import operations, statement
from lovdv.accessibility.models import AccessibilityAnswer, AccessibilityReport
from lovdv.accessibility.operations import MOST_AN_HOUR
from lovdv.extensions import db
from tests import make
from tests.kit_app import StrictClient
from tests.kit_races import at_once

TELL = "/tillganglighet/beratta"


def told(client: StrictClient, **fields: str) -> str:
    known = {"kind": "hindrance", "text": "Knappen går inte att nå.", **fields}
    return str(client.post_without_token(TELL, data=known).headers.get("Location", ""))


def kept() -> list[AccessibilityReport]:
    return list(db.session.scalars(select(AccessibilityReport)))


def test_the_statement_says_faults_and_what_is_not_tried(client: StrictClient) -> None:
    page = client.page("/tillganglighet")
    assert "delvis förenlig med WCAG 2.2" in page.text
    found = statement.statement()
    assert all(fault.what in page.text for fault in found.faults)
    assert all(one in page.text for one in found.untested)


def test_anybody_may_tell_without_saying_who(client: StrictClient) -> None:
    assert told(client).endswith("/tillganglighet/tack")
    [one] = kept()
    assert (one.contact, one.page) == ("", "")
    assert one.answer_by == date(2026, 3, 23)


@pytest.mark.parametrize(
    ("field", "sentence"),
    [("kind", "Välj vad det gäller."), ("text", "Skriv vad som hände")],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(
    client: StrictClient, field: str, sentence: str
) -> None:
    filled = {"kind": "hindrance", "text": "Knappen", "contact": "070-1"} | {field: ""}
    page = client.post_without_token(TELL, data=filled).get_data(as_text=True)
    assert sentence in page
    assert "070-1" in page
    assert kept() == []


def test_another_site_cannot_send_it(client: StrictClient) -> None:
    headers = {"Origin": "https://annan.example"}
    sent = client.post_without_token(
        TELL, data={"kind": "hindrance", "text": "x"}, headers=headers
    )
    assert sent.status_code == 403


def test_a_flood_is_refused_and_what_was_typed_is_kept(client: StrictClient) -> None:
    for _ in range(MOST_AN_HOUR):
        told(client)
    page = client.post_without_token(
        TELL, data={"kind": "hindrance", "text": "Hör av er"}
    )
    assert "ovanligt många meddelanden" in page.get_data(as_text=True)
    assert "Hör av er" in page.get_data(as_text=True)
    assert len(kept()) == MOST_AN_HOUR


def test_the_lead_answers_once(app: Flask, client: StrictClient) -> None:
    told(client, contact="070-123")
    client.login(make.user(Role.LEAD))
    assert "Synpunkter på tillgängligheten" in client.page("/start").text
    [one] = kept()
    path = f"/tillganglighet/synpunkter/{one.public_id}"
    client.send(path, outcome="mended", text="Rättat i dag.")
    assert "Rättat i dag." in client.page("/tillganglighet/synpunkter").text
    again = client.send(path, outcome="helped", text="Igen")
    assert "har redan svarat" in again.text
    assert len(list(db.session.scalars(select(AccessibilityAnswer)))) == 1
    assert "Synpunkter på tillgängligheten" not in client.page("/start").text


def test_only_the_lead_reads_them(app: Flask, client: StrictClient) -> None:
    client.login(make.user(Role.CASEWORKER))
    assert client.get("/tillganglighet/synpunkter").status_code == 403


def test_two_who_answer_at_once_give_one_answer(cloned_app: Flask) -> None:
    with cloned_app.app_context():
        lead = make.user(Role.LEAD)
        report = operations.tell(kind="hindrance", text="Knappen.", page="", contact="")
        db.session.commit()
        report_id, lead_id = report.id, lead.id

    def answer() -> None:
        found = db.session.get_one(AccessibilityReport, report_id)
        operations.answer(report=found, outcome="mended", text="Klart.", by_id=lead_id)

    first, second = sorted(at_once(cloned_app, answer, answer))
    assert first == ""
    assert "En kollega har redan svarat" in second
