"""Requests in, pages out: placements, their times, pauses and follow-up."""

from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.forms import options
from lovdv.placements import due, operations, planning, queries
from lovdv.placements.blueprint import bp
from lovdv.placements.extents import Amount, amount_of
from lovdv.placements.forms import (
    AnnulForm,
    BackForm,
    EndForm,
    FollowUpForm,
    PauseForm,
    PlanForm,
)
from lovdv.placements.levels import level_of
from lovdv.placements.models import Placement
from lovdv.placements.plans import half_days_text, hours_text, read_times
from lovdv.placements.scope import is_at_unit
from lovdv.placements.settings import end_reasons
from payments.month import Month


@bp.get("/placeringar")
@requires(Permission.PLACEMENT_READ)
def placements() -> ResponseReturnValue:
    ended = request.args.get("visa") == "avslutade"
    found = queries.placements(actor(), ended=ended)
    audit.read("placement.list", about=[each.client_id for each in found])
    rows = [
        (each, queries.plan_on(each, today()), due.plan_due(each)) for each in found
    ]
    return render_template(
        "placements/placements.html", rows=rows, ended=ended, today=today()
    )


@bp.get("/placeringar/<public_id>")
@requires(Permission.PLACEMENT_READ)
def placement(public_id: str) -> ResponseReturnValue:
    found = queries.placement(actor(), public_id)
    audit.read("placement.read", about=[found.client_id], object=public_id)
    plan = queries.plan_on(found, today())
    return render_template(
        "placements/placement.html",
        placement=found,
        plan=plan,
        times=read_times(plan.times, plan.first_day) if plan else None,
        amount=_amount_now(found),
        days=half_days_text(found.order.half_days) if found.order else "",
        level=level_of(found, max(found.first_day, today())),
        reasons=end_reasons(found.choice_system_id),
        plan_due=due.plan_due(found),
        pauses=planning.standing_pauses(found),
        month=str(_month_of(found)),
        at_unit=is_at_unit(actor()) and found.unit_id == actor().unit_id,
        hours_text=hours_text,
    )


def _month_of(found: Placement) -> Month:
    """This month, or the one of the last day when it is over."""
    end_day = found.end_day or date.max
    return Month.of(min(today(), end_day - timedelta(days=1)))


def _amount_now(found: Placement) -> Amount | None:
    plan = queries.plan_on(found, today())
    if plan is None:
        return None
    day = max(plan.first_day, today())
    return amount_of(
        read_times(plan.times, plan.first_day), found.choice_system_id, day
    )


@bp.route("/placeringar/<public_id>/veckoplan", methods=["GET", "POST"])
@requires(Permission.PLAN_WRITE)
def plan(public_id: str) -> ResponseReturnValue:
    found = queries.placement_at_unit(actor(), public_id)
    audit.read("placement.read", about=[found.client_id], object=public_id)
    form, amount = PlanForm(), None
    if not form.is_submitted():
        _prefill(form, found)
    good = form.validate_on_submit()
    if good and not form.wants_sums:
        with form.attempt():
            planning.set_plan(
                placement=found,
                first_day=form.first_day.data,
                times=form.times,
                by_id=actor().user_id,
                ordered=planning.ordered_half_days(found, form.first_day.data),
            )
            db.session.commit()
            flash("Veckoplanen är sparad.", "success")
            return redirect(url_for("placements.placement", public_id=public_id))
    if good or not form.is_submitted():
        day = form.first_day.data
        amount = amount_of(form.plan(day), found.choice_system_id, day)
    return render_template(
        "placements/plan.html", form=form, placement=found, amount=amount
    )


def _prefill(form: PlanForm, found: Placement) -> None:
    form.first_day.data = max(today() + timedelta(days=1), found.first_day)
    before = queries.plan_on(found, today())
    if before is not None:
        form.fill(before.times)


@bp.route("/placeringar/<public_id>/uppfoljning", methods=["GET", "POST"])
@requires(Permission.PLAN_WRITE)
def follow_up(public_id: str) -> ResponseReturnValue:
    found = queries.placement_at_unit(actor(), public_id)
    audit.read("placement.read", about=[found.client_id], object=public_id)
    form = FollowUpForm(data=_follow_up_values(found))
    if form.validate_on_submit():
        with form.attempt():
            planning.record_plan(
                placement=found,
                made_on=form.made_on.data,
                participation=form.participation.data,
                next_follow_up_on=form.next_follow_up_on.data,
            )
            planning.set_workplace(
                placement=found,
                employer=form.employer.data,
                kind=form.kind.data,
                contact_owner=form.contact_owner.data,
            )
            db.session.commit()
            flash("Sparat.", "success")
            return redirect(url_for("placements.placement", public_id=public_id))
    return render_template(
        "placements/follow_up.html",
        form=form,
        placement=found,
        workplaces=queries.workplaces(found.unit_id),
    )


def _follow_up_values(found: Placement) -> dict[str, object]:
    workplace = found.workplace
    return {
        "made_on": found.plan_made_on,
        "participation": found.plan_participation,
        "next_follow_up_on": found.next_follow_up_on,
        "employer": workplace.employer if workplace else "",
        "kind": workplace.kind if workplace else "single",
        "contact_owner": workplace.contact_owner if workplace else "",
    }


@bp.route("/placeringar/<public_id>/avsluta", methods=["GET", "POST"])
@requires(Permission.PLACEMENT_WRITE)
def end(public_id: str) -> ResponseReturnValue:
    found = queries.placement_to_manage(actor(), public_id)
    audit.read("placement.read", about=[found.client_id], object=public_id)
    form = EndForm(reason=found.end_reason, notice_day=found.notice_day)
    form.reason.choices = options(end_reasons(found.choice_system_id))
    if form.validate_on_submit():
        with form.attempt():
            operations.end(
                placement=found,
                end_day=form.last_day.end_day,
                reason=form.reason.data,
                notice_day=form.notice_day.data,
            )
            db.session.commit()
            flash("Placeringen har fått en sista dag.", "success")
            return redirect(url_for("placements.placement", public_id=public_id))
    return render_template("placements/end.html", form=form, placement=found)


@bp.route("/placeringar/<public_id>/annullera", methods=["GET", "POST"])
@requires(Permission.PLACEMENT_WRITE)
def annul(public_id: str) -> ResponseReturnValue:
    found = queries.placement_to_manage(actor(), public_id)
    audit.read("placement.read", about=[found.client_id], object=public_id)
    form = AnnulForm()
    if form.validate_on_submit():
        with form.attempt():
            operations.annul(placement=found, reason=form.reason.data)
            db.session.commit()
            flash("Placeringen är annullerad.", "success")
            return redirect(url_for("placements.placement", public_id=public_id))
    return render_template("placements/annul.html", form=form, placement=found)


@bp.route("/placeringar/<public_id>/paus", methods=["GET", "POST"])
@requires(Permission.PLACEMENT_WRITE)
def pause(public_id: str) -> ResponseReturnValue:
    found = queries.placement_to_manage(actor(), public_id)
    audit.read("placement.read", about=[found.client_id], object=public_id)
    form = PauseForm()
    if form.validate_on_submit():
        with form.attempt():
            planning.pause(
                placement=found,
                first_day=form.first_day.data,
                end_day=form.last_day.end_day,
                share_paid=form.share_paid.data,
                place_kept=form.place_kept.data,
                frees_capacity=form.frees_capacity.data,
            )
            db.session.commit()
            flash("Pausen är sparad.", "success")
            return redirect(url_for("placements.placement", public_id=public_id))
    return render_template("placements/pause.html", form=form, placement=found)


@bp.route("/placeringar/<public_id>/paus/<pause_id>/tillbaka", methods=["GET", "POST"])
@requires(Permission.PLACEMENT_WRITE)
def end_pause(public_id: str, pause_id: str) -> ResponseReturnValue:
    found = queries.placement_to_manage(actor(), public_id)
    chosen = queries.pause_of(found, pause_id)
    audit.read("placement.read", about=[found.client_id], object=public_id)
    form = BackForm()
    if form.validate_on_submit():
        with form.attempt():
            planning.end_pause(
                placement=found, pause=chosen, end_day=form.back_day.data
            )
            db.session.commit()
            flash("Pausen har fått ett slut.", "success")
            return redirect(url_for("placements.placement", public_id=public_id))
    return render_template(
        "placements/end_pause.html", form=form, placement=found, pause=chosen
    )


@bp.post("/placeringar/<public_id>/paus/<pause_id>/ta-bort")
@requires(Permission.PLACEMENT_WRITE)
def annul_pause(public_id: str, pause_id: str) -> ResponseReturnValue:
    found = queries.placement_to_manage(actor(), public_id)
    chosen = queries.pause_of(found, pause_id)
    planning.annul_pause(placement=found, pause=chosen)
    db.session.commit()
    flash("Pausen är borttagen.", "success")
    return redirect(url_for("placements.placement", public_id=public_id))
