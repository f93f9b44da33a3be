"""Requests in, pages out: the year's statement for the state grant."""

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.allowance import workbooks
from lovdv.allowance import year as years
from lovdv.allowance.blueprint import bp
from lovdv.allowance.year import PAYERS, Statement
from lovdv.downloads import attached


@bp.get("/habiliteringsersattning/ar/<int:year>")
@requires(Permission.ALLOWANCE_READ)
def year(year: int) -> ResponseReturnValue:
    return render_template(
        "allowance/year.html",
        found=_statement(year),
        years=years.years(actor()),
        payers=PAYERS,
    )


@bp.get("/habiliteringsersattning/ar/<int:year>/excel")
@requires(Permission.ALLOWANCE_READ)
def year_file(year: int) -> ResponseReturnValue:
    found = _statement(year)
    audit.read("allowance.year_file", object=str(year))
    name = f"habiliteringsersattning_{year}.xlsx"
    return attached(workbooks.for_year(found), name)


def _statement(year: int) -> Statement:
    """A year with something booked; any other is not found."""
    if year not in years.years(actor()):
        raise NotFound
    return years.statement(actor(), year)
