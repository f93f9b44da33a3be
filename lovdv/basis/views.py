"""Requests in, pages out: what a unit is paid and why, and what is next."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.basis import objection_queries, objection_views, queries, workbooks
from lovdv.basis.blueprint import bp
from lovdv.basis.changes import formula
from lovdv.basis.forms import PeriodForm
from lovdv.basis.months import coming, month_in
from lovdv.basis.rows import Row, UnitMonth, unit_month
from lovdv.basis.since import since
from lovdv.downloads import attached
from lovdv.payouts.standing import line_of
from lovdv.people.models import Client
from payments import Month, explained

__all__ = ["bp", "objection_views"]

LARGEST = 2**63 - 1
"""The largest number that a row can have."""

MONTHS_IN_A_FILE = 24


@bp.get("/ersattning")
@requires(Permission.BASIS_READ)
def bases() -> ResponseReturnValue:
    """A unit has all its months in one list, finance the units of one month."""
    months = queries.run_months(actor())
    at_unit = not actor().may(Permission.RUN_READ)
    chosen = months if at_unit else _chosen(months)
    found = queries.bases(actor(), chosen)
    told = {(basis.month, basis.unit.id) for basis in found}
    waiting = [one for one in coming(actor()) if (one.month, one.unit.id) not in told]
    return render_template(
        "basis/bases.html",
        bases=[*waiting, *found],
        others=[month for month in months if month not in chosen],
    )


def _chosen(months: Sequence[date]) -> Sequence[date]:
    """The month that the address asks for, or the latest."""
    asked = request.args.get("manad", "")
    return [month for month in months if f"{month:%Y-%m}" == asked] or months[:1]


@bp.get("/ersattning/<public_id>/<month>")
@requires(Permission.BASIS_READ)
def basis(public_id: str, month: str) -> ResponseReturnValue:
    found = _asked(public_id, month)
    people = _people(found.rows, found.unit.id)
    months = queries.run_months(actor())
    objections = objection_queries.of_month(actor(), found.unit.id, found.month)
    return render_template(
        "basis/basis.html",
        found=found,
        since=since(actor(), found),
        people=people,
        missing=[one for one in objections if one.kind == "missing"],
        by_row={(one.placement_id, one.concerns): one for one in reversed(objections)},
        is_own=actor().unit_id == found.unit.id,
        period=PeriodForm.over(months) if len(months) > 1 else None,
    )


def _asked(public_id: str, month: str) -> UnitMonth:
    """The unit's month, when anybody is placed there or anything is paid in it."""
    found = unit_month(actor(), queries.unit(actor(), public_id), month_in(month))
    if not found.rows:
        raise NotFound
    return found


def _people(rows: Iterable[Row], unit_id: int) -> Mapping[int, Client]:
    """Names, to the unit itself only; finance goes by placement number.

    Either way somebody's month is read, and that is logged.
    """
    seen = queries.clients_seen(actor(), unit_id)
    placements = {row.placement.id: row.placement.client_id for row in rows}
    audit.read("basis.read", about=placements.values())
    return {ref: seen[ref] for ref in placements.keys() & seen.keys()}


@bp.get("/ersattning/<public_id>/<month>/rad/<placement>/<concerns>")
@requires(Permission.BASIS_READ)
def row(
    public_id: str, month: str, placement: str, concerns: str
) -> ResponseReturnValue:
    """Everything about one person's month: lines, reasons and objections."""
    found = _asked(public_id, month)
    asked = queries.placement_of(actor(), found.unit.id, placement)
    rows = found.rows_of(asked.id, month_in(concerns))
    audit.read("line.read", about=[asked.client_id])
    objections = objection_queries.of_month(actor(), found.unit.id, found.month)
    return render_template(
        "basis/row.html",
        found=found,
        rows=rows,
        placement=asked,
        concerns=month_in(concerns),
        people=queries.clients_seen(actor(), found.unit.id),
        steps={one.id: explained(line_of(one)) for row in rows for one in row.lines},
        formulas={formula(line_of(one)) for row in rows for one in row.lines},
        runs=queries.run_ids(one.run_id for row in rows for one in row.lines),
        objections=[
            one
            for one in objections
            if one.placement_id == asked.id
            and Month.of(one.concerns) == month_in(concerns)
        ],
    )


@bp.get(f"/ersattning/rad/<public_id>/<int(max={LARGEST}):line_id>")
@requires(Permission.BASIS_READ)
def line(public_id: str, line_id: int) -> ResponseReturnValue:
    found = queries.line(actor(), public_id, line_id)
    audit.read("line.read", about=[found.placement.client_id])
    return render_template(
        "basis/line.html", found=found, steps=explained(line_of(found.line))
    )


@bp.get("/ersattning/<public_id>/<month>/excel")
@requires(Permission.BASIS_READ)
def file(public_id: str, month: str) -> ResponseReturnValue:
    return _file([_asked(public_id, month)])


@bp.get("/ersattning/<public_id>/excel")
@requires(Permission.BASIS_READ)
def period_file(public_id: str) -> ResponseReturnValue:
    """Several months in one file, from and to which the address says."""
    asked = [month_in(request.args.get(name, "")) for name in ("fran", "till")]
    first, last = min(asked), max(asked)
    where = queries.unit(actor(), public_id)
    months = [first.plus(n) for n in range(last - first + 1)][-MONTHS_IN_A_FILE:]
    found = [unit_month(actor(), where, month) for month in months]
    return _file([one for one in found if one.rows])


def _file(months: list[UnitMonth]) -> ResponseReturnValue:
    if not months:
        raise NotFound
    unit = months[0].unit
    seen = queries.clients_seen(actor(), unit.id)
    rows = [row for month in months for row in month.rows]
    audit.read(
        "basis.file",
        about={row.placement.client_id for row in rows},
        object=unit.public_id,
    )
    return attached(workbooks.of_months(months, seen), workbooks.file_name(months))
