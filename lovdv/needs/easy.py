"""Easy read about a person's need of support, made from a signed assessment.

Short sentences and a picture for each; never a price. Whether the level stands
there is the municipality's to decide (rule "explanation").
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessment import Direction, Domain, Instrument, read_signed
from lovdv.formats import day
from lovdv.needs.models import Level, Objection
from lovdv.needs.models import SignedAssessment as Signed

MOST, SOME = Fraction(2, 3), Fraction(1, 3)


@dataclass(frozen=True)
class Picture:
    """One of the pictures that ship, and what it shows."""

    name: str
    shows: str


@dataclass(frozen=True)
class Area:
    title: str
    picture: Picture


@dataclass(frozen=True)
class Part:
    """A heading with its picture, sentences, and the areas that it is about."""

    title: str
    picture: Picture
    sentences: tuple[str, ...] = ()
    areas: tuple[Area, ...] = ()
    quotes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Readers:
    """Who may read beside the person, by the rules in force."""

    reviewers: bool
    unit_sees_profile: bool


@dataclass(frozen=True)
class EasyRead:
    title: str
    parts: tuple[Part, ...]


STAR = Picture("star", "en stjärna")
# The beginning of a word in an area's title, and its picture.
PICTURES: tuple[tuple[str, Picture], ...] = (
    ("kommunik", Picture("talk", "två som pratar")),
    ("tala", Picture("talk", "två som pratar")),
    ("språk", Picture("talk", "två som pratar")),
    ("social", Picture("people", "människor")),
    ("samspel", Picture("people", "människor")),
    ("relation", Picture("people", "människor")),
    ("mat", Picture("meal", "en måltid")),
    ("mål", Picture("meal", "en måltid")),
    ("hygien", Picture("soap", "en tvål")),
    ("personlig vård", Picture("soap", "en tvål")),
    ("toalett", Picture("toilet", "en toalett")),
    ("res", Picture("bus", "en buss")),
    ("förflytt", Picture("wheelchair", "en rullstol")),
    ("rör", Picture("walking", "någon som går")),
    ("lära", Picture("books", "böcker")),
    ("kunskap", Picture("books", "böcker")),
    ("minne", Picture("thinking", "någon som tänker")),
    ("tänk", Picture("thinking", "någon som tänker")),
    ("uppgift", Picture("tools", "verktyg")),
    ("arbete", Picture("tools", "verktyg")),
    ("hem", Picture("house", "ett hus")),
    ("vardag", Picture("house", "ett hus")),
    ("trygg", Picture("heart", "ett hjärta")),
    ("oro", Picture("heart", "ett hjärta")),
    ("hälsa", Picture("heart", "ett hjärta")),
    ("beteende", Picture("calm", "ett lugnt ansikte")),
    ("syn", Picture("eye", "ett öga")),
    ("hör", Picture("ear", "ett öra")),
    ("tid", Picture("clock", "en klocka")),
    ("struktur", Picture("calendar", "en kalender")),
    ("planer", Picture("calendar", "en kalender")),
)
TALK = Picture("speaking", "någon som pratar")
HAND = Picture("hand", "en hand")
YES = Picture("yes", "ett ja")
SCALES = Picture("scales", "en våg")
SWAP = Picture("swap", "två pilar")
MEMO = Picture("memo", "papper och penna")
LOCK = Picture("lock", "ett lås")


def picture_of(title: str) -> Picture:
    """The picture of an area, by how a word of its title begins."""
    words = f" {title.casefold()}"
    return next((p for start, p in PICTURES if f" {start}" in words), STAR)


def shares(instrument: Instrument, document: str) -> dict[str, Fraction]:
    """By area, how large the need is: 0 none, 1 as large as the answers can say.

    Areas in which nothing was counted are left out.
    """
    result = json.loads(read_signed(document).result)
    points = {
        step["question"]: Decimal(step["points"])
        for step in result["trace"]
        if step["kind"] == "counted"
    }
    found = {
        domain.title: _share(instrument, domain, points)
        for domain in instrument.domains
        if any(question.id in points for question in domain.questions)
    }
    if instrument.direction is Direction.DESCENDING:
        return {title: 1 - share for title, share in found.items()}
    return found


def _asked(document: str) -> int:
    trace = json.loads(read_signed(document).result)["trace"]
    return sum(step["kind"] in {"counted", "uncounted"} for step in trace)


def _share(
    instrument: Instrument, domain: Domain, points: Mapping[str, Decimal]
) -> Fraction:
    least = most = reached = Fraction(0)
    for question in domain.questions:
        if question.id in points:
            steps = instrument.scale(question.scale).steps
            possible = [Fraction(question.weight) * Fraction(s.points) for s in steps]
            least, most = least + min(possible), most + max(possible)
            reached += Fraction(points[question.id])
    return (reached - least) / (most - least) if most > least else Fraction(0)


def easy_read(
    *,
    instrument: Instrument,
    level: Level,
    signed: Signed,
    objections: Sequence[Objection],
    shows_level: bool,
    part_of_decision: bool,
    readers: Readers,
) -> EasyRead:
    """Why it became so, to the person."""
    assert level.assessment.held_on is not None
    parts = (
        _how(_asked(signed.document), level, level.assessment.own_words),
        *_areas(shares(instrument, signed.document)),
        *([_level(level)] if shows_level else []),
        _wrong(objections),
        _changed(part_of_decision=part_of_decision),
        Part("Vem får läsa det här?", LOCK, _who_reads(readers)),
    )
    title = f"Därför har du nivå {level.level}" if shows_level else "Så mycket stöd"
    return EasyRead(title, tuple(parts))


COLLEAGUE = (
    "En annan bedömare kan också läsa.",
    "Då ser vi om det blev rätt.",
)


def _who_reads(readers: Readers) -> tuple[str, ...]:
    points = "De som du är hos på dagarna får se hur mycket stöd du behöver."
    return (
        "Den som gör din bedömning får läsa.",
        *(COLLEAGUE if readers.reviewers else ()),
        "Din handläggare får läsa.",
        "Den som för din talan får läsa.",
        *([points] if readers.unit_sees_profile else ()),
        "De som du är hos på dagarna får inte läsa svaren.",
    )


def _how(questions: int, level: Level, own_words: str) -> Part:
    return Part(
        "Så gjorde vi",
        TALK,
        (
            f"Vi gick igenom {questions} frågor om din dag.",
            f"Det var den {day(level.assessment.held_on)}.",
            "Då såg vi vad du vill och kan.",
            "Vi såg också vad du vill ha hjälp med.",
        ),
        quotes=(("Så sa du:", own_words),) if own_words else (),
    )


def _areas(found: Mapping[str, Fraction]) -> list[Part]:
    """The areas, those with the largest need first; a part without areas is none."""
    groups = (
        ("Här behöver du mycket stöd", HAND, lambda share: share >= MOST),
        ("Här behöver du en del stöd", HAND, lambda share: SOME <= share < MOST),
        ("Här behöver du lite stöd", HAND, lambda share: 0 < share < SOME),
        ("Det här klarar du själv", YES, lambda share: share <= 0),
    )
    parts = [
        Part(
            title,
            picture,
            areas=tuple(
                Area(area, picture_of(area))
                for area, share in found.items()
                if belongs(share)
            ),
        )
        for title, picture, belongs in groups
    ]
    return [part for part in parts if part.areas]


def _level(level: Level) -> Part:
    return Part(
        "Din nivå",
        SCALES,
        (
            f"Du har nivå {level.level}.",
            f"Den gäller från {day(level.first_day)}.",
            "Nivån säger hur mycket stöd du får.",
        ),
    )


def _wrong(objections: Sequence[Objection]) -> Part:
    quotes = []
    for objection in objections:
        quotes.append(("Det här är sagt:", objection.text))
        quotes += [("Vi svarade:", answer.text) for answer in objection.answers]
    return Part(
        "Är något fel?",
        MEMO,
        (
            "Säg till oss om något är fel.",
            "Du kan också skriva det själv.",
            "Vi sparar allt du säger.",
            "Ingen får ta bort det.",
        ),
        quotes=tuple(quotes),
    )


def _changed(*, part_of_decision: bool) -> Part:
    appeal = (
        "Du kan överklaga ditt beslut.",
        "Då får en domstol se på det.",
        "Hur du gör står i brevet du fick.",
    )
    return Part(
        "Kan det bli ändrat?",
        SWAP,
        (
            "Ja, om du vill ha mer hjälp eller mindre.",
            "Be oss då att se på det igen.",
            *(appeal if part_of_decision else ()),
        ),
    )
