"""The Swedish words for wishes to visit, and what became of them."""

KINDS = {"visit": "Besök", "try_out": "Prova på"}
WISHES = {"visit": "vill besöka er", "try_out": "vill prova hos er"}
STATUSES = {
    "asked": ("Väntar på svar", "info"),
    "answered": ("Dag bestämd", "success"),
    "declined": ("Nej", "neutral"),
    "cancelled": ("Återtagen", "neutral"),
    "done": ("Genomförd", "success"),
}
SOMEBODY = "En person"
