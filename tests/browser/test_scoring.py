"""Scoring in a real browser: nothing that is typed is lost, whatever happens."""

from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Locator
from sqlalchemy import select, update

from lovdv.access import Role
from lovdv.accounts.models import LoginSession, User
from lovdv.clock import now, today
from lovdv.extensions import db
from lovdv.needs import statements
from lovdv.needs.models import Answer, Assessment, DomainWords
from tests import make
from tests.browser.reader import Reader
from tests.browser.test_keyboard import focused, tab_until

Readers = Callable[[], Reader]
MEAL = "Lite stöd. Måltid – behöver påminnelse."
MUCH = "Mycket stöd. Måltid – behöver någon bredvid."
SAVED = "Allt är sparat."


class Gateway:
    """A server in front of ours: it may be down, or lose what ours has answered."""

    def __init__(self, behind: Callable[..., Iterable[bytes]]) -> None:
        self.behind = behind
        self.is_down = False
        self.loses_answers = False

    def __call__(
        self, environ: dict[str, Any], start: Callable[..., Any]
    ) -> Iterable[bytes]:
        posted = environ["REQUEST_METHOD"] == "POST"
        if posted and self.loses_answers:
            for _ in self.behind(environ, lambda *_: None):
                pass
        elif not self.is_down:
            return self.behind(environ, start)
        status = HTTPStatus.SERVICE_UNAVAILABLE
        start(f"{status.value} {status.phrase}", [("Content-Type", "text/plain")])
        return [b"unavailable"]


@pytest.fixture
def gateway(cloned_app: Flask) -> Iterator[Gateway]:
    real = cloned_app.wsgi_app
    made = Gateway(real)
    cloned_app.wsgi_app = made  # type: ignore[method-assign]
    yield made
    cloned_app.wsgi_app = real  # type: ignore[method-assign]


@pytest.fixture
def assessor(cloned_app: Flask) -> User:
    """An assessor with a draft for one person."""
    with cloned_app.app_context():
        user = make.user(Role.ASSESSOR)
        make.draft(make.person(caseworker=user), user)
        db.session.commit()
        db.session.refresh(user)
        db.session.expunge(user)
    return user


@pytest.fixture
def draft(cloned_app: Flask, assessor: User) -> str:
    with cloned_app.app_context():
        found = db.session.scalars(select(Assessment)).one()
        return f"/bedomningar/{found.public_id}"


@pytest.fixture
def path(draft: str) -> str:
    return f"{draft}/omrade/vardag"


def stored(app: Flask) -> dict[str, tuple[str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(Answer)).all()
        return {row.question: (row.answer, row.reason) for row in rows}


def meal(reader: Reader) -> Locator:
    return reader.page.locator("[data-question=mat]")


def write(reader: Reader, text: str, label: str = "Motivering") -> None:
    meal(reader).get_by_label(label).fill(text)


def told(reader: Reader, text: str) -> None:
    """Waits until the bar at the foot says it."""
    reader.page.locator("[data-told]", has_text=text).wait_for()


def another_tab(reader: Reader) -> Reader:
    """A second tab in the same browser, with the same session."""
    tab = Reader(reader.context, reader.address)
    tab.faults = reader.faults
    return tab


def end_sessions(app: Flask) -> None:
    with app.app_context():
        db.session.execute(update(LoginSession).values(ended_at=now()))
        db.session.commit()


def test_answer_grounds_and_own_words_are_saved_while_typing(
    cloned_app: Flask, readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    reader.tick(MEAL)
    write(reader, "Dukar själv.")
    write(reader, "Besök i köket.", "Underlag")
    meal(reader).get_by_label("Vems bild är det?").select_option("Personens egen")
    reader.fill("Personens egna ord", "Jag dukar.\nSedan äter jag.")
    told(reader, SAVED)
    with cloned_app.app_context():
        row = db.session.scalars(select(Answer)).one()
        kept = (row.answer, row.reason, row.evidence, row.view)
        assert kept == ("1", "Dukar själv.", "Besök i köket.", "person")
        words = db.session.scalars(select(DomainWords.text)).one()
        assert words == "Jag dukar.\nSedan äter jag."


def test_what_a_lost_connection_stopped_is_sent_again(
    cloned_app: Flask, readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    reader.context.set_offline(True)
    reader.tick(MEAL)
    told(reader, "Ingen kontakt med servern. Ett svar är inte sparat.")
    meal(reader).get_by_text("Inte sparat ännu.").wait_for()
    assert stored(cloned_app) == {}
    reader.context.set_offline(False)
    told(reader, SAVED)
    assert stored(cloned_app) == {"mat": ("1", "")}


def test_a_server_that_is_down_gets_it_when_it_is_up(
    cloned_app: Flask, gateway: Gateway, readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    gateway.is_down = True
    write(reader, "Dukar själv.")
    told(reader, "Servern kan inte ta emot just nu.")
    gateway.is_down = False
    told(reader, SAVED)
    assert stored(cloned_app) == {"mat": ("", "Dukar själv.")}


def test_an_answer_stored_without_a_reply_is_not_taken_for_another_tabs(
    cloned_app: Flask, gateway: Gateway, readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    gateway.loses_answers = True
    write(reader, "Dukar")
    told(reader, "Servern kan inte ta emot just nu.")
    assert stored(cloned_app) == {"mat": ("", "Dukar")}
    write(reader, "Dukar själv.")
    gateway.loses_answers = False
    told(reader, SAVED)
    assert stored(cloned_app) == {"mat": ("", "Dukar själv.")}
    assert meal(reader).locator("[data-clash]").count() == 0


def test_pressing_done_without_contact_keeps_the_page(
    cloned_app: Flask, readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    reader.tick(MEAL)
    told(reader, SAVED)
    reader.context.set_offline(True)
    write(reader, "Dukar själv.")
    reader.press("Klar med området")
    told(reader, "Ingen kontakt med servern.")
    assert meal(reader).get_by_label("Motivering").input_value() == "Dukar själv."
    reader.context.set_offline(False)
    told(reader, SAVED)
    assert stored(cloned_app) == {"mat": ("1", "Dukar själv.")}


def test_after_a_time_out_a_sign_in_in_another_tab_sends_what_the_page_holds(
    cloned_app: Flask, readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    end_sessions(cloned_app)
    reader.tick(MEAL)
    write(reader, "Dukar själv.")
    told(reader, "Du är utloggad. Ett svar är inte sparat.")
    assert stored(cloned_app) == {}
    with reader.context.expect_page() as opened:
        reader.main().get_by_role("link", name="Logga in i en ny flik").click()
    opened.value.wait_for_load_state()
    tab = another_tab(reader)
    tab.sign_in(assessor)
    reader.page.bring_to_front()
    told(reader, SAVED)
    assert stored(cloned_app) == {"mat": ("1", "Dukar själv.")}
    reader.press("Spara utkast")
    reader.sees("Utkastet är sparat.")


def test_somebody_else_who_signs_in_sends_nothing_of_it(
    cloned_app: Flask, readers: Readers, assessor: User, path: str
) -> None:
    with cloned_app.app_context():
        other = make.user(Role.ASSESSOR)
        db.session.commit()
    reader = readers().sign_in(assessor)
    reader.open(path)
    end_sessions(cloned_app)
    write(reader, "Dukar själv.")
    told(reader, "Du är utloggad.")
    tab = another_tab(reader)
    tab.sign_in(other)
    reader.page.bring_to_front()
    told(reader, "Någon annan är inloggad i webbläsaren.")
    assert meal(reader).get_by_label("Motivering").input_value() == "Dukar själv."
    assert stored(cloned_app) == {}


def test_a_page_that_holds_something_is_not_left_when_time_is_up(
    cloned_app: Flask, readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.page.clock.install()
    reader.open(path)
    reader.context.set_offline(True)
    write(reader, "Dukar själv.")
    reader.page.clock.run_for(40 * 60 * 1000)
    told(reader, "Ingen kontakt med servern.")
    assert reader.page.url.endswith(path)
    assert meal(reader).get_by_label("Motivering").input_value() == "Dukar själv."


def test_a_page_that_holds_nothing_goes_to_sign_in_when_time_is_up(
    readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.page.clock.install()
    reader.open(path)
    reader.page.clock.run_for(40 * 60 * 1000)
    reader.page.wait_for_url(lambda url: path not in url)


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ("Behåll det som står här", ("2", "Jag var med i dag.")),
        ("Ta det andra", ("1", "Dukar själv.")),
    ],
)
def test_two_tabs_show_both_answers_and_the_reader_chooses(
    cloned_app: Flask,
    readers: Readers,
    assessor: User,
    path: str,
    *,
    choice: str,
    kept: tuple[str, str],
) -> None:
    one = readers().sign_in(assessor)
    other = another_tab(one)
    for reader in (one, other):
        reader.open(path)
    one.tick(MEAL)
    write(one, "Dukar själv.")
    told(one, SAVED)
    other.tick(MUCH)
    write(other, "Jag var med i dag.")
    clash = meal(other).locator("[data-clash]")
    for text in (MEAL, "Dukar själv.", MUCH, "Jag var med i dag."):
        clash.get_by_text(text, exact=True).wait_for()
    assert stored(cloned_app) == {"mat": ("1", "Dukar själv.")}
    assert other.axe() == []
    other.press(choice)
    told(other, SAVED)
    assert stored(cloned_app) == {"mat": kept}
    reason = meal(other).get_by_label("Motivering", exact=True)
    assert reason.input_value() == kept[1]


def test_an_untouched_tab_takes_in_what_the_other_has_stored(
    cloned_app: Flask, readers: Readers, assessor: User, path: str
) -> None:
    one = readers().sign_in(assessor)
    other = another_tab(one)
    for reader in (one, other):
        reader.open(path)
    write(one, "Dukar själv.")
    told(one, SAVED)
    write(other, "x")
    write(other, "")
    told(other, SAVED)
    assert meal(other).get_by_label("Motivering").input_value() == "Dukar själv."
    assert stored(cloned_app) == {"mat": ("", "Dukar själv.")}


def test_a_follow_up_question_comes_with_its_answer(
    readers: Readers, assessor: User, draft: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(f"{draft}/omrade/trygghet")
    follow_up = reader.page.locator("[data-question=ofta]")
    assert not follow_up.is_visible()
    reader.tick("Lite stöd. Oro – behöver påminnelse.")
    follow_up.get_by_text("Hur ofta", exact=True).wait_for()


def test_a_text_that_is_too_long_is_refused_and_never_cut(
    cloned_app: Flask, readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    write(reader, "x" * 4_100)
    meal(reader).get_by_text("Motiveringen får ha högst 4000 tecken").wait_for()
    assert len(meal(reader).get_by_label("Motivering").input_value()) == 4_100
    write(reader, "Kort.")
    told(reader, SAVED)
    assert stored(cloned_app) == {"mat": ("", "Kort.")}


def test_a_draft_that_a_colleague_has_taken_over_leaves_the_text_in_the_page(
    cloned_app: Flask, readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    with cloned_app.app_context():
        colleague = make.user(Role.ASSESSOR)
        db.session.execute(update(Assessment).values(assessor_id=colleague.id))
        db.session.commit()
    write(reader, "Dukar själv.")
    meal(reader).get_by_text("Kopiera det du vill behålla.").wait_for()
    assert meal(reader).get_by_label("Motivering").input_value() == "Dukar själv."


def test_an_assessment_is_scored_and_signed_with_the_keyboard_only(
    readers: Readers, assessor: User, draft: str
) -> None:
    reader = readers().sign_in(assessor)
    keys = reader.page.keyboard

    def press_on(words: str) -> None:
        tab_until(reader, "textContent", words)
        with reader.page.expect_navigation():
            keys.press("Enter")

    reader.open(draft)
    press_on("Bedöm Vardag")
    tab_until(reader, "id", "answer-mat")
    keys.press("1")
    keys.press("Enter")
    assert focused(reader, "id").startswith("answer-resa")
    keys.press("2")
    with reader.page.expect_navigation():
        keys.press("Control+Enter")
    reader.sees("Området är klart: 3 av 4 poäng")
    press_on("Nästa område: Trygghet")
    tab_until(reader, "id", "answer-oro")
    keys.press("0")
    press_on("Klar med området")
    reader.sees("Området är klart: 0 av 2 poäng")
    press_on("Till översikten")
    press_on("Se resultatet och signera")
    tab_until(reader, "innerText", "Signera")
    keys.press("Enter")
    reader.sees("Därför denna nivå")


def test_all_domains_on_one_page_is_a_choice_that_is_remembered(
    readers: Readers, assessor: User, draft: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(f"{draft}/omrade/vardag")
    reader.press("Visa alla områden på en sida")
    reader.page.wait_for_url("**/alla")
    reader.open(draft)
    reader.follow("Bedöm alla områden")
    for label in (MEAL, "Inget stöd. Resa – klarar det själv."):
        reader.tick(label)
    reader.tick("Inget stöd. Oro – klarar det själv.")
    told(reader, SAVED)
    reader.press("Klar med alla områden")
    reader.sees("Klart: 1 av 4 poäng")
    reader.press("Visa ett område i taget")
    reader.sees("Se resultatet och signera")


@pytest.fixture
def stated(cloned_app: Flask, assessor: User) -> None:
    """A unit has given its statement about the person."""
    with cloned_app.app_context():
        one = db.session.scalars(select(Assessment)).one()
        place = make.placement(one.client)
        asked = statements.ask(
            decision=one.decision,
            placement=place,
            due_on=today(),
            question="",
            by_id=assessor.id,
        )
        texts = {"vardag": "Kim dukar själv hos oss."}
        statements.write(statement=asked, texts=texts, shown="0")
        statements.give(statement=asked, by_id=assessor.id)
        db.session.commit()


@pytest.mark.usefixtures("stated")
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("rest", ["omrade/vardag", "alla"])
def test_the_scoring_pages_are_accessible_and_fit(
    readers: Readers, assessor: User, draft: str, rest: str, width: int
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(f"{draft}/{rest}")
    reader.sees("Kim dukar själv hos oss.")
    assert reader.overflow(width) <= 0
    assert reader.axe() == []
    reader.page.emulate_media(color_scheme="dark")
    assert reader.axe() == []


def test_unsent_answers_are_shown_without_a_fault(
    gateway: Gateway, readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    gateway.is_down = True
    write(reader, "Dukar själv.")
    told(reader, "Servern kan inte ta emot just nu.")
    assert reader.axe() == []
    assert reader.overflow(320) <= 0


def test_nothing_is_kept_in_the_browsers_storage(
    readers: Readers, assessor: User, path: str
) -> None:
    reader = readers().sign_in(assessor)
    reader.open(path)
    reader.context.set_offline(True)
    write(reader, "Dukar själv.")
    told(reader, "Ingen kontakt med servern.")
    kept = reader.page.evaluate(
        "async () => [localStorage.length, sessionStorage.length,"
        " (await indexedDB.databases()).length, (await caches.keys()).length]"
    )
    assert kept == [0, 0, 0, 0]
    reader.context.set_offline(False)
    told(reader, SAVED)
