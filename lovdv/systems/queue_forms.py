"""What is decided about queues: days to answer, the place in line, the reasons."""

from lovdv.forms import OneOf
from lovdv.systems.rule_fields import ReasonsField, RuleForm, Whole

LAPSES = {
    "keep": "Personen behåller sin plats i kön",
    "last": "Personen ställs sist i kön",
}


class QueueForm(RuleForm):
    key, title = "queue", "Kö och erbjudanden"
    own = ("offer_days", "ahead_days", "lapse")
    reasons = ("decline_reasons", "pass_reasons")

    offer_days = Whole("Dagar att svara på ett erbjudande", 3, 90)
    ahead_days = Whole("Så många dagar fram får en erbjuden plats börja", 1, 730)
    lapse = OneOf("Efter ett nej, eller inget svar i tid", LAPSES)
    decline_reasons = ReasonsField(
        "Skäl att tacka nej",
        description="Ett skäl på varje rad, med personens egna ord.",
    )
    pass_reasons = ReasonsField(
        "Skäl att gå förbi någon i kön",
        description="Ett skäl på varje rad. Handläggaren väljer i listan.",
    )
