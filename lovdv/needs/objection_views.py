"""Requests in, pages out: what a person disputes in an assessment, and the answers."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.extensions import db
from lovdv.needs import masking, objections, queries, words
from lovdv.needs.blueprint import bp
from lovdv.needs.forms import ObjectionForm
from lovdv.needs.reassessment_forms import ObjectionAnswerForm


@bp.route("/bedomningar/<public_id>/invandning", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_READ)
def objection(public_id: str) -> ResponseReturnValue:
    found = queries.signed(actor(), public_id)
    audit.read("assessment.read", about=[found.client_id], object=found.public_id)
    form = ObjectionForm()
    if form.validate_on_submit():
        with form.attempt():
            objections.annotate(
                assessment=found,
                text=form.text.data,
                voice="told",
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Invändningen står nu intill bedömningen.", "success")
            return redirect(url_for(".why", public_id=public_id))
    return render_template("needs/objection.html", form=form, assessment=found)


@bp.route("/invandningar/<public_id>/svara", methods=["GET", "POST"])
@requires(Permission.REASSESSMENT_ANSWER)
def objection_answer(public_id: str) -> ResponseReturnValue:
    assessment, found = objections.found(actor(), public_id)
    audit.read("assessment.read", about=[assessment.client_id], object=public_id)
    form = ObjectionAnswerForm()
    if form.validate_on_submit():
        with form.attempt():
            objections.answer(
                assessment=assessment,
                objection=found,
                text=form.text.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Svaret står nu intill invändningen.", "success")
            return redirect(url_for(".why", public_id=assessment.public_id))
    return render_template(
        "needs/objection_answer.html",
        form=form,
        assessment=assessment,
        objections=[found],
        voices=words.VOICES,
        shown=masking.shown_to_reader(assessment.client),
    )
