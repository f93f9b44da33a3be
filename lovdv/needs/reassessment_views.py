"""Requests in, pages out: asking for a new assessment, answering, and the figures."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.downloads import attached
from lovdv.extensions import db
from lovdv.followup.small_counts import LEAST
from lovdv.formats import day
from lovdv.needs import (
    masking,
    objections,
    reassessment_queries,
    reassessments,
)
from lovdv.needs import reassessment_figures as figures
from lovdv.needs.blueprint import bp
from lovdv.needs.models import ReassessmentRequest
from lovdv.needs.reassessment_figures import Figures
from lovdv.needs.reassessment_figures import workbook as reassessment_workbook
from lovdv.needs.reassessment_forms import AnswerForm, UnitAskForm
from lovdv.needs.unit_sees import unit_profile
from lovdv.placements.levels import level_held, level_of

LATELY = timedelta(days=90)


@bp.get("/ny-bedomning")
@requires(Permission.REASSESSMENT_ASK)
def reassessments_asked() -> ResponseReturnValue:
    """The unit's own requests with their answers, and whom it can ask about."""
    found = reassessment_queries.asked_by_unit(actor())
    placed = reassessment_queries.placements_to_ask_for(actor())
    seen = [row.client_id for row in found] + [row.client_id for row in placed]
    audit.read("assessment.asked_list", about=seen)
    return render_template(
        "needs/reassessments_asked.html",
        requests=found,
        placements=placed,
        shown_to_reader=masking.shown_to_reader,
    )


@bp.get("/placeringar/<public_id>/niva")
@requires(Permission.REASSESSMENT_ASK)
def unit_level(public_id: str) -> ResponseReturnValue:
    """What the unit may see of a level: by the rule "explanation", never the answers"""
    found = reassessment_queries.placement_to_ask_for(actor(), public_id)
    audit.read("level.unit", about=[found.client_id])
    return render_template(
        "needs/unit_level.html",
        placement=found,
        level=level_of(found, today()),
        profile=unit_profile(found, today()),
    )


@bp.route("/placeringar/<public_id>/ny-bedomning", methods=["GET", "POST"])
@requires(Permission.REASSESSMENT_ASK)
def reassessment_ask(public_id: str) -> ResponseReturnValue:
    found = reassessment_queries.placement_to_ask_for(actor(), public_id)
    audit.read("assessment.asking", about=[found.client_id])
    form = UnitAskForm()
    if form.validate_on_submit():
        with form.attempt():
            new = reassessments.ask(
                client=found.client,
                decision=reassessment_queries.decision_of(found),
                reason=form.reason.data,
                evidence=form.evidence.data,
                unit_id=found.unit_id,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash(f"Begäran är skickad. Svar senast {day(new.answer_by)}.", "success")
            return redirect(url_for(".reassessments_asked"))
    return render_template(
        "needs/reassessment_ask.html",
        form=form,
        placement=found,
        answer_by=reassessments.answer_by(found.choice_system_id, today()),
    )


@bp.get("/ny-bedomning/att-svara")
@requires(Permission.REASSESSMENT_ANSWER)
def reassessments_due() -> ResponseReturnValue:
    """What waits for an answer: requests, and what persons dispute."""
    me = actor()
    waiting = reassessment_queries.to_answer(me)
    answered = reassessment_queries.answered(me, today() - LATELY)
    disputed = objections.unanswered(me)
    audit.read(
        "assessment.request_list",
        about=[
            *(row.client_id for row in (*waiting, *answered)),
            *(assessment.client_id for assessment, _ in disputed),
        ],
    )
    return render_template(
        "needs/reassessments_due.html",
        waiting=waiting,
        answered=answered,
        disputed=disputed,
        today=today(),
    )


@bp.route("/ny-bedomning/<public_id>/svara", methods=["GET", "POST"])
@requires(Permission.REASSESSMENT_ANSWER)
def reassessment_answer(public_id: str) -> ResponseReturnValue:
    found = reassessment_queries.request(actor(), public_id)
    audit.read("assessment.request", about=[found.client_id], object=public_id)
    form = AnswerForm()
    if form.validate_on_submit():
        with form.attempt():
            reassessments.answer(
                request=found,
                verdict=form.verdict.data,
                text=form.text.data or "",
                by_id=actor().user_id,
            )
            db.session.commit()
            return _answered(found, form.verdict.data)
    return render_template(
        "needs/reassessment_answer.html",
        form=form,
        asked=found,
        level=level_held(found.decision_id, today()),
        part_of_decision=reassessments.is_part_of_decision(found.decision),
        shown=masking.shown_to_reader(found.client),
    )


def _answered(found: ReassessmentRequest, verdict: str) -> ResponseReturnValue:
    flash("Svaret är sparat och syns för den som frågade.", "success")
    begins = verdict == "granted" and found.assessment_id is None
    if begins and actor().may(Permission.ASSESSMENT_SCORE):
        person = found.client.public_id
        return redirect(url_for(".begin", public_id=person, slag="changed_need"))
    return redirect(url_for(".reassessments_due"))


@bp.get("/ny-bedomning/siffror")
@requires(Permission.FIGURES_READ)
def reassessment_figures() -> ResponseReturnValue:
    """Whole numbers for those who run the system; for others none that is small."""
    inside = actor().may(Permission.SYSTEM_WRITE) and request.args.get("vy") != "ut"
    return render_template(
        "needs/reassessment_figures.html",
        figures=_figures(inside=inside),
        inside=inside,
        may_see_all=actor().may(Permission.SYSTEM_WRITE),
        least=LEAST,
    )


@bp.get("/ny-bedomning/siffror.xlsx")
@requires(Permission.FIGURES_READ)
def reassessment_figures_file() -> ResponseReturnValue:
    """The figures as they may leave the house."""
    content = reassessment_workbook(_figures(inside=False))
    return attached(content, f"ny-bedomning-{today().isoformat()}.xlsx")


def _figures(*, inside: bool) -> Figures:
    found = figures.asked(actor().municipality_id, today())
    tell = figures.inside if inside else figures.outside
    return tell(found, today())
