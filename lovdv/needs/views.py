"""Requests in, pages out: work lists and the scoring of a draft."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.formats import day
from lovdv.forms import ActForm, options
from lovdv.needs import (
    consequence_views,
    domain_views,
    editor_views,
    instrument_views,
    level_views,
    masking,
    objection_views,
    own_views,
    progress,
    queries,
    reassessment_views,
    review_views,
    saving,
    scoring,
    statement_queries,
    statement_views,
    words,
    worklists,
)
from lovdv.needs.blueprint import bp
from lovdv.needs.domain_views import own_draft
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import Assessment
from lovdv.needs.scoring_forms import BeginForm, DescribeForm
from lovdv.people import queries as people_queries

__all__ = [
    "bp",
    "consequence_views",
    "domain_views",
    "editor_views",
    "instrument_views",
    "level_views",
    "objection_views",
    "own_views",
    "reassessment_views",
    "review_views",
    "statement_views",
]


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
    found = own_draft(public_id)
    instrument = instrument_of(found.instrument_version)
    return render_template(
        "needs/draft.html",
        assessment=found,
        instrument=instrument,
        progress=progress.progress(found),
        request_behind=queries.request_behind(found.id),
        statements=statement_queries.asked_for(found),
        today=today(),
        kinds=words.KINDS,
        shown=masking.shown_to_reader(found.client),
    )


@bp.route("/bedomningar/<public_id>/tillfalle", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_SCORE)
def occasion(public_id: str) -> ResponseReturnValue:
    found = own_draft(public_id)
    form = DescribeForm(obj=found, seen=saving.occasion_token(found))
    if form.validate_on_submit():
        with form.attempt():
            scoring.describe(
                assessment=found,
                kind=form.kind.data,
                held_on=form.held_on.data,
                took_part=form.took_part.data,
                own_words=form.own_words.data,
                seen=form.seen.data or "",
            )
            db.session.commit()
            return redirect(url_for(".draft", public_id=public_id))
    stored = _stored_elsewhere(found, form)
    return render_template(
        "needs/occasion.html", form=form, assessment=found, stored=stored
    )


def _stored_elsewhere(
    found: Assessment, form: DescribeForm
) -> list[tuple[str, object]]:
    """What another tab has saved, when the form is refused; the next saving is sure."""
    if not form.form_errors or form.seen.data == saving.occasion_token(found):
        return []
    form.seen.data = saving.occasion_token(found)
    return [
        ("Slag", words.KINDS[found.kind]),
        ("Hölls", day(found.held_on)),
        ("Med var", found.took_part),
        ("Personens egna ord", found.own_words),
    ]


@bp.route("/bedomningar/<public_id>/signera", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_SCORE)
def sign(public_id: str) -> ResponseReturnValue:
    found = own_draft(public_id)
    instrument = instrument_of(found.instrument_version)
    form = ActForm()
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
        explanation=progress.explained(found, masking.shown_to_reader(found.client)),
    )


@bp.route("/bedomningar/<public_id>/ta-bort", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_SCORE)
def discard(public_id: str) -> ResponseReturnValue:
    found = own_draft(public_id)
    if request.method == "POST":
        scoring.discard(assessment=found)
        db.session.commit()
        flash("Utkastet är borttaget.", "success")
        return redirect(url_for(".assessments"))
    return render_template("needs/discard.html", assessment=found)


@bp.route("/bedomningar/<public_id>/ta-over", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_SCORE)
def take_over(public_id: str) -> ResponseReturnValue:
    """A colleague's draft in a case of one's own: gone on with, or thrown away."""
    found = queries.colleagues_draft(actor(), public_id)
    audit.read("assessment.begun", about=[found.client_id], object=found.public_id)
    form = ActForm()
    if form.validate_on_submit():
        with form.attempt():
            scoring.take_over(assessment=found, by_id=actor().user_id)
            db.session.commit()
            flash("Utkastet är ditt nu, med allt som är skrivet.", "success")
            return redirect(url_for(".draft", public_id=public_id))
    return render_template("needs/take_over.html", form=form, assessment=found)
