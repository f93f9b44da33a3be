"""Quality as people have answered it: one source and one year for every unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lovdv import audit
from lovdv.extensions import db
from lovdv.followup.small_counts import LEAST
from lovdv.providers.models import Unit
from lovdv.providers.profile_models import QualityMeasure, QualityResult

NOT_MEASURED = "ingen uppgift"
TOO_FEW = f"Färre än {LEAST} har svarat. Därför visas inget resultat."


@dataclass(frozen=True)
class Told:
    """What a page says of one measure at one unit."""

    words: str
    source: str
    year: int
    text: str


def add_measure(
    *, choice_system_id: int, words: str, source: str, year: int
) -> QualityMeasure:
    new = QualityMeasure(
        choice_system_id=choice_system_id, words=words, source=source, year=year
    )
    db.session.add(new)
    db.session.flush()
    audit.change("quality.measure", object=new.public_id)
    return new


def show_measure(measure: QualityMeasure, *, shown: bool) -> None:
    measure.shown = shown
    db.session.flush()
    audit.change("quality.show", object=measure.public_id, after={"shown": shown})


def set_results(
    measure: QualityMeasure, results: Mapping[int, tuple[int, int] | None]
) -> None:
    """Per cent and number of answers by the unit's id; None takes a result away."""
    held = {row.unit_id: row for row in measure.results}
    for unit_id, result in results.items():
        row = held.get(unit_id)
        if result is None:
            if row is not None:
                db.session.delete(row)
            continue
        if row is None:
            row = QualityResult(measure_id=measure.id, unit_id=unit_id)
            db.session.add(row)
        row.per_cent, row.answers = result
    db.session.flush()
    audit.change("quality.results", object=measure.public_id)


def measures_of(choice_system_id: int) -> Sequence[QualityMeasure]:
    """Every measure, the latest year first."""
    return db.session.scalars(
        select(QualityMeasure)
        .where(QualityMeasure.choice_system_id == choice_system_id)
        .options(selectinload(QualityMeasure.results))
        .order_by(QualityMeasure.year.desc(), QualityMeasure.id)
    ).all()


def measure_of(choice_system_id: int, public_id: str) -> QualityMeasure:
    return db.session.scalars(
        select(QualityMeasure)
        .where(
            QualityMeasure.choice_system_id == choice_system_id,
            QualityMeasure.public_id == public_id,
        )
        .options(selectinload(QualityMeasure.results))
    ).one()


def told_of(choice_system_id: int, units: Sequence[Unit]) -> dict[int, list[Told]]:
    """By the unit's id: every shown measure, the same list for all."""
    measures = db.session.scalars(
        select(QualityMeasure)
        .where(
            QualityMeasure.choice_system_id == choice_system_id, QualityMeasure.shown
        )
        .order_by(QualityMeasure.year.desc(), QualityMeasure.id)
    ).all()
    rows = db.session.scalars(
        select(QualityResult).where(
            QualityResult.measure_id.in_([measure.id for measure in measures]),
            QualityResult.unit_id.in_([unit.id for unit in units]),
        )
    )
    found = {(row.measure_id, row.unit_id): row for row in rows}
    return {
        unit.id: [
            Told(each.words, each.source, each.year, text_of(found.get(key)))
            for each in measures
            for key in [(each.id, unit.id)]
        ]
        for unit in units
    }


def text_of(result: QualityResult | None) -> str:
    """Hidden when few have answered, and then it says so."""
    if result is None:
        return NOT_MEASURED
    if result.answers < LEAST:
        return TOO_FEW
    return f"{result.per_cent} procent, {result.answers} har svarat"
