"""Requests in, pages out: a colleague reviews a signed assessment."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import (
    explain,
    masking,
    operations,
    queries,
    reviewing,
    statement_queries,
)
from lovdv.needs.blueprint import bp
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import Assessment
from lovdv.needs.scoring_forms import ReviewForm, review_form


@bp.route("/bedomningar/<public_id>/granska", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_REVIEW)
def review(public_id: str) -> ResponseReturnValue:
    found = _to_read(public_id)
    if queries.has_scored(found, actor().user_id):
        raise Refused(operations.OWN)
    instrument = instrument_of(found.instrument_version)
    form = review_form(instrument)
    if form.validate_on_submit():
        with form.attempt():
            _save(found, form)
            db.session.commit()
            return _reviewed(found, form.verdict.data)
    assert found.signed is not None
    earlier = queries.earlier_signed(found)
    shown = masking.shown_to_reader(found.client)
    domains = reviewing.reviewed_domains(found, earlier, shown)
    return render_template(
        "needs/review.html",
        form=form,
        assessment=found,
        explanation=explain.explanation(instrument, found.signed.document, shown),
        shown=shown,
        earlier=earlier,
        stated=statement_queries.stated_by_domain(
            statement_queries.given_for(found), shown
        ),
        domains=domains,
        differing=[item for part in domains for item in part.answers if item.differs],
        state=operations.state_of(found),
    )


def _to_read(public_id: str) -> Assessment:
    """One in the actor's own cases, or another team's that waits; each is logged."""
    try:
        found, action = queries.signed(actor(), public_id), "assessment.read"
    except NoResultFound:
        found = reviewing.waiting_elsewhere(actor(), public_id)
        action = "assessment.read_to_review"
    audit.read(action, about=[found.client_id], object=found.public_id)
    return found


def _save(found: Assessment, form: ReviewForm) -> None:
    operations.review(
        assessment=found,
        verdict=form.verdict.data,
        comment=form.comment.data or "",
        comments=form.comments(),
        by_id=actor().user_id,
    )


def _reviewed(found: Assessment, verdict: str) -> ResponseReturnValue:
    if verdict != "agreed":
        flash("Granskningen är sparad. Bedömaren ser dina kommentarer.", "success")
    elif reviewing.is_own_case(actor(), found):
        flash("Granskningen är sparad. Nu kan nivån fastställas.", "success")
        return redirect(url_for(".establish", public_id=found.public_id))
    else:
        flash("Granskningen är sparad. Den som har ärendet fastställer nivån.", "info")
    return redirect(url_for(".assessments"))
