"""Easy read on every page for the person and the public: what it says, how easily."""

import re

import pytest
from flask import Flask

from lovdv.providers.easyread import lines, text_lines
from lovdv.providers.questions import QUESTIONS, Kind, Question
from lovdv.reading.lix import AIM, measure
from tests.kit_page import classes, text_of
from tests.kit_reading import EASY, MUST_SAY, World, reached, read, sentences, world_in

WAYS = {
    "normal": "reading=normal",
    "easy": EASY,
    "many pictures": "pictures=many",
    "no pictures": "reading=easy&pictures=none",
}
ONE_TEXT = {"accessibility.told"}
"""The statement has one text for all, in the words that the law wants."""
NEVER = re.compile(r"\bnivå|icke-?val|dagspris|ersättning|prislista", re.IGNORECASE)
AMOUNT = re.compile(r"[^.]*\b\d[\d ]*(?:,\d+)? ?(?:kr|kronor)\b[^.]*", re.IGNORECASE)
"""A sentence with an amount in it: only the lunch has a price."""


@pytest.fixture
def world(app: Flask) -> World:
    return world_in(app)


def test_every_page_is_easy_in_easy_read(world: World) -> None:
    found = {
        name: measure(sentences(page), world.names).lix
        for name, page in read(world, EASY, reached(world))
    }
    hard = {name: lix for name, lix in found.items() if lix >= AIM}
    assert {name: lix for name, lix in hard.items() if name not in ONE_TEXT} == {}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_picture_stands_with_its_word(world: World, way: str) -> None:
    alone = [
        f"{name}: {image.get('src')}"
        for name, page in read(world, way)
        for parent in page.one("main").iter()
        for image in parent
        if "lov-picture" in classes(image) and not text_of(parent)
    ]
    assert alone == []


def test_no_picture_is_shown_to_those_who_want_none(world: World) -> None:
    for name, page in read(world, WAYS["no pictures"]):
        shown = [e for e in page.tree.iter() if "lov-picture" in classes(e)]
        assert shown == [], name


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_level_price_and_icke_val_never_stand_there(world: World, way: str) -> None:
    for name, page in read(world, way):
        assert NEVER.findall(page.text) == [], name
        for sentence in AMOUNT.findall(page.text):
            assert "lunch" in sentence.lower(), f"{name}: {sentence}"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("name", ["choice.own", "choice.choose", "choice.how"])
def test_what_must_be_said_is_said_in_every_way_of_reading(
    world: World, way: str, name: str
) -> None:
    page = dict(read(world, way))[name]
    assert [words for words in MUST_SAY if words not in page.text] == []


def test_each_thing_that_must_be_said_has_its_picture(world: World) -> None:
    for name in ("choice.own", "choice.choose", "choice.how"):
        page = dict(read(world, EASY))[name]
        pictured = [
            text_of(element)
            for element in page.tree.iter()
            if "lov-pictured" in classes(element)
            and len(list(element.iter("img"))) == 1
        ]
        for words in MUST_SAY:
            assert any(text.startswith(words) for text in pictured), (name, words)


def test_the_person_reads_the_last_day_who_helps_and_whom_to_call(
    world: World,
) -> None:
    pages = dict(read(world, EASY))
    for name in ("choice.own", "choice.choose"):
        for words in ("måndag 30 mars 2026", "Lo Lind", "08-765 43 21", "08-123 45 67"):
            assert words in pages[name].text, (name, words)
    assert pages["choice.own"].one("time", class_="lov-day").get("datetime") == (
        "2026-03-30"
    )
    assert "Buss 3 till Torget" in pages["choice.choose"].text


def test_no_unit_is_left_out_when_its_easy_read_is_missing(world: World) -> None:
    for name, page in read(world, EASY):
        if name in {"choice.compare", "choice.side_by_side", "choice.print_all"}:
            assert "Kafé Solen" in page.text, name
            assert "Snickeriet" in page.text, name


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.key)
def test_every_answer_becomes_an_easy_sentence(question: Question) -> None:
    given: dict[Kind, object] = {
        Kind.SEVERAL: list(question.options),
        Kind.ONE: next(iter(question.options), ""),
        Kind.NUMBER: 7,
        Kind.TIME: "9.15",
        Kind.KRONOR: "45",
        Kind.TEXT: "Ett svar.",
    }
    made = lines({question.key: given.get(question.kind, "Ett svar.")})
    assert made
    assert all(line.words.endswith((".", "?", "!")) for line in made)
    assert all(line.picture for line in made)


def test_no_answer_makes_no_sentence() -> None:
    assert lines({}) == []
    assert text_lines(" \n\n") == []


@pytest.mark.parametrize("key", ["opens", "closes"])
def test_one_of_two_times_is_told_alone(key: str) -> None:
    assert len(lines({key: "8.30"})) == 1
    assert len(lines({"opens": "8.30", "closes": "15.30"})) == 1


def test_those_who_want_many_pictures_have_them_at_each_answer(world: World) -> None:
    pages = dict(read(world, WAYS["many pictures"]))
    for name in ("choice.unit", "choice.side_by_side"):
        shown = [e for e in pages[name].tree.iter() if "lov-worded" in classes(e)]
        words = {text_of(each) for each in shown if each.find("img") is not None}
        assert {"Kafé", "måndag", "Vilorum", "65 kr", "8.30"} <= words, name
    few = dict(read(world, WAYS["normal"]))["choice.unit"]
    assert [e for e in few.tree.iter() if "lov-worded" in classes(e)] == []


def test_easy_read_holds_the_same_facts(world: World) -> None:
    """Address, phone, chief and permit, and what the unit has not told."""
    easy = dict(read(world, EASY))
    for name in ("choice.unit", "choice.unit, no facts"):
        for words in ("Adress", "Område", "Telefon", "E-post"):
            assert f"{words}: ingen uppgift" in easy[name].text, name
        assert "Föreståndare Föreståndarsson är chef här." in easy[name].text
        assert "Högst 20 personer" in easy[name].text
    for name in ("choice.unit, no facts", "choice.side_by_side", "choice.print_all"):
        for question in QUESTIONS:
            assert question.words in easy[name].text, (name, question.key)
    for words in ("Här kan du odla.", "Det är lugnt och tyst.", "folk? Ingen uppgift."):
        assert words in easy["choice.compare"].text
