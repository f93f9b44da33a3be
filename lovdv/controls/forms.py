"""What users send: decisions on findings, what was seen of a line, how a control is."""

from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from lovdv.controls.settings import Setting
from lovdv.controls.words import DECISIONS, EFFECTS
from lovdv.forms import (
    BaseForm,
    DayField,
    LastDayField,
    LongTextField,
    OneOf,
    TextField,
    options,
)
from lovdv.systems.rule_fields import Whole

RESULTS = {
    "right": "Raden är rätt och betalas",
    "wrong": "Något är fel, håll inne",
}
TOO_LONG = "Texten är för lång. Skriv högst 300 tecken."


class DecideForm(BaseForm):
    """One decision for the findings that are ticked."""

    decision = RadioField(
        "Beslut om de markerade raderna",
        choices=options(DECISIONS),
        validators=[InputRequired("Välj om raderna ska betalas eller hållas inne.")],
    )
    reason = TextField(
        "Varför?",
        [
            DataRequired("Skriv varför, så att beslutet går att förstå sedan."),
            Length(max=300, message=TOO_LONG),
        ],
    )


class LookForm(BaseForm):
    """What somebody has seen of a line that was drawn."""

    attendance_seen = BooleanField("Jag har sett närvaron")
    decision_seen = BooleanField("Jag har sett beslutet")
    plan_seen = BooleanField("Jag har sett planen")
    result = OneOf("Resultat", RESULTS, "Välj om raden är rätt eller om något är fel.")
    note = TextField(
        "Vad såg du?",
        [Optional(), Length(max=300, message=TOO_LONG)],
        description="Behövs när något är fel.",
    )

    @property
    def seen(self) -> dict[str, bool]:
        return {
            field.name: bool(field.data)
            for field in (self.attendance_seen, self.decision_seen, self.plan_seen)
        }


class TuneForm(BaseForm):
    """How a control works from a day, and why; its own numbers are added."""

    conflicts = {
        "control_setting": (
            "first_day",
            "Någon annan beslutade om kontrollen samtidigt. Försök igen.",
        )
    }

    effect = OneOf("Vad kontrollen gör", EFFECTS)
    off_last_day = LastDayField(
        "Avstängd till och med",
        [Optional()],
        description="Bara om kontrollen stängs av. Högst ett år i taget.",
    )
    first_day = DayField("Gäller från", [DataRequired("Skriv från vilken dag.")])
    reason = LongTextField(
        "Varför?",
        [
            DataRequired("Skriv varför, så att det går att förstå sedan."),
            Length(max=300, message=TOO_LONG),
        ],
        description="Visas för den som går igenom och den som attesterar.",
    )
    reference = TextField(
        "Beslutat i",
        [Optional(), Length(max=200, message="Skriv högst 200 tecken.")],
        description="Till exempel: Socialnämnden 2026-02-12 § 14.",
    )


def tune_form(setting: Setting, **data: Any) -> Any:
    """The form with the control's own numbers, filled with what is set."""
    fields = {
        knob.name: Whole(knob.label, knob.least, knob.most)
        for knob in setting.control.knobs
    }
    kind = type("TuneForm", (TuneForm,), fields)
    return kind(data={"effect": setting.effect, **setting.knobs, **data})
