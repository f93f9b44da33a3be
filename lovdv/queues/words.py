"""The Swedish words for where somebody stands, and what became of an offer."""

STATES = {
    "waiting": "Väntar",
    "offered": "Har ett erbjudande",
    "accepted": "Har tackat ja, ska beställas",
    "ordered": "Är beställd, väntar på enhetens svar",
}
STATUSES = {
    "waiting": ("Väntar på svar", "info"),
    "accepted": ("Ja", "success"),
    "declined": ("Nej", "neutral"),
    "expired": ("Inget svar i tid", "warning"),
    "withdrawn": ("Tillbakataget", "neutral"),
}


FEW = 5


def in_words(count: int) -> str:
    """How many wait, small numbers not told.

    >>> in_words(0), in_words(2), in_words(7)
    ('', 'Färre än 5', '7')
    """
    if not count:
        return ""
    return str(count) if count >= FEW else f"Färre än {FEW}"
