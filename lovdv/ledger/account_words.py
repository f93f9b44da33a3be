"""The words for what account rows ask and give, on pages and in tables."""

from lovdv.ledger.models import AccountRow

REGIS = {"extern": "extern", "intern": "intern (egen regi)"}
COUNTERPARTS = {
    "company": "företag",
    "association": "förening eller stiftelse",
    "municipality": "kommun eller region",
    "own": "egen",
}
LAWS = {"LSS": "LSS", "SoL": "SoL"}
KINDS = {
    "place": "plats",
    "supplement": "tillägg",
    "after_end": "efter placeringens slut",
    "vat": "momskompensation i priset",
}

ANY_WORD = "alla"
PARTS = {
    "account": "Konto",
    "responsibility": "Ansvar",
    "operation": "Verksamhet",
    "counterpart_code": "Motpart",
    "project": "Projekt",
    "activity": "Aktivitet",
    "free": "Fri",
    "contra": "Motkonto",
}


def kind_word(kind: str) -> str:
    """'tillägg: måltid' for supplement:måltid."""
    whole, _, code = kind.partition(":")
    word = KINDS.get(whole, whole)
    return f"{word}: {code}" if code else word


def asked(row: AccountRow, provider: str = "", unit: str = "") -> str:
    """What a row asks of a line, as a reader says it."""
    told = [
        REGIS.get(row.regi, row.regi),
        COUNTERPARTS.get(row.counterpart, row.counterpart),
        row.law,
        provider,
        unit,
        kind_word(row.kind) if row.kind else "",
    ]
    return ", ".join(word for word in told if word) or "allt som inget annat gäller"
