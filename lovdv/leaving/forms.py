"""What a lead may send about units that stop."""

from collections.abc import Mapping, Sequence

from wtforms import SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lovdv.forms import (
    BaseForm,
    LastDayField,
    LongTextField,
    TextField,
    at_most,
    options,
)
from lovdv.providers.models import ContractUnit


class Ticks(SelectMultipleField):
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ExitForm(BaseForm):
    units = Ticks(
        "Vilka verksamheter slutar?",
        [InputRequired("Kryssa i minst en verksamhet.")],
    )
    last_day = LastDayField(
        "Sista dag (till och med)",
        [InputRequired("Skriv sista dagen.")],
        description="Den sista dagen som någon är där.",
    )
    reason = SelectField(
        "Anledning", choices=[], validators=[InputRequired("Välj en anledning.")]
    )
    note = TextField(
        "Anteckning",
        [Optional(), at_most(300)],
        description="Om avtalet eller verksamheten, aldrig om en person.",
    )

    def offer(self, covers: Sequence[ContractUnit], reasons: Mapping[str, str]) -> None:
        named = [(cover.unit.public_id, cover.unit.name) for cover in covers]
        self.units.choices = options(named)
        self.reason.choices = options(reasons, empty="Välj en anledning")

    def hidden(self) -> list[tuple[str, str]]:
        """What was sent, to be sent once more when it has been read through."""
        return [
            (name, value)
            for name, field in self._fields.items()
            if name != "csrf_token"
            for value in field.raw_data or []
        ]


class DayForm(BaseForm):
    last_day = LastDayField(
        "Ny sista dag (till och med)", [InputRequired("Skriv den nya sista dagen.")]
    )
    why = TextField(
        "Varför ändras dagen?",
        [DataRequired("Skriv varför dagen ändras."), at_most(300)],
    )


class WithdrawForm(BaseForm):
    reason = LongTextField(
        "Varför tas det tillbaka?",
        [DataRequired("Skriv varför det tas tillbaka."), at_most(300)],
    )
