"""The base form, and the Swedish fields: days, kronor, numbers, choices."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from wtforms import DateField, Field, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.i18n import get_translations
from wtforms.validators import Length, StopValidation, ValidationError

from lovdv.errors import Refused
from lovdv.extensions import db
from payments.errors import NotAnAmount
from payments.indexing import index_of

TOO_MUCH = Decimal(10) ** 12
"""Kronor; well within what the database keeps as ören."""


class BaseForm(FlaskForm):
    """Swedish messages, and refusals of the operation shown at their fields."""

    # Named constraints that the database may refuse with: (field, message).
    conflicts: Mapping[str, tuple[str | None, str]] = {}

    class Meta(FlaskForm.Meta):
        locales = ("sv_SE", "sv")

        def get_translations(self, form: Any) -> Any:
            return get_translations(self.locales)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What the operation or the database refuses becomes an error in the form.

        The transaction is rolled back; what was typed stays in the form.
        """
        try:
            yield
        except Refused as refusal:
            db.session.rollback()
            self.refuse(refusal.message, refusal.field)
        except IntegrityError as error:
            db.session.rollback()
            known = [v for k, v in self.conflicts.items() if k in str(error.orig)]
            if not known:
                raise
            field, message = known[0]
            self.refuse(message, field)

    def refuse(self, message: str, field: str | None = None) -> None:
        if field is not None and field in self._fields:
            at = self._fields[field]
            at.errors = [*at.errors, message]
        else:
            self.form_errors.append(message)


def options(
    pairs: Mapping[str, str] | Iterable[tuple[str, str]], empty: str | None = None
) -> list[SelectChoice]:
    """Choices for SelectField and RadioField; `empty` labels the choice of nothing."""
    found = pairs.items() if isinstance(pairs, Mapping) else pairs
    first = [] if empty is None else [SelectChoice("", empty)]
    return first + [SelectChoice(value, label) for value, label in found]


def at_most(characters: int) -> Length:
    return Length(
        max=characters, message=f"Korta ner texten till högst {characters} tecken."
    )


def stripped(text: str | None) -> str:
    return " ".join(text.split()) if text else ""


class TextField(StringField):
    """One line of text, spaces trimmed."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, filters=[stripped], **kwargs)


class LongTextField(TextAreaField):
    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(
            label, validators, filters=[lambda t: t.strip() if t else ""], **kwargs
        )


class OneOf(RadioField):
    """One of some answers, with its own words when none is given."""

    def __init__(
        self,
        label: str,
        ways: Mapping[str, str],
        missing: str = "Välj ett av alternativen.",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, choices=options(ways), **kwargs)
        self.missing = missing

    def pre_validate(self, form: BaseForm) -> None:
        if self.data not in {choice.value for choice in self.choices or ()}:
            raise StopValidation(self.missing)


class Typed:
    """A field whose own fault is not replaced by 'write something'."""

    process_errors: Sequence[str]

    def pre_validate(self, form: BaseForm) -> None:
        if self.process_errors:
            raise StopValidation


class DayField(Typed, DateField):
    """A day as 2026-11-22 (or 20261122); what was typed is kept on a fault."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%d", "%Y%m%d"], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist and not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata([v.strip() for v in valuelist])
        except ValueError as error:
            raise ValueError(
                "Skriv dagen som år-månad-dag, till exempel 2026-11-22."
            ) from error
        if self.data is not None and not 1900 <= self.data.year <= 2200:
            raise ValueError("Årtalet ser fel ut. Skriv dagen som 2026-11-22.")


class LastDayField(DayField):
    """The last day that counts (t.o.m.); `end_day` is the half-open end."""

    @property
    def end_day(self) -> date | None:
        return None if self.data is None else self.data + timedelta(days=1)

    def show(self, end_day: date | None) -> None:
        """Fill the field from a half-open end."""
        self.data = None if end_day is None else end_day - timedelta(days=1)


class KronorField(Typed, Field):
    """An amount like 1 234,50; kept as Decimal kronor."""

    widget = StringField.widget

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}".replace(".", ",")

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            self.data = swedish_decimal(valuelist[0])
        except ValueError as error:
            self.data = None
            raise ValueError(
                "Skriv beloppet i kronor, till exempel 1 234,50."
            ) from error
        if abs(self.data) >= TOO_MUCH:
            raise ValueError("Beloppet är för stort. Kontrollera siffrorna.")
        if self.data != self.data.quantize(Decimal("0.01")):
            raise ValueError("Beloppet har fler än två decimaler. Ange hela ören.")


class PerCentField(TextField):
    """A per cent such as 3,1 or -2; `hundredths` of it once it is known to be one."""

    most = 10_000
    """Hundredths of a per cent; more is a slip of the pen."""
    not_one = "Skriv procent med högst två decimaler, till exempel 3,1 eller -2."
    too_large = "Skriv högst 100 procent."

    @property
    def hundredths(self) -> int | None:
        return index_of(self.data) if self.data else None

    def post_validate(self, form: BaseForm, validation_stopped: Any) -> None:
        try:
            found = self.hundredths
        except NotAnAmount as error:
            raise ValidationError(self.not_one) from error
        if found is not None and abs(found) > self.most:
            raise ValidationError(self.too_large)


def swedish_decimal(text: str) -> Decimal:
    """'1 234,50' (any space, comma or point) as Decimal; ValueError otherwise.

    >>> swedish_decimal("1 234,50")
    Decimal('1234.50')
    """
    plain = "".join(text.split()).replace("\N{MINUS SIGN}", "-").replace(",", ".")
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or "e" in plain.lower() or "_" in plain:
        raise ValueError(text)
    return value


def after(other: str, message: str) -> Any:
    """The field's day may not come before the other field's day."""

    def check(form: BaseForm, field: Field) -> None:
        first = form[other].data
        if field.data is not None and first is not None and field.data < first:
            raise ValidationError(message)

    return check


class ActForm(BaseForm):
    """A button that changes something."""
