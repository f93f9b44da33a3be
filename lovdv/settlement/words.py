"""The words for how far a month is settled."""

from lovdv.settlement import matching
from lovdv.settlement.queries import Settled

HOW = {
    matching.REFERENCE: "referensen",
    matching.AMOUNT: "beloppet",
    matching.HAND: "för hand",
}


def told(row: Settled) -> tuple[str, str]:
    """The status in words, and its kind."""
    if row.way == "internal":
        return ("Internorder", "info")
    if row.claim:
        return ("Fordran", "danger")
    if row.net < 0:
        return ("Fordran reglerad", "success")
    if not row.way:
        return ("Sätt att avräkna saknas", "warning")
    if row.way == "payout":
        return ("Utbetalas", "info") if row.due > 0 else ("Inget att betala", "neutral")
    return _of_invoice(row)


def _of_invoice(row: Settled) -> tuple[str, str]:
    return {
        matching.WAITING: ("Väntar på faktura", "info"),
        matching.MATCHED: ("Stämmer", "success"),
        matching.PARTLY: ("För lite fakturerat", "warning"),
        matching.OVER: ("För mycket fakturerat", "danger"),
        matching.CREDIT_DUE: ("Kreditfaktura väntas", "warning"),
        matching.NOTHING: ("Inget att betala", "neutral"),
    }[row.state]
