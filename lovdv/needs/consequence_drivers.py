"""Which change in an instrument moves people: one change at a time is taken back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from assessment import (
    Domain,
    Instrument,
    NoLevel,
    Question,
    Scorer,
    UnreadableInstrumentError,
)

BOUNDS = "Gränser, regler och nivåer"
LEVELLING = (
    "levels",
    "limits",
    "rules",
    "decisions",
    "tables",
    "direction",
    "basis",
    "irrelevant_lowers_maximum",
)


class Tried:
    """An instrument to run over answers that may be to questions it no longer has."""

    def __init__(self, instrument: Instrument) -> None:
        self._scorer = Scorer(instrument)
        self._asked = frozenset(question.id for question in instrument.questions())

    def level(self, answers: Mapping[str, str]) -> str | NoLevel:
        if not answers.keys() <= self._asked:
            answers = {k: answers[k] for k in answers.keys() & self._asked}
        return self._scorer.level(answers)


@dataclass(frozen=True)
class Driver:
    """One change, and the new instrument as it would be without it."""

    text: str
    without: Tried | None
    """None: the instrument cannot be used without the change, so it is not tried."""


def drivers(old: Instrument, new: Instrument) -> list[Driver]:
    """Every change between two versions that could move somebody."""
    return [Driver(text, _tried(changed)) for text, changed in _taken_back(old, new)]


def _tried(instrument: Instrument) -> Tried | None:
    try:
        return Tried(instrument)
    except UnreadableInstrumentError:
        return None


def _taken_back(old: Instrument, new: Instrument) -> Iterator[tuple[str, Instrument]]:
    before, after = _asked(old), _asked(new)
    for name, question in after.items():
        if name not in before:
            yield f"Ny fråga: {question.text}", _filled(_without(new, name))
        elif _meaning(old, before[name]) != _meaning(new, question):
            yield question.text, _put_back(old, _without(new, name), before[name])
    for name, question in before.items():
        if name not in after:
            yield f"Borttagen fråga: {question.text}", _put_back(old, new, question)
    if any(getattr(old, part) != getattr(new, part) for part in LEVELLING):
        kept = {part: getattr(old, part) for part in LEVELLING}
        yield BOUNDS, replace(new, **kept)


def _asked(instrument: Instrument) -> Mapping[str, Question]:
    return {question.id: question for question in instrument.questions()}


def _meaning(instrument: Instrument, question: Question) -> tuple[object, ...]:
    """What of a question can change points: never its words."""
    steps = instrument.scale(question.scale).steps
    return (
        tuple((step.code, step.points) for step in steps),
        question.weight,
        question.required,
        question.may_be_irrelevant,
        question.shown_when,
        _home(instrument, question),
    )


def _home(instrument: Instrument, question: Question) -> str:
    return next(d.id for d in instrument.domains if question in d.questions)


def _without(new: Instrument, name: str) -> Instrument:
    """The new without a question; an empty domain stays, for one to be put back in."""
    domains = tuple(
        replace(domain, questions=tuple(q for q in domain.questions if q.id != name))
        for domain in new.domains
    )
    return replace(new, domains=domains)


def _filled(instrument: Instrument) -> Instrument:
    kept = tuple(domain for domain in instrument.domains if domain.questions)
    return replace(instrument, domains=kept)


def _put_back(old: Instrument, new: Instrument, question: Question) -> Instrument:
    """The question as it was and where it stood, or last when its domain is gone."""
    scale = replace(old.scale(question.scale), id=f"forra-{question.scale}")
    asked = replace(question, scale=scale.id, descriptions=())
    names, home = [domain.id for domain in new.domains], _home(old, question)
    at = names.index(home) if home in names else len(names) - 1
    there = new.domains[at]
    place = _place(old, question, there)
    questions = (*there.questions[:place], asked, *there.questions[place:])
    domains = list(new.domains)
    domains[at] = replace(there, questions=questions)
    return replace(new, domains=tuple(domains), scales=(*new.scales, scale))


def _place(old: Instrument, question: Question, there: Domain) -> int:
    """After the questions that stood before it, since others may ask about it."""
    order = [one.id for one in old.questions()]
    before = set(order[: order.index(question.id)])
    places = [n + 1 for n, one in enumerate(there.questions) if one.id in before]
    return max(places, default=0)
