"""Prisbasbeloppet year by year, and the state grant: what is known at an instant."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import func, select

from lovdv import audit
from lovdv.allowance.models import YearAmount
from lovdv.clock import now
from lovdv.extensions import db

BASE_AMOUNT, GRANT = "base_amount", "grant"
SHIPPED: Mapping[int, int] = MappingProxyType(
    {
        2018: 45_500,
        2019: 46_500,
        2020: 47_300,
        2021: 47_600,
        2022: 48_300,
        2023: 52_500,
        2024: 57_300,
        2025: 58_800,
        2026: 59_200,
    }
)
"""Kronor; stand in until the municipality has entered the year with its source."""

SHIPPED_SOURCE = "Statistiska centralbyrån, prisbasbelopp"


def base_amounts(
    municipality_id: int, known_at: datetime | None = None
) -> Mapping[int, int]:
    """Öre by year; what the municipality has entered stands above what ships."""
    shipped = {year: kronor * 100 for year, kronor in SHIPPED.items()}
    rows = entered(municipality_id, BASE_AMOUNT, known_at)
    return shipped | {row.year: row.amount for row in rows}


def grants(municipality_id: int) -> Mapping[int, YearAmount]:
    return {row.year: row for row in entered(municipality_id, GRANT)}


def entered(
    municipality_id: int, kind: str, known_at: datetime | None = None
) -> Sequence[YearAmount]:
    """The revisions in force, by year; the latest last."""
    query = select(YearAmount).where(
        YearAmount.municipality_id == municipality_id, YearAmount.kind == kind
    )
    if known_at is not None:
        query = query.where(YearAmount.decided_at <= known_at)
    rows = db.session.scalars(query.order_by(YearAmount.year, YearAmount.revision))
    return list({row.year: row for row in rows}.values())


def enter(
    *,
    municipality_id: int,
    kind: str,
    year: int,
    amount: int,
    source: str,
    by_id: int | None,
) -> YearAmount:
    """A new row; an earlier one of the same year is superseded, never changed."""
    revision = db.session.scalar(
        select(func.coalesce(func.max(YearAmount.revision), 0)).where(
            YearAmount.municipality_id == municipality_id,
            YearAmount.kind == kind,
            YearAmount.year == year,
        )
    )
    new = YearAmount(
        municipality_id=municipality_id,
        kind=kind,
        year=year,
        revision=(revision or 0) + 1,
        amount=amount,
        source=source,
        decided_at=now(),
        decided_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "allowance.year", object=new.public_id, after={"amount": amount, "kind": kind}
    )
    return new
