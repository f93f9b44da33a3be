"""Which change in an instrument moves people: one change at a time is taken back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assessment import (
    Domain,
    Instrument,
    Question,
    Scale,
    Scorer,
    UnreadableInstrumentError,
)

BOUNDS = "Gränser, regler och nivåer"
LEVELLING = ("levels", "limits", "rules", "decisions", "tables", "direction", "basis")


@dataclass(frozen=True)
class Driver:
    """One change, and the new instrument as it would be without it."""

    text: str
    without: Scorer | None
    """None: the instrument cannot be used without the change, so it is not tried."""


def drivers(old: Instrument, new: Instrument) -> list[Driver]:
    """Every change between two versions that could move somebody."""
    return [Driver(text, _scorer(changed)) for text, changed in _taken_back(old, new)]


def _scorer(instrument: Instrument) -> Scorer | None:
    try:
        return Scorer(instrument)
    except UnreadableInstrumentError:
        return None


def _taken_back(old: Instrument, new: Instrument) -> Iterator[tuple[str, Instrument]]:
    before, after = _asked(old), _asked(new)
    for name, question in after.items():
        if name not in before:
            yield f"Ny fråga: {question.text}", _without(new, name)
        elif _meaning(old, before[name]) != _meaning(new, question):
            yield question.text, _with_old(old, new, before[name])
    for name, question in before.items():
        if name not in after:
            yield f"Borttagen fråga: {question.text}", _added(old, new, question)
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
    )


def _without(new: Instrument, name: str) -> Instrument:
    return _with_domains(
        new,
        [
            replace(
                domain,
                questions=tuple(q for q in domain.questions if q.id != name),
            )
            for domain in new.domains
        ],
    )


def _with_old(old: Instrument, new: Instrument, question: Question) -> Instrument:
    scale = replace(old.scale(question.scale), id=f"forra-{question.scale}")
    asked = replace(question, scale=scale.id, descriptions=())
    domains = [
        replace(
            domain,
            questions=tuple(
                asked if one.id == question.id else one for one in domain.questions
            ),
        )
        for domain in new.domains
    ]
    return _with_domains(new, domains, scale)


def _added(old: Instrument, new: Instrument, question: Question) -> Instrument:
    """The question back where it stood, or last when its domain is gone."""
    home = next(d.id for d in old.domains if question in d.questions)
    names = [domain.id for domain in new.domains]
    at = names.index(home) if home in names else len(names) - 1
    scale = replace(old.scale(question.scale), id=f"forra-{question.scale}")
    asked = replace(question, scale=scale.id, descriptions=())
    domains = list(new.domains)
    domains[at] = replace(domains[at], questions=(*domains[at].questions, asked))
    return _with_domains(new, domains, scale)


def _with_domains(
    new: Instrument, domains: Sequence[Domain], *scales: Scale
) -> Instrument:
    kept = tuple(domain for domain in domains if domain.questions)
    return replace(new, domains=kept, scales=(*new.scales, *scales))
