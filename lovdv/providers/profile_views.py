"""Requests in, pages out: the units' presentations, drafted and reviewed."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.providers import (
    profile_freshness,
    profile_photos,
    profile_queries,
    profile_review,
    profiling,
    queries,
)
from lovdv.providers.blueprint import bp
from lovdv.providers.easyread import lines, text_lines
from lovdv.providers.forms import REGI
from lovdv.providers.models import Profile, Unit
from lovdv.providers.profile_form import ConfirmForm, ProfileForm
from lovdv.providers.profile_review_form import ReviewForm, review_form
from lovdv.providers.profile_waiting import rule_for
from lovdv.providers.questions import GROUPS, QUESTIONS, answer


@bp.route("/var-presentation", methods=["GET", "POST"])
@requires(Permission.PROFILE_DRAFT)
def own_profile() -> ResponseReturnValue:
    unit = queries.own_unit(actor())
    newest = queries.newest_profile(unit)
    form = ProfileForm(obj=newest)
    if request.method == "GET" and newest:
        form.show(newest.facts)
    if form.validate_on_submit():
        with form.attempt():
            sent = _save(unit, form)
            db.session.commit()
            flash(_SENT if sent else "Utkastet är sparat.", "success")
            return redirect(url_for(".own_profile"))
    return render_template(
        "providers/own_profile.html",
        form=form,
        unit=unit,
        profile=newest,
        groups=[(group, form.group(group)) for group in GROUPS],
        flags=_flags(newest, form),
        freshness=profile_freshness.of_unit(unit.id, rule_for(actor())),
        photos=profile_photos.photos_of([newest.id]).get(newest.id) if newest else [],
        answered=profile_review.reviews_of(unit),
        today=today(),
    )


_SENT = "Presentationen är inskickad. Kommunen läser den och svarar här."


def _flags(newest: Profile | None, form: ProfileForm) -> list[tuple[str, list[str]]]:
    """The words of the draft that praise or may do so, by the field's label."""
    if newest is None or newest.status not in profiling.EDITABLE:
        return []
    found = profiling.flags(newest)
    return [
        (form[key].label.text if key in form else "Bildernas beskrivning", words)
        for key, words in found.items()
    ]


def _save(unit: Unit, form: ProfileForm) -> bool:
    """Save the draft; send it in when that button was pressed."""
    draft = profiling.save_draft(
        unit=unit,
        facts=form.facts(),
        text=form.text.data,
        easy_text=form.easy_text.data,
        by=actor().user_id,
    )
    if request.form.get("step") != "submit":
        return False
    profiling.submit(draft)
    return True


@bp.route("/var-presentation/stammer", methods=["GET", "POST"])
@requires(Permission.PROFILE_DRAFT)
def confirm_profile() -> ResponseReturnValue:
    """What is published now, and the one button that says that it still holds."""
    unit, form = queries.own_unit(actor()), ConfirmForm()
    published = queries.published([unit.id]).get(unit.id)
    if form.validate_on_submit():
        with form.attempt():
            profile_freshness.confirm(unit=unit, by=actor().user_id)
            db.session.commit()
            flash("Tack. Presentationen är bekräftad i dag.", "success")
            return redirect(url_for(".own_profile"))
    return render_template(
        "providers/confirm_profile.html",
        form=form,
        unit=unit,
        published=published,
        rows=[(q.words, answer(q, published.facts)) for q in QUESTIONS]
        if published
        else [],
        freshness=profile_freshness.of_unit(unit.id, rule_for(actor())),
        today=today(),
    )


@bp.get("/var-presentation/svar")
@requires(Permission.PROFILE_DRAFT)
def own_answers() -> ResponseReturnValue:
    """What the municipality has answered, each time, with what it changed and why."""
    unit = queries.own_unit(actor())
    return render_template(
        "providers/own_answers.html",
        unit=unit,
        reviews=profile_review.reviews_of(unit),
    )


@bp.get("/presentationer")
@requires(Permission.PROFILE_PUBLISH)
def profiles() -> ResponseReturnValue:
    leads = profile_queries.lead_times(actor().municipality_id, today())
    return render_template(
        "providers/profiles.html",
        waiting=queries.profiles_to_review(actor().municipality_id),
        leads=leads,
        middles=[
            (words, profile_queries.middle(leads, regi)) for regi, words in REGI.items()
        ],
        regi=REGI,
    )


@bp.route("/verksamhet/<public_id>/presentation", methods=["GET", "POST"])
@requires(Permission.PROFILE_PUBLISH)
def review(public_id: str) -> ResponseReturnValue:
    unit = queries.unit_in(actor().municipality_id, public_id)
    newest = queries.newest_profile(unit)
    before = _published(unit, newest)
    fields = profile_review.fields_of(before, newest) if newest else []
    form = review_form(fields)
    if newest and form.validate_on_submit():
        with form.attempt():
            _answer(newest, before, form)
            db.session.commit()
            return redirect(url_for(".profiles"))
    return render_template(
        "providers/review.html",
        form=form,
        seen=profile_review.proposal(fields),
        unit=unit,
        profile=newest,
        changed=[field for field in fields if field.changed],
        same=[field for field in fields if not field.changed],
        easy=_easy(newest) if newest else [],
        reviews=profile_review.reviews_of(unit),
    )


def _published(unit: Unit, newest: Profile | None) -> Profile | None:
    """What stands on the public page, unless it is the newest itself."""
    found = queries.published([unit.id]).get(unit.id)
    return None if newest and found and found.id == newest.id else found


def _answer(profile: Profile, before: Profile | None, form: ReviewForm) -> None:
    profile_review.require_same(profile, form.fields, form.seen.data or "")
    asked = {
        "before": before,
        "marks": form.marks(),
        "note": form.note.data,
        "by": actor().user_id,
    }
    if form.outcome.data == "publish":
        profile_review.publish(profile, **asked)
        flash("Presentationen är publicerad.", "success")
    else:
        profile_review.send_back(profile, **asked)
        flash("Presentationen är tillbakaskickad med dina svar.")


def _easy(profile: Profile) -> list[str]:
    written = text_lines(profile.easy_text)
    return written or [line.words for line in lines(profile.facts)]
