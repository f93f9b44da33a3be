"""Requests in, pages out: the guide's (lots) work list."""

from datetime import date, datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice import invitations, listing, ordering, supporting
from lovdv.choice.blueprint import bp
from lovdv.choice.forms import (
    RESULTS,
    WAYS,
    AttemptForm,
    chosen_row,
)
from lovdv.choice.models import Invitation
from lovdv.choice.regrets import to_take_back
from lovdv.choice.words import PURPOSES
from lovdv.clock import now, start_of, today
from lovdv.extensions import db
from lovdv.guides import work
from lovdv.guides.operations import keep_answer
from lovdv.guides.queries import handovers_of, helper_of


@bp.get("/stod")
@requires(Permission.SUPPORT_WORK)
def support() -> ResponseReturnValue:
    """Everybody with what to do next, and the visits of the week."""
    coming, week_end = work.visits(actor(), today()), today() + work.WEEK
    tasks = work.tasks(actor(), coming, today())
    visits = [each for each in coming if each.day < week_end]
    shown = [each.invitation.client_id for each in (*tasks, *visits)]
    audit.read("support.list", about=shown)
    return render_template(
        "choice/support.html",
        tasks=tasks,
        visits=visits,
        today=today(),
        soon=week_end,
        me=actor().user_id,
    )


@bp.post("/stod/<public_id>/ta")
@requires(Permission.SUPPORT_WORK)
def take(public_id: str) -> ResponseReturnValue:
    invitation = invitations.invitation_to_take(actor(), public_id)
    if invitation.guide_id == actor().user_id:
        return redirect(url_for(".supported", public_id=public_id))
    supporting.take(invitation, actor=actor())
    db.session.commit()
    flash("Du är nu lots för personen.", "success")
    return redirect(url_for(".supported", public_id=public_id))


@bp.route("/stod/<public_id>", methods=["GET", "POST"])
@requires(Permission.SUPPORT_WORK)
def supported(public_id: str) -> ResponseReturnValue:
    invitation = invitations.followed(actor(), public_id)
    form, rows = AttemptForm(), rows_for(invitation)
    form.offer(rows, invitations.months_to_ask(invitation))
    if request.method == "GET":
        form.day.data = today()
        form.purpose.data = request.args.get("gallde", "inform")
    if form.validate_on_submit():
        with form.attempt():
            log(invitation, form, rows)
            db.session.commit()
            flash("Kontakten är loggad.", "success")
            return redirect(url_for(".supported", public_id=public_id))
    audit.read("support.person", about=[invitation.client_id])
    return render_template(
        "choice/supported.html",
        invitation=invitation,
        seed=ordering.seed_for(invitation.client.public_id),
        form=form,
        helper=helper_of(invitation),
        handovers=handovers_of(invitation),
        to_regret=to_take_back(invitation.client_id),
        again=invitations.open_invitation(invitation.client_id),
        ways=WAYS,
        results=RESULTS,
        purposes=PURPOSES,
    )


def rows_for(invitation: Invitation) -> list[listing.Row]:
    """The comparison in the order that belongs to the person."""
    system = invitations.system_of_decision(invitation.decision)
    seed = ordering.seed_for(invitation.client.public_id)
    return listing.everything(system, today(), seed)


def log(invitation: Invitation, form: AttemptForm, rows: list[listing.Row]) -> None:
    visited = chosen_row(rows, form.unit)
    attempt = supporting.log_attempt(
        invitation=invitation,
        by=actor().user_id,
        at=moment(form.day.data),
        way=form.way.data,
        result=form.result.data,
        purpose=form.purpose.data,
        note=form.note.data,
        visit_day=form.visit_day.data,
        unit=visited.offered.unit if visited else None,
    )
    if form.feeling.data:
        keep_answer(
            attempt=attempt,
            invitation=invitation,
            feeling=form.feeling.data,
            wants_rechoice=form.choose_again.data,
        )


def moment(day: date) -> datetime:
    """Now when it was today, noon when it was another day."""
    return now() if day == today() else start_of(day) + timedelta(hours=12)
