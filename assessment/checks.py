"""What makes an instrument contradict itself, found before anything is scored.

A value that reading.py could not read is "" or NaN here: it has its own fault
already, so comparisons with it are left out rather than reported twice.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from assessment.errors import Fault
from assessment.instrument import (
    NOT_ASSESSED,
    NOT_RELEVANT,
    Condition,
    Domain,
    Instrument,
    Question,
    Scale,
)
from assessment.limits import faults_in_limits


def faults_in(instrument: Instrument) -> tuple[Fault, ...]:
    """Return every way the instrument contradicts itself, in reading order."""
    return (
        *_scale_faults(instrument),
        *_domain_faults(instrument),
        *_level_faults(instrument),
        *faults_in_limits(instrument),
        *_rule_faults(instrument),
    )


def _repeated(place: str, names: Iterable[str]) -> Iterator[Fault]:
    for name, times in Counter(name for name in names if name).items():
        if times > 1:
            yield Fault(
                place,
                f"”{name}” finns {times} gånger.",
                "Ge varje del ett eget namn.",
            )


def _unknown(place: str, what: str, name: str) -> Fault:
    return Fault(
        place,
        f"{what} ”{name}” finns inte i instrumentet.",
        "Rätta namnet, eller lägg till delen.",
    )


def _scale_faults(instrument: Instrument) -> Iterator[Fault]:
    yield from _repeated("skalor", (scale.id for scale in instrument.scales))
    for number, scale in enumerate(instrument.scales, 1):
        place = f"skala {number}"
        yield from _repeated(place, (step.code for step in scale.steps))
        for step in scale.steps:
            if step.code in {NOT_RELEVANT, NOT_ASSESSED}:
                yield Fault(
                    place,
                    f"Svaret ”{step.code}” har redan en egen betydelse.",
                    "Välj en annan kod för steget.",
                )


def _domain_faults(instrument: Instrument) -> Iterator[Fault]:
    yield from _repeated("områden", (domain.id for domain in instrument.domains))
    yield from _repeated("frågor", (question.id for question in instrument.questions()))
    scales = {scale.id: scale for scale in instrument.scales}
    before: dict[str, Scale | None] = {}
    for number, domain in enumerate(instrument.domains, 1):
        yield from _question_faults(f"område {number}", domain, scales, before)


def _question_faults(
    place: str,
    domain: Domain,
    scales: dict[str, Scale],
    before: dict[str, Scale | None],
) -> Iterator[Fault]:
    for number, question in enumerate(domain.questions, 1):
        where = f"{place}, fråga {number}"
        scale = scales.get(question.scale)
        if question.scale and scale is None:
            yield _unknown(f"{where}, fältet scale", "Skalan", question.scale)
        if scale is not None:
            yield from _description_faults(where, question, scale)
        yield from _condition_faults(
            f"{where}, fältet shown_when", question.shown_when, before, earlier=True
        )
        before[question.id] = scale


def _description_faults(
    place: str, question: Question, scale: Scale
) -> Iterator[Fault]:
    described = {code for code, _ in question.descriptions}
    codes = {step.code for step in scale.steps if step.code}
    for code in sorted(described - codes):
        yield Fault(
            f"{place}, fältet descriptions",
            f"Beskrivningen gäller svaret ”{code}”, som inte finns i skalan.",
            "Ta bort den, eller rätta koden.",
        )
    if described:
        for code in sorted(codes - described):
            yield Fault(
                f"{place}, fältet descriptions",
                f"Svaret ”{code}” saknar beskrivning.",
                "Beskriv alla steg i skalan, eller inget av dem.",
            )


def _condition_faults(
    place: str,
    conditions: tuple[Condition, ...],
    known: dict[str, Scale | None],
    *,
    earlier: bool = False,
) -> Iterator[Fault]:
    for number, condition in enumerate(conditions, 1):
        where = f"{place}, villkor {number}"
        if condition.question and condition.question not in known:
            yield Fault(
                where,
                f"Frågan ”{condition.question}” finns inte"
                + (" före den här frågan." if earlier else " i instrumentet."),
                "Hänvisa till en fråga som står tidigare."
                if earlier
                else "Rätta frågans namn.",
            )
        if condition.at_least is None and condition.at_most is None:
            yield Fault(
                where,
                "Villkoret har ingen gräns.",
                "Ange at_least, at_most eller båda.",
            )
        elif not _can_hold(condition, known.get(condition.question)):
            yield Fault(
                where,
                "Inget svar i frågans skala kan uppfylla villkoret.",
                "Ändra gränsen så att minst ett svar når den.",
            )


def _can_hold(condition: Condition, scale: Scale | None) -> bool:
    bounds = (condition.at_least, condition.at_most)
    if scale is None or any(bound is not None and bound.is_nan() for bound in bounds):
        return True
    points = [step.points for step in scale.steps]
    return any(point.is_nan() for point in points) or any(
        condition.holds(point) for point in points
    )


def _level_faults(instrument: Instrument) -> Iterator[Fault]:
    labels = [level.label for level in instrument.levels]
    yield from _repeated("nivåer", labels)
    given = {limit.level for limit in instrument.limits}
    given |= {rule.level for rule in instrument.rules}
    for number, label in enumerate(labels, 1):
        if label and "" not in given and label not in given:
            yield Fault(
                f"nivå {number}",
                f"Nivån ”{label}” kan aldrig ges.",
                "Lägg till en gräns eller en regel som ger den, eller ta bort nivån.",
            )


def _rule_faults(instrument: Instrument) -> Iterator[Fault]:
    scales = {scale.id: scale for scale in instrument.scales}
    known = {
        question.id: scales.get(question.scale) for question in instrument.questions()
    }
    labels = {level.label for level in instrument.levels}
    yield from _repeated("regler", (rule.id for rule in instrument.rules))
    for number, rule in enumerate(instrument.rules, 1):
        place = f"regel {number}"
        if rule.level and rule.level not in labels:
            yield _unknown(f"{place}, fältet level", "Nivån", rule.level)
        yield from _condition_faults(f"{place}, fältet when", rule.when, known)
