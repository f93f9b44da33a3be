"""Requests in, pages out: answering, a domain at a time or all on one page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment import Domain, Instrument, visible_questions
from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import (
    masking,
    progress,
    queries,
    saving,
    scoring,
    scoring_words,
    statement_queries,
)
from lovdv.needs.blueprint import bp
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import Assessment
from lovdv.needs.scoring_forms import DomainForm, domain_form
from lovdv.needs.statement_models import Statement


@dataclass(frozen=True)
class Part:
    """One domain as the page shows it beside its questions."""

    domain: Domain
    points: str
    earlier: Mapping[str, str]
    stated: Sequence[tuple[Statement, str]]

    @property
    def is_scored(self) -> bool:
        return self.points != ""


@bp.route("/bedomningar/<public_id>/omrade/<name>", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_SCORE)
def domain(public_id: str, name: str) -> ResponseReturnValue:
    found = own_draft(public_id)
    instrument = instrument_of(found.instrument_version)
    part = _domain(instrument, name)
    here = url_for(".domain", public_id=public_id, name=name)
    return _answering(
        found,
        (part,),
        here,
        template="needs/domain.html",
        step=progress.place_of(instrument, part),
    )


@bp.route("/bedomningar/<public_id>/alla", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_SCORE)
def everything(public_id: str) -> ResponseReturnValue:
    found = own_draft(public_id)
    domains = instrument_of(found.instrument_version).domains
    here = url_for(".everything", public_id=public_id)
    return _answering(found, domains, here, template="needs/everything.html")


def _answering(
    found: Assessment,
    domains: Sequence[Domain],
    here: str,
    *,
    template: str,
    **shown: object,
) -> ResponseReturnValue:
    """Save what is sent and go on, or show the domains with what remains."""
    form = _form(found, domains)
    if form.validate_on_submit():
        with form.attempt():
            may_go_on = _save(found, domains, form)
            db.session.commit()
            if may_go_on:
                return redirect(here)
    return render_template(
        template,
        form=form,
        assessment=found,
        parts=_parts(found, domains),
        here=here,
        **shown,
    )


def _form(found: Assessment, domains: Sequence[Domain]) -> DomainForm:
    instrument = instrument_of(found.instrument_version)
    return domain_form(
        instrument,
        domains,
        visible_questions(instrument, scoring.answers_of(found)),
        {row.question: row for row in found.answers},
        {row.domain: row for row in found.words},
    )


def _parts(found: Assessment, domains: Sequence[Domain]) -> list[Part]:
    stated = statement_queries.stated_by_domain(
        statement_queries.given_for(found), masking.shown_to_reader(found.client)
    )
    return [
        Part(
            domain,
            progress.points_of(found, domain),
            progress.earlier_answers(found, domain),
            stated.get(domain.id, ()),
        )
        for domain in domains
    ]


def _save(found: Assessment, domains: Sequence[Domain], form: DomainForm) -> bool:
    """Save what can be saved; tell whether nothing is left to show."""
    form.show_saved(
        saving.save_answers(assessment=found, typed=form.typed(request.form))
    )
    form.show_saved_words(
        [
            saving.save_words(assessment=found, typed=typed)
            for typed in form.typed_words(request.form)
        ]
    )
    form.show_theirs(request.form, found.answers, found.words)
    if form.errors:
        return False
    if request.form.get("step") != "done":
        flash("Utkastet är sparat.", "success")
        return True
    return _close(found, domains, form)


def _close(found: Assessment, domains: Sequence[Domain], form: DomainForm) -> bool:
    missing = [
        name
        for domain in domains
        for name in scoring.close_domain(assessment=found, domain=domain.id)
    ]
    form.show_missing(missing)
    if form.errors:
        return False
    if missing:
        flash(
            "Svaren gör att det finns en följdfråga. Besvara den också.",
            "info",
        )
    return True


@bp.post("/bedomningar/<public_id>/svar/<question>")
@requires(Permission.ASSESSMENT_SCORE)
def answer(public_id: str, question: str) -> ResponseReturnValue:
    """One question, saved by the page while somebody types."""
    found = queries.own_draft(actor(), public_id)
    instrument = instrument_of(found.instrument_version)
    if question not in {item.id for item in instrument.questions()}:
        abort(404)
    typed = saving.Typed(
        question,
        request.form.get("answer", ""),
        request.form.get("reason", ""),
        request.form.get("seen", ""),
        request.form.get("evidence", ""),
        request.form.get("view", ""),
    )
    try:
        (saved,) = saving.save_answers(assessment=found, typed=[typed])
    except Refused as refusal:
        return _refused(refusal)
    db.session.commit()
    asked = sorted(visible_questions(instrument, scoring.answers_of(found)))
    other = saved.conflict or saved.newer
    if other is None:
        return {"seen": saved.seen, "asked": asked}
    stored = scoring_words.stored_answer(other)
    return {
        "seen": saved.seen,
        "asked": asked,
        "stored": stored,
        "shown": scoring_words.answer_pairs(instrument, question, stored),
    }, 409 if saved.conflict else 200


@bp.post("/bedomningar/<public_id>/ord/<name>")
@requires(Permission.ASSESSMENT_SCORE)
def own_words(public_id: str, name: str) -> ResponseReturnValue:
    """The person's words about a domain, saved by the page while somebody types."""
    found = queries.own_draft(actor(), public_id)
    part = _domain(instrument_of(found.instrument_version), name)
    typed = saving.TypedWords(
        part.id,
        request.form.get("text", ""),
        request.form.get("voice", ""),
        request.form.get("seen", ""),
    )
    try:
        saved = saving.save_words(assessment=found, typed=typed)
    except Refused as refusal:
        return _refused(refusal)
    db.session.commit()
    other = saved.conflict or saved.newer
    if other is None:
        return {"seen": saved.seen}
    stored = scoring_words.stored_words(other)
    return {
        "seen": saved.seen,
        "stored": stored,
        "shown": scoring_words.words_pairs(stored),
    }, 409 if saved.conflict else 200


def _refused(refusal: Refused) -> ResponseReturnValue:
    db.session.rollback()
    return {"message": refusal.message}, 422


def own_draft(public_id: str) -> Assessment:
    """The actor's own draft, its reading noted."""
    found = queries.own_draft(actor(), public_id)
    audit.read("assessment.read", about=[found.client_id], object=found.public_id)
    return found


def _domain(instrument: Instrument, name: str) -> Domain:
    found = [domain for domain in instrument.domains if domain.id == name]
    if not found:
        abort(404)
    return found[0]
