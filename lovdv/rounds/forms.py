"""What users may send about introduction rounds."""

from collections.abc import Sequence

from wtforms import SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lovdv.forms import BaseForm, options
from lovdv.providers.models import Unit


class RoundForm(BaseForm):
    units = SelectMultipleField(
        "Bara de här verksamheterna",
        [Optional()],
        description="Kryssa inte i någon om alla med plats ska få frågan.",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, units: Sequence[Unit]) -> None:
        self.units.choices = options((unit.public_id, unit.name) for unit in units)
