"""Instrument files: every fault is named with its place and what to do."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from assessment import (
    Instrument,
    UnreadableInstrumentError,
    canonical_text,
    digest,
    faults_in,
    read_instrument,
    shipped_instruments,
)
from tests.engines import published_instruments as make

Document = dict[str, Any]


def document() -> Document:
    """Return a small valid file as nested values, to spoil in one place."""
    read: Document = json.loads(canonical_text(make.phq_9()))
    return read


def faults(spoiled: Document | str | bytes) -> list[str]:
    content = spoiled if isinstance(spoiled, str | bytes) else json.dumps(spoiled)
    with pytest.raises(UnreadableInstrumentError) as caught:
        read_instrument(content)
    assert all(fault.remedy for fault in caught.value.faults)
    return [f"{fault.place}: {fault.problem}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    "instrument",
    [
        make.phq_9(),
        make.environmental_support(),
        make.behaviour_support(),
        make.virginia_tiers(),
        *shipped_instruments(),
    ],
    ids=lambda instrument: instrument.title,
)
def test_an_instrument_survives_its_json_form(instrument: Instrument) -> None:
    text = canonical_text(instrument)
    assert read_instrument(text) == instrument
    assert canonical_text(read_instrument(text.encode())) == text
    assert len(digest(text)) == 64


def test_a_byte_order_mark_is_no_fault() -> None:
    text = canonical_text(make.phq_9())
    assert read_instrument(b"\xef\xbb\xbf" + text.encode()) == make.phq_9()


def test_the_shipped_examples_say_that_they_are_examples() -> None:
    for instrument in shipped_instruments():
        assert "Exempel – inte Södertörnsmodellens text" in instrument.text
        assert "Exempel – inte Södertörnsmodellens text" in instrument.source


def test_the_shipped_examples_cover_the_nine_life_areas_in_five_and_seven_levels() -> (
    None
):
    five, seven = shipped_instruments()
    assert [len(five.levels), len(seven.levels)] == [5, 7]
    assert [domain.title for domain in five.domains] == [
        "Lärande och tillämpa kunskap",
        "Allmänna uppgifter och krav",
        "Kommunikation",
        "Förflyttning",
        "Personlig vård",
        "Hemliv",
        "Mellanmänskliga interaktioner och relationer",
        "Viktiga livsområden",
        "Samhällsgemenskap, socialt och medborgerligt liv",
    ]
    assert [domain.title for domain in seven.domains] == [
        domain.title for domain in five.domains
    ]


def test_every_shipped_answer_is_described() -> None:
    for instrument in shipped_instruments():
        for question in instrument.questions():
            for step in instrument.scale(question.scale).steps:
                assert question.description(step.code), (question.id, step.code)


def set_at(*path: str | int) -> Callable[[Document, object], None]:
    def change(spoiled: Document, value: object) -> None:
        place: Any = spoiled
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return change


QUESTION = ("domains", 0, "questions", 2)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("format",), "annat", "fältet format: ”annat” är inte ett av valen."),
        (
            ("id",),
            "Stora Bokstäver",
            "fältet id: ”Stora Bokstäver” kan inte vara ett namn.",
        ),
        (("title",), "", "fältet title: ”” är inte en text."),
        (("title",), "x" * 201, "fältet title: Texten har 201 tecken."),
        (
            ("title",),
            "a\x00b",
            "fältet title: Texten har tecken som inte går att visa.",
        ),
        (("levels",), [], "fältet levels: Listan har 0 delar."),
        (("levels",), "1-5", "fältet levels: ”1-5” är inte en lista."),
        (("levels", 0), "1", "nivå 1: Här ska det stå ett objekt inom { }."),
        (
            (*QUESTION, "weight"),
            0.5,
            "område 1, fråga 3, fältet weight: Talet 0.5 står utan citattecken.",
        ),
        (
            (*QUESTION, "weight"),
            "0,5",
            "område 1, fråga 3, fältet weight: ”0,5” är inte ett tal.",
        ),
        (
            (*QUESTION, "weight"),
            "1e5",
            "område 1, fråga 3, fältet weight: ”1e5” är inte ett tal.",
        ),
        (
            (*QUESTION, "weight"),
            "NaN",
            "område 1, fråga 3, fältet weight: ”NaN” är inte ett tal.",
        ),
        (
            (*QUESTION, "required"),
            "ja",
            "område 1, fråga 3, fältet required: ”ja” är inte ja eller nej.",
        ),
        (
            (*QUESTION, "wieght"),
            "1",
            "område 1, fråga 3, fältet wieght: Fältet är okänt.",
        ),
        (
            (*QUESTION, "scale"),
            "saknas",
            (
                "område 1, fråga 3, fältet scale: "
                "Skalan ”saknas” finns inte i instrumentet."
            ),
        ),
        ((*QUESTION, "id"), "p1", "frågor: ”p1” finns 2 gånger."),
        (
            (*QUESTION, "descriptions"),
            {"0": "Ingen", "9": "Fel"},
            (
                "område 1, fråga 3, fältet descriptions: "
                "Beskrivningen gäller svaret ”9”, som inte finns i skalan."
            ),
        ),
        (
            (*QUESTION, "descriptions"),
            {"0": "a", "1": "b", "2": "c"},
            "område 1, fråga 3, fältet descriptions: Svaret ”3” saknar beskrivning.",
        ),
        (
            (*QUESTION, "shown_when"),
            [{"question": "p5", "at_least": "1"}],
            (
                "område 1, fråga 3, fältet shown_when, villkor 1: "
                "Frågan ”p5” finns inte före den här frågan."
            ),
        ),
        (
            (*QUESTION, "shown_when"),
            [{"question": "p1"}],
            (
                "område 1, fråga 3, fältet shown_when, villkor 1: "
                "Villkoret har ingen gräns."
            ),
        ),
        (
            (*QUESTION, "shown_when"),
            [{"question": "p1", "at_least": "4"}],
            (
                "område 1, fråga 3, fältet shown_when, villkor 1: "
                "Inget svar i frågans skala kan uppfylla villkoret."
            ),
        ),
        (
            ("rules",),
            [{"id": "r", "kind": "floor", "text": "t", "when": [], "level": "mild"}],
            "regel 1, fältet when: Listan har 0 delar.",
        ),
        (
            ("rules",),
            [
                {
                    "id": "r",
                    "kind": "floor",
                    "text": "t",
                    "when": [{"question": "p1", "at_least": "1"}],
                    "level": "9",
                }
            ],
            "regel 1, fältet level: Nivån ”9” finns inte i instrumentet.",
        ),
        (
            ("scales", 0, "steps", 0, "code"),
            "ej relevant",
            "skala 1: Svaret ”ej relevant” har redan en egen betydelse.",
        ),
        (
            ("scales", 0, "steps", 0, "code"),
            "Ej Relevant",
            "skala 1: Svaret ”Ej Relevant” har redan en egen betydelse.",
        ),
        (
            ("scales", 0, "steps", 0, "code"),
            "1",
            "skala 1: ”1” finns 2 gånger.",
        ),
        (
            ("limits", 0, "level"),
            "mild",
            "gräns 2, fältet level: Nivån ”mild” har redan en gräns.",
        ),
        (
            ("limits", 0, "level"),
            "okänd",
            "gräns 1, fältet level: Nivån ”okänd” finns inte i instrumentet.",
        ),
        (
            ("limits", 0, "from_included"),
            None,
            "gräns 1, fältet from_included: Här saknas ja eller nej.",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(
    path: tuple[str | int, ...], value: object, expected: str
) -> None:
    spoiled = document()
    set_at(*path)(spoiled, value)
    assert expected in faults(spoiled)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "rad 1, tecken 1: Filen är inte giltig JSON."),
        ("[]", "filen: Här ska det stå ett objekt inom { }."),
        ("null", "filen: Här ska det stå ett objekt inom { }."),
        (b"\xff\xfe{}", "filen: Texten är inte UTF-8."),
        ("[" * 100_000, "filen: Delarna ligger inuti varandra i för många steg."),
        (" " * 2_000_001, "filen: Filen är större än 2 MB."),
        ('{"id": "a", "id": "b"}', "filen: Nyckeln id finns flera gånger."),
        ('{"title": "\\ud800"}', "fältet title: Texten har tecken"),
        ("9" * 10_000, "filen: Här ska det stå ett objekt inom { }."),
    ],
    ids=[
        "empty",
        "a list",
        "null",
        "utf-16",
        "nested",
        "too large",
        "twice",
        "half a character",
        "a huge number",
    ],
)
def test_what_is_no_instrument_is_refused_in_words(
    content: str | bytes, expected: str
) -> None:
    assert any(fault.startswith(expected) for fault in faults(content))


def test_forty_faults_give_forty_messages() -> None:
    spoiled = document()
    spoiled["domains"] = [
        {
            "id": f"d{number}",
            "title": "Ett område",
            "questions": [
                {"id": f"q{number}", "text": "?", "scale": "grad", "weight": "tung"}
            ],
        }
        for number in range(40)
    ]
    assert len(faults(spoiled)) == 40


def test_faults_of_different_kinds_stand_together() -> None:
    spoiled = document()
    spoiled["title"] = 7
    spoiled["limits"][1]["to"] = "8"
    spoiled["domains"][0]["questions"][0]["scale"] = "borta"
    assert len(faults(spoiled)) == 3


LIMITS = {
    "a gap": [("1", "0", "2", "[]"), ("2", "4", "6", "[]")],
    "a gap on the bound": [("1", "0", "3", "[)"), ("2", "3", "6", "(]")],
    "an overlap": [("1", "0", "4", "[]"), ("2", "3", "6", "[]")],
    "an overlap on the bound": [("1", "0", "3", "[]"), ("2", "3", "6", "[]")],
    "an overlap without end": [("1", "0", None, "[]"), ("2", "3", "6", "[]")],
    "nothing below": [("1", "1", "3", "[]"), ("2", "4", "6", "[]")],
    "nothing on the lowest": [("1", "0", "3", "(]"), ("2", "4", "6", "[]")],
    "nothing above": [("1", "0", "3", "[]"), ("2", "4", "5", "[]")],
    "nothing on the highest": [("1", "0", "3", "[]"), ("2", "4", "6", "[)")],
    "from above to": [("1", "3", "0", "[]"), ("2", "4", "6", "[]")],
    "no points inside": [("1", "0", "0", "[)"), ("2", "0", "6", "[]")],
    "wrong order": [("2", "0", "3", "[]"), ("1", "4", "6", "[]")],
}


@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS.keys())
def test_limits_that_do_not_give_one_level_each_are_refused(
    limits: list[tuple[str, str | None, str | None, str]],
) -> None:
    spoiled = make.instrument(
        limits=[
            make.between(level, low, high, ends=ends)
            for level, low, high, ends in limits
        ]
    )
    assert len(faults_in(spoiled)) == 1


def test_whole_points_make_no_gap_between_four_and_five() -> None:
    assert faults_in(make.phq_9()) == ()


def test_half_points_make_a_gap_between_three_and_four() -> None:
    halves = make.instrument(
        questions=[make.question("a", weight="0.5"), make.question("b", weight="1.5")],
        limits=[make.between("1", "0", "3"), make.between("2", "4", "6")],
    )
    (fault,) = faults_in(halves)
    assert fault.problem.startswith("Det finns ett hål mellan 3 och 4")


def test_a_share_needs_limits_without_any_gap() -> None:
    shares = make.instrument(
        basis=make.Basis.SHARE,
        limits=[make.between("1", "0", "49"), make.between("2", "50", "100")],
    )
    (fault,) = faults_in(shares)
    assert "hål mellan 49 och 50" in fault.problem


def test_a_share_of_negative_points_is_refused() -> None:
    negative = make.instrument(
        questions=[make.question("a", weight="-1")],
        basis=make.Basis.SHARE,
        limits=[
            make.between("1", None, "50"),
            make.between("2", "50", None, ends="(]"),
        ],
    )
    (fault,) = faults_in(negative)
    assert "Minuspoäng" in fault.problem


def test_a_level_that_nothing_gives_is_refused() -> None:
    idle = make.instrument(levels=["1", "2", "3"])
    (fault,) = faults_in(idle)
    assert fault.problem == "Nivån ”3” kan aldrig ges."


def test_the_place_of_a_fault_can_always_be_shown() -> None:
    spoiled = document()
    set_at(*QUESTION, "descriptions")(spoiled, {"\ud800": ""})
    assert all(fault.encode() for fault in faults(spoiled))
