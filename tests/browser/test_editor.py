"""Published instruments entered by hand in the editor, and tried at the bench."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from assessment import canonical_text, read_instrument
from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.needs.models import InstrumentVersion
from tests import make, small_instrument
from tests.browser.reader import Reader
from tests.browser.typist import Typist

Readers = Callable[[], Reader]
FILES = Path(__file__).parents[1] / "data" / "instruments"

# Typing takes long and is the same on both; the pages' own tests run on both.
on_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


@pytest.fixture
def lead(cloned_app: Flask) -> User:
    with cloned_app.app_context():
        make.system()
        user = make.user(Role.LEAD)
        db.session.commit()
        db.session.refresh(user)
        db.session.expunge(user)
    return user


def stored(app: Flask) -> InstrumentVersion:
    with app.app_context():
        return db.session.scalars(select(InstrumentVersion)).one()


def published(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((FILES / f"{name}.json").read_text("utf-8"))
    return found


def entered(app: Flask, reader: Reader, name: str) -> None:
    """Type the whole instrument in, page by page, and see that it is the same."""
    document = published(name)
    Typist(reader).enter(document)
    assert stored(app).document == canonical_text(read_instrument(json.dumps(document)))


def tried(reader: Reader, answers: dict[str, str]) -> dict[str, str]:
    """The bench's level, price level and points for these answers."""
    reader.page.get_by_role("link", name="Prova svar").first.click()
    for question, label in answers.items():
        reader.choose(question, label)
    reader.press("Räkna ut nivån")
    rows = reader.main().locator(".lov-figure")
    terms = rows.locator("dt").all_inner_texts()
    return dict(zip(terms, rows.locator("dd").all_inner_texts(), strict=True))


def options_of(name: str, code: str) -> dict[str, str]:
    """Every question answered with the same step, as the lists name it."""
    instrument = read_instrument((FILES / f"{name}.json").read_bytes())
    found = {}
    for question in instrument.questions():
        step = instrument.scale(question.scale).step(code)
        assert step is not None
        found[question.text] = f"{step.label} ({step.points})"
    return found


@on_sqlite
def test_phq_9_is_entered_and_gives_its_numbers(
    cloned_app: Flask, readers: Readers, lead: User
) -> None:
    reader = readers().sign_in(lead)
    entered(cloned_app, reader, "phq-9")
    assert tried(reader, options_of("phq-9", "3")) == {
        "Nivå": "svår",
        "Prisnivå": "5",
        "Poäng": "27 av 27",
    }
    first = next(iter(options_of("phq-9", "3")))
    reader.choose(first, "Inget svar")
    reader.press("Räkna ut nivån")
    reader.sees("är inte besvarad")
    assert reader.main().locator(".lov-figure").count() == 0


@on_sqlite
def test_the_behaviour_rule_is_entered_and_is_exact(
    cloned_app: Flask, readers: Readers, lead: User
) -> None:
    reader = readers().sign_in(lead)
    entered(cloned_app, reader, "wac-388-828-9220")
    found = tried(reader, options_of("wac-388-828-9220", "2"))
    assert (found["Nivå"], found["Poäng"]) == ("Medel", "0,08372 av 0,12558")
    reader.sees("2 × 0,04186")
    reader.sees("Mer än 0 poäng till nivå Hög.")


@on_sqlite
@pytest.mark.parametrize(
    ("name", "tried_as"),
    [
        ("virginia-12vac30-122-210", ("6", "6")),
        ("wac-388-828-5820-lista", ("4", "Hög")),
        ("wac-388-828-9660-a2", ("4", "5")),
    ],
    ids=["price levels and intervals", "a decision list", "a look-up table"],
)
def test_every_kind_of_level_rule_is_entered(
    cloned_app: Flask,
    readers: Readers,
    lead: User,
    name: str,
    tried_as: tuple[str, str],
) -> None:
    reader = readers().sign_in(lead)
    entered(cloned_app, reader, name)
    code, level = tried_as
    assert tried(reader, options_of(name, code))["Nivå"] == level


@on_sqlite
@pytest.mark.parametrize(
    ("name", "points"),
    [("wac-388-828-9235-2022", "3 av 8"), ("wac-388-828-9235-2011", "3 av 13")],
    ids=["the rule as it is", "the rule as it was"],
)
def test_both_versions_of_the_environment_rule_give_the_worked_example(
    cloned_app: Flask, readers: Readers, lead: User, name: str, points: str
) -> None:
    """Responses 1, 3, 8 and 9 give 3, since 3 gives no points."""
    reader = readers().sign_in(lead)
    entered(cloned_app, reader, name)
    answers = list(options_of(name, "0").items())
    for number in (1, 3, 8, 9):
        answers[number - 1] = (answers[number - 1][0], "Ikryssad (1)")
    found = tried(reader, dict(answers))
    assert (found["Nivå"], found["Poäng"]) == ("3", points)


@on_sqlite
def test_an_instrument_from_care_is_entered_and_gives_its_bands(
    cloned_app: Flask, readers: Readers, lead: User
) -> None:
    """GAD-7: seven questions 0-3; 14 is moderate and 15 is severe."""
    reader = readers().sign_in(lead)
    entered(cloned_app, reader, "gad-7")
    assert tried(reader, options_of("gad-7", "2"))["Nivå"] == "måttlig"
    first, *_ = options_of("gad-7", "3").items()
    reader.choose(*first)
    reader.press("Räkna ut nivån")
    reader.sees("15 av 21")
    reader.sees("svår")


def test_two_tabs_do_not_overwrite_each_other(
    cloned_app: Flask, readers: Readers, lead: User
) -> None:
    one, other = readers().sign_in(lead), readers().sign_in(lead)
    Typist(one).begin({"title": "Prov", "version": "1", "source": "Jag", "id": "prov"})
    address = one.page.url.removeprefix(one.address)
    for reader in (one, other):
        reader.open(f"{address}/om")
    one.fill("Källa", "Från det ena fönstret")
    one.press("Spara")
    other.fill("Källa", "Från det andra")
    other.press("Spara")
    other.sees("Delen har ändrats i ett annat fönster")
    other.sees("Källa: Från det ena fönstret")
    assert other.main().get_by_label("Källa").input_value() == "Från det andra"
    assert "Från det ena fönstret" in stored(cloned_app).document
    other.press("Spara")
    other.sees("Sparat.")
    assert "Från det andra" in stored(cloned_app).document


def test_the_editor_is_worked_with_the_keyboard_and_enter_saves(
    cloned_app: Flask, readers: Readers, lead: User
) -> None:
    reader = readers().sign_in(lead)
    Typist(reader).begin({"title": "Prov", "version": "1", "source": "Jag", "id": "p"})
    reader.open(reader.page.url.removeprefix(reader.address) + "/nivaer")
    keys = reader.page.keyboard
    reader.main().get_by_label("Nivå, rad 1", exact=True).focus()
    keys.type("grund")
    keys.press("Tab")
    keys.type("A")
    keys.press("Enter")
    reader.sees("Sparat.")
    assert '"label": "grund"' in stored(cloned_app).document


def test_a_small_window_and_axe_find_no_fault_while_there_are_faults(
    cloned_app: Flask, readers: Readers, lead: User
) -> None:
    with cloned_app.app_context():
        version = make.draft_instrument(
            small_instrument.document().replace('"to": "3"', '"to": "x"')
        )
        db.session.commit()
        address = f"/instrument/{version.public_id}"
    reader = readers().sign_in(lead)
    for path in ("/utkast", "/utkast/granser", "/utkast/om", "/publicera"):
        reader.open(address + path)
        assert reader.axe() == []
        assert reader.overflow(320) <= 0
