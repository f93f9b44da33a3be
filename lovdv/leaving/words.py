"""The Swedish words for how somebody is concerned, and what comes next."""

HOW = {
    "placed": "Har plats",
    "coming": "Skulle börja",
    "ordered": "Är beställd",
    "offered": "Har ett erbjudande",
    "queued": "Står i kö",
    "chosen": "Har valt, inte beställd",
}
STATES = {
    "announced": ("Slutar", "warning"),
    "ended": ("Har slutat", "neutral"),
    "withdrawn": ("Tillbakataget", "neutral"),
}
# What is left to do for a person, the most urgent first.
STEPS = {
    "no_place": ("Ordna en plats", "danger"),
    "no_decision": ("Utred nytt beslut och bjud in", "danger"),
    "ask": ("Bjud in till ett nytt val", "danger"),
    "late": ("Platsen börjar efter de tre månaderna", "danger"),
    "order": ("Beställ platsen", "warning"),
    "declined": ("Enheten sade nej, beställ igen", "warning"),
    "keep": ("Har en plats kvar, avsluta svarstiden", "warning"),
    "invite": ("Bjud in igen när personen vill", "warning"),
    "reach": ("Skicka brev eller ring", "warning"),
    "answer": ("Vänta på personens svar", "info"),
    "queue": ("Står i kö, vänta på erbjudande", "info"),
    "unit": ("Vänta på enhetens svar", "info"),
    "done": ("Klart", "success"),
    "over": ("Inget mer att göra", "neutral"),
}
