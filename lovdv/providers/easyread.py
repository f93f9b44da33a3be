"""Easy read made from a unit's facts, for when nobody has written it yet."""

from dataclasses import dataclass

from lovdv.providers.questions import (
    BY_KEY,
    Facts,
    answer,
    chosen_options,
    days_in_words,
)


@dataclass(frozen=True)
class Line:
    """One short sentence and the picture beside it."""

    picture: str
    words: str


def lines(facts: Facts) -> list[Line]:
    """One sentence a fact, in the order of the questions; nothing is made up.

    >>> [line.words for line in lines({"sound": "quiet", "lunch_price": "0"})]
    ['Lunchen kostar inget.', 'Det är lugnt och tyst.']
    """
    made = [
        *_each(facts, "activities", "Här kan du {}."),
        *_own(facts, "outside_work"),
        *_hours(facts),
        *_own(facts, "lunch"),
        *_price(facts),
        *_own(facts, "surroundings"),
        *_own(facts, "sound"),
        *_each(facts, "access", "Det finns {}."),
        *_group(facts),
        *_each(facts, "languages", "Personalen talar {}."),
        *_each(facts, "communication", "Personalen använder {}."),
    ]
    return [line for line in made if line]


def text_lines(text: str) -> list[str]:
    """What somebody wrote as easy read, a line each."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _own(facts: Facts, key: str) -> list[Line]:
    """Answers that have a whole sentence of their own."""
    return [Line(o.picture, o.easy) for o in chosen_options(BY_KEY[key], facts)]


def _each(facts: Facts, key: str, sentence: str) -> list[Line]:
    return [
        Line(o.picture, sentence.format(o.easy))
        for o in chosen_options(BY_KEY[key], facts)
    ]


def _hours(facts: Facts) -> list[Line]:
    found: list[Line] = []
    days = [o.words for o in chosen_options(BY_KEY["open_days"], facts)]
    if days:
        found.append(Line("calendar", f"Det är öppet {days_in_words(days)}."))
    opens, closes = facts.get("opens"), facts.get("closes")
    if opens and closes:
        found.append(Line("clock", f"Öppet från klockan {opens} till {closes}."))
    return found


def _price(facts: Facts) -> list[Line]:
    price = answer(BY_KEY["lunch_price"], facts)
    return [Line("coin", f"Lunchen {_costs(price)}.")] if price else []


def _costs(price: str) -> str:
    return price if price == "kostar inget" else f"kostar {price}"


def _group(facts: Facts) -> list[Line]:
    found: list[Line] = []
    if facts.get("group_size"):
        found.append(Line("group", f"Ni är {facts['group_size']} i gruppen."))
    if facts.get("staff"):
        found.append(Line("hand", f"{facts['staff']} ur personalen hjälper gruppen."))
    return found
