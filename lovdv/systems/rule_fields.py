"""The fields that rules are decided with, and what every rule's form has."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Self

from wtforms import BooleanField, IntegerField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    StopValidation,
    ValidationError,
)

from lovdv.access import Actor
from lovdv.forms import BaseForm, DayField, LongTextField, OneOf, TextField


class Whole(IntegerField):
    """A whole number within limits."""

    def __init__(self, label: str, least: int, most: int, **kwargs: Any) -> None:
        self.fault = f"Skriv ett helt tal mellan {least} och {most}."
        limits = NumberRange(min=least, max=most, message=self.fault)
        super().__init__(label, [InputRequired(self.fault), limits], **kwargs)

    def pre_validate(self, form: BaseForm) -> None:
        if self.process_errors:
            self.errors = []
            raise StopValidation(self.fault)


class NumbersField(TextField):
    """Whole numbers with commas between, rising."""

    @property
    def numbers(self) -> list[int]:
        return [int(part) for part in (self.data or "").replace(",", " ").split()]

    def post_validate(self, form: BaseForm, validation_stopped: Any) -> None:
        parts = (self.data or "").replace(",", " ").split()
        if not all(p.isascii() and p.isdigit() and len(p) < 5 for p in parts):
            raise ValidationError("Skriv hela tal med komma emellan.")
        if self.numbers != sorted(set(self.numbers)):
            raise ValidationError(
                "Skriv talen i stigande ordning, vart och ett en gång."
            )


class RuleForm(BaseForm):
    """The fields of every rule; each kind adds its own."""

    key: ClassVar[str]
    title: ClassVar[str]
    own: ClassVar[Sequence[str]] = ()
    # Fields that mean something only when another has a certain answer.
    only_when: ClassVar[Mapping[str, tuple[str, str]]] = {}
    # Fields that are asked when deciding but say nothing of the rule.
    unsaid: ClassVar[Sequence[str]] = ()
    # The rule that the fields were filled with.
    kept: Mapping[str, object] = MappingProxyType({})

    first_day = DayField("Gäller från", [DataRequired("Skriv från vilken dag.")])
    reference = TextField(
        "Beslutat i",
        [
            DataRequired("Skriv var det är beslutat."),
            Length(max=200, message="Texten är för lång. Skriv högst 200 tecken."),
        ],
        description="Till exempel: Socialnämnden 2026-02-12 § 14.",
    )

    @classmethod
    def filled(cls, rule: Mapping[str, object], **data: object) -> Self:
        """The form with the rule in its fields."""
        form = cls(data={**cls.told(rule), **data})
        form.kept = rule
        return form

    @classmethod
    def told(cls, value: Mapping[str, object]) -> dict[str, object]:
        """The rule's value as the fields' first contents."""
        return {name: value[name] for name in cls.own}

    def value(self, actor: Actor) -> dict[str, object]:
        return {name: self[name].data for name in self.own}

    @property
    def rule_fields(self) -> list[Any]:
        return [
            f for f in self if f.name not in ("first_day", "reference", "csrf_token")
        ]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What the rule says, as pairs of words."""
        return [
            (f.label.text, _said(f)) for f in self.rule_fields if self._counts(f.name)
        ]

    def _counts(self, name: str) -> bool:
        if name not in self.only_when:
            return name not in self.unsaid
        other, answer = self.only_when[name]
        return bool(self[other].data == answer)


def _said(field: Any) -> str:
    if isinstance(field, BooleanField):
        return "Ja" if field.data else "Nej"
    if isinstance(field, OneOf):
        labels = {choice.value: choice.label for choice in field.choices or ()}
        return str(labels.get(field.data, ""))
    if isinstance(field, LongTextField):
        return "; ".join(str(field.data or "").split("\n"))
    return "" if field.data is None else str(field.data)


def listed(numbers: object) -> str:
    return ", ".join(str(n) for n in numbers) if isinstance(numbers, list) else ""
