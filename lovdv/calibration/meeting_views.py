"""Requests in, pages out: a colleague scores the same meeting blind."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.calibration import pairs, queries, results
from lovdv.calibration.blueprint import bp
from lovdv.calibration.forms import InviteForm
from lovdv.calibration.models import BlindScoring
from lovdv.calibration.waiting import last_day
from lovdv.extensions import db
from lovdv.forms import BaseForm, options
from lovdv.needs import queries as needs_queries
from lovdv.needs.models import Assessment


@bp.route("/bedomningar/<public_id>/kollega", methods=["GET", "POST"])
@requires(Permission.CALIBRATION_SCORE)
def invite_colleague(public_id: str) -> ResponseReturnValue:
    assessment = needs_queries.own_draft(actor(), public_id)
    audit.read("assessment.read", about=[assessment.client_id], object=public_id)
    people = {user.public_id: user for user in pairs.colleagues(actor(), assessment)}
    form = InviteForm()
    form["colleague"].choices = options((key, u.name) for key, u in people.items())
    if form.validate_on_submit():
        with form.attempt():
            pairs.invite(
                assessment=assessment,
                colleague=people[form.colleague.data],
                by=actor(),
            )
            db.session.commit()
            flash("Din kollega är inbjuden och ser det på sin startsida.", "success")
            return redirect(url_for("needs.draft", public_id=public_id))
    return render_template(
        "calibration/invite.html",
        form=form,
        assessment=assessment,
        people=people,
        pair=pairs.pair_of(assessment),
    )


@bp.route("/mina-kalibreringar/<public_id>/borja", methods=["GET", "POST"])
@requires(Permission.CALIBRATION_SCORE)
def begin(public_id: str) -> ResponseReturnValue:
    """Say yes or no before anything is scored: yes closes the case meanwhile."""
    found, assessment = _meeting(public_id)
    form = BaseForm()
    if form.validate_on_submit():
        with form.attempt():
            done = _answered(found)
            db.session.commit()
            return redirect(done)
    return render_template(
        "calibration/begin.html",
        form=form,
        scoring=found,
        assessment=assessment,
        last_day=last_day(found.round),
    )


def _answered(found: BlindScoring) -> str:
    if request.form.get("step") == "decline":
        pairs.decline(scoring=found)
        flash("Du har tackat nej. Inget av det du skrivit finns kvar.", "info")
        return url_for(".own")
    pairs.begin(scoring=found)
    return url_for(".score", public_id=found.public_id)


def _meeting(public_id: str) -> tuple[BlindScoring, Assessment]:
    found = queries.own_meeting(actor(), public_id)
    assessment = found.round.assessment
    assert assessment is not None
    audit.read("assessment.blind", about=[assessment.client_id], object=public_id)
    return found, assessment


@bp.get("/mina-kalibreringar/moten/<public_id>")
@requires(Permission.CALIBRATION_SCORE)
def pair(public_id: str) -> ResponseReturnValue:
    """Both have finished: what each of the two gave."""
    found = pairs.closed_pair(actor(), public_id)
    assessment = found.assessment
    assert assessment is not None
    audit.read("assessment.pair", about=[assessment.client_id], object=public_id)
    return render_template(
        "calibration/pair.html",
        assessment=assessment,
        second=found.scorings[0].assessor,
        result=results.pair_result(found),
    )
