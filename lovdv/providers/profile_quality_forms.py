"""What a systemledare writes of quality: what is measured, and the results."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import IntegerField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
)

from lovdv.forms import BaseForm, TextField
from lovdv.providers.models import Unit
from lovdv.providers.profile_models import QualityMeasure

Result = tuple[int, int] | None
BOTH = "Skriv både procent och antal svar, eller inget."


class MeasureForm(BaseForm):
    conflicts = {
        "quality_measure": ("words", "Måttet finns redan för det året."),
    }

    words = TextField(
        "Vad är det som mäts?",
        [
            DataRequired("Skriv frågan så som den ställdes."),
            Length(max=120, message="Korta ner till högst 120 tecken."),
        ],
        description="Till exempel: Trivs du här? Andel som svarade ja.",
    )
    source = TextField(
        "Källa",
        [
            DataRequired("Skriv vem som har frågat."),
            Length(max=120, message="Korta ner till högst 120 tecken."),
        ],
        description="Samma källa för alla. Till exempel: kommunens brukarundersökning.",
    )
    year = IntegerField(
        "År",
        [
            InputRequired("Skriv året med fyra siffror."),
            NumberRange(2000, 2100, "Skriv året med fyra siffror."),
        ],
    )


class ResultsForm(BaseForm):
    """Two numbers for each unit are made below."""

    units: Sequence[Unit] = ()

    def rows(self) -> list[tuple[Unit, Any, Any]]:
        return [
            (unit, self[f"per_cent_{unit.public_id}"], self[f"n_{unit.public_id}"])
            for unit in self.units
        ]

    def show(self, measure: QualityMeasure) -> None:
        held = {row.unit_id: row for row in measure.results}
        for unit, per_cent, answers in self.rows():
            if unit.id in held:
                per_cent.data = held[unit.id].per_cent
                answers.data = held[unit.id].answers

    def validate(self, extra_validators: Any = None) -> bool:
        """A share says nothing without how many answered, nor the other way."""
        whole = super().validate(extra_validators)
        for _unit, per_cent, answers in self.rows():
            if (per_cent.data is None) != (answers.data is None):
                answers.errors = [*answers.errors, BOTH]
                whole = False
        return whole

    def results(self) -> dict[int, Result]:
        return {
            unit.id: None
            if answers.data is None
            else (per_cent.data or 0, answers.data)
            for unit, per_cent, answers in self.rows()
        }


def results_form(units: Sequence[Unit]) -> ResultsForm:
    made: Mapping[str, object] = {"units": units} | {
        name: field for unit in units for name, field in _asked(unit).items()
    }
    form: ResultsForm = type("ResultsFormOf", (ResultsForm,), dict(made))()
    return form


def _asked(unit: Unit) -> dict[str, object]:
    share, count = f"per_cent_{unit.public_id}", f"n_{unit.public_id}"
    hundred = NumberRange(0, 100, "Skriv ett helt tal från 0 till 100.")
    many = NumberRange(0, 9999, "Skriv ett helt tal från 0 till 9999.")
    return {
        share: IntegerField(f"Procent, {unit.name}", [Optional(), hundred]),
        count: IntegerField(f"Antal svar, {unit.name}", [Optional(), many]),
    }
