"""Reading: lines with what they lead to, the units' bases, and files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select

from lovdv.access import Actor, Permission
from lovdv.extensions import db
from lovdv.payouts import queries
from lovdv.payouts.booking import refs_of
from lovdv.payouts.models import (
    ExportFile,
    HeldItem,
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
        corrected_by=_corrections_of(found),
        on_hold=bool(
            db.session.scalar(
                select(PaymentLine.id).where(
                    PaymentLine.id == found.id, is_on_hold(PaymentLine)
                )
            )
        ),
    )


def _corrections_of(found: PaymentLine) -> Sequence[PaymentLine]:
    """What has been attested; before that nobody knows that it will be."""
    return db.session.scalars(
        select(PaymentLine)
        .join(PaymentRun, PaymentRun.id == PaymentLine.run_id)
        .where(
            PaymentLine.corrects_id == found.id,
            PaymentRun.status.in_(BOOKED),
            ~is_on_hold(PaymentLine),
        )
    ).all()


def _rows_of(kind: type[Any], refs: str) -> Sequence[Any]:
    return [db.session.get_one(kind, ref) for ref in refs_of(refs)]


def _of_id(kind: type[Any], ref: int | None) -> Any:
    return None if ref is None else db.session.get_one(kind, ref)


def _readable(actor: Actor) -> ColumnElement[bool]:
    """SQL: finance reads the municipality's lines, a unit its own when booked."""
    if actor.may(Permission.RUN_READ):
        return PaymentRun.municipality_id == actor.municipality_id
    return _booked_for(actor) & ~is_on_hold(PaymentLine)


def _booked_for(actor: Actor) -> ColumnElement[bool]:
    """SQL: booked runs of the municipality; for a unit, its own placements in them."""
    booked = (PaymentRun.municipality_id == actor.municipality_id) & (
        PaymentRun.status.in_(BOOKED)
    )
    if actor.may(Permission.RUN_READ):
        return booked
    return booked & (Placement.unit_id == (actor.unit_id or 0))


@dataclass(frozen=True)
class Basis:
    """What one unit is paid in one run; what is held is not counted."""

    run: PaymentRun
    unit: Unit
    lines: int
    amount: int


def bases(actor: Actor) -> list[Basis]:
    """Every unit with something paid, held or stopped in a booked run."""
    rows = db.session.execute(
        _told(actor, PaymentLine).with_only_columns(
            PaymentRun.id, Placement.unit_id, *_paid_of_lines()
        )
    )
    found = {(run, unit): (lines, int(amount)) for run, unit, lines, amount in rows}
    stopped = db.session.execute(
        _told(actor, HeldItem).with_only_columns(PaymentRun.id, Placement.unit_id)
    )
    for run, unit in stopped:
        found.setdefault((run, unit), (0, 0))
    listed = [
        Basis(
            db.session.get_one(PaymentRun, run), db.session.get_one(Unit, unit), *paid
        )
        for (run, unit), paid in found.items()
    ]
    listed.sort(key=lambda one: one.unit.sort_key)
    return sorted(listed, key=lambda one: one.run.month, reverse=True)


def _told(actor: Actor, kind: type[PaymentLine | HeldItem]) -> Select[Any]:
    """The lines, or the held items, of booked runs by run and unit."""
    return (
        select(kind)
        .join(PaymentRun, PaymentRun.id == kind.run_id)
        .join(Placement, Placement.id == kind.placement_id)
        .where(_booked_for(actor))
        .group_by(PaymentRun.id, Placement.unit_id)
    )


def _paid_of_lines() -> tuple[ColumnElement[int], ColumnElement[int]]:
    """SQL: how many lines are paid, and what they come to."""
    paid = ~is_on_hold(PaymentLine)
    return (
        func.coalesce(func.sum(case((paid, 1), else_=0)), 0),
        func.coalesce(func.sum(case((paid, PaymentLine.amount), else_=0)), 0),
    )


def basis(actor: Actor, run_public_id: str, unit_public_id: str) -> Basis:
    """One of those; a unit or a run outside the scope is not found."""
    unit = db.session.scalars(
        select(Unit).where(Unit.public_id == unit_public_id)
    ).one()
    found = queries.run(actor, run_public_id)
    here = (PaymentRun.id == found.id, Placement.unit_id == unit.id)
    lines = db.session.execute(
        _told(actor, PaymentLine).where(*here).with_only_columns(*_paid_of_lines())
    ).one_or_none()
    if lines is None:
        items = _told(actor, HeldItem).where(*here)
        db.session.execute(items.with_only_columns(func.count())).one()
    paid, amount = lines or (0, 0)
    return Basis(found, unit, int(paid), int(amount))


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


def clients_paid_for(found: PaymentRun, unit_id: int) -> Sequence[int]:
    """Whose lines stand in the unit's file."""
    paid = queries.paid_lines(found).join(
        Placement, Placement.id == PaymentLine.placement_id
    )
    return db.session.scalars(
        paid.where(Placement.unit_id == unit_id)
        .with_only_columns(Placement.client_id)
        .distinct()
        .order_by(Placement.client_id)
    ).all()


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
