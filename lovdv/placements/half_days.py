"""The field in which half-days of a week are ticked."""

from typing import Any

from wtforms import SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lovdv.forms import options
from lovdv.placements.occupancy import WORKING_HALVES
from lovdv.placements.plans import HALVES, half_day_text

HALF_DAYS = {
    f"{day}{half}": half_day_text(f"{day}{half}").capitalize()
    for day in range(7)
    for half in HALVES
}


class HalfDaysField(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(
            label,
            choices=options(HALF_DAYS),
            default=list(WORKING_HALVES),
            description="Kryssa i de halvdagar som beställs.",
            **kwargs,
        )

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if not self.data:
            raise ValidationError("Kryssa i minst en halvdag.")
