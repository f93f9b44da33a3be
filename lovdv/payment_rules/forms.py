"""What users may send about payment rules."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_wtf.file import FileField
from wtforms import FieldList, HiddenField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from lovdv.forms import (
    BaseForm,
    DayField,
    KronorField,
    LastDayField,
    LongTextField,
    TextField,
    after,
    options,
)
from lovdv.payment_rules.fields import (
    EMPTY_ROWS,
    MOST_ROWS,
    is_empty,
    part_of,
    shown,
    typed,
)
from lovdv.payment_rules.sections import Section
from payments.calendar import NAMES
from payments.fields import Field


class SectionForm(BaseForm):
    """One section of a draft; the fields come from the rule file's own list."""

    told: Sequence[Field] = ()
    version = HiddenField()

    @classmethod
    def of(
        cls,
        section: Section,
        content: Mapping[str, object],
        version: int,
        reasons: Mapping[str, str],
    ) -> Any:
        told = tuple(_offered(one, content, reasons) for one in section.fields)
        parts = {one.name: part_of(one) for one in told}
        form = type("FilledSectionForm", (cls,), {**parts, "told": told})
        data = {one.name: shown(one, content.get(one.name)) for one in told}
        return form(data={**data, "version": str(version)})

    @property
    def content(self) -> dict[str, object]:
        """What is said, by field; what is not said is left out."""
        found = {one.name: typed(one, self[one.name]) for one in self.told}
        return {name: value for name, value in found.items() if value is not None}

    def lists(self) -> list[FieldList]:
        """Every list of rows, also inside a table."""
        found = [self[one.name] for one in self.told if one.kind == "rows"]
        for one in self.told:
            if one.kind == "table":
                inner = [sub.name for sub in one.fields if sub.kind == "rows"]
                found += [self[one.name].form[name] for name in inner]
        return found

    def with_empty_rows(self, more: str = "") -> None:
        """Room for more at the end of each list; extra room in the one asked for."""
        for rows in self.lists():
            if rows.name == more:
                wanted = len(rows.entries) + EMPTY_ROWS
            else:
                filled = [e for e in rows.entries if not is_empty(e.form)]
                wanted = len(filled) + EMPTY_ROWS
            while len(rows.entries) < min(wanted, MOST_ROWS):
                rows.append_entry()

    def put(self, message: str, name: str) -> None:
        """A fault of the section as a whole, where its field stands."""
        part = self[name] if name in self._fields else None
        if part is None:
            self.form_errors.append(message)
        elif isinstance(part, FieldList) or hasattr(part, "form"):
            self.form_errors.append(f"{part.label.text}: {message}")
        else:
            part.errors = [*part.errors, message]


def _offered(
    field: Field, content: Mapping[str, object], reasons: Mapping[str, str]
) -> Field:
    """Lists of the municipality's own, where the rule file has a code."""
    if field.name == "after_end":
        return _listed(field, "reason", tuple(reasons.items()))
    if field.name == "absence":
        short = {k: name.removeprefix("frånvaro ") for k, name in NAMES.items()}
        names = {**{name: name for name in _groups(content)}, **short}
        return _listed(field, "group", (("", "för sig"), *names.items()))
    return field


def _groups(content: Mapping[str, object]) -> list[str]:
    """What the absence rows are counted together under."""
    rows = content.get("absence")
    told = rows if isinstance(rows, list) else []
    return [str(r["group"]) for r in told if isinstance(r, dict) and r.get("group")]


def _listed(field: Field, name: str, choices: tuple[tuple[str, str], ...]) -> Field:
    inner = tuple(
        replace(one, kind="choice", choices=choices) if one.name == name else one
        for one in field.fields
    )
    return replace(field, fields=inner)


class NewDraftForm(BaseForm):
    system = SelectField("Valfrihetssystem", choices=[])
    start = SelectField("Börja från", choices=[])
    file = FileField(
        "Eller läs in en fil",
        [Optional()],
        description="En regelfil (JSON), till exempel en som är hämtad här.",
    )


class DecideForm(BaseForm):
    version = HiddenField()
    first_day = DayField(
        "Gäller från",
        [InputRequired("Skriv från vilken dag.")],
        description="Den första i en månad, till exempel 2027-01-01.",
    )
    reference = TextField(
        "Beslutat i",
        [
            DataRequired("Skriv var det är beslutat."),
            Length(max=200, message="Texten är för lång. Skriv högst 200 tecken."),
        ],
        description="Till exempel: Socialnämnden 2026-02-12 § 14.",
    )


class GrantForm(BaseForm):
    """A supplement that a placement gets."""

    placement = TextField("Placeringsnummer", [DataRequired("Skriv numret.")])
    code = SelectField("Tillägg", choices=[])
    first_day = DayField("Från och med", [InputRequired("Skriv första dagen.")])
    last_day = LastDayField(
        "Till och med",
        [Optional(), after("first_day", "Sista dagen är före den första.")],
        description="Behövs för individuella tillägg.",
    )
    amount = KronorField(
        "Belopp i kronor",
        [Optional()],
        description="Bara för individuella tillägg; andra har reglernas belopp.",
    )
    reason = LongTextField(
        "Skäl", [Optional(), Length(max=400, message="Skriv högst 400 tecken.")]
    )
    proof = TextField(
        "Underlag",
        [Optional(), Length(max=200, message="Skriv högst 200 tecken.")],
        description="Var underlaget finns, till exempel ett diarienummer.",
    )


class EndGrantForm(BaseForm):
    last_day = LastDayField("Sista dagen", [InputRequired("Skriv sista dagen.")])
    reason = TextField(
        "Skäl",
        [
            DataRequired("Skriv varför tillägget slutar."),
            Length(max=400, message="Skriv högst 400 tecken."),
        ],
    )


class BenchForm(BaseForm):
    """A rule set tried on a placement, or on a case made up for it."""

    class Meta(BaseForm.Meta):
        csrf = False

    rules = SelectField("Regler att pröva", choices=[])
    month = TextField(
        "Månad", [DataRequired("Skriv månaden.")], description="Till exempel 2026-03."
    )
    placement = TextField(
        "Placeringsnummer",
        description="Tomt: pröva på ett påhittat fall nedan.",
    )
    level = TextField("Nivå", description="Som i prislistan.")
    regi = SelectField(
        "Regi",
        choices=options({"extern": "Extern", "intern": "Egen regi"}),
        description="Vilket pris som gäller.",
    )
    monday = TextField("Måndag")
    tuesday = TextField("Tisdag")
    wednesday = TextField("Onsdag")
    thursday = TextField("Torsdag")
    friday = TextField("Fredag")
    saturday = TextField("Lördag")
    sunday = TextField("Söndag")
    price = KronorField("Pris i kronor", [Optional()], description="Tomt: prislistans.")
    first_day = DayField("Börjar", description="Tomt: före månaden.")
    last_day = LastDayField("Slutar", description="Tomt: efter månaden.")
    days = TextField(
        "Dagar som inte är som planen",
        [Length(max=400, message="Skriv högst 400 tecken.")],
        description="Dag och bokstav, till exempel: 5 A, 6 A, 12 O, 19 A 12-15.",
    )

    @property
    def week(self) -> list[Any]:
        names = ("monday", "tuesday", "wednesday", "thursday", "friday")
        return [self[name] for name in (*names, "saturday", "sunday")]
