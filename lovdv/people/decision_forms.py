"""What users may send about decisions, offers and life events."""

from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.validators import DataRequired, Optional, ValidationError

from lovdv.clock import today
from lovdv.forms import (
    BaseForm,
    DayField,
    LastDayField,
    LongTextField,
    OneOf,
    TextField,
    after,
    options,
)
from lovdv.people import words
from lovdv.people.forms import TickField, longest, not_in_future

TAKEN = "Beslutsnumret finns redan. Kontrollera numret i verksamhetssystemet."
ENDS = "Sista dagen kan inte komma före den första."
LAWS = {"LSS": "LSS, daglig verksamhet", "SoL": "SoL, sysselsättning"}
CIRCLES = {"1": "1", "2": "2", "3": "3", "": "Ingen (SoL)"}
STATUSES = {"in_force": "Gäller", "appealed": "Är överklagat"}
ANSWERS = {
    "accepted": "Personen tackade ja",
    "declined": "Personen tackade nej",
    "withdrawn": "Erbjudandet drogs tillbaka",
}
TYPED = ("death", "move", "work", "studies", "pension", "hospital")


class DecisionForm(BaseForm):
    conflicts = {"reference": ("reference", TAKEN)}

    system = SelectField("Valfrihetssystem", choices=[])
    law = OneOf("Lagrum", LAWS, "Välj lagrum.", default="LSS")
    personkrets = OneOf("Personkrets", CIRCLES, "Välj personkrets.", default="1")
    conditions = TickField(
        "Kontrollerat inför beslutet",
        choices=options(words.CONDITIONS),
        description="Alla tre ska stämma för daglig verksamhet enligt LSS.",
    )
    decided_on = DayField(
        "Beslutsdag",
        [
            DataRequired("Skriv dagen då beslutet fattades."),
            not_in_future("Beslutet kan inte vara fattat i framtiden."),
        ],
        description="Härifrån räknas de tre månaderna.",
    )
    first_day = DayField("Gäller från", [DataRequired("Skriv från vilken dag.")])
    last_day = LastDayField(
        "Gäller till och med", [Optional(), after("first_day", ENDS)]
    )
    reference = TextField(
        "Beslutsnummer",
        [DataRequired("Skriv beslutets nummer i verksamhetssystemet."), longest(60)],
    )
    extent = TextField(
        "Omfattning",
        [Optional(), longest(200)],
        description="Så som den står i beslutet, till exempel fem dagar i veckan.",
    )
    goal = LongTextField("Mål med insatsen", [Optional(), longest(2000)])
    requested_by = TextField(
        "Vem ansökte?",
        [DataRequired("Skriv vem som ansökte."), longest(300)],
        description="Till exempel personen själv. Om en företrädare ansökte: skriv "
        "vem, och varför personen inte kunde själv.",
    )
    replaces = SelectField("Ersätter beslut", choices=[])

    def validate_conditions(self, field: Any) -> None:
        if self.law.data == "LSS" and set(field.data or ()) != set(words.CONDITIONS):
            raise ValidationError(
                "Kryssa i alla tre. Stämmer någon inte finns ingen rätt till daglig "
                "verksamhet enligt LSS; kontrollera beslutet."
            )


class StatusForm(BaseForm):
    status = OneOf("Beslutet", STATUSES, "Välj om beslutet gäller eller är överklagat.")
    day = DayField(
        "Från och med",
        [
            DataRequired("Skriv från vilken dag."),
            not_in_future("Dagen kan inte ligga i framtiden."),
        ],
    )
    reason = TextField("Varför?", [DataRequired("Skriv varför."), longest(300)])


class EndForm(BaseForm):
    reason = OneOf("Varför slutar personen?", words.END_REASONS, "Välj varför.")
    last_day = LastDayField(
        "Sista dag med beslutet", [DataRequired("Skriv sista dagen som gäller.")]
    )
    note = TextField("Anteckning", [Optional(), longest(300)])
    confirmed = HiddenField()


class InterruptionForm(BaseForm):
    first_day = DayField(
        "Första dag utan daglig verksamhet",
        [
            DataRequired("Skriv den första dagen."),
            not_in_future("Dagen kan inte ligga i framtiden."),
        ],
    )
    reason = TextField("Varför?", [DataRequired("Skriv varför."), longest(300)])


class ResumeForm(BaseForm):
    day = DayField(
        "Första dag tillbaka",
        [
            DataRequired("Skriv den första dagen tillbaka."),
            not_in_future("Dagen kan inte ligga i framtiden."),
        ],
    )


class OfferForm(BaseForm):
    unit = SelectField("Enhet som erbjöds", choices=[])
    day = DayField(
        "Erbjuden den",
        [
            DataRequired("Skriv vilken dag platsen erbjöds."),
            not_in_future("Dagen kan inte ligga i framtiden."),
        ],
    )


class AnswerOfferForm(BaseForm):
    answer = OneOf("Svar", ANSWERS, "Välj vad personen svarade.")
    on = DayField(
        "Svarade den",
        [
            DataRequired("Skriv vilken dag personen svarade."),
            not_in_future("Dagen kan inte ligga i framtiden."),
        ],
    )
    reason = TextField(
        "Varför?",
        [Optional(), longest(300)],
        description="Behövs om personen tackade nej. Skriv personens egna ord.",
    )


class EventForm(BaseForm):
    kind = OneOf(
        "Vad har hänt?",
        {kind: words.EVENTS[kind] for kind in TYPED},
        "Välj vad som har hänt.",
    )
    day = DayField(
        "Vilken dag?",
        [DataRequired("Skriv vilken dag det hände, eller ska hända.")],
        description="Dagen då personen avled, flyttar, börjar arbeta och så vidare.",
    )
    note = TextField(
        "Anteckning",
        [Optional(), longest(300)],
        description="Bara det som behövs. Skriv inga diagnoser.",
    )

    def validate_day(self, field: Any) -> None:
        if self.kind.data == "death" and field.data > today():
            raise ValidationError(
                "Dagen har inte kommit än. Skriv dagen då personen avled."
            )


class TakeBackForm(BaseForm):
    reason = TextField(
        "Varför är dödsfallet fel?",
        [DataRequired("Skriv varför dödsfallet är fel."), longest(300)],
        description="Till exempel: noterat på fel person, rätt ärende är DV-00123.",
    )
