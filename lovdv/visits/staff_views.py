"""Requests in, pages out: what guides and caseworkers see of visits."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.visits import queries
from lovdv.visits.blueprint import bp
from lovdv.visits.words import KINDS, STATUSES


@bp.get("/stod/besok")
@requires(Permission.SUPPORT_WORK)
def for_guide() -> ResponseReturnValue:
    """The units' answers to those whom the guide supports."""
    rows = queries.guided(actor())
    audit.read("visit.list", about=[row.client_id for row in rows])
    return render_template(
        "visits/guide.html", rows=rows, kinds=KINDS, statuses=STATUSES, today=today()
    )


@bp.get("/val/provdagar")
@requires(Permission.CHOICE_PLACE)
def owed() -> ResponseReturnValue:
    """Paid try-out days that took place and that no place covers yet."""
    rows = [(row, queries.uncovered(row)) for row in queries.to_pay(actor())]
    audit.read("visit.owed", about=[row.client_id for row, _ in rows])
    return render_template("visits/owed.html", rows=rows)
