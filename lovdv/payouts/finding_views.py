"""Requests in, pages out: what the controls found, and what is held."""

from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.extensions import db
from lovdv.payouts import checking, queries
from lovdv.payouts.blueprint import bp
from lovdv.payouts.forms import PAY_OR_HOLD, DecideForm
from lovdv.payouts.models import Finding, PaymentRun


@bp.get("/korningar/<public_id>/kontroller")
@requires(Permission.RUN_READ)
def findings(public_id: str) -> ResponseReturnValue:
    return _page(queries.run(actor(), public_id), DecideForm())


@bp.post("/korningar/<public_id>/kontroller")
@requires(Permission.RUN_PREPARE)
def decide_findings(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    form = DecideForm()
    if form.validate_on_submit():
        with form.attempt():
            _decide(found, form)
            db.session.commit()
            flash("Beslutet är sparat.", "success")
            return redirect(url_for(".findings", public_id=public_id))
    return _page(found, form)


def _page(found: PaymentRun, form: DecideForm) -> ResponseReturnValue:
    listed = sorted(queries.findings(found), key=_to_decide_first)
    by_control = groupby(listed, key=lambda row: row.control)
    may_decide = actor().may(Permission.RUN_PREPARE) and found.status == "computed"
    return render_template(
        "payouts/findings.html",
        run=found,
        form=form,
        may_decide=may_decide
        and any(row.control not in checking.LISTED_ONLY for row in listed),
        groups=[_group(control, list(rows)) for control, rows in by_control],
        titles=checking.TITLES,
        listed_only=checking.LISTED_ONLY,
        decisions=PAY_OR_HOLD,
        numbers=queries.placement_numbers(row.placement_id for row in listed),
        ticked=request.form.getlist("finding") + request.form.getlist("control"),
        undecided=sum(map(checking.needs_decision, listed)),
    )


def _group(control: str, rows: list[Finding]) -> tuple[str, list[Finding], int]:
    """A control's findings, and how many of them wait."""
    return control, rows, sum(map(checking.needs_decision, rows))


def _to_decide_first(row: Finding) -> tuple[bool, str]:
    return row.control in checking.LISTED_ONLY, row.control


def _decide(run: PaymentRun, form: DecideForm) -> None:
    chosen = queries.chosen_findings(
        run, request.form.getlist("finding"), request.form.getlist("control")
    )
    checking.decide(
        run=run,
        findings=chosen,
        decision=form.decision.data,
        reason=form.reason.data,
        by=actor().user_id,
    )


@bp.get("/korningar/<public_id>/stoppade")
@requires(Permission.RUN_READ)
def held(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    return render_template(
        "payouts/held.html",
        run=found,
        items=queries.held_items(found),
        holds=queries.holds(found),
    )
