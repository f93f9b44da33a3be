"""Whether every set of answers gets a level when there are no limits."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product

from assessment.errors import Fault
from assessment.instrument import Instrument
from assessment.level_rules import Band, Table, TableKey
from assessment.numbers import number_text
from assessment.reach import first_after, span, step_of, summed
from assessment.rule_checks import in_order


def faults_in_cover(instrument: Instrument) -> Iterator[Fault]:
    """Yield why answers could be left without a level, if they could."""
    if instrument.limits or decides_all(instrument):
        return
    holes = [_hole(instrument, table) for table in instrument.tables]
    if "" in holes:
        return
    yield Fault(
        "gränser",
        " ".join(["Det finns svar som inte får någon nivå.", *holes[:1]]),
        "Lägg till gränser, en sista rad utan villkor bland besluten, "
        "eller det som saknas i tabellen.",
    )


def decides_all(instrument: Instrument) -> bool:
    """Tell whether the ordered list ends with a row that always holds."""
    return any(not decision.when for decision in instrument.decisions)


def covers(instrument: Instrument, table: Table) -> bool:
    """Tell whether the table has a level for every set of answers."""
    return not _hole(instrument, table)


def _hole(instrument: Instrument, table: Table) -> str:
    for key in table.keys:
        if hole := key_hole(instrument, key):
            return f"Tabellen ”{table.id}”: {hole}"
    given = {row.bands for row in table.rows}
    labels = [[band.label for band in key.bands] for key in table.keys]
    missing = next((bands for bands in product(*labels) if bands not in given), None)
    if missing is None:
        return ""
    return f"Tabellen ”{table.id}”: raden {', '.join(missing)} saknas."


def key_hole(instrument: Instrument, key: TableKey) -> str:
    """Say which points of the key fall in no band, or nothing."""
    if key.named == "question":
        return _question_hole(instrument, key)
    questions = summed(instrument, key)
    reached, step = span(instrument, questions), step_of(instrument, questions)
    bands = in_order(key.bands)
    if reached is None or not bands or _is_unreadable(bands):
        return ""
    return _sum_hole(bands, reached, step)


def _question_hole(instrument: Instrument, key: TableKey) -> str:
    asked = {question.id: question for question in instrument.questions()}
    scales = {scale.id: scale for scale in instrument.scales}
    question = asked.get(key.question)
    if question is None or question.scale not in scales or _is_unreadable(key.bands):
        return ""
    if question.may_be_absent():
        return f"frågan ”{question.id}” kan vara utan poäng."
    for step in scales[question.scale].steps:
        if not step.points.is_nan() and key.band(step.points) is None:
            return f"svaret ”{step.code}” på ”{question.id}” är inte i något band."
    return ""


def _sum_hole(
    bands: list[Band], reached: tuple[Decimal, Decimal], step: Fraction | None
) -> str:
    low, high = reached
    if bands[0].at_least is not None and bands[0].at_least > low:
        return f"summan {number_text(low)} är inte i något band."
    if bands[-1].at_most is not None and bands[-1].at_most < high:
        return f"summan {number_text(high)} är inte i något band."
    for one, other in pairwise(bands):
        if one.at_most is None or other.at_least is None or not step:
            continue
        if first_after(one.at_most, step) < Fraction(other.at_least):
            return (
                f"summor mellan {number_text(one.at_most)} och "
                f"{number_text(other.at_least)} är inte i något band."
            )
    return ""


def _is_unreadable(bands: list[Band] | tuple[Band, ...]) -> bool:
    return any(
        bound is not None and bound.is_nan()
        for band in bands
        for bound in (band.at_least, band.at_most)
    )
