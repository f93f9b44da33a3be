"""Requests in, pages out: work lists and the scoring of a draft."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import Domain, Instrument, visible_questions
from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.forms import options
from lovdv.needs import (
    editor_views,
    instrument_views,
    level_views,
    own_views,
    progress,
    queries,
    scoring,
    words,
    worklists,
)
from lovdv.needs.blueprint import bp
from lovdv.needs.forms import (
    BeginForm,
    DomainForm,
    OccasionForm,
    SignForm,
    domain_form,
)
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import Assessment
from lovdv.people import queries as people_queries

__all__ = ["bp", "editor_views", "instrument_views", "level_views", "own_views"]


@bp.get("/bedomningar")
@requires(Permission.ASSESSMENT_READ)
def assessments() -> ResponseReturnValue:
    lists = worklists.worklists(actor())
    audit.read("assessment.list", about=lists.shown)
    return render_template(
        "needs/assessments.html", lists=lists, kinds=words.SHORT_KINDS, today=today()
    )


@bp.route("/personer/<public_id>/bedomning/ny", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_SCORE)
def begin(public_id: str) -> ResponseReturnValue:
    client = people_queries.person(actor(), public_id)
    decisions = queries.decisions_to_assess(client.id, today())
    form = BeginForm(kind=request.args.get("slag"), held_on=today())
    form["decision"].choices = options(
        (decision.public_id, decision.reference) for decision in decisions
    )
    audit.read("person.read", about=[client.id])
    if form.validate_on_submit():
        with form.attempt():
            draft = scoring.begin(
                client=client,
                decision=next(
                    item for item in decisions if item.public_id == form.decision.data
                ),
                kind=form.kind.data,
                held_on=form.held_on.data,
                took_part=form.took_part.data,
                own_words=form.own_words.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            return redirect(url_for(".draft", public_id=draft.public_id))
    return render_template(
        "needs/begin.html", form=form, client=client, decisions=decisions
    )


@bp.get("/bedomningar/<public_id>")
@requires(Permission.ASSESSMENT_SCORE)
def draft(public_id: str) -> ResponseReturnValue:
    found = _draft(public_id)
    instrument = instrument_of(found.instrument_version)
    return render_template(
        "needs/draft.html",
        assessment=found,
        instrument=instrument,
        progress=progress.progress(found),
        request_behind=queries.request_behind(found.id),
        kinds=words.KINDS,
    )


@bp.route("/bedomningar/<public_id>/tillfalle", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_SCORE)
def occasion(public_id: str) -> ResponseReturnValue:
    found = _draft(public_id)
    form = OccasionForm(obj=found)
    if form.validate_on_submit():
        with form.attempt():
            scoring.describe(
                assessment=found,
                kind=form.kind.data,
                held_on=form.held_on.data,
                took_part=form.took_part.data,
                own_words=form.own_words.data,
            )
            db.session.commit()
            return redirect(url_for(".draft", public_id=public_id))
    return render_template("needs/occasion.html", form=form, assessment=found)


@bp.route("/bedomningar/<public_id>/omrade/<name>", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_SCORE)
def domain(public_id: str, name: str) -> ResponseReturnValue:
    found = _draft(public_id)
    instrument = instrument_of(found.instrument_version)
    part = _domain(instrument, name)
    form = _domain_form(found, instrument, part)
    if form.validate_on_submit():
        with form.attempt():
            following = _save_domain(found, instrument, part, form)
            db.session.commit()
            if following:
                return redirect(following)
    return render_template(
        "needs/domain.html",
        form=form,
        assessment=found,
        instrument=instrument,
        domain=part,
        is_scored=part.id in scoring.scored_domains(found),
        earlier=progress.earlier_answers(found, part),
        points=progress.points_of(found, part),
        step=progress.place_of(instrument, part),
    )


def _save_domain(
    found: Assessment, instrument: Instrument, part: Domain, form: DomainForm
) -> str | None:
    """Save what can be saved; return where to go, or None to show what remains."""
    saved = scoring.save_answers(assessment=found, typed=form.typed())
    form.show_saved(saved, instrument)
    if form.errors:
        return None
    if request.form.get("step") != "done":
        flash("Utkastet är sparat.", "success")
        return url_for(".domain", public_id=found.public_id, name=part.id)
    missing = scoring.close_domain(assessment=found, domain=part.id)
    form.show_missing(missing)
    if not missing:
        return url_for(".domain", public_id=found.public_id, name=part.id)
    if form.errors:
        return None
    flash("Svaren gör att det finns en följdfråga. Besvara den också.", "info")
    return url_for(".domain", public_id=found.public_id, name=part.id)


def _domain_form(found: Assessment, instrument: Instrument, part: Domain) -> DomainForm:
    return domain_form(
        instrument,
        part,
        visible_questions(instrument, scoring.answers_of(found)),
        {row.question: row for row in found.answers},
    )


@bp.post("/bedomningar/<public_id>/svar/<question>")
@requires(Permission.ASSESSMENT_SCORE)
def answer(public_id: str, question: str) -> ResponseReturnValue:
    """One question, saved by the page while somebody types."""
    found = queries.own_draft(actor(), public_id)
    instrument = instrument_of(found.instrument_version)
    if question not in {item.id for item in instrument.questions()}:
        abort(404)
    typed = scoring.Typed(
        question,
        request.form.get("answer", ""),
        request.form.get("reason", "").strip(),
        request.form.get("seen", ""),
    )
    try:
        (saved,) = scoring.save_answers(assessment=found, typed=[typed])
    except Refused as refusal:
        db.session.rollback()
        return {"message": refusal.message}, 422
    db.session.commit()
    if saved.conflict is not None:
        shown = words.conflict(instrument, saved.conflict)
        return {"seen": saved.seen, "message": shown}, 409
    asked = visible_questions(instrument, scoring.answers_of(found))
    return {"seen": saved.seen, "asked": sorted(asked)}


@bp.route("/bedomningar/<public_id>/signera", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_SCORE)
def sign(public_id: str) -> ResponseReturnValue:
    found = _draft(public_id)
    instrument = instrument_of(found.instrument_version)
    form = SignForm()
    if form.validate_on_submit():
        with form.attempt():
            scoring.sign(assessment=found, by_id=actor().user_id)
            db.session.commit()
            flash("Bedömningen är signerad och ändras inte mer.", "success")
            return redirect(url_for(".why", public_id=public_id))
    return render_template(
        "needs/sign.html",
        form=form,
        assessment=found,
        instrument=instrument,
        progress=progress.progress(found),
        explanation=progress.explained(found),
    )


@bp.route("/bedomningar/<public_id>/ta-bort", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_SCORE)
def discard(public_id: str) -> ResponseReturnValue:
    found = _draft(public_id)
    if request.method == "POST":
        scoring.discard(assessment=found)
        db.session.commit()
        flash("Utkastet är borttaget.", "success")
        return redirect(url_for(".assessments"))
    return render_template("needs/discard.html", assessment=found)


def _draft(public_id: str) -> Assessment:
    found = queries.own_draft(actor(), public_id)
    audit.read("assessment.read", about=[found.client_id], object=found.public_id)
    return found


def _domain(instrument: Instrument, name: str) -> Domain:
    found = [domain for domain in instrument.domains if domain.id == name]
    if not found:
        abort(404)
    return found[0]
