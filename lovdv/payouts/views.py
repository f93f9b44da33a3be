"""Requests in, pages out: month runs."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.formats import month as month_name
from lovdv.forms import options
from lovdv.payouts import (
    basis_views,
    checking,
    computing,
    finding_views,
    line_queries,
    operations,
    price_views,
    queries,
)
from lovdv.payouts.blueprint import bp
from lovdv.payouts.forms import ActForm, AttestForm, ComputeForm
from lovdv.payouts.progress import KINDS, NAMES, progress
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import main_system, systems_of
from payments import Month

__all__ = ["basis_views", "bp", "finding_views", "price_views"]

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
    findings = queries.findings(found)
    undecided = sum(map(checking.needs_decision, findings))
    return render_template(
        "payouts/run.html",
        run=found,
        sums=queries.sums(found),
        counts=queries.held_counts(found),
        totals=queries.totals(found),
        findings=len(findings),
        undecided=undecided,
        progress=progress(found, undecided, actor()),
        prepared_by=queries.user_name(found.prepared_by_id),
        attested_by=queries.user_name(found.attested_by_id),
        files=line_queries.files(found),
        form=ActForm(),
    )


@bp.post("/korningar/<public_id>/rakna-om")
@requires(Permission.RUN_PREPARE)
def compute_again(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    again = computing.compute(
        system=queries.system_of(found),
        month=Month.of(found.month),
        by_id=actor().user_id,
        seen=found,
    )
    db.session.commit()
    flash("Månaden är räknad på nytt med de uppgifter som gäller nu.", "success")
    return redirect(url_for(".run", public_id=again.public_id))


@bp.route("/korningar/<public_id>/attestera", methods=["GET", "POST"])
@requires(Permission.RUN_ATTEST)
def attest(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    form = AttestForm()
    if form.validate_on_submit():
        with form.attempt():
            operations.attest(
                run=found, by_id=actor().user_id, seen=form.seen.data or ""
            )
            db.session.commit()
            flash(
                "Attesterad, och månaden är låst. Ekonomen kan nu ta ut filen.",
                "success",
            )
            return redirect(url_for(".run", public_id=public_id))
    form.seen.data = checking.seal(found)
    decided = queries.findings(found)
    return render_template(
        "payouts/attest.html",
        run=found,
        form=form,
        sums=queries.sums(found),
        counts=queries.held_counts(found),
        totals=queries.totals(found),
        decided=decided,
        numbers=queries.placement_numbers(row.placement_id for row in decided),
        titles=checking.TITLES,
        prepared_by=queries.user_name(found.prepared_by_id),
    )


@bp.post("/korningar/<public_id>/export")
@requires(Permission.RUN_EXPORT)
def export(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    operations.export(run=found, by_id=actor().user_id)
    db.session.commit()
    flash("Filerna är gjorda. Hämta dem här.", "success")
    return redirect(url_for(".run", public_id=public_id))


@bp.get("/korningar/<public_id>/rader")
@requires(Permission.RUN_READ)
def lines(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    page = line_queries.line_page(
        found,
        request.args.get("sida", 1, int),
        lambda number: url_for(".lines", public_id=public_id, sida=number),
    )
    return render_template("payouts/lines.html", run=found, page=page)
