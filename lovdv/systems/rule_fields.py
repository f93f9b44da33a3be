"""The fields that rules are decided with, and what every rule's form has."""

import hashlib
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
from lovdv.formats import swedish_key
from lovdv.forms import BaseForm, DayField, LongTextField, OneOf, TextField
from lovdv.systems.rules import DEFAULTS

LONGEST_CODE = 30
"""What is kept of why somebody said no."""


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


class ReasonsField(LongTextField):
    """A closed list of reasons, one on each line; a reason keeps its code."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, [DataRequired("Skriv minst ett skäl.")], **kwargs)

    def coded(self, known: Mapping[str, str]) -> dict[str, str]:
        lines = [" ".join(line.split()) for line in (self.data or "").split("\n")]
        return {known.get(line) or code_of(line): line for line in lines if line}


def codes(rule: Mapping[str, object], name: str) -> dict[str, str]:
    """The code of each reason that the rule already has, by its words."""
    found = rule.get(name)
    pairs = found.items() if isinstance(found, Mapping) else ()
    return {str(label): str(code) for code, label in pairs}


def code_of(text: str) -> str:
    """A code for a sentence, the same each time; long ones differ by their end too."""
    plain = "".join(c if c.isalnum() else "_" for c in swedish_key(text))
    if len(plain) <= LONGEST_CODE:
        return plain
    mark = hashlib.sha256(text.encode()).hexdigest()[:6]
    return f"{plain[: LONGEST_CODE - 7]}_{mark}"


class RuleForm(BaseForm):
    """The fields of every rule; each kind adds its own."""

    key: ClassVar[str]
    title: ClassVar[str]
    own: ClassVar[Sequence[str]] = ()
    # Closed lists of reasons, each a ReasonsField.
    reasons: ClassVar[Sequence[str]] = ()
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
        listed = {name: "\n".join(codes(value, name)) for name in cls.reasons}
        return {**{name: value[name] for name in cls.own}, **listed}

    def value(self, actor: Actor) -> dict[str, object]:
        return {name: self[name].data for name in self.own} | {
            name: self[name].coded(
                codes(self.kept, name) | codes(DEFAULTS[self.key], name)
            )
            for name in self.reasons
        }

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
