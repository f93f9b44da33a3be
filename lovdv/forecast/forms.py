"""What users may send about forecasts."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, Form, FormField, HiddenField, IntegerField, SelectField
from wtforms.i18n import get_translations
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from lovdv.errors import Refused
from lovdv.forecast.changing import Changes
from lovdv.forecast.words import EXTENTS
from lovdv.forms import (
    BaseForm,
    DayField,
    KronorField,
    LongTextField,
    PerCentField,
    TextField,
    options,
)
from payments import ore
from payments.errors import NotAnAmount
from payments.indexing import index_of

MOST_MORE = 10_000
"""People, or hundredths of a per cent; more is a slip of the pen."""

LARGEST_RULES = 200_000
NOT_A_VOLUME = "Skriv procent som 5 % eller antal personer som 3, gärna med minus."


class VolumeRow(Form):
    """How many more or fewer at a level: per cent, or a number of people."""

    class Meta(Form.Meta):
        locales = ("sv_SE", "sv")

        def get_translations(self, form: Any) -> Any:
            return get_translations(self.locales)

    level = HiddenField()
    more = TextField("Fler eller färre")

    def validate_more(self, field: Any) -> None:
        self.read()

    def read(self) -> tuple[int | None, int | None]:
        """Hundredths of a per cent, or people."""
        text = (self.more.data or "").replace("\N{MINUS SIGN}", "-").replace("+", "")
        try:
            if not text:
                return None, None
            if text.endswith("%"):
                return self._within(index_of(text), MOST_MORE), None
            return None, self._within(int(text), MOST_MORE)
        except (NotAnAmount, ValueError) as error:
            raise ValidationError(NOT_A_VOLUME) from error

    @staticmethod
    def _within(found: int, most: int) -> int:
        if abs(found) > most:
            raise ValueError(found)
        return found


class ScenarioForm(BaseForm):
    """What is changed; what is left alone stays as it was in the month."""

    name = TextField(
        "Namn",
        [
            DataRequired("Ge scenariot ett namn, till exempel OPI 3,1 %."),
            Length(max=120),
        ],
    )
    price_percent = PerCentField(
        "Alla priser, procent upp eller ned",
        [Optional()],
        description="Till exempel 3,1.",
    )
    prices = SelectField("Andra priser", choices=[], default="")
    rules = FileField(
        "Andra ersättningsregler",
        [Optional()],
        description="En regelfil (JSON) med till exempel andra gränser för "
        "omfattningsklasserna.",
    )
    extent_days = SelectField(
        "Omfattning",
        choices=options({str(days): words for days, words in EXTENTS.items()}),
        default="0",
    )
    extent_share = IntegerField(
        "För så många procent av placeringarna",
        [
            InputRequired("Skriv hela procent, 0 till 100."),
            NumberRange(0, 100, "Skriv hela procent, 0 till 100."),
        ],
        default=100,
    )
    external_share = IntegerField(
        "Andel som väljer extern utförare, procent",
        [Optional(), NumberRange(0, 100, "Skriv hela procent, 0 till 100.")],
    )
    volumes = FieldList(FormField(VolumeRow))

    @classmethod
    def of(cls, levels: Sequence[str]) -> "ScenarioForm":
        return cls(data={"volumes": [{"level": level} for level in levels]})

    def changes(self, cells: Sequence[Any], price_name: str) -> Changes:
        read = {row.level.data: row.read() for row in (e.form for e in self.volumes)}
        return Changes(
            price_index=self.price_percent.hundredths,
            price_cells=tuple(cells),
            price_name=price_name,
            rules=self._rules(),
            rules_name=self.rules.data.filename if self.rules.data else "",
            extent_days=int(self.extent_days.data),
            extent_share=self.extent_share.data,
            more_percent={k: percent for k, (percent, _) in read.items() if percent},
            more_people={k: people for k, (_, people) in read.items() if people},
            external_share=self.external_share.data,
        )

    def _rules(self) -> Mapping[str, object] | None:
        if not self.rules.data:
            return None
        content = self.rules.data.read(LARGEST_RULES + 1)
        try:
            found = json.loads(content.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise Refused("Regelfilen är inte JSON. Välj en annan.", "rules") from error
        if len(content) > LARGEST_RULES or not isinstance(found, dict):
            raise Refused("Filen är ingen regelfil. Välj en annan.", "rules")
        return found


class BudgetForm(BaseForm):
    year = IntegerField(
        "År",
        [
            InputRequired("Skriv vilket år budgeten gäller."),
            NumberRange(2000, 2100, "Skriv ett år, till exempel 2026."),
        ],
    )
    amount = KronorField(
        "Budget i kronor",
        [InputRequired("Skriv budgeten i kronor.")],
        description="Hela årets budget, till exempel 66 000 000.",
    )
    reference = TextField(
        "Beslutat i",
        [
            DataRequired("Skriv var det är beslutat."),
            Length(max=200, message="Texten är för lång. Skriv högst 200 tecken."),
        ],
        description="Till exempel: Kommunfullmäktige 2025-11-24 § 210.",
    )

    conflicts = {
        "budget": (
            "year",
            "Någon annan sparade en budget för samma år samtidigt. Försök igen.",
        )
    }

    def validate_amount(self, field: Any) -> None:
        if field.data <= 0:
            raise ValidationError("Budgeten ska vara över noll.")

    @property
    def ore(self) -> int:
        return ore(self.amount.data)


class BaselineForm(BaseForm):
    name = TextField(
        "Namn",
        [DataRequired("Ge läget ett namn, till exempel Före LOV."), Length(max=120)],
    )
    day = DayField("Dag", [InputRequired("Ange vilken dag läget gäller.")])
    note = LongTextField(
        "Anteckning", [Optional(), Length(max=400, message="Skriv högst 400 tecken.")]
    )


class ShadowForm(BaseForm):
    file = FileField(
        "Fil med det som betalades",
        [FileRequired("Välj en fil.")],
        description="Excel eller CSV med kolumnerna placeringsnummer (eller "
        "ärendenummer), månad och belopp. Nivå, omfattning, dagar och pris jämförs när "
        "de finns. Andra kolumner sparas inte. Högst 8 MB.",
    )
