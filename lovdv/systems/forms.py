"""What a systemledare may decide: one form for each rule, as its value and back."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField
from wtforms.validators import ValidationError

from lovdv.access import Actor
from lovdv.forms import OneOf
from lovdv.systems.guide_forms import GuideForm
from lovdv.systems.leaving_forms import LeavingForm, LetterForm
from lovdv.systems.level_forms import (
    ExplanationForm,
    LevelEffectForm,
    ReassessmentForm,
    ReviewForm,
)
from lovdv.systems.payment_forms import BasisForm
from lovdv.systems.price_forms import PriceForm
from lovdv.systems.profile_forms import LinkForm, MapForm, ProfileRuleForm
from lovdv.systems.queue_forms import QueueForm
from lovdv.systems.rule_fields import (
    NumbersField,
    ReasonsField,
    RuleForm,
    Whole,
    listed,
)
from lovdv.systems.run_forms import AttestForm, CorrectionForm
from lovdv.systems.visit_forms import VisitForm

NOTICES = {
    "days": "Ett antal dagar efter valet",
    "by_day": "Val till och med en viss dag gäller från den 1:a en senare månad",
}
NO_CHOICE = {
    "default_provider": "Kommunens egen verksamhet",
    "nearest": "Närmaste enhet",
    "turn_list": "Turordning mellan utförarna",
}
PAPERS = {
    "required": "Papperet måste läsas in",
    "reason": "Papperet läses in, eller så skrivs varför det inte finns",
    "not": "Papperet behöver inte läsas in",
}
LATE = {
    "wait": "Enheten väntar, de andra går vidare",
    "plan": "Planen betalas och rättas senare",
    "hold": "Ersättningen hålls inne",
}


class ChoiceForm(RuleForm):
    key, title = "choice", "Val och omval"
    own = ("answer_days", "regret_days", "no_choice", "paper_scan", "paper_megabytes")
    only_when = {
        "notice_days": ("notice_kind", "days"),
        "notice_day": ("notice_kind", "by_day"),
        "notice_months": ("notice_kind", "by_day"),
    }
    unsaid = ("risk_confirmed",)

    answer_days = Whole("Dagar att välja på", 7, 180)
    regret_days = Whole(
        "Dagar att ångra ett val", 0, 60, description="0 betyder ingen ångertid."
    )
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
    paper_scan = OneOf("När valet är gjort på papper", PAPERS)
    paper_megabytes = Whole("Största fil för ett papper, i MB", 1, 9)
    remind_days_before = NumbersField(
        "Dagar före sista svarsdagen då personen påminns",
        description="Till exempel 3, 7.",
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
            "ask_again_months": listed(value["ask_again_months"]),
            "remind_days_before": listed(value["remind_days_before"]),
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
            "remind_days_before": self.remind_days_before.numbers,
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
    decline_reasons = ReasonsField(
        "Godtagna skäl att säga nej",
        description="Ett skäl på varje rad. Enheten väljer i listan.",
    )
    reasons = ("decline_reasons",)


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
    back_months = Whole("Månader bakåt som får rapporteras i efterhand", 1, 60)
    grace_days = Whole("Dagar som enheten läser en placering efter slutet", 0, 365)


class ClockForm(RuleForm):
    key, title = "clock", "Tremånadersklockan"
    own = ("months", "ending_days")

    months = Whole("Månader att verkställa ett beslut", 1, 12)
    warn_days = NumbersField("Varna efter så här många dagar")
    ending_days = Whole("Dagar före slutet som ett beslut listas", 7, 365)

    @classmethod
    def told(cls, value: Mapping[str, object]) -> dict[str, object]:
        return {**super().told(value), "warn_days": listed(value["warn_days"])}

    def value(self, actor: Actor) -> dict[str, object]:
        return {**super().value(actor), "warn_days": self.warn_days.numbers}


FORMS: Mapping[str, type[RuleForm]] = {
    form.key: form
    for form in (
        ChoiceForm,
        GuideForm,
        OrderForm,
        PlacementForm,
        CapacityForm,
        QueueForm,
        VisitForm,
        LeavingForm,
        LetterForm,
        ProfileRuleForm,
        MapForm,
        LinkForm,
        AttendanceForm,
        ReviewForm,
        LevelEffectForm,
        ReassessmentForm,
        ExplanationForm,
        PriceForm,
        BasisForm,
        ClockForm,
        CorrectionForm,
        AttestForm,
    )
}
