"""Requests in, pages out: the unit's answers to those who ask to visit."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.visits import naming, opening, operations, queries, settings
from lovdv.visits.blueprint import bp
from lovdv.visits.forms import DeclineForm, HeldForm, answer_form
from lovdv.visits.models import VisitRequest
from lovdv.visits.words import KINDS, STATUSES, WISHES


@bp.get("/besok")
@requires(Permission.VISIT_ANSWER)
def index() -> ResponseReturnValue:
    rows = queries.at_unit(actor())
    audit.read("visit.list", about=[row.client_id for row in rows])
    return render_template(
        "visits/index.html",
        rows=rows,
        called=naming.called(rows),
        today=today(),
        **WORDS,
    )


@bp.route("/besok/<public_id>", methods=["GET", "POST"])
@requires(Permission.VISIT_ANSWER)
def answer(public_id: str) -> ResponseReturnValue:
    """The wish, and a yes with days and time."""
    found = queries.one_at_unit(actor(), public_id)
    form = answer_form(found.days)
    if not form.is_submitted():
        form.clock.data, form.words.data = found.clock, found.words
        for field, day in zip(form.day_fields, found.proposed_days, strict=False):
            field.data = day
    if form.validate_on_submit():
        with form.attempt():
            operations.answer(
                request=found,
                days=form.days,
                clock=form.clock.data.replace(":", "."),
                words=form.words.data or "",
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Svaret är skickat till personen och lotsen.", "success")
            return redirect(url_for(".answer", public_id=public_id))
    return _page(found, form=form, held=HeldForm(formdata=None))


@bp.route("/besok/<public_id>/nej", methods=["GET", "POST"])
@requires(Permission.VISIT_ANSWER)
def decline(public_id: str) -> ResponseReturnValue:
    found = queries.one_at_unit(actor(), public_id)
    form = DeclineForm()
    form.offer(settings.decline_reasons(found.decision.choice_system_id))
    if form.validate_on_submit():
        with form.attempt():
            operations.decline(
                request=found, reason=form.reason.data, by_id=actor().user_id
            )
            db.session.commit()
            flash("Svaret är skickat till personen och lotsen.", "success")
            return redirect(url_for(".index"))
    audit.read("visit.read", about=[found.client_id], object=public_id)
    return render_template("visits/decline.html", request=found, form=form, **WORDS)


@bp.post("/besok/<public_id>/dagar")
@requires(Permission.VISIT_ANSWER)
def held(public_id: str) -> ResponseReturnValue:
    """A day that took place."""
    found = queries.one_at_unit(actor(), public_id)
    form = HeldForm()
    if form.validate_on_submit():
        with form.attempt():
            operations.record_day(
                request=found, day=form.day.data, by_id=actor().user_id
            )
            db.session.commit()
            flash("Dagen är antecknad.", "success")
            return redirect(url_for(".answer", public_id=public_id))
    return _page(found, form=answer_form(found.days), held=form)


@bp.post("/besok/<public_id>/dagar/<day_id>/bort")
@requires(Permission.VISIT_ANSWER)
def annul(public_id: str, day_id: str) -> ResponseReturnValue:
    found = queries.one_at_unit(actor(), public_id)
    operations.annul_day(day=queries.day_of(found, day_id), by_id=actor().user_id)
    db.session.commit()
    flash("Dagen är borttagen.", "success")
    return redirect(url_for(".answer", public_id=public_id))


WORDS = {
    "kinds": KINDS,
    "wishes": WISHES,
    "statuses": STATUSES,
}


def _page(found: VisitRequest, **forms: object) -> ResponseReturnValue:
    audit.read("visit.read", about=[found.client_id], object=found.public_id)
    return render_template(
        "visits/request.html",
        request=found,
        called=naming.called([found])[found.id],
        unwished=opening.unwished(found),
        named=naming.named_until(found) is not None,
        today=today(),
        **forms,
        **WORDS,
    )
