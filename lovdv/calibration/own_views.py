"""Requests in, pages out: an assessor's own blind scorings, and what came of them."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.calibration import blind, pairs, queries, results, words
from lovdv.calibration.blueprint import bp
from lovdv.calibration.forms import ScoreForm, score_form
from lovdv.calibration.models import BlindScoring
from lovdv.calibration.sent import Typed
from lovdv.calibration.waiting import is_waiting, last_day
from lovdv.errors import Refused
from lovdv.extensions import db


@bp.get("/mina-kalibreringar")
@requires(Permission.CALIBRATION_SCORE)
def own() -> ResponseReturnValue:
    found = queries.own_scorings(actor())
    met = pairs.closed_pairs(actor())
    audit.read(
        "assessment.blind_list",
        about=[
            round_.assessment.client_id
            for round_ in (*(row.round for row in found), *met)
            if round_.assessment
        ],
    )
    return render_template(
        "calibration/own.html",
        waiting=[row for row in found if is_waiting(row)],
        done=[row for row in found if row.submitted_at and row.vignette],
        pairs=met,
        last_day=last_day,
    )


@bp.route("/mina-kalibreringar/<public_id>", methods=["GET", "POST"])
@requires(Permission.CALIBRATION_SCORE)
def score(public_id: str) -> ResponseReturnValue:
    found = _own(public_id)
    if not blind.is_open(found):
        return _not_open(found)
    instrument = blind.instrument_for(found)
    form = _form(found)
    if form.validate_on_submit():
        with form.attempt():
            done = _save(found, form)
            db.session.commit()
            if done:
                return redirect(done)
    return render_template(
        "calibration/score.html",
        form=form,
        scoring=found,
        instrument=instrument,
        last_day=last_day(found.round),
    )


def _own(public_id: str) -> BlindScoring:
    found = queries.own_scoring(actor(), public_id)
    assessment = found.round.assessment
    if assessment is not None:
        audit.read("assessment.blind", about=[assessment.client_id], object=public_id)
    return found


def _not_open(found: BlindScoring) -> ResponseReturnValue:
    """Handed in, over, or not yet begun: say which; nothing is given away."""
    if found.round.kind == "meeting" and is_waiting(found):
        return redirect(url_for(".begin", public_id=found.public_id))
    return render_template(
        "calibration/handed_in.html", scoring=found, last_day=last_day(found.round)
    )


def _form(found: BlindScoring) -> ScoreForm:
    return score_form(
        blind.instrument_for(found),
        blind.asked(found),
        {row.question: row for row in found.answers},
    )


def _save(found: BlindScoring, form: ScoreForm) -> str | None:
    """Save what can be saved; return where to go, or None to show what remains."""
    saved = blind.save_answers(scoring=found, typed=form.typed())
    form.show_saved(saved, blind.instrument_for(found))
    if form.errors:
        return None
    here = url_for(".score", public_id=found.public_id)
    if request.form.get("step") != "done":
        flash("Sparat. Du kan fortsätta när du vill.", "success")
        return here
    missing = blind.submit(scoring=found)
    form.asked = blind.asked(found)
    form.show_missing(missing)
    if missing:
        return None
    flash("Tack. Bedömningen är inlämnad.", "success")
    return here


@bp.post("/mina-kalibreringar/<public_id>/svar/<question>")
@requires(Permission.CALIBRATION_SCORE)
def answer(public_id: str, question: str) -> ResponseReturnValue:
    """One question, saved by the page while somebody types."""
    found = _own(public_id)
    instrument = blind.instrument_for(found)
    if question not in {item.id for item in instrument.questions()}:
        abort(404)
    typed = Typed(
        question,
        request.form.get("answer", ""),
        request.form.get("reason", ""),
        request.form.get("seen", ""),
    )
    try:
        (saved,) = blind.save_answers(scoring=found, typed=[typed])
    except Refused as refusal:
        db.session.rollback()
        return {"message": refusal.message}, 422
    db.session.commit()
    reply: dict[str, object] = {"seen": saved.seen, "asked": sorted(blind.asked(found))}
    if saved.conflict is None:
        return reply
    stored = {"answer": saved.conflict.answer, "reason": saved.conflict.reason}
    shown = words.stored_pairs(instrument, saved.conflict)
    return {**reply, "stored": stored, "shown": shown}, 409


@bp.get("/mina-kalibreringar/<public_id>/resultat")
@requires(Permission.CALIBRATION_SCORE)
def own_result(public_id: str) -> ResponseReturnValue:
    found = queries.own_closed(actor(), public_id)
    if found.vignette is None:
        abort(404)
    return render_template(
        "calibration/own_result.html",
        scoring=found,
        result=results.own_result(actor(), found),
    )
