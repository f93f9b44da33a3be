"""Requests in, pages out: what the controls found, and what is held."""

from collections.abc import Iterable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.controls import (
    checking,
    listing,
    queries,
    sample,
    sample_views,
    setting_views,
    workbook,
)
from lovdv.controls import settings as control_settings
from lovdv.controls.blueprint import bp
from lovdv.controls.forms import DecideForm
from lovdv.controls.words import DECIDED
from lovdv.downloads import attached
from lovdv.extensions import db
from lovdv.payouts import persons
from lovdv.payouts import queries as run_queries
from lovdv.payouts.models import PaymentRun
from payments.control_catalogue import CONTROLS

__all__ = ["bp", "sample_views", "setting_views"]


@bp.get("/korningar/<public_id>/kontroller")
@requires(Permission.RUN_READ)
def findings(public_id: str) -> ResponseReturnValue:
    return _page(run_queries.run(actor(), public_id), DecideForm())


@bp.post("/korningar/<public_id>/kontroller")
@requires(Permission.RUN_PREPARE)
def decide_findings(public_id: str) -> ResponseReturnValue:
    found = run_queries.run(actor(), public_id)
    form = DecideForm()
    if form.validate_on_submit():
        with form.attempt():
            _decide(found, form)
            db.session.commit()
            flash("Beslutet är sparat.", "success")
            return redirect(url_for(".findings", public_id=public_id))
    return _page(found, form)


def _page(found: PaymentRun, form: DecideForm) -> ResponseReturnValue:
    groups = listing.groups(found)
    _shown(found, (row for group in groups for row in group.rows))
    settings = control_settings.kept(found)
    return render_template(
        "controls/findings.html",
        run=found,
        form=form,
        groups=groups,
        undecided=sum(group.waiting for group in groups),
        tickable=any(_may_be_ticked(group.control.key) for group in groups),
        off=control_settings.switched_off(settings),
        settings=settings.values(),
        **_around(found),
    )


def _shown(run: PaymentRun, rows: Iterable[listing.Row]) -> None:
    about = persons.of_placements(row.finding.placement_id for row in rows)
    audit.read("control.list", about=about, object=run.public_id)


def _may_be_ticked(control: str) -> bool:
    """What is not paid has nothing to decide; the sample is looked at line by line."""
    return control not in (*checking.LISTED_ONLY, sample.SAMPLE)


def _around(found: PaymentRun) -> dict[str, object]:
    """What both the page of all controls and the page of one need."""
    open_to = actor().may(Permission.RUN_PREPARE) and found.status == "computed"
    return {
        "may_decide": open_to,
        "decided": DECIDED,
        "listed_only": checking.LISTED_ONLY,
        "ticked": request.form.getlist("finding") + request.form.getlist("control"),
    }


@bp.get("/korningar/<public_id>/kontroller/<control>")
@requires(Permission.RUN_READ)
def findings_of(public_id: str, control: str) -> ResponseReturnValue:
    found = run_queries.run(actor(), public_id)
    return _page_of(found, control, DecideForm())


@bp.post("/korningar/<public_id>/kontroller/<control>")
@requires(Permission.RUN_PREPARE)
def decide_findings_of(public_id: str, control: str) -> ResponseReturnValue:
    found = run_queries.run(actor(), public_id)
    form = DecideForm()
    if form.validate_on_submit():
        with form.attempt():
            _decide(found, form)
            db.session.commit()
            flash("Beslutet är sparat.", "success")
            return redirect(request.full_path.rstrip("?"))
    return _page_of(found, control, form)


def _page_of(found: PaymentRun, control: str, form: DecideForm) -> ResponseReturnValue:
    if control not in CONTROLS:
        raise NotFound
    page = listing.page_of(
        found,
        CONTROLS[control],
        request.args.get("sida", 1, int),
        lambda number: url_for(
            ".findings_of", public_id=found.public_id, control=control, sida=number
        ),
    )
    _shown(found, page.rows)
    return render_template(
        "controls/findings_of.html",
        run=found,
        form=form,
        page=page,
        group=listing.group(found, CONTROLS[control], page),
        **_around(found),
    )


def _decide(run: PaymentRun, form: DecideForm) -> None:
    chosen = queries.chosen_findings(
        run, request.form.getlist("finding"), request.form.getlist("control")
    )
    checking.decide(
        run=run,
        findings=chosen,
        decision=str(form.decision.data),
        reason=form.reason.data or "",
        by=actor().user_id,
    )


@bp.get("/korningar/<public_id>/kontroller/fil")
@requires(Permission.RUN_READ)
def findings_file(public_id: str) -> ResponseReturnValue:
    found = run_queries.run(actor(), public_id)
    rows = listing.everything(found)
    about = persons.of_placements(row.finding.placement_id for row in rows)
    audit.read("file.read", about=about, object=found.public_id)
    return attached(workbook.findings(found), f"kontroller-{found.month:%Y-%m}.xlsx")


@bp.get("/korningar/<public_id>/stoppade")
@requires(Permission.RUN_READ)
def held(public_id: str) -> ResponseReturnValue:
    found = run_queries.run(actor(), public_id)
    items, holds = run_queries.held_items(found), queries.holds(found)
    about = persons.of_placements(row[0].placement_id for row in (*items, *holds))
    audit.read("control.held", about=about, object=found.public_id)
    return render_template("controls/held.html", run=found, items=items, holds=holds)
