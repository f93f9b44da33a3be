"""Easy read made from a unit's facts, for when nobody has written it yet."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lovdv.providers.questions import (
    BY_KEY,
    QUESTIONS,
    Facts,
    Question,
    answer,
    chosen_options,
    days_in_words,
)

SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
OPTION_SENTENCES = {
    "activities": "Här kan du {}.",
    "access": "Det finns {}.",
    "languages": "Personalen talar {}.",
    "communication": "Personalen använder {}.",
}
PICTURES = {
    "a_day": "sun",
    "opens": "clock",
    "closes": "clock",
    "lunch_price": "coin",
    "travel": "bus",
    "group_size": "group",
    "staff": "hand",
    "training": "books",
}
"""What stands beside an answer that is not ticked."""
IN_SHORT = ("activities", "sound")


@dataclass(frozen=True)
class Line:
    """One short sentence and the picture beside it."""

    picture: str
    words: str


def lines(facts: Facts) -> list[Line]:
    """At least one sentence a fact, in the order of the questions; nothing made up.

    >>> [line.words for line in lines({"sound": "quiet", "lunch_price": "0"})]
    ['Lunchen kostar inget.', 'Det är lugnt och tyst.']
    """
    return [
        line
        for question in QUESTIONS
        if answer(question, facts)
        for line in MADE.get(question.key, _plain)(question, facts)
    ]


def in_short(facts: Facts) -> list[Line]:
    """What a card tells of a unit: what one does there, and the sound."""
    return [line for key in IN_SHORT for line in _known_or_not(key, facts)]


def _known_or_not(key: str, facts: Facts) -> list[Line]:
    question = BY_KEY[key]
    unknown = Line("question", f"{question.words} Ingen uppgift.")
    return lines({key: facts.get(key)}) or [unknown]


def unanswered(facts: Facts) -> list[str]:
    """The questions that the unit has not answered, in their own words.

    >>> unanswered({})[0]
    'Vad gör man här?'
    """
    return [question.words for question in QUESTIONS if not answer(question, facts)]


def pictures_of(key: str, facts: Facts) -> list[Line]:
    """An answer as words, each with its picture."""
    question = BY_KEY[key]
    if question.options:
        return [Line(o.picture, o.words) for o in chosen_options(question, facts)]
    said = answer(question, facts)
    return [Line(_picture(question), said)] if said else []


def text_lines(text: str) -> list[str]:
    """What somebody wrote as easy read, a line each."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _picture(question: Question) -> str:
    return PICTURES.get(question.key, "memo")


def _plain(question: Question, facts: Facts) -> Iterator[Line]:
    """A sentence for each ticked answer, or the question and its answer."""
    sentence = OPTION_SENTENCES.get(question.key, "{}")
    for option in chosen_options(question, facts):
        yield Line(option.picture, sentence.format(option.easy or option.words))
    if not question.options:
        said = _ended(answer(question, facts))
        yield Line(_picture(question), f"{question.words} {said}")


def _days(question: Question, facts: Facts) -> Iterator[Line]:
    days = [option.words for option in chosen_options(question, facts)]
    yield Line("calendar", f"Det är öppet {days_in_words(days)}.")


def _opens(question: Question, facts: Facts) -> Iterator[Line]:
    opens, closes = facts["opens"], facts.get("closes")
    until = f"Öppet från klockan {opens} till {closes}."
    yield Line("clock", until if closes else f"Det öppnar klockan {opens}.")


def _closes(question: Question, facts: Facts) -> Iterator[Line]:
    if not facts.get("opens"):
        yield Line("clock", f"Det stänger klockan {facts['closes']}.")


def _price(question: Question, facts: Facts) -> Iterator[Line]:
    price = answer(question, facts)
    costs = price if price == "kostar inget" else f"kostar {price}"
    yield Line("coin", f"Lunchen {costs}.")


def _group(question: Question, facts: Facts) -> Iterator[Line]:
    yield Line("group", f"Ni är {facts['group_size']} i gruppen.")


def _staff(question: Question, facts: Facts) -> Iterator[Line]:
    yield Line("hand", f"{facts['staff']} ur personalen hjälper gruppen.")


def _told(heading: str) -> Callable[[Question, Facts], Iterator[Line]]:
    """What the unit has told in its own words, a sentence a line."""

    def made(question: Question, facts: Facts) -> Iterator[Line]:
        said = SENTENCE.split(answer(question, facts))
        first, *rest = [_ended(part.strip()) for part in said if part.strip()]
        yield Line(_picture(question), f"{heading} {first}")
        yield from (Line(_picture(question), sentence) for sentence in rest)

    return made


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


MADE: dict[str, Callable[[Question, Facts], Iterator[Line]]] = {
    "a_day": _told("Så här ser en dag ut:"),
    "open_days": _days,
    "opens": _opens,
    "closes": _closes,
    "lunch_price": _price,
    "travel": _told("Så åker du hit:"),
    "group_size": _group,
    "staff": _staff,
    "training": _told("Personalen har utbildning:"),
}
"""Answers that are told in another way than the plain one."""
