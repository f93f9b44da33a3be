"""Reading: lines with what they lead to, the units' bases, and files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from lovdv.access import Actor, Permission
from lovdv.extensions import db
from lovdv.payouts import queries
from lovdv.payouts.booking import refs_of
from lovdv.payouts.models import (
    ExportFile,
    Payee,
    PaymentLine,
    PaymentRun,
    PriceCell,
    PriceList,
)
from lovdv.payouts.standing import BOOKED, is_on_hold
from lovdv.people.models import Client, Decision
from lovdv.placements.models import Placement
from lovdv.placements.scope import placements_at_unit
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


def booked_lines(
    found: PaymentRun, *, provider_id: int | None = None, unit_id: int | None = None
) -> Sequence[Any]:
    """The lines of the finance file, in the order in which they were booked."""
    query = _with_payee(queries.paid_lines(found)).with_only_columns(*FILE_COLUMNS)
    if provider_id is not None:
        query = query.where(Payee.provider_id == provider_id)
    if unit_id is not None:
        query = query.where(Placement.unit_id == unit_id)
    return db.session.execute(query.order_by(PaymentLine.id)).all()


def _with_payee(query: Select[Any]) -> Select[Any]:
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
    paid = _with_payee(queries.paid_lines(found))
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
    query = _with_payee(select(PaymentLine).where(PaymentLine.run_id == found.id))
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


@dataclass(frozen=True)
class ExplainedLine:
    """A line with what its references lead to."""

    line: PaymentLine
    run: PaymentRun
    placement: Placement
    unit: Unit
    payee: Payee
    decisions: Sequence[Decision]
    cells: Sequence[PriceCell]
    corrects: PaymentLine | None
    corrected_by: Sequence[PaymentLine]
    on_hold: bool


def line(actor: Actor, run_public_id: str, line_id: int) -> ExplainedLine:
    row = db.session.execute(
        _with_payee(select(PaymentLine))
        .join(PaymentRun, PaymentRun.id == PaymentLine.run_id)
        .with_only_columns(PaymentLine, PaymentRun, Placement, Unit, Payee)
        .where(
            PaymentRun.public_id == run_public_id,
            PaymentLine.id == line_id,
            _readable(actor),
        )
    ).one()
    found = row[0]
    return ExplainedLine(
        *row,
        decisions=_rows_of(Decision, found.decisions),
        cells=_rows_of(PriceCell, found.cells),
        corrects=_of_id(PaymentLine, found.corrects_id),
        corrected_by=db.session.scalars(
            select(PaymentLine).where(PaymentLine.corrects_id == found.id)
        ).all(),
        on_hold=bool(
            db.session.scalar(
                select(PaymentLine.id).where(
                    PaymentLine.id == found.id, is_on_hold(PaymentLine)
                )
            )
        ),
    )


def _rows_of(kind: type[Any], refs: str) -> Sequence[Any]:
    return [db.session.get_one(kind, ref) for ref in refs_of(refs)]


def _of_id(kind: type[Any], ref: int | None) -> Any:
    return None if ref is None else db.session.get_one(kind, ref)


def _readable(actor: Actor) -> ColumnElement[bool]:
    """SQL: finance reads the municipality's lines, a unit its own when booked."""
    if actor.may(Permission.RUN_READ):
        return PaymentRun.municipality_id == actor.municipality_id
    return (
        (PaymentRun.municipality_id == actor.municipality_id)
        & (Placement.unit_id == (actor.unit_id or 0))
        & PaymentRun.status.in_(BOOKED)
        & ~is_on_hold(PaymentLine)
    )


@dataclass(frozen=True)
class Basis:
    """What one unit is paid in one run."""

    run: PaymentRun
    unit: Unit
    lines: int
    amount: int


def bases(actor: Actor) -> list[Basis]:
    rows = db.session.execute(
        _with_payee(select(PaymentLine))
        .join(PaymentRun, PaymentRun.id == PaymentLine.run_id)
        .with_only_columns(
            PaymentRun.id, Unit.id, func.count(), func.sum(PaymentLine.amount)
        )
        .where(_readable(actor), PaymentRun.status.in_(BOOKED))
        .group_by(PaymentRun.id, PaymentRun.month, Unit.id, Unit.sort_key)
        .order_by(PaymentRun.month.desc(), Unit.sort_key)
    ).all()
    return [
        Basis(
            db.session.get_one(PaymentRun, run_id),
            db.session.get_one(Unit, unit_id),
            lines,
            int(amount),
        )
        for run_id, unit_id, lines, amount in rows
    ]


def basis(actor: Actor, run_public_id: str, unit_public_id: str) -> Basis:
    """One of those; a unit or a run outside the scope is not found."""
    unit = db.session.scalars(
        select(Unit).where(Unit.public_id == unit_public_id)
    ).one()
    found = queries.run(actor, run_public_id)
    row = db.session.execute(
        _with_payee(select(PaymentLine))
        .join(PaymentRun, PaymentRun.id == PaymentLine.run_id)
        .with_only_columns(func.count(), func.coalesce(func.sum(PaymentLine.amount), 0))
        .where(
            _readable(actor),
            PaymentRun.id == found.id,
            PaymentRun.status.in_(BOOKED),
            Unit.id == unit.id,
        )
        .having(func.count() > 0)
    ).one()
    return Basis(found, unit, row[0], int(row[1]))


def clients_of(actor: Actor, found: PaymentRun) -> dict[str, Client]:
    """By placement number: who is paid for, as long as the unit still sees them."""
    rows = db.session.execute(
        select(Placement.number, Client)
        .join(Client, Client.id == Placement.client_id)
        .where(
            placements_at_unit(actor),
            exists().where(
                PaymentLine.placement_id == Placement.id,
                PaymentLine.run_id == found.id,
            ),
        )
    )
    return {number: client for number, client in rows}  # noqa: C416 - rows of two


def files(found: PaymentRun) -> Sequence[ExportFile]:
    return db.session.scalars(
        select(ExportFile)
        .where(ExportFile.run_id == found.id)
        .order_by(ExportFile.kind, ExportFile.name)
    ).all()


def file(actor: Actor, public_id: str) -> ExportFile:
    return db.session.scalars(
        select(ExportFile)
        .join(PaymentRun, PaymentRun.id == ExportFile.run_id)
        .where(
            ExportFile.public_id == public_id,
            PaymentRun.municipality_id == actor.municipality_id,
        )
    ).one()
