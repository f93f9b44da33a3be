"""Reading: the lines of runs and files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from lovdv.extensions import db
from lovdv.payouts import queries
from lovdv.payouts.models import Payee, PaymentLine, PaymentRun
from lovdv.payouts.standing import is_on_hold
from lovdv.people.models import Decision
from lovdv.placements.models import Placement
from lovdv.prices.models import PriceCell, PriceList
from lovdv.providers.models import Provider, Unit

A_PAGE = 100

FILE_COLUMNS = (
    PaymentLine.id,
    PaymentLine.month,
    PaymentLine.level,
    PaymentLine.extent_class,
    PaymentLine.unit,
    PaymentLine.price,
    PaymentLine.hundredths,
    PaymentLine.of,
    PaymentLine.share,
    PaymentLine.amount,
    Payee.account,
    PaymentLine.cells,
    PaymentLine.corrects_id,
    Placement.number,
    Unit.name.label("unit_name"),
    Payee.name.label("provider"),
    Payee.organisation_number,
    Payee.counterpart,
    Payee.supplier_number,
    Payee.vat_compensation,
    Payee.order_reference,
    Decision.law,
)


def with_payee(query: Select[Any]) -> Select[Any]:
    return (
        query.join(Placement, Placement.id == PaymentLine.placement_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .join(Payee, Payee.id == PaymentLine.payee_id)
        .join(Decision, Decision.id == Placement.decision_id)
    )


def price_list_names(choice_system_id: int) -> dict[str, str]:
    """By a cell's id as text: the list it stands in."""
    rows = db.session.execute(
        select(PriceCell.id, PriceList.name)
        .join(PriceList, PriceList.id == PriceCell.price_list_id)
        .where(PriceList.choice_system_id == choice_system_id)
    )
    return {str(cell): name for cell, name in rows}


def months_of(found: PaymentRun) -> Sequence[date]:
    """The run's own month and the earlier ones that it corrects."""
    corrected = select(PaymentLine.month).where(PaymentLine.run_id == found.id)
    return sorted({found.month, *db.session.scalars(corrected.distinct())})


def providers_of(found: PaymentRun) -> Sequence[Provider]:
    paid = with_payee(queries.paid_lines(found))
    ids = paid.with_only_columns(Payee.provider_id)
    return db.session.scalars(
        select(Provider).where(Provider.id.in_(ids)).order_by(Provider.name)
    ).all()


@dataclass(frozen=True)
class Page:
    """One page of a long list."""

    rows: Sequence[Any]
    number: int
    count: int
    url: Callable[[int], str]

    @property
    def shown(self) -> Sequence[int]:
        """The pages near this one."""
        near = range(max(1, self.number - 3), min(self.count, self.number + 3) + 1)
        return list(near)


def line_page(
    found: PaymentRun,
    number: int,
    url: Callable[[int], str],
    unit_id: int | None = None,
) -> Page:
    query = with_payee(select(PaymentLine).where(PaymentLine.run_id == found.id))
    if unit_id is not None:
        query = query.where(Placement.unit_id == unit_id, ~is_on_hold(PaymentLine))
    rows = db.session.scalar(query.with_only_columns(func.count())) or 0
    count = max(1, -(-rows // A_PAGE))
    shown = min(max(1, number), count)
    some = query.with_only_columns(
        *FILE_COLUMNS, PaymentLine.first_day, PaymentLine.end_day, PaymentLine.days
    ).order_by(PaymentLine.month, Placement.number, PaymentLine.id)
    listed = db.session.execute(some.offset((shown - 1) * A_PAGE).limit(A_PAGE)).all()
    return Page(listed, shown, count, url)
