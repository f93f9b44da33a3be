"""What users may send about habiliteringsersättning."""

from collections.abc import Mapping
from typing import Any, Self

from wtforms import SelectField, SelectMultipleField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from lovdv.allowance.year import PAYERS
from lovdv.forms import BaseForm, DayField, KronorField, OneOf, TextField, options
from lovdv.systems.rule_fields import Whole
from payments.allowance_rules import BY_DAY, BY_HOUR
from payments.calendar import NAMES

KINDS = {
    "base_amount": "Procent av prisbasbeloppet för hel och halv dag",
    "fixed": "Fasta belopp för hel och halv dag",
    "hour": "Belopp per närvarotimme",
}
HOURS = {
    "exact": "Varje minut räknas",
    "whole": "Bara hela timmar räknas",
    "started": "En påbörjad timme räknas som hel",
}
ROUNDINGS = {"1": "Hela kronor", "0.01": "Ören"}


class ComputeForm(BaseForm):
    month = SelectField("Månad", choices=[])

    conflicts = {
        "allowance_run": (
            "month",
            "Någon annan räknade månaden samtidigt. Öppna den körningen i stället.",
        )
    }


class RulesForm(BaseForm):
    """The whole of the rules; the fields of the other kinds are left empty."""

    name = TextField(
        "Reglernas namn", [DataRequired("Skriv ett namn."), Length(max=80)]
    )
    kind = OneOf("Vad som betalas", KINDS)
    full = TextField(
        "Hel dag",
        [Length(max=12)],
        description="Procent, till exempel 0,24, eller kronor, till exempel 54.",
    )
    half = TextField("Halv dag", [Length(max=12)])
    full_from = TextField(
        "Minuter från vilka en dag är hel",
        [Length(max=4)],
        description="Till exempel 240 för fyra timmar.",
    )
    half_from = TextField(
        "Minuter från vilka en dag är halv",
        [Length(max=4)],
        description="Kortare tid än så ger ingenting.",
    )
    hour = TextField("Kronor per timme", [Length(max=12)])
    hours = SelectField("Så räknas timmar", choices=options(HOURS))
    least = TextField(
        "Minsta tid i minuter en dag, när det betalas per timme",
        [Optional(), Length(max=4)],
    )
    month_max = TextField("Högst i månaden, kronor", [Optional(), Length(max=12)])
    rounding = SelectField("Avrundning", choices=options(ROUNDINGS))
    counted: Any = SelectMultipleField(
        "Dagar som räknas",
        choices=options({key: name.capitalize() for key, name in NAMES.items()}),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description="Bara närvaro räknas, om kommunen inte har beslutat något annat.",
    )
    payer_extern = OneOf("Vem betalar när regin är extern?", PAYERS)
    payer_intern = OneOf("Vem betalar när regin är intern?", PAYERS)
    first_day = DayField(
        "Gäller från",
        [DataRequired("Skriv från vilken dag.")],
        description="Den första i en månad.",
    )
    reference = TextField(
        "Beslutat i",
        [DataRequired("Skriv var det är beslutat."), Length(max=200)],
        description="Till exempel: Socialnämnden 2026-02-12 § 14.",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """What the kind needs is written, but for the shortest time: none is none."""
        found = bool(super().validate(extra_validators))
        missing = [name for name in self._own if not self[name].data]
        for name in missing:
            self.refuse("Skriv ett värde, för det behövs till det som betalas.", name)
        return found and not missing

    @property
    def _own(self) -> tuple[str, ...]:
        return ("hour", "hours") if self.kind.data == "hour" else BY_DAY

    @classmethod
    def filled(cls, value: Mapping[str, Any]) -> Self:
        """The form with rules in its fields."""
        payer = value.get("payer", {})
        told = {f"payer_{regi}": payer.get(regi) for regi in ("extern", "intern")}
        written = {
            name: str(value[name]).replace(".", ",")
            for name in ("full", "half", "hour", "month_max")
            if name in value
        }
        begun = {"counted": ["attended", "extra"], **value, **written}
        return cls(data={**begun, **told})

    def value(self) -> dict[str, object]:
        """The rules as they are decided: the fields of their kind, and the common."""
        own = BY_HOUR if self.kind.data == "hour" else BY_DAY
        found: dict[str, object] = {
            name: (self[name].data or "0").replace(",", ".") for name in own
        }
        if self.month_max.data:
            found["month_max"] = self.month_max.data
        return {
            **found,
            "name": self.name.data,
            "kind": self.kind.data,
            "rounding": self.rounding.data,
            "counted": self.counted.data,
            "payer": {
                "extern": self.payer_extern.data,
                "intern": self.payer_intern.data,
            },
        }


class YearAmountForm(BaseForm):
    year = Whole("År", 2000, 2100)
    amount = KronorField("Belopp i kronor", [InputRequired("Skriv beloppet.")])
    source = TextField(
        "Var det står",
        [DataRequired("Skriv var beloppet står."), Length(max=200)],
        description="Till exempel: SFS 2026:123, eller Socialstyrelsens beslut.",
    )

    def validate_amount(self, field: KronorField) -> None:
        if field.data is not None and field.data <= 0:
            raise ValidationError("Beloppet ska vara över noll.")
