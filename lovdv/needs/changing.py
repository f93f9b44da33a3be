"""What would change a signed level: one answer at a time, computed by the engine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessment import Instrument, NoLevel, Result, read_signed, score
from lovdv.needs import words


@dataclass(frozen=True)
class OneStep:
    """One answer a step up or down, and what it would lead to.

    `level` is empty when questions would be asked that have no answer: `asks`.
    """

    question: str
    before: str
    after: str
    level: str
    asks: tuple[str, ...] = ()

    @property
    def leads_to(self) -> str:
        if self.level:
            return f"Nivå {self.level}"
        return "Beror på svaret på " + " och ".join(f"”{text}”" for text in self.asks)


def single_steps(instrument: Instrument, document: str) -> tuple[OneStep, ...]:
    """Each answer whose nearest step on its scale would give another level."""
    answers = {item.question: item.answer for item in read_signed(document).answers}
    now = score(instrument, answers)
    assert isinstance(now, Result)
    counted = {step.question for step in now.trace if step.kind == "counted"}
    return tuple(
        step
        for question in instrument.questions()
        if question.id in counted
        for code in _nearest(instrument, question.scale, answers[question.id])
        if (step := _tried(instrument, answers, question.id, code, now.level))
    )


def _nearest(instrument: Instrument, scale: str, answer: str) -> Iterator[str]:
    """The codes one step down and one step up."""
    codes = [
        step.code
        for step in sorted(instrument.scale(scale).steps, key=lambda step: step.points)
    ]
    place = codes.index(answer)
    yield from codes[max(place - 1, 0) : place]
    yield from codes[place + 1 : place + 2]


def _tried(
    instrument: Instrument,
    answers: Mapping[str, str],
    name: str,
    code: str,
    level: str,
) -> OneStep | None:
    """The other answer, when it changes the level or leaves it open."""
    found = score(instrument, {**answers, name: code})
    asks: tuple[str, ...] = ()
    if isinstance(found, NoLevel):
        asks = tuple(instrument.question(missing).text for missing in found.missing)
        if not asks:
            return None
    elif found.level == level:
        return None
    question = instrument.question(name)
    return OneStep(
        question=question.text,
        before=words.answer_words(instrument, question, answers[name]),
        after=words.answer_words(instrument, question, code),
        level="" if isinstance(found, NoLevel) else found.level,
        asks=asks,
    )
