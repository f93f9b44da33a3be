"""What makes an instrument contradict itself, found before anything is scored.

A value that reading.py could not read is "" or NaN here: it has its own fault
already, so comparisons with it are left out rather than reported twice.
"""

from collections.abc import Iterator

from assessment.cover import faults_in_cover
from assessment.errors import Fault
from assessment.instrument import (
    NOT_ASSESSED,
    NOT_RELEVANT,
    Domain,
    Instrument,
    Question,
    Scale,
)
from assessment.limits import faults_in_limits
from assessment.rule_checks import earlier_faults, faults_in_rules, repeated, unknown


def faults_in(instrument: Instrument) -> tuple[Fault, ...]:
    """Return every way the instrument contradicts itself, in reading order."""
    return (
        *_scale_faults(instrument),
        *_domain_faults(instrument),
        *_level_faults(instrument),
        *faults_in_limits(instrument),
        *faults_in_rules(instrument),
        *faults_in_cover(instrument),
    )


def _scale_faults(instrument: Instrument) -> Iterator[Fault]:
    yield from repeated("skalor", (scale.id for scale in instrument.scales))
    for number, scale in enumerate(instrument.scales, 1):
        place = f"skala {number}"
        yield from repeated(place, (step.code for step in scale.steps))
        for step in scale.steps:
            if step.code.casefold() in {NOT_RELEVANT, NOT_ASSESSED}:
                yield Fault(
                    place,
                    f"Svaret ”{step.code}” har redan en egen betydelse.",
                    "Välj en annan kod för steget.",
                )


def _domain_faults(instrument: Instrument) -> Iterator[Fault]:
    yield from repeated("områden", (domain.id for domain in instrument.domains))
    yield from repeated("frågor", (question.id for question in instrument.questions()))
    scales = {scale.id: scale for scale in instrument.scales}
    before: dict[str, Scale | None] = {}
    for number, domain in enumerate(instrument.domains, 1):
        yield from _question_faults(
            instrument, f"område {number}", domain, scales, before
        )


def _question_faults(
    instrument: Instrument,
    place: str,
    domain: Domain,
    scales: dict[str, Scale],
    before: dict[str, Scale | None],
) -> Iterator[Fault]:
    for number, question in enumerate(domain.questions, 1):
        where = f"{place}, fråga {number}"
        scale = scales.get(question.scale)
        if question.scale and scale is None:
            yield unknown(f"{where}, fältet scale", "Skalan", question.scale)
        if scale is not None:
            yield from _description_faults(where, question, scale)
        yield from earlier_faults(
            instrument, f"{where}, fältet shown_when", question.shown_when, before
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


def _level_faults(instrument: Instrument) -> Iterator[Fault]:
    labels = [level.label for level in instrument.levels]
    yield from repeated("nivåer", labels)
    given = {limit.level for limit in instrument.limits}
    given |= {rule.level for rule in instrument.rules}
    given |= {decision.level for decision in instrument.decisions}
    given |= {row.level for table in instrument.tables for row in table.rows}
    for number, label in enumerate(labels, 1):
        if label and "" not in given and label not in given:
            yield Fault(
                f"nivå {number}",
                f"Nivån ”{label}” kan aldrig ges.",
                "Lägg till en gräns eller en regel som ger den, eller ta bort nivån.",
            )
