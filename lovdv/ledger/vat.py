"""VAT compensation (momsersättning) as a column beside; it changes no amount paid.

A municipality is compensated for what it buys of social care from a business, by a
share of the price (lag 2005:807 5 §, förordning 2005:811). Nothing is given for its
own regi, for another municipality, or where the invoice itself carries VAT.
"""

from dataclasses import dataclass

from payments.money import rounded

MAIN_RULE = 6
"""Per cent; another share stands in the account row."""

NO_BUSINESS = frozenset({"own", "municipality"})


@dataclass(frozen=True)
class Compensation:
    """What stands in the file: whether, of what, how many per cent, how much."""

    counts: bool
    base: int = 0
    per_cent: int = 0
    amount: int = 0

    @property
    def mark(self) -> str:
        return "J" if self.counts else "N"


NONE = Compensation(counts=False)


def compensation(
    amount: int,
    *,
    is_business: bool,
    regi: str,
    counterpart: str,
    per_cent: int | None = None,
    invoice_has_vat: bool = False,
) -> Compensation:
    """The compensation for an amount in öre; a reversal takes back as much.

    >>> compensation(62650, is_business=True, regi="extern", counterpart="company")
    Compensation(counts=True, base=62650, per_cent=6, amount=3759)
    >>> compensation(62650, is_business=True, regi="intern", counterpart="own").mark
    'N'
    """
    share = MAIN_RULE if per_cent is None else per_cent
    if not is_business or invoice_has_vat or not share:
        return NONE
    if regi != "extern" or counterpart in NO_BUSINESS:
        return NONE
    return Compensation(
        counts=True,
        base=amount,
        per_cent=share,
        amount=rounded(amount * share, 100),
    )
