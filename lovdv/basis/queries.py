"""Reading: a line with what it leads to, and what each unit is paid in a month."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from lovdv.access import Actor, Permission
from lovdv.controls.models import Hold
from lovdv.extensions import db
from lovdv.ledger.models import ReadBack, ReadBackRow
from lovdv.payouts.booking import refs_of
from lovdv.payouts.line_queries import with_payee
from lovdv.payouts.models import HeldItem, Payee, PaymentLine, PaymentRun
from lovdv.payouts.standing import BOOKED, is_on_hold
from lovdv.people.models import Client, Decision
from lovdv.placements.models import Placement
from lovdv.placements.scope import placements_at_unit
from lovdv.prices.models import PriceCell
from lovdv.providers.models import Unit
from payments import Month

ANSWERED = ("paid", "rejected")


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
        with_payee(select(PaymentLine))
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
    return booked_for(actor) & ~is_on_hold(PaymentLine)


def booked_for(actor: Actor) -> ColumnElement[bool]:
    """SQL: booked runs of the municipality; for a unit, its own placements in them."""
    booked = (PaymentRun.municipality_id == actor.municipality_id) & (
        PaymentRun.status.in_(BOOKED)
    )
    if actor.may(Permission.RUN_READ):
        return booked
    return booked & (Placement.unit_id == (actor.unit_id or 0))


def unit(actor: Actor, public_id: str) -> Unit:
    """A unit where the municipality places people; for a unit's staff, their own."""
    placed = select(Placement.unit_id).where(
        Placement.municipality_id == actor.municipality_id
    )
    query = select(Unit).where(Unit.public_id == public_id)
    if actor.may(Permission.RUN_READ):
        return db.session.scalars(query.where(Unit.id.in_(placed))).one()
    return db.session.scalars(query.where(Unit.id == (actor.unit_id or 0))).one()


@dataclass(frozen=True)
class Basis:
    """What one unit is paid in one month; what is held is not counted."""

    month: date
    unit: Unit
    lines: int = 0
    amount: int = 0
    status: str = ""
    """Of the run that has come least far; empty before any is attested."""


def run_months(actor: Actor) -> Sequence[date]:
    """The months that are booked in the municipality, the latest first."""
    return db.session.scalars(
        select(PaymentRun.month)
        .where(
            PaymentRun.municipality_id == actor.municipality_id,
            PaymentRun.status.in_(BOOKED),
        )
        .distinct()
        .order_by(PaymentRun.month.desc())
    ).all()


def bases(actor: Actor, months: Collection[date]) -> list[Basis]:
    """The units with something paid, held or stopped in the months, latest first."""
    which = PaymentRun.month.in_(months)
    paid = db.session.execute(
        _told(actor, PaymentLine)
        .where(which)
        .with_only_columns(
            PaymentRun.month,
            Placement.unit_id,
            func.min(PaymentRun.status),
            *_paid_of_lines(),
        )
    )
    found = {(month, unit): rest for month, unit, *rest in paid}
    stopped = db.session.execute(
        _told(actor, HeldItem)
        .where(which)
        .with_only_columns(
            PaymentRun.month, Placement.unit_id, func.min(PaymentRun.status)
        )
    )
    for month, unit_id, status in stopped:
        found.setdefault((month, unit_id), [status, 0, 0])
    listed = [
        Basis(month, db.session.get_one(Unit, ref), int(lines), int(amount), status)
        for (month, ref), (status, lines, amount) in found.items()
    ]
    listed.sort(key=lambda one: one.unit.sort_key)
    return sorted(listed, key=lambda one: one.month, reverse=True)


def _told(actor: Actor, kind: type[PaymentLine | HeldItem]) -> Select[Any]:
    """The lines, or the held items, of booked runs by month and unit."""
    return (
        select(kind)
        .join(PaymentRun, PaymentRun.id == kind.run_id)
        .join(Placement, Placement.id == kind.placement_id)
        .where(booked_for(actor))
        .group_by(PaymentRun.month, Placement.unit_id)
    )


def _paid_of_lines() -> tuple[ColumnElement[int], ColumnElement[int]]:
    """SQL: how many lines are paid, and what they come to."""
    paid = ~is_on_hold(PaymentLine)
    return (
        func.coalesce(func.sum(case((paid, 1), else_=0)), 0),
        func.coalesce(func.sum(case((paid, PaymentLine.amount), else_=0)), 0),
    )


@dataclass(frozen=True)
class UnitLine:
    """A booked line of the unit with its run, and why it is held if it is."""

    line: PaymentLine
    run: PaymentRun
    hold: Hold | None


def lines_booked(
    actor: Actor, unit_id: int, *which: ColumnElement[bool]
) -> Sequence[UnitLine]:
    """The unit's lines in booked runs, in the order in which they were booked."""
    rows = db.session.execute(
        select(PaymentLine, PaymentRun, Hold)
        .join(PaymentRun, PaymentRun.id == PaymentLine.run_id)
        .join(Placement, Placement.id == PaymentLine.placement_id)
        .outerjoin(
            Hold,
            (Hold.run_id == PaymentLine.run_id)
            & (Hold.placement_id == PaymentLine.placement_id)
            & (Hold.month == PaymentLine.month),
        )
        .where(booked_for(actor), Placement.unit_id == unit_id, *which)
        .order_by(PaymentLine.id)
    )
    return [UnitLine(*row) for row in rows]


@dataclass(frozen=True)
class Answer:
    """What finance has answered about a booked line."""

    outcome: str
    reason: str
    read_at: datetime


def answers_about(lines: Sequence[UnitLine]) -> Mapping[int, Answer]:
    """By line: the latest answer about it, or about all of its provider's lines."""
    payees = select(Payee.id, Payee.provider_id).where(
        Payee.id.in_({one.line.payee_id for one in lines})
    )
    providers = {row.id: row.provider_id for row in db.session.execute(payees)}
    told = _answers({one.run.id for one in lines})
    found = {}
    for one in lines:
        run, provider = one.run.id, providers.get(one.line.payee_id)
        about = [
            answer
            for key in ((run, one.line.id, None), (run, None, provider))
            for answer in told.get(key, ())
        ]
        if about:
            found[one.line.id] = max(about, key=lambda answer: answer.read_at)
    return found


_About: TypeAlias = tuple[int, int | None, int | None]
"""A run and its line, or its provider."""


def _answers(run_ids: Collection[int]) -> Mapping[_About, Sequence[Answer]]:
    rows = db.session.execute(
        select(ReadBack, ReadBackRow)
        .join(ReadBackRow, ReadBackRow.read_back_id == ReadBack.id)
        .where(ReadBack.run_id.in_(run_ids), ReadBackRow.outcome.in_(ANSWERED))
        .order_by(ReadBack.id, ReadBackRow.number)
    )
    found: dict[_About, list[Answer]] = {}
    for file, row in rows:
        key = file.run_id, row.line_id, None if row.line_id else row.provider_id
        answer = Answer(row.outcome, row.reason, file.read_at)
        found.setdefault(key, []).append(answer)
    return found


def run_ids(refs: Iterable[int]) -> Mapping[int, str]:
    """How runs stand in addresses, by their inner key."""
    rows = db.session.execute(
        select(PaymentRun.id, PaymentRun.public_id).where(PaymentRun.id.in_(set(refs)))
    )
    return {row.id: row.public_id for row in rows}


def lines_with(actor: Actor, ids: Collection[int]) -> Sequence[UnitLine]:
    """Lines that somebody of the municipality, or the unit itself, names."""
    rows = db.session.execute(
        select(PaymentLine, PaymentRun)
        .join(PaymentRun, PaymentRun.id == PaymentLine.run_id)
        .join(Placement, Placement.id == PaymentLine.placement_id)
        .where(booked_for(actor), PaymentLine.id.in_(ids))
        .order_by(PaymentLine.id)
    )
    return [UnitLine(line, run, None) for line, run in rows]


def stopped_in(
    actor: Actor, unit_id: int, month: Month
) -> Sequence[tuple[HeldItem, PaymentRun]]:
    """What the month's booked runs could not pay, or left out."""
    rows = db.session.execute(
        select(HeldItem, PaymentRun)
        .join(PaymentRun, PaymentRun.id == HeldItem.run_id)
        .join(Placement, Placement.id == HeldItem.placement_id)
        .where(
            booked_for(actor),
            Placement.unit_id == unit_id,
            PaymentRun.month == month.first,
        )
        .order_by(HeldItem.id)
    )
    return [(item, run) for item, run in rows]


def placed_in(actor: Actor, unit_id: int, month: Month) -> Sequence[Placement]:
    """The municipality's placements at the unit with a paid day in the month."""
    return db.session.scalars(
        select(Placement)
        .where(
            Placement.municipality_id == actor.municipality_id,
            Placement.unit_id == unit_id,
            Placement.annulled_at.is_(None),
            Placement.paid_first_day < month.end,
            or_(Placement.paid_end_day.is_(None), Placement.paid_end_day > month.first),
        )
        .options(
            selectinload(Placement.week_plans),
            selectinload(Placement.pauses),
            joinedload(Placement.unit),
            joinedload(Placement.client),
        )
        .order_by(Placement.number)
    ).all()


def placements_with(ids: Collection[int]) -> Mapping[int, Placement]:
    rows = db.session.scalars(select(Placement).where(Placement.id.in_(ids)))
    return {row.id: row for row in rows}


def placement_of(actor: Actor, unit_id: int, public_id: str) -> Placement:
    """A placement of the municipality at the unit, also one that is annulled."""
    return db.session.scalars(
        select(Placement).where(
            Placement.municipality_id == actor.municipality_id,
            Placement.unit_id == unit_id,
            Placement.public_id == public_id,
        )
    ).one()


def clients_seen(actor: Actor, unit_id: int) -> dict[int, Client]:
    """By placement: who it is, to the unit itself, as long as it still sees them.

    Finance goes by placement number.
    """
    if actor.unit_id != unit_id:
        return {}
    rows = db.session.execute(
        select(Placement.id, Client)
        .join(Client, Client.id == Placement.client_id)
        .where(placements_at_unit(actor))
    )
    return {ref: client for ref, client in rows}  # noqa: C416 - rows of two
