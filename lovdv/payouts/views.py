"""Requests in, pages out: month runs."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.accounts.queries import name_of
from lovdv.clock import today
from lovdv.controls import queries as control_queries
from lovdv.extensions import db
from lovdv.formats import month as month_name
from lovdv.forms import ActForm, options
from lovdv.ledger import queries as ledger_queries
from lovdv.ledger import read_back_queries
from lovdv.payouts import (
    approvals,
    attest_views,
    comparing,
    computing,
    line_views,
    queries,
)
from lovdv.payouts.blueprint import bp
from lovdv.payouts.forms import ComputeForm
from lovdv.payouts.progress import KINDS, NAMES, progress, status_of
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import main_system, system_with, systems_of
from payments import Month

__all__ = ["attest_views", "bp", "line_views"]

MONTHS_OFFERED = 14


@bp.get("/korningar")
@requires(Permission.RUN_READ)
def runs() -> ResponseReturnValue:
    listed = queries.runs(actor())
    return render_template(
        "payouts/runs.html",
        runs=[(run, queries.sums(run)) for run in listed],
        open_run=next((run for run in listed if run.status != "exported"), None),
        names=NAMES,
        kinds=KINDS,
    )


@bp.route("/korningar/ny", methods=["GET", "POST"])
@requires(Permission.RUN_PREPARE)
def compute() -> ResponseReturnValue:
    system = _system()
    form = ComputeForm(system=system.public_id)
    form.month.choices = options(_months(system))
    if form.validate_on_submit():
        with form.attempt():
            run = computing.compute(
                system=system,
                month=Month.read(form.month.data),
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Månaden är räknad. Gå igenom kontrollerna.", "success")
            return redirect(url_for(".run", public_id=run.public_id))
    return render_template(
        "payouts/compute.html", form=form, systems=systems_of(actor().municipality_id)
    )


def _system() -> ChoiceSystem:
    asked = request.values.get("system")
    mine = systems_of(actor().municipality_id)
    found = [one for one in mine if one.public_id == asked]
    return found[0] if found else main_system(actor().municipality_id)


def _months(system: ChoiceSystem) -> list[tuple[str, str]]:
    """The one month that is next to be paid; before the first run, any."""
    last, this = queries.last_run(system.id), Month.of(today())
    if last is None:
        offered = [this.plus(-n) for n in (1, 0, *range(2, MONTHS_OFFERED))]
    else:
        first = Month.of(last.month)
        offered = [first.next if last.status in computing.BOOKED else first]
    return [(str(month), month_name(month.first)) for month in offered]


@bp.get("/korningar/<public_id>")
@requires(Permission.RUN_READ)
def run(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    parts = approvals.parts(found)
    undecided = approvals.undecided(found, parts)
    read_backs = read_back_queries.read_backs(found)
    return render_template(
        "payouts/run.html",
        run=found,
        sums=queries.sums(found),
        counts=queries.held_counts(found),
        parts=parts,
        findings=len(control_queries.findings(found)),
        undecided=undecided,
        changed=comparing.since_before(found),
        progress=progress(
            found, parts, undecided, actor(), is_read_back=bool(read_backs)
        ),
        read_backs=read_backs,
        status_of=status_of,
        history=approvals.history(found, parts),
        prepared_by=name_of(found.prepared_by_id),
        attested_by=name_of(found.attested_by_id),
        files=ledger_queries.files(found),
        form=ActForm(),
    )


@bp.post("/korningar/<public_id>/rakna-om")
@requires(Permission.RUN_PREPARE)
def compute_again(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    again = computing.compute(
        system=system_with(found.choice_system_id),
        month=Month.of(found.month),
        by_id=actor().user_id,
        seen=found,
    )
    db.session.commit()
    flash("Månaden är räknad på nytt med de uppgifter som gäller nu.", "success")
    return redirect(url_for(".run", public_id=again.public_id))
