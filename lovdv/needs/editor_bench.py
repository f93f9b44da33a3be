"""The bench: answers tried on an instrument, and how the level comes about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import SelectField

from assessment import (
    NOT_RELEVANT,
    Counted,
    Domain,
    FiredRule,
    Instrument,
    Margin,
    NoLevel,
    Question,
    Result,
    TraceStep,
    Uncounted,
    score,
)
from lovdv.forms import BaseForm, options
from lovdv.needs import words

PREFIX = "svar-"


class BenchForm(BaseForm):
    """One list per question; the fields are made from the instrument."""

    _instrument: Instrument

    @classmethod
    def of(cls, instrument: Instrument) -> "BenchForm":
        fields: dict[str, object] = {"_instrument": instrument}
        for question in instrument.questions():
            fields[PREFIX + question.id] = SelectField(
                question.text,
                choices=options(_choices(instrument, question), "Inget svar"),
                validate_choice=False,
            )
        made: BenchForm = type("MadeBenchForm", (cls,), fields)()
        return made

    def domains(self) -> Iterator[tuple[Domain, list[Any]]]:
        for domain in self._instrument.domains:
            yield domain, [self[PREFIX + item.id] for item in domain.questions]

    def answers(self) -> dict[str, str]:
        return {
            question.id: answer
            for question in self._instrument.questions()
            if (answer := self[PREFIX + question.id].data)
        }


def _choices(instrument: Instrument, question: Question) -> Iterator[tuple[str, str]]:
    for step in instrument.scale(question.scale).steps:
        yield step.code, f"{step.label} ({words.exact(step.points)})"
    if question.may_be_irrelevant:
        yield NOT_RELEVANT, "Ej relevant"


@dataclass(frozen=True)
class Line:
    """One step on the way to the level."""

    what: str
    how: str
    points: str


@dataclass(frozen=True)
class Outcome:
    """What the answers gave: a level with its trace, or every reason for none."""

    level: str
    price_level: str
    points: str
    maximum: str
    lines: tuple[Line, ...]
    margins: tuple[str, ...]
    reasons: tuple[str, ...]


def outcome_of(instrument: Instrument, answers: Mapping[str, str]) -> Outcome:
    found = score(instrument, answers)
    if isinstance(found, NoLevel):
        return Outcome("", "", "", "", (), (), _reasons(instrument, found))
    return Outcome(
        level=found.level,
        price_level=found.price_level,
        points=words.exact(found.points),
        maximum=words.exact(found.maximum),
        lines=tuple(_lines(instrument, found)),
        margins=tuple(_margins(found)),
        reasons=(),
    )


def _reasons(instrument: Instrument, found: NoLevel) -> tuple[str, ...]:
    texts = {question.id: question.text for question in instrument.questions()}
    return tuple(
        reason.message.replace(f"”{reason.question}”", f"”{texts[reason.question]}”")
        if reason.question in texts
        else reason.message
        for reason in found.reasons
    )


def _lines(instrument: Instrument, found: Result) -> Iterator[Line]:
    for step in found.trace:
        yield _line(instrument, step)


def _line(instrument: Instrument, step: TraceStep) -> Line:
    match step.kind:
        case "counted":
            return _counted(instrument, step)
        case "uncounted":
            return _uncounted(instrument, step)
        case "domain_sum":
            titles = {domain.id: domain.title for domain in instrument.domains}
            of = f"av högst {words.exact(step.maximum)}"
            return Line(f"Summan i {titles[step.domain]}", of, words.exact(step.points))
        case "sum":
            return Line(
                "Hela summan",
                f"av högst {words.exact(step.maximum)}",
                words.exact(step.points),
            )
        case "rule":
            return _rule(step)
        case "priced":
            return Line(f"Nivå {step.level}", f"prisnivå {step.price_level}", "")
    return _base(step)


def _base(step: Any) -> Line:
    """What gave the level before the rules: a limit, a decision or a table."""
    gives = f"ger nivå {step.level}"
    if step.kind == "by_limit":
        bounds = {
            name: getattr(step, name)
            for name in ("basis", "low", "low_included", "high", "high_included")
        }
        return Line("Gränsen", f"{words.bounds_words(bounds)} {gives}", "")
    if step.kind == "by_decision":
        return Line("Beslutslistan", f"{step.text} {gives}", "")
    bands = ", ".join(key.band for key in step.keys)
    return Line("Tabellen", f"{step.text} Rutan {bands} {gives}", "")


def _counted(instrument: Instrument, step: Counted) -> Line:
    question = instrument.question(step.question)
    answer = instrument.scale(question.scale).step(step.answer)
    label = answer.label if answer else step.answer
    how = f"{label}: {words.exact(step.scale_points)} × {words.exact(step.weight)}"
    return Line(question.text, how, words.exact(step.points))


def _uncounted(instrument: Instrument, step: Uncounted) -> Line:
    text = instrument.question(step.question).text
    return Line(text, words.NOT_COUNTED[step.why.value], "")


def _rule(step: FiredRule) -> Line:
    if not step.changed:
        effect = "gäller, men ändrar inte nivån"
    elif step.rule_kind.value == "fixed":
        effect = f"bestämmer nivån till {step.level}"
    else:
        effect = f"lyfter nivån till {step.level}"
    return Line("Regel", f"{step.text} – {effect}", "")


def _margins(found: Result) -> Iterator[str]:
    for margin in (found.margins.higher, found.margins.lower):
        if margin is not None:
            yield _margin(margin)
    held = set(found.margins.held_by)
    for rule in found.fired:
        if rule.rule in held:
            yield f"Nivån hålls av en regel: {rule.text}"


def _margin(margin: Margin) -> str:
    more = "Mer än " if margin.more_than else ""
    return f"{more}{words.exact(margin.points)} poäng till nivå {margin.level}."
