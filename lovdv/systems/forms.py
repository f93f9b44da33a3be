"""What a systemledare may decide: one form for each rule, as its value and back."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import BooleanField, IntegerField, RadioField
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
from lovdv.forms import BaseForm, DayField, LongTextField, TextField, options
from lovdv.systems.rules import DEFAULTS

NOTICES = {
    "days": "Ett antal dagar efter valet",
    "by_day": "Val till och med en viss dag gäller från den 1:a en senare månad",
}
NO_CHOICE = {
    "default_provider": "Kommunens egen verksamhet",
    "nearest": "Närmaste enhet",
    "turn_list": "Turordning mellan utförarna",
}
LATE = {
    "wait": "Enheten väntar, de andra går vidare",
    "plan": "Planen betalas och rättas senare",
    "hold": "Ersättningen hålls inne",
}
REVIEWS = {
    "never": "Aldrig",
    "changed": "När nivån ändras",
    "top": "Vid de högsta nivåerna",
    "share": "En andel som lottas ut",
    "always": "Alltid",
}
EFFECTS = {
    "day": "Från bedömningens dag",
    "request": "Från dagen för begäran",
    "next_first": "Från nästa månads första dag",
    "months": "Efter ett antal månader",
}


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


class OneOf(RadioField):
    """One of the named ways."""

    def __init__(self, label: str, ways: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(label, choices=options(ways), **kwargs)

    def pre_validate(self, form: BaseForm) -> None:
        if self.data not in {choice.value for choice in self.choices or ()}:
            raise StopValidation("Välj ett av alternativen.")


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


def _listed(numbers: object) -> str:
    return ", ".join(str(n) for n in numbers) if isinstance(numbers, list) else ""


class ChoiceForm(RuleForm):
    key, title = "choice", "Val och omval"
    own = ("answer_days", "no_choice")
    only_when = {
        "notice_days": ("notice_kind", "days"),
        "notice_day": ("notice_kind", "by_day"),
        "notice_months": ("notice_kind", "by_day"),
    }
    unsaid = ("risk_confirmed",)

    answer_days = Whole("Dagar att välja på", 7, 180)
    notice_kind = OneOf("När ett omval gäller", NOTICES)
    notice_days = Whole("Antal dagar efter valet", 0, 365)
    notice_day = Whole("Sista dag i månaden att välja", 1, 28)
    notice_months = Whole("Antal månader till den 1:a", 1, 12)
    no_choice = OneOf("Den som inte väljer får plats hos", NO_CHOICE)
    risk_confirmed = BooleanField(
        "Jag har tagit del av den rättsliga risken",
        description="Konkurrensverket anser att turordning eller närmaste enhet är ett "
        "urval som måste upphandlas. Kommunens egen verksamhet är utan risk.",
    )
    ask_again_months = NumbersField(
        "Månader efter starten då lotsen frågar hur det går",
        description="Till exempel 1, 3.",
    )

    @classmethod
    def told(cls, value: Mapping[str, object]) -> dict[str, object]:
        found = value["notice"]
        notice = found if isinstance(found, dict) else {}
        return {
            **super().told(value),
            "notice_kind": notice.get("kind", "days"),
            "notice_days": notice.get("days", 30),
            "notice_day": notice.get("day", 20),
            "notice_months": notice.get("months", 2),
            "ask_again_months": _listed(value["ask_again_months"]),
        }

    def validate_risk_confirmed(self, field: Any) -> None:
        if self.no_choice.data != "default_provider" and not field.data:
            raise ValidationError(
                "Bekräfta att du har tagit del av risken, eller välj kommunens egen "
                "verksamhet."
            )

    def value(self, actor: Actor) -> dict[str, object]:
        kind = self.notice_kind.data
        risky = self.no_choice.data != "default_provider"
        return {
            **super().value(actor),
            "notice": {"kind": "days", "days": self.notice_days.data}
            if kind == "days"
            else {
                "kind": "by_day",
                "day": self.notice_day.data,
                "months": self.notice_months.data,
            },
            "risk_confirmed": actor.name if risky else "",
            "ask_again_months": self.ask_again_months.numbers,
        }


class CapacityForm(RuleForm):
    key, title = "capacity", "Kapacitetstak"
    own = ("notify_by_day",)

    notify_by_day = Whole(
        "Sista dag i månaden att anmäla ett nytt tak",
        1,
        28,
        description="Taket gäller då från den 1:a i nästa månad.",
    )


class OrderForm(RuleForm):
    key, title = "order", "Beställning"
    own = ("answer_working_days", "level_required")

    answer_working_days = Whole("Arbetsdagar att svara på en beställning", 1, 30)
    level_required = BooleanField("En nivå måste vara fastställd före beställning")
    decline_reasons = LongTextField(
        "Godtagna skäl att säga nej",
        [DataRequired("Skriv minst ett skäl.")],
        description="Ett skäl på varje rad. Enheten väljer i listan.",
    )

    @classmethod
    def told(cls, value: Mapping[str, object]) -> dict[str, object]:
        found = value["decline_reasons"]
        reasons = found.values() if isinstance(found, dict) else ()
        return {**super().told(value), "decline_reasons": "\n".join(reasons)}

    def value(self, actor: Actor) -> dict[str, object]:
        lines = [
            " ".join(line.split()) for line in self.decline_reasons.data.split("\n")
        ]
        return {
            **super().value(actor),
            "decline_reasons": {slug(line): line for line in lines if line},
        }


def slug(text: str) -> str:
    """A code for a sentence, the same each time."""
    known = DEFAULTS["order"]["decline_reasons"]
    for key, label in known.items() if isinstance(known, Mapping) else ():
        if label == text:
            return str(key)
    return "".join(c if c.isalnum() else "_" for c in swedish_key(text))[:30]


class PlacementForm(RuleForm):
    key, title = "placement", "Genomförandeplan"
    own = ("plan_due_days", "plan_valid_months", "remind_days_before")

    plan_due_days = Whole("Dagar från start till färdig genomförandeplan", 1, 365)
    plan_valid_months = Whole("Månader som en plan räknas som aktuell", 1, 36)
    remind_days_before = Whole("Dagar före uppföljning som enheten påminns", 0, 90)


class AttendanceForm(RuleForm):
    key, title = "attendance", "Närvaro"
    own = (
        "confirm_by_day",
        "remind_days_before",
        "late",
        "back_months",
        "grace_days",
    )

    confirm_by_day = Whole("Sista dag i nästa månad att bekräfta", 1, 28)
    remind_days_before = Whole("Dagar före den dagen som enheten påminns", 0, 20)
    late = OneOf("Om enheten inte bekräftar i tid", LATE)
    back_months = Whole("Månader bakåt som får rättas", 1, 60)
    grace_days = Whole("Dagar som enheten läser en placering efter slutet", 0, 365)


class ReviewForm(RuleForm):
    key, title = "review", "Granskning av bedömningar"
    own = ("when", "share_percent")
    only_when = {"share_percent": ("when", "share"), "top_levels": ("when", "top")}

    when = OneOf("En kollega granskar", REVIEWS)
    top_levels = TextField(
        "Högsta nivåerna", description="Med komma emellan, till exempel 4, 5."
    )
    share_percent = Whole("Andel som lottas ut, procent", 1, 100)

    @classmethod
    def told(cls, value: Mapping[str, object]) -> dict[str, object]:
        return {**super().told(value), "top_levels": _listed(value["top_levels"])}

    def validate_top_levels(self, field: Any) -> None:
        if self.when.data == "top" and not field.data:
            raise ValidationError("Skriv vilka nivåer som är de högsta.")

    def value(self, actor: Actor) -> dict[str, object]:
        levels = [part.strip() for part in (self.top_levels.data or "").split(",")]
        return {
            **super().value(actor),
            "top_levels": [level for level in levels if level],
        }


class LevelEffectForm(RuleForm):
    key, title = "level_effect", "När en nivå gäller"
    own = (
        "part_of_decision",
        "lowering",
        "raise_months",
        "lowering_months",
        "ordinary_replaces_preliminary",
        "ordinary_due_weeks",
    )
    only_when = {
        "raise_months": ("raising", "months"),
        "lowering_months": ("lowering", "months"),
    }

    part_of_decision = BooleanField(
        "Nivån är en del av beslutet",
        description="Då får den bara sänkas på laglig grund, och kan överklagas.",
    )
    raising = OneOf("En höjning gäller", EFFECTS)
    raise_months = Whole("Antal månader efter en höjning", 1, 24)
    lowering = OneOf("En sänkning gäller", EFFECTS)
    lowering_months = Whole("Antal månader efter en sänkning", 1, 24)
    ordinary_replaces_preliminary = BooleanField(
        "Ordinarie bedömning ersätter den preliminära bakåt"
    )
    ordinary_due_weeks = Whole(
        "Veckor från första dagen till ordinarie bedömning", 1, 52
    )

    @classmethod
    def told(cls, value: Mapping[str, object]) -> dict[str, object]:
        months = {"raise_months": 1, "lowering_months": 1}
        return {**super().told({**months, **value}), "raising": value["raise"]}

    def value(self, actor: Actor) -> dict[str, object]:
        return {**super().value(actor), "raise": self.raising.data}


class ClockForm(RuleForm):
    key, title = "clock", "Tremånadersklockan"
    own = ("months", "ending_days")

    months = Whole("Månader att verkställa ett beslut", 1, 12)
    warn_days = NumbersField("Varna efter så här många dagar")
    ending_days = Whole("Dagar före slutet som ett beslut listas", 7, 365)

    @classmethod
    def told(cls, value: Mapping[str, object]) -> dict[str, object]:
        return {**super().told(value), "warn_days": _listed(value["warn_days"])}

    def value(self, actor: Actor) -> dict[str, object]:
        return {**super().value(actor), "warn_days": self.warn_days.numbers}


FORMS: Mapping[str, type[RuleForm]] = {
    form.key: form
    for form in (
        ChoiceForm,
        OrderForm,
        PlacementForm,
        CapacityForm,
        AttendanceForm,
        ReviewForm,
        LevelEffectForm,
        ClockForm,
    )
}
