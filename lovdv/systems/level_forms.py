"""What is decided about assessments and levels: review, effect, requests, who sees."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField
from wtforms.validators import ValidationError

from lovdv.access import Actor
from lovdv.forms import OneOf, TextField
from lovdv.systems.rule_fields import RuleForm, Whole, listed

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
UNIT_SEES = {
    "level": "Bara nivån",
    "profile": "Nivån och poängen per område",
}


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
        return {**super().told(value), "top_levels": listed(value["top_levels"])}

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


class ReassessmentForm(RuleForm):
    key, title = "reassessment", "Begäran om ny bedömning"
    own = ("answer_days",)

    answer_days = Whole(
        "Dagar att svara på en begäran",
        1,
        180,
        description="Räknas från dagen då begäran kom.",
    )


class ExplanationForm(RuleForm):
    key, title = "explanation", "Vem som ser nivån"
    own = ("own_shows_level", "unit_sees")

    own_shows_level = BooleanField(
        "Nivån står på personens egen sida",
        description="Utan nivån står där bara vilket stöd personen behöver.",
    )
    unit_sees = OneOf("Verksamheten ser", UNIT_SEES)
