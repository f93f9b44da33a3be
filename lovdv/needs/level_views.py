"""Requests in, pages out: a signed assessment and its level."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.needs import (
    changing,
    explain,
    masking,
    objections,
    operations,
    pdf,
    queries,
    reviewing,
    words,
)
from lovdv.needs.blueprint import bp
from lovdv.needs.forms import EstablishForm
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import Assessment
from lovdv.people import queries as people_queries


@bp.get("/bedomningar/<public_id>/darfor")
@requires(Permission.ASSESSMENT_READ)
def why(public_id: str) -> ResponseReturnValue:
    found = _signed(public_id)
    return render_template(
        "needs/why.html",
        is_own=queries.has_scored(found, actor().user_id),
        comments=reviewing.comments_on(found),
        **_told(found),
    )


@bp.get("/personer/<public_id>/nivaer")
@requires(Permission.ASSESSMENT_READ)
def levels(public_id: str) -> ResponseReturnValue:
    client = people_queries.person(actor(), public_id)
    audit.read("level.list", about=[client.id])
    decisions = queries.decisions_of(client.id)
    return render_template(
        "needs/levels.html",
        client=client,
        decisions=[(item, queries.levels_of(item.id)) for item in decisions],
        assessments=queries.assessments_of(actor(), client),
        kinds=words.SHORT_KINDS,
    )


@bp.route("/bedomningar/<public_id>/faststall", methods=["GET", "POST"])
@requires(Permission.LEVEL_ESTABLISH)
def establish(public_id: str) -> ResponseReturnValue:
    found = _signed(public_id)
    proposal = operations.proposal(found)
    form = EstablishForm(first_day=proposal.first_day)
    if request.method == "POST":
        operations.refuse_unready(found)
    if form.validate_on_submit():
        with form.attempt():
            operations.establish(
                assessment=found,
                first_day=form.first_day.data,
                ground=form.ground.data or "",
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Nivån är fastställd.", "success")
            return redirect(url_for(".why", public_id=public_id))
    return render_template(
        "needs/establish.html",
        form=form,
        assessment=found,
        explanation=_explanation(found),
        proposal=proposal,
        change_words=words.CHANGES[proposal.change],
        state=operations.state_of(found),
    )


@bp.get("/bedomningar/<public_id>/darfor.pdf")
@requires(Permission.ASSESSMENT_READ)
def why_file(public_id: str) -> ResponseReturnValue:
    """The same as a tagged PDF; its name and title say nobody's name."""
    found = queries.signed(actor(), public_id)
    audit.read("assessment.file", about=[found.client_id], object=found.public_id)
    page = render_template("needs/pdf_why.html", today=today(), **_told(found))
    return pdf.sent(page, f"darfor-{found.client.case_number}.pdf")


def _told(found: Assessment) -> dict[str, object]:
    """What the page and the PDF say of a signed assessment, to this reader."""
    assert found.signed is not None
    return {
        "assessment": found,
        "explanation": _explanation(found),
        "steps": changing.single_steps(
            instrument_of(found.instrument_version), found.signed.document
        ),
        "level": queries.level_from(found.id),
        "state": operations.state_of(found),
        "objections": objections.of(found.id),
        "kinds": words.SHORT_KINDS,
        "verdicts": words.VERDICTS,
        "voices": words.VOICES,
        "shown": masking.shown_to_reader(found.client),
    }


def _signed(public_id: str) -> Assessment:
    found = queries.signed(actor(), public_id)
    audit.read("assessment.read", about=[found.client_id], object=found.public_id)
    return found


def _explanation(found: Assessment) -> explain.Explanation:
    assert found.signed is not None
    return explain.explanation(
        instrument_of(found.instrument_version),
        found.signed.document,
        masking.shown_to_reader(found.client),
    )
