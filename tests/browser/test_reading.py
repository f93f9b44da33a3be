"""Ways to read in Chromium: reading aloud, size, contrast, calm, pictures, colours."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from lovdv.extensions import db
from lovdv.preferences import COOKIE
from tests.browser.reader import Reader
from tests.browser.test_pages import RULES
from tests.kit_reading import World, world_in

WAYS = {
    "normal": "reading=normal",
    "easy": "reading=easy",
    "many pictures": "pictures=many",
    "no pictures": "reading=easy&pictures=none",
    "high contrast": "contrast=more",
    "high contrast, dark": "contrast=more&theme=dark",
    "dark": "reading=easy&theme=dark",
    "calm": "motion=calm",
    "largest": "size=xl&reading=easy",
}
VOICES = """
(voices) => {
    window.spoken = [];
    const listeners = [];
    const speech = {
        voices,
        getVoices: () => speech.voices,
        addEventListener: (_name, told) => listeners.push(told),
        speak: (said) => {
            spoken.push([said.text, said.lang, said.voice.name]);
            speech.current = said;
        },
        cancel: () => { spoken.push("cancel"); speech.current = null; },
        next: () => speech.current.onend(),
        arrive: (found) => { speech.voices = found; listeners.forEach((f) => f()); },
    };
    Object.defineProperty(window, "speechSynthesis", { value: speech });
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}
"""
"""The browser's own part, which has no voice in a test: what it is asked is kept."""
SIZE = "parseFloat(getComputedStyle(document.querySelector('section p')).fontSize)"
BRAND = """
() => {
    const brand = document.querySelector(".lov-brand");
    const range = document.createRange();
    range.selectNodeContents(brand.querySelector(".lov-brand__name"));
    return [range.getClientRects().length, brand.getBoundingClientRect().height];
}
"""
"""On how many lines the name of the site stands, and how high it is with the rest."""
LOCAL = {"name": "Alva", "lang": "sv-SE", "localService": True}
REMOTE = {"name": "Moln", "lang": "sv-SE", "localService": False}
FOREIGN = {"name": "Fred", "lang": "en-GB", "localService": True}

pytestmark = pytest.mark.slow


@pytest.fixture
def world(cloned_app: Flask) -> World:
    with cloned_app.app_context():
        made = world_in(cloned_app)
        db.session.commit()
    return made


def with_voices(reader: Reader, *voices: dict[str, object]) -> Reader:
    told = ", ".join(str(voice).replace("True", "true") for voice in voices)
    told = told.replace("False", "false")
    reader.page.add_init_script(f"({VOICES})([{told}])")
    return reader


def as_client(reader: Reader, world: World, app: Flask) -> Reader:
    kept = world.reader.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert kept is not None
    cookie: Any = {"name": kept.key, "value": kept.value, "url": reader.address}
    reader.context.add_cookies([cookie])
    return reader


def reading(reader: Reader, way: str) -> Reader:
    cookie: Any = {"name": COOKIE, "value": way, "url": reader.address}
    reader.context.add_cookies([cookie])
    return reader


def button(reader: Reader) -> Any:
    return reader.page.locator("[data-read]")


@pytest.mark.parametrize(
    "voices", [[], [REMOTE], [FOREIGN]], ids=["none", "only remote", "only foreign"]
)
def test_reading_aloud_is_not_offered_without_a_swedish_voice_of_the_device(
    readers: Callable[[], Reader], world: World, voices: list[dict[str, object]]
) -> None:
    reader = with_voices(readers(), *voices)
    reader.open(world.pages["choice.how"])
    assert button(reader).is_hidden()


def test_the_button_comes_when_the_voice_does_and_goes_with_it(
    readers: Callable[[], Reader], world: World
) -> None:
    reader = with_voices(readers())
    reader.open(world.pages["choice.how"])
    reader.page.evaluate("(v) => speechSynthesis.arrive([v])", LOCAL)
    assert button(reader).is_visible()
    reader.page.evaluate("(v) => speechSynthesis.arrive([v])", REMOTE)
    assert button(reader).is_hidden()


def test_the_main_part_is_read_a_sentence_at_a_time_and_marked(
    readers: Callable[[], Reader], world: World
) -> None:
    reader = with_voices(readers(), REMOTE, FOREIGN, LOCAL)
    reader.open(world.pages["choice.how"])
    button(reader).click()
    for _ in range(3):
        reader.page.evaluate("speechSynthesis.next()")
    assert reader.page.evaluate("spoken") == [
        ["Så fungerar valet", "sv-SE", "Alva"],
        ["Har du beslut om daglig verksamhet?", "sv-SE", "Alva"],
        [
            "Då väljer du själv var du vill vara på dagarna.",
            "sv-SE",
            "Alva",
        ],
        ["Du bestämmer", "sv-SE", "Alva"],
    ]
    marked = "[...CSS.highlights.get('lov-read')].map((range) => range.toString())"
    assert reader.page.evaluate(marked) == ["Du bestämmer"]


def test_reading_stops_when_asked_and_at_the_end(
    readers: Callable[[], Reader], world: World
) -> None:
    reader = with_voices(readers(), LOCAL)
    reader.open(world.pages["choice.how"])
    button(reader).click()
    assert button(reader).inner_text() == "Sluta läsa"
    assert button(reader).get_attribute("aria-pressed") == "true"
    button(reader).click()
    assert reader.page.evaluate("spoken.at(-1)") == "cancel"
    assert button(reader).inner_text() == "Läs upp"
    button(reader).click()
    reader.page.evaluate(
        "while (speechSynthesis.current) speechSynthesis.current.onend()"
    )
    assert button(reader).inner_text() == "Läs upp"
    assert reader.page.evaluate("CSS.highlights.get('lov-read').size") == 0


@pytest.mark.parametrize("page", ["choice.own", "choice.choose", "choice.compare"])
def test_everything_that_is_seen_is_read_once(
    readers: Callable[[], Reader], world: World, cloned_app: Flask, page: str
) -> None:
    reader = as_client(with_voices(readers(), LOCAL), world, cloned_app)
    reader.open(world.pages[page])
    button(reader).click()
    reader.page.evaluate(
        "while (speechSynthesis.current) speechSynthesis.current.onend()"
    )
    said = [each[0] for each in reader.page.evaluate("spoken") if each != "cancel"]
    assert said[0] == reader.heading
    assert all(said)
    assert len("".join(said)) > 200


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_way_of_reading_has_a_fault(
    readers: Callable[[], Reader], world: World, cloned_app: Flask, way: str
) -> None:
    reader = reading(as_client(readers(), world, cloned_app), way)
    wrong = []
    for name, path in world.pages.items():
        reader.open(path)
        wrong += [f"{name}: {fault}" for fault in reader.axe(**RULES)]
        if reader.overflow(320) > 0:
            wrong.append(f"{name}: {reader.overflow(320)} px wider than 320 px")
        wrong += [f"{name}, narrow: {fault}" for fault in reader.axe(**RULES)]
        reader.page.set_viewport_size({"width": 1280, "height": 900})
    assert wrong == []


def test_the_display_menu_leads_back_and_is_remembered_without_javascript(
    browser: Browser, address: str, world: World
) -> None:
    context = browser.new_context(java_script_enabled=False)
    reader = Reader(context, address)
    path = f"{world.pages['choice.side_by_side']}&s=abc"
    reader.open(path)
    for words in ("Lättläst", "Många", "Störst", "Mörkt", "Hög", "Ingen"):
        reader.page.locator("summary", has_text="Visning").click()
        reader.page.get_by_role("button", name=words, exact=True).click()
        assert reader.page.url == reader.address + path
    reader.open(world.pages["choice.how"])
    html = reader.page.locator("html")
    assert html.get_attribute("data-text") == "xl"
    assert html.get_attribute("data-color-scheme") == "dark"
    names = [cookie["name"] for cookie in context.cookies()]
    assert names == [COOKIE]
    context.close()


def test_text_can_be_twice_as_large(
    readers: Callable[[], Reader], world: World
) -> None:
    reader, sizes = readers(), []
    for size in ("md", "lg", "xl"):
        reading(reader, f"size={size}").open(world.pages["choice.how"])
        sizes.append(reader.page.evaluate(SIZE))
    assert sizes[0] < sizes[1] < sizes[2]
    assert sizes[2] >= 2 * sizes[0]


@pytest.mark.parametrize("width", [390, 320])
def test_the_name_of_the_site_is_one_word_in_the_largest_text(
    readers: Callable[[], Reader], world: World, cloned_app: Flask, width: int
) -> None:
    cloned_app.config["MUNICIPALITY"] = "Upplands-Bro kommun"
    reader = reading(readers(), "size=xl")
    reader.open(world.pages["choice.how"])
    assert reader.overflow(width) == 0
    lines, height = reader.page.evaluate(BRAND)
    assert lines == 1
    assert height < 250


@pytest.mark.parametrize("asked", ["here", "in the device"])
def test_nothing_moves_for_those_who_want_calm(
    readers: Callable[[], Reader], world: World, asked: str
) -> None:
    reader = readers()
    moving = "getComputedStyle(document.querySelector('.lov-card')).transitionDuration"
    if asked == "here":
        reading(reader, "motion=calm")
    else:
        reader.page.emulate_media(reduced_motion="reduce")
    reader.open("/verksamheter")
    assert reader.page.evaluate(moving) in {"0s", "none"}


@pytest.mark.parametrize("asked", ["here", "in the device"])
def test_contrast_is_higher_for_those_who_ask(
    readers: Callable[[], Reader], world: World, asked: str
) -> None:
    reader = readers()
    if asked == "here":
        reading(reader, "contrast=more&theme=light")
    else:
        reading(reader, "theme=light").page.emulate_media(contrast="more")
    reader.open(world.pages["choice.how"])
    colours = reader.page.evaluate(
        "(({ color, backgroundColor }) => [color, backgroundColor])"
        "(getComputedStyle(document.body))"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
