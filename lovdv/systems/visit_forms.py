"""What is decided about visits and try-out days before a choice."""

from wtforms import BooleanField

from lovdv.systems.rule_fields import ReasonsField, RuleForm, Whole


class VisitForm(RuleForm):
    key, title = "visit", "Besök och provdagar"
    own = ("try_out", "try_out_days", "paid", "starts_clock", "answer_working_days")
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
    decline_reasons = ReasonsField(
        "Skäl för enheten att säga nej",
        description="Ett skäl på varje rad. Personen läser det, så skriv lätt.",
    )
