"""The whole choice in Chromium: in every form, as everyone who may make it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Locator
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice.models import Choice
from lovdv.extensions import db
from lovdv.preferences import COOKIE
from tests import make
from tests.browser.reader import Reader
from tests.browser.test_pages import RULES
from tests.kit_reading import FACTS

pytestmark = pytest.mark.slow

CAFE, YARD = "Kafé Solen", "Snickeriet"
FOCUSED = "e => e === document.activeElement"
WIDER = """
document.documentElement.scrollWidth - document.documentElement.clientWidth
"""


class KeyReader(Reader):
    """Never touches the mouse: every control is reached with Tab and the arrows."""

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self._reach(self.main().get_by_role("button", name=name, exact=True))
            self.page.keyboard.press("Enter")

    def follow(self, name: str) -> None:
        with self.page.expect_navigation():
            self._reach(self._link(name).first)
            self.page.keyboard.press("Enter")

    def fill(self, label: str, value: str) -> None:
        self._reach(self.box(label))
        self.page.keyboard.type(value)

    def mark(self, words: str) -> None:
        control = self.answer(words)
        if control.get_attribute("type") == "checkbox":
            self._reach(control)
            self.page.keyboard.press("Space")
            return
        group = self.main().locator(f"[name={control.get_attribute('name')}]")
        self._reach(group)
        while not control.evaluate(FOCUSED):
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Space")

    def _reach(self, wanted: Locator) -> None:
        wanted.first.wait_for(state="attached")
        for _ in range(200):
            if any(each.evaluate(FOCUSED) for each in wanted.all()):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} is not reached with Tab")


@dataclass(frozen=True)
class Form:
    """How somebody reads and acts: by what hand, on what screen, in what way.

    On a screen that looks as another's, axe-core has nothing more to find.
    """

    hand: type[Reader] = Reader
    way: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    large_text: bool = False
    print: bool = False
    alike: bool = False

    @property
    def is_measured(self) -> bool:
        has_scripts = bool(self.options.get("java_script_enabled", True))
        return has_scripts and not self.alike


NAME = "Robin"
NARROW = {"viewport": {"width": 320, "height": 640}}
FORMS = {
    "mouse": Form(),
    "keyboard": Form(hand=KeyReader, alike=True),
    "without scripts": Form(options={"java_script_enabled": False}),
    "320 px, text at 200 %": Form(options=NARROW, large_text=True),
    "easy read with pictures": Form(way="reading=easy&pictures=many"),
    "dark": Form(options={"color_scheme": "dark"}),
    "print": Form(print=True, alike=True),
}


@pytest.fixture(scope="session")
def large_text(launched: Callable[..., Browser]) -> Browser:
    """A browser whose own text size its owner has doubled."""
    return launched("--blink-settings=defaultFontSize=32")


@dataclass(frozen=True)
class World:
    """Somebody who is to choose between two, and those who may help."""

    person: User
    god_man: User
    guide: User
    caseworker: User


@pytest.fixture
def world(cloned_app: Flask) -> World:
    cloned_app.config["DEMO"] = True
    with cloned_app.app_context():
        make.municipality(contact="LSS-enheten, telefon 08-123 45 67")
        for name in (CAFE, YARD):
            make.profile(make.unit(name=name), facts=FACTS, easy_text="Vi har kafé.")
        caseworker = make.user(Role.CASEWORKER, name="Hanna Hage")
        client = make.person(first_name=NAME, last_name="Ek", caseworker=caseworker)
        make.decision(client)
        make.invitation(client, wants_support=True)
        god_man = make.user(Role.REPRESENTATIVE, name="Gun God")
        make.mandate(client, god_man)
        found = World(
            person=make.user(Role.CLIENT, client=client, name="Robin Ek"),
            god_man=god_man,
            guide=make.user(Role.GUIDE, name="Lo Lind"),
            caseworker=caseworker,
        )
        db.session.commit()
    return found


@dataclass
class Walker:
    """Somebody on the way through the pages, each of which is looked at."""

    reader: Reader
    form: Form

    def press(self, name: str) -> None:
        self.reader.press(name)
        self.look()

    def follow(self, name: str) -> None:
        self.reader.follow(name)
        self.look()

    def look(self) -> None:
        page = self.reader.page
        assert page.get_by_role("heading", level=1).count() == 1
        assert page.evaluate(WIDER) <= 0, self.reader.told()
        if self.form.is_measured:
            assert self.reader.axe(**RULES) == [], self.reader.told()
        if self.form.print:
            self._look_at_paper()

    def _look_at_paper(self) -> None:
        page = self.reader.page
        page.emulate_media(media="print")
        assert self.reader.main().get_by_role("heading", level=1).is_visible()
        assert not page.get_by_role("navigation").first.is_visible()
        assert page.pdf(format="A4").startswith(b"%PDF")
        page.emulate_media(media="screen")


Walk = Callable[[User], Walker]


@pytest.fixture(params=FORMS.values(), ids=FORMS)
def walk(
    request: pytest.FixtureRequest,
    readers: Callable[..., Reader],
    large_text: Browser,
    address: str,
) -> Walk:
    """Signs somebody in, who then reads and acts in this form."""
    form: Form = request.param
    options = dict(form.options)
    if form.large_text:
        options["at"] = large_text

    def begun(user: User) -> Walker:
        reader = readers(form.hand, **options)
        if form.way:
            cookie: Any = {"name": COOKIE, "value": form.way, "url": address}
            reader.context.add_cookies([cookie])
        return Walker(reader.sign_in(user), form)

    return begun


def the_choice(app: Flask) -> Choice:
    with app.app_context():
        choice = db.session.scalars(select(Choice)).one()
        assert choice.unit is not None
        assert choice.unit.name == CAFE
        assert len(choice.shown["units"]) == 2
        return choice


def answer_the_questions(walker: Walker, who: str = "Jag") -> None:
    """One question a screen, to the one that asks which unit it is to be."""
    reader = walker.reader
    walker.follow("En fråga i taget")
    reader.mark("Kafé")
    walker.press("Vidare")
    for _ in range(3):
        walker.press(f"{who} vet inte")
        walker.follow("Nästa fråga")
    reader.mark(CAFE)
    reader.mark(YARD)
    walker.press("Vidare")
    reader.mark("Nej, jag vill välja nu")
    walker.press("Vidare")
    reader.mark(CAFE)
    walker.press(f"{who} väljer den här")


def test_the_person_chooses_alone(cloned_app: Flask, world: World, walk: Walk) -> None:
    walker = walk(world.person)
    walker.reader.open("/mitt-val")
    walker.look()
    answer_the_questions(walker)
    walker.press(f"Ja, jag väljer {CAFE}")
    walker.reader.sees("Klart! Här är ditt kvitto")
    made = the_choice(cloned_app)
    assert (made.made_by, made.channel) == ("person", "self")
    assert made.shown["way"] == "steps"


def test_the_person_asks_to_visit_and_later_takes_the_choice_back(
    cloned_app: Flask, world: World, walk: Walk
) -> None:
    walker = walk(world.person)
    reader = walker.reader
    reader.open("/mitt-val")
    walker.follow("En fråga i taget")
    reader.open(reader.page.url.removeprefix(reader.address)[: -len("gora")] + "prova")
    reader.mark("Ja, jag vill besöka")
    walker.press("Vidare")
    walker.follow(f"Fråga {CAFE}")
    walker.press("Ja, fråga dem")
    reader.sees("De ska svara senast")
    reader.open("/mitt-val")
    walker.follow("Titta och jämför")
    walker.follow(CAFE)
    walker.follow("Jag vill välja den här")
    walker.press(f"Ja, jag väljer {CAFE}")
    walker.follow("Jag vill ångra mitt val")
    walker.press("Ja, jag ångrar mitt val")
    reader.sees("Valet är ångrat")
    assert the_choice(cloned_app).shown.get("way") != "steps"


def test_the_god_man_chooses_with_the_persons_own_will(
    cloned_app: Flask, world: World, walk: Walk
) -> None:
    walker = walk(world.god_man)
    walker.reader.open("/mitt-val")
    walker.look()
    answer_the_questions(walker, NAME)
    walker.press(f"Ja, {NAME} väljer {CAFE}")
    walker.reader.sees("Välj vad personen själv vill.")
    walker.reader.mark("Samma sak: personen håller med")
    walker.press(f"Ja, {NAME} väljer {CAFE}")
    walker.reader.sees("Kvitto på valet")
    made = the_choice(cloned_app)
    assert (made.made_by, made.own_will) == ("representative", "agrees")


def test_the_person_answers_in_the_room_with_the_guide(
    cloned_app: Flask, world: World, walk: Walk
) -> None:
    walker = walk(world.guide)
    walker.reader.open("/stod")
    walker.look()
    walker.press("Jag hjälper personen")
    register(walker, "På plats, tillsammans med personen")
    walker.press("Vänd skärmen till personen")
    walker.press("Nej, inte det här")
    walker.follow("Jag har skärmen igen")
    walker.press("Läs igenom")
    walker.press("Vänd skärmen till personen")
    walker.press("Ja, det här vill jag")
    walker.reader.sees("Tack! Ditt val är sparat.")
    made = the_choice(cloned_app)
    assert (made.made_by, made.channel, made.confirmed) == (
        "person",
        "guide",
        "in_room",
    )


def test_the_caseworker_registers_a_signed_paper(
    cloned_app: Flask, world: World, walk: Walk, tmp_path: Path
) -> None:
    walker = walk(world.caseworker)
    walker.reader.open("/val")
    walker.look()
    walker.follow("Robin Ek")
    scan = tmp_path / "papper.png"
    Image.new("RGB", (600, 800), "white").save(scan)
    register(walker, "På papper, underskrivet", scan)
    walker.press("Ja, spara valet")
    made = the_choice(cloned_app)
    assert (made.made_by, made.channel, made.confirmed) == ("person", "paper", "paper")


def register(walker: Walker, channel: str, scan: Path | None = None) -> None:
    """What the one who is signed in writes of the person's choice."""
    reader = walker.reader
    walker.follow("Registrera personens val")
    reader.mark(CAFE)
    reader.mark("Personen själv")
    reader.mark(channel)
    if scan:
        reader.main().locator("input[type=file]").set_input_files(scan)
    walker.press("Läs igenom")
    reader.sees("Skriv vilket stöd personen fick")
    if scan:
        reader.sees("Ett papper är inläst")
    reader.fill("Vilket stöd fick personen att förstå och välja?", "Bilder.")
    walker.press("Läs igenom")
