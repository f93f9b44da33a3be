"""The rule file's fields as form fields: they keep what is typed, right or wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from wtforms import Field as FormPart
from wtforms import FieldList, Form, FormField, SelectField
from wtforms.i18n import get_translations
from wtforms.validators import (
    DataRequired,
    Length,
    Optional,
    StopValidation,
    ValidationError,
)

from lovdv.forms import LongTextField, OneOf, TextField, options
from payments import kronor
from payments.errors import NotAnAmount
from payments.fields import Field

LONGEST, LONGEST_TEXT = 200, 2_000
EMPTY_ROWS = 2
MOST_ROWS = 60
DATED = re.compile(r"(\S+)\s+(.+)")


class Row(Form):
    """A row, or a table, among a section's fields."""

    class Meta:
        locales = ("sv_SE", "sv")

        def get_translations(self, form: Any) -> Any:
            return get_translations(self.locales)


class NumberText(TextField):
    """A number as the rule file has it, with a Swedish comma on the page."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = plain_number(self.data or "")

    def _value(self) -> str:
        return (self.data or "").replace(".", ",")


class DatedAmounts(LongTextField):
    """Amounts, each on a line after the day from which it holds."""

    @property
    def rows(self) -> list[dict[str, str]]:
        lines = [line.strip() for line in (self.data or "").splitlines()]
        return [_dated(line) for line in lines if line]

    def post_validate(self, form: Any, validation_stopped: Any) -> None:
        try:
            assert_dated(self.rows)
        except ValueError as error:
            raise ValidationError(
                "Skriv en dag och ett belopp på varje rad: 2026-01-01 9,00."
            ) from error


def assert_dated(rows: Sequence[Mapping[str, str]]) -> None:
    """ValueError unless each row has a day and an amount."""
    for row in rows:
        date.fromisoformat(row["from"])
        kronor(row["amount"])


def _dated(line: str) -> dict[str, str]:
    found = DATED.fullmatch(line)
    day, amount = (found[1], found[2]) if found else (line, "")
    return {"from": day, "amount": plain_number(amount)}


def plain_number(text: str) -> str:
    """'4,2' as '4.2'; what is no number stays as it was typed.

    >>> plain_number("4,2"), plain_number("1 234,50"), plain_number("fyra")
    ('4.2', '1234.50', 'fyra')
    """
    try:
        return f"{kronor(text):f}"
    except NotAnAmount:
        return text


def a_number(form: Any, field: Any) -> None:
    if field.data:
        try:
            kronor(field.data)
        except NotAnAmount as error:
            raise ValidationError(
                "Skriv ett tal med högst två decimaler, till exempel 4,2."
            ) from error


def a_percent(form: Any, field: Any) -> None:
    text = field.data or ""
    if text and not (text.isascii() and text.isdigit() and int(text) <= 100):
        raise ValidationError("Skriv hela procent, 0 till 100.")


def a_clock(form: Any, field: Any) -> None:
    if field.data and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", field.data):
        raise ValidationError("Skriv klockslaget som 15:00.")


class NeededInRow:
    """Must be said, unless nothing is said in the whole row or table."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data and not is_empty(form):
            raise StopValidation(self.message)


CHECKS = {"number": a_number, "percent": a_percent, "clock": a_clock}
LIMITS = {"text": LONGEST, "number": 12, "percent": 3, "clock": 5, "day": 10}
KINDS = {"number": NumberText, "source": LongTextField}


def part_of(field: Field, *, in_row: bool = False) -> Any:
    """The form field for a field of the rule file."""
    if field.kind == "rows" and in_row:
        hint = "En rad för varje dag: 2026-01-01 9,00. Tomt: individuellt."
        return DatedAmounts(field.label, [Optional()], description=hint)
    if field.kind == "rows":
        return FieldList(FormField(row_form(field)), label=field.label)
    if field.kind == "table":
        return FormField(table_form(field), label=field.label)
    if field.kind in ("choice", "step"):
        return _choice(field, in_row=in_row)
    return _typed(field, in_row=in_row)


def _typed(field: Field, *, in_row: bool) -> Any:
    limit = LONGEST_TEXT if field.name == "source" else LIMITS[field.kind]
    checks: list[Any] = [Length(max=limit, message=f"Skriv högst {limit} tecken.")]
    checks += [CHECKS[field.kind]] if field.kind in CHECKS else []
    if field.default is None:
        message = f"Skriv {field.label.casefold()}."
        needed = NeededInRow(message) if in_row else DataRequired(message)
        checks.insert(0, needed)
    elif not in_row:
        checks.insert(0, Optional())
    return KINDS.get(field.name, KINDS.get(field.kind, TextField))(
        field.label, checks, description=field.hint
    )


def _choice(field: Field, *, in_row: bool) -> Any:
    if not in_row:
        return OneOf(field.label, dict(field.choices), default=field.default)
    if field.default is None:
        checks = [NeededInRow("Välj i listan.")]
        offered = options(field.choices, empty="Välj")
        return SelectField(field.label, checks, choices=offered)
    return SelectField(
        field.label, choices=options(field.choices), default=field.default
    )


def row_form(field: Field) -> type[Row]:
    """A row of a list; an empty one is left out."""
    parts = {one.name: part_of(one, in_row=True) for one in field.fields}
    return type(f"{field.name.title()}Row", (Row,), {**parts, "told": field.fields})


def table_form(field: Field) -> type[Row]:
    """A table; one that may be left out begins with its first choices."""
    told = field.fields
    if field.default is not None:
        told = tuple(map(_beginning, told))
    parts = {
        one.name: part_of(one, in_row=one.default is None and one.kind != "rows")
        for one in told
    }
    return type(f"{field.name.title()}Table", (Row,), {**parts, "told": told})


def _beginning(field: Field) -> Field:
    if field.kind == "choice" and field.default is None:
        return replace(field, default=field.choices[0][0])
    return field


def is_empty(row: Any) -> bool:
    """Whether nothing is typed or chosen in a row, but for what it came with."""
    return not any(
        row[one.name].data and row[one.name].data != (one.default or "")
        for one in row.told
    )


def shown(field: Field, value: object) -> Any:
    """A stored value as the form takes it."""
    if field.kind == "rows":
        rows = value if isinstance(value, list) else []
        return [_shown_row(field, row) for row in rows if isinstance(row, Mapping)]
    if field.kind == "table":
        return _shown_row(field, value if isinstance(value, Mapping) else {})
    return value if isinstance(value, str) else (field.default or "")


def _shown_row(field: Field, row: Mapping[str, object]) -> dict[str, Any]:
    """What is not there is left to the form's own beginning."""
    told = {one.name: _shown_cell(one, row.get(one.name)) for one in field.fields}
    return {name: value for name, value in told.items() if value not in ("", None)}


def _shown_cell(field: Field, value: object) -> Any:
    if field.kind == "rows" and field.name == "amounts":
        rows = value if isinstance(value, list) else []
        return "\n".join(
            f"{row.get('from', '')} {str(row.get('amount', '')).replace('.', ',')}"
            for row in rows
            if isinstance(row, Mapping)
        )
    return shown(field, value)


def typed(field: Field, part: FormPart) -> object:
    """What the form holds, as it is stored; None when nothing is said."""
    if field.kind == "rows":
        rows = [_typed_row(field, entry.form) for entry in part.entries]
        return [row for row in rows if row] or (None if field.default == "" else [])
    if field.kind == "table" and field.default is not None and is_empty(part.form):
        return None
    if field.kind == "table":
        return _typed_row(field, part.form)
    return part.data or None


def _typed_row(field: Field, row: Any) -> dict[str, object]:
    if field.kind == "rows" and is_empty(row):
        return {}
    told = {one.name: _typed_cell(one, row[one.name]) for one in field.fields}
    return {name: value for name, value in told.items() if value}


def _typed_cell(field: Field, part: FormPart) -> object:
    return part.rows if isinstance(part, DatedAmounts) else typed(field, part)
