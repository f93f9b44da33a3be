"""What is decided about visits and try-out days before a choice."""

from wtforms import BooleanField

from lovdv.systems.rule_fields import ReasonsField, RuleForm, Whole


class VisitForm(RuleForm):
    key, title = "visit", "Besök och provdagar"
    own = (
        "try_out",
        "try_out_days",
        "paid",
        "starts_clock",
        "answer_working_days",
        "ahead_days",
        "name_days",
    )
    reasons = ("decline_reasons",)

    try_out = BooleanField("Den som väljer får prova på, inte bara besöka")
    try_out_days = Whole("Högst antal provdagar på varje enhet", 1, 10)
    paid = BooleanField(
        "Provdagar ersätts",
        description="Dagar som blev av listas hos handläggaren, som beställer en kort "
        "plats för dem.",
    )
    starts_clock = BooleanField(
        "En provdag räknas som första dagen i tremånadersklockan",
        description="Får personen ingen plats sedan räknas ett avbrott från dagen "
        "efter.",
    )
    answer_working_days = Whole("Arbetsdagar för enheten att svara", 1, 30)
    ahead_days = Whole(
        "Så många dagar fram får enheten föreslå en dag",
        1,
        365,
        description="Räknas från dagen då personen frågade.",
    )
    name_days = Whole(
        "Dagar efter besöket som enheten ser förnamnet",
        0,
        90,
        description="När personen har sagt ja till det. Räknas från den sista dag som "
        "enheten har föreslagit, eller skulle ha svarat. Det som gällde när personen "
        "frågade gäller.",
    )
    decline_reasons = ReasonsField(
        "Skäl för enheten att säga nej",
        description="Ett skäl på varje rad. Personen läser det, så skriv lätt.",
    )
