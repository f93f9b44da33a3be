"""Deciding account rows; what is decided stands, and a new row takes over."""

import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date

from sqlalchemy import func, select

from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.ledger import account_queries
from lovdv.ledger.accounts import AccountString, Facts
from lovdv.ledger.models import AccountRow
from lovdv.systems.models import ChoiceSystem

CODE = re.compile(r"[0-9A-Za-zÅÄÖåäö._-]{0,20}")


@dataclass(frozen=True)
class Asked:
    """A row to decide: the criteria by the ids of provider and unit, as texts."""

    asks: Facts
    gives: AccountString
    withdrawn: bool = False


def decide(
    *,
    system: ChoiceSystem,
    rows: Iterable[Asked],
    first_day: date,
    reference: str,
    by_id: int | None,
) -> int:
    """Keep the rows that say something new from that day; how many they were."""
    known = _known(system.id, first_day)
    new = [row for row in rows if known.get(row.asks) != _said(row)]
    for row in new:
        _check(row)
        if row.withdrawn and row.asks not in known:
            raise Refused("Det finns ingen sådan rad som kan upphöra.", "withdrawn")
        _add(system, row, first_day, reference, by_id)
    db.session.flush()
    return len(new)


def _known(choice_system_id: int, on: date) -> dict[Facts, AccountString | None]:
    rows = account_queries.rows_in_force(choice_system_id, on)
    return {
        account_queries.asks_of(row): account_queries.string_of(row) for row in rows
    }


def _said(row: Asked) -> AccountString | None:
    return None if row.withdrawn else row.gives


def _check(row: Asked) -> None:
    if row.withdrawn:
        return
    if not row.gives.account:
        raise Refused("Skriv kontot som raderna ska bokföras på.", "account")
    codes = [part for part in astuple(row.gives) if isinstance(part, str)]
    for code in codes:
        if not CODE.fullmatch(code):
            raise Refused(
                f"”{code}” är ingen kod. Skriv högst 20 siffror och bokstäver, utan "
                "mellanslag.",
                "account",
            )


def _add(
    system: ChoiceSystem,
    row: Asked,
    first_day: date,
    reference: str,
    by_id: int | None,
) -> AccountRow:
    criteria = "/".join(astuple(row.asks))
    new = AccountRow(
        choice_system_id=system.id,
        criteria=criteria,
        regi=row.asks.regi,
        counterpart=row.asks.counterpart,
        law=row.asks.law,
        provider_id=int(row.asks.provider) if row.asks.provider else None,
        unit_id=int(row.asks.unit) if row.asks.unit else None,
        kind=row.asks.kind,
        account=row.gives.account,
        responsibility=row.gives.responsibility,
        operation=row.gives.operation,
        counterpart_code=row.gives.counterpart,
        project=row.gives.project,
        activity=row.gives.activity,
        free=row.gives.free,
        contra=row.gives.contra,
        vat_per_cent=row.gives.vat_per_cent,
        withdrawn=row.withdrawn,
        first_day=first_day,
        revision=_next_revision(system.id, criteria, first_day),
        reference=reference,
        decided_at=now(),
        decided_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "account.decide",
        object=new.public_id,
        after={"criteria": criteria, "account": row.gives.shown},
    )
    return new


def _next_revision(choice_system_id: int, criteria: str, first_day: date) -> int:
    latest = db.session.scalar(
        select(func.max(AccountRow.revision)).where(
            AccountRow.choice_system_id == choice_system_id,
            AccountRow.criteria == criteria,
            AccountRow.first_day == first_day,
        )
    )
    return (latest or 0) + 1
