"""Requests in, pages out: what a unit is paid and why, and the files."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.downloads import attached
from lovdv.payouts import line_queries, queries, workbooks
from lovdv.payouts.blueprint import bp
from lovdv.payouts.standing import line_of
from payments import explained

LARGEST = 2**63 - 1
"""The largest number that a row can have."""


@bp.get("/ersattning")
@requires(Permission.BASIS_READ)
def bases() -> ResponseReturnValue:
    return render_template("payouts/bases.html", bases=line_queries.bases(actor()))


@bp.get("/ersattning/<public_id>/<unit>")
@requires(Permission.BASIS_READ)
def basis(public_id: str, unit: str) -> ResponseReturnValue:
    found = line_queries.basis(actor(), public_id, unit)
    page = line_queries.line_page(
        found.run,
        request.args.get("sida", 1, int),
        lambda number: url_for(".basis", public_id=public_id, unit=unit, sida=number),
        found.unit.id,
    )
    return render_template(
        "payouts/basis.html",
        basis=found,
        page=page,
        people=_people(found),
        items=queries.held_items(found.run, found.unit.id),
        holds=queries.holds(found.run, found.unit.id),
    )


def _people(found: line_queries.Basis) -> dict[str, object]:
    """Names, to the unit itself only; finance goes by placement number."""
    if actor().unit_id != found.unit.id:
        return {}
    people = line_queries.clients_of(actor(), found.run)
    audit.read("basis.read", about=[client.id for client in people.values()])
    return dict(people)


@bp.get(f"/ersattning/rad/<public_id>/<int(max={LARGEST}):line_id>")
@requires(Permission.BASIS_READ)
def line(public_id: str, line_id: int) -> ResponseReturnValue:
    found = line_queries.line(actor(), public_id, line_id)
    audit.read("line.read", about=[found.placement.client_id])
    return render_template(
        "payouts/line.html", found=found, steps=explained(line_of(found.line))
    )


@bp.get("/ersattning/<public_id>/<unit>/underlag")
@requires(Permission.BASIS_READ)
def basis_file(public_id: str, unit: str) -> ResponseReturnValue:
    found = line_queries.basis(actor(), public_id, unit)
    about = line_queries.clients_paid_for(found.run, found.unit.id)
    audit.read("basis.file", about=about, object=found.run.public_id)
    return attached(
        workbooks.for_unit(found.run, found.unit),
        workbooks.file_name(found.run, found.unit),
    )


@bp.get("/korningar/fil/<public_id>")
@requires(Permission.RUN_READ)
def file(public_id: str) -> ResponseReturnValue:
    found = line_queries.file(actor(), public_id)
    audit.read("file.read", object=found.public_id)
    return attached(found.content, found.name)
