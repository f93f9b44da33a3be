"""A run's lines as rows for files: line by line, summed, or as vouchers that balance.

A voucher is what one provider is paid; its rows are the account strings and, against
them, the contra accounts that the account rows name.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from lovdv.errors import Refused
from lovdv.ledger.accounts import AccountString
from lovdv.ledger.vat import NONE, Compensation, compensation

CONTRA = "motbokning"


@dataclass(frozen=True)
class Posting:
    """An amount in öre on an account string, for a month, to a provider.

    `line` is the booked line where there is just one.
    """

    provider: str
    organisation_number: str
    supplier_number: str
    counterpart: str
    law: str
    order_reference: str
    month: date
    kind: str
    string: AccountString
    amount: int
    vat: Compensation = NONE
    line: Any = None

    @property
    def payee(self) -> tuple[str, str, str]:
        """Whom a voucher is about."""
        return self.provider, self.organisation_number, self.supplier_number


def line_kind(run_month: date, line: Any) -> str:
    if line.corrects_id is not None:
        return "återföring"
    return "ersättning" if line.month == run_month else "rättelse"


def of_lines(
    run_month: date,
    lines: Iterable[Any],
    strings: Mapping[int, AccountString],
) -> Iterator[Posting]:
    """One posting a line; without a decided string, the contract's own text."""
    for line in lines:
        string = strings.get(line.id) or of_contract(line)
        yield Posting(
            provider=line.provider,
            organisation_number=line.organisation_number,
            supplier_number=line.supplier_number,
            counterpart=line.counterpart,
            law=line.law,
            order_reference=line.order_reference,
            month=line.month,
            kind=line_kind(run_month, line),
            string=string,
            amount=line.amount,
            vat=compensation_of(line, string),
            line=line,
        )


def of_contract(line: Any) -> AccountString:
    """The contract's own text, where the municipality has decided no account rows."""
    return _of_text(line.account)


@cache
def _of_text(account: str) -> AccountString:
    return AccountString(account)


def compensation_of(line: Any, string: AccountString) -> Compensation:
    return compensation(
        line.amount,
        is_business=line.vat_compensation,
        regi=line.regi,
        counterpart=line.counterpart,
        per_cent=string.vat_per_cent,
    )


def summed(postings: Iterable[Posting]) -> list[Posting]:
    """Those that differ in nothing but the amount, as one, in order of appearance."""
    groups: dict[tuple[Any, ...], _Sum] = {}
    for one in postings:
        key = (one.payee, one.month, one.kind, one.string, one.law, one.vat.per_cent)
        if key in groups:
            groups[key].add(one)
        else:
            groups[key] = _Sum(one)
    return [some.posting for some in groups.values()]


class _Sum:
    """Postings added up as they come; only the first is kept."""

    def __init__(self, first: Posting) -> None:
        self._first, self._line = first, first.line
        self._amount = first.amount
        self._base, self._vat = first.vat.base, first.vat.amount

    def add(self, one: Posting) -> None:
        self._line = None
        self._amount += one.amount
        self._base += one.vat.base
        self._vat += one.vat.amount

    @property
    def posting(self) -> Posting:
        vat = replace(self._first.vat, base=self._base, amount=self._vat)
        return replace(self._first, amount=self._amount, vat=vat, line=self._line)


def vouchers(postings: Iterable[Posting]) -> list[list[Posting]]:
    """By provider, each with rows against the contra accounts; sums to zero."""
    by_payee: dict[tuple[str, str, str], list[Posting]] = defaultdict(list)
    for one in postings:
        by_payee[one.payee].append(one)
    return [[*some, *_against(some)] for some in by_payee.values()]


def _against(some: Sequence[Posting]) -> list[Posting]:
    sums: dict[str, int] = defaultdict(int)
    for one in some:
        if not one.string.contra:
            raise Refused(
                f"Kontosträngen {one.string.shown or '(tom)'} för {one.provider} "
                "saknar motkonto. Skriv motkontot i konteringen, så att "
                "verifikationen går jämnt ut."
            )
        sums[one.string.contra] += one.amount
    first = some[0]
    return [
        Posting(
            **{
                **vars(first),
                "kind": CONTRA,
                "string": AccountString(contra),
                "amount": -total,
                "vat": NONE,
                "line": None,
                "month": max(one.month for one in some),
            }
        )
        for contra, total in sums.items()
        if total
    ]
