"""The Swedish words for what became of a choice."""

KINDS = {
    "chosen": "Val",
    "rechoice": "Omval",
    "stay": "Vill vara kvar",
    "no_choice": "Icke-val",
    "silent": "Svarade inte, är kvar på sin plats",
    "does_not_want": "Vill inte börja",
    "wants_to_wait": "Vill vänta",
    "not_reached": "Nås inte",
    "cannot_express": "Kan inte uttrycka sitt val och saknar företrädare",
}

# The same words for a yes, a no and a regret.
WILLS = {
    "agrees": "Samma sak: personen håller med",
    "does_not_agree": "Något annat: personen håller inte med",
    "unknown": "Personen kan inte uttrycka vad hen vill",
}
MAKERS = {
    "person": "Personen själv",
    "representative": "En företrädare, tillsammans med personen",
}
CHANNELS = {
    "meeting": "På plats, tillsammans med personen",
    "phone": "Per telefon",
    "paper": "På papper, underskrivet",
}
FEELINGS = {"good": "Trivs", "fair": "Sådär", "bad": "Trivs inte"}
# How the one who chose said yes.
CONFIRMED = {
    "in_room": "Sa ja i rummet",
    "paper": "Skrev under på papper",
    "phone": "Hörde valet läsas upp och sa ja",
    "self": "Valde själv, inloggad",
}


def asked_after(months: int) -> str:
    """The purpose of a contact that asks how it goes, so long after the start.

    >>> asked_after(1), asked_after(3)
    ('after_1_month', 'after_3_months')
    """
    return f"after_{months}_month" + ("s" if months > 1 else "")


# Why somebody is contacted; afterwards by the months that the choice system says.
PURPOSES = {
    "inform": "Informera eller stödja inför valet",
    "visit": "Boka ett besök",
    asked_after(1): "Fråga efter en månad",
    asked_after(2): "Fråga efter två månader",
    asked_after(3): "Fråga efter tre månader",
    **{asked_after(n): f"Fråga efter {n} månader" for n in range(4, 61)},
}
