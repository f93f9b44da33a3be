"""Requests in, pages out: the units' presentations, drafted and reviewed."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.extensions import db
from lovdv.providers import profiling, queries
from lovdv.providers.blueprint import bp
from lovdv.providers.easyread import lines, text_lines
from lovdv.providers.forms import ReviewForm
from lovdv.providers.models import Profile, Unit
from lovdv.providers.profile_form import ProfileForm
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
    )


_SENT = "Presentationen är inskickad. Kommunen läser den och svarar här."


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


@bp.get("/presentationer")
@requires(Permission.PROFILE_PUBLISH)
def profiles() -> ResponseReturnValue:
    return render_template(
        "providers/profiles.html",
        waiting=queries.profiles_to_review(actor().municipality_id),
    )


@bp.route("/verksamhet/<public_id>/presentation", methods=["GET", "POST"])
@requires(Permission.PROFILE_PUBLISH)
def review(public_id: str) -> ResponseReturnValue:
    unit = queries.unit_in(actor().municipality_id, public_id)
    newest = queries.newest_profile(unit)
    form = ReviewForm()
    if newest and form.validate_on_submit():
        with form.attempt():
            _answer(newest, form)
            db.session.commit()
            return redirect(url_for(".profiles"))
    before = queries.published([unit.id]).get(unit.id)
    return render_template(
        "providers/review.html",
        form=form,
        unit=unit,
        profile=newest,
        rows=_rows(before, newest) if newest else [],
        easy=_easy(newest) if newest else [],
    )


def _answer(profile: Profile, form: ReviewForm) -> None:
    if form.outcome.data == "publish":
        profiling.publish(profile, by=actor().user_id)
        flash("Presentationen är publicerad.", "success")
    else:
        profiling.send_back(profile, note=form.note.data)
        flash("Presentationen är tillbakaskickad med din kommentar.")


def _rows(before: Profile | None, after: Profile) -> list[tuple[str, str, str, bool]]:
    """Question, answer now, answer proposed, and whether it changes."""
    old = before.facts if before else {}
    changed = queries.changed_answers(before, after)
    return [
        (q.words, answer(q, old), answer(q, after.facts), q.key in changed)
        for q in QUESTIONS
    ]


def _easy(profile: Profile) -> list[str]:
    written = text_lines(profile.easy_text)
    return written or [line.words for line in lines(profile.facts)]
