"""VAT compensation by provider and share, for the application to Skatteverket."""

from collections.abc import Sequence
from dataclasses import dataclass

from lovdv.formats import swedish_key
from lovdv.ledger import postings
from lovdv.ledger.account_queries import Accounts
from lovdv.settlement.invoice_queries import with_vat


@dataclass(frozen=True)
class VatSum:
    provider: str
    per_cent: int
    base: int
    amount: int


def of_run(accounts: Accounts) -> Sequence[VatSum]:
    """What counts in the run; not where the supplier's own invoice carries VAT."""
    sums: dict[tuple[str, int], list[int]] = {}
    without = with_vat(accounts.run)
    for line in accounts.lines:
        if line.provider_id in without:
            continue
        string = accounts.strings.get(line.id) or postings.of_contract(line)
        vat = postings.compensation_of(line, string)
        if vat.counts:
            one = sums.setdefault((line.provider, vat.per_cent), [0, 0])
            one[0] += vat.base
            one[1] += vat.amount
    return [
        VatSum(provider, per_cent, base, amount)
        for (provider, per_cent), (base, amount) in sorted(
            sums.items(), key=lambda pair: (swedish_key(pair[0][0]), pair[0][1])
        )
    ]
