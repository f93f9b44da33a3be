"""Requests in, pages out: a choice registered as the person made it.

First a form, then what will be kept is read through. In the room the screen is then
turned to the person (room_views), who says yes, no or "I do not know".
"""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice import (
    drafts,
    invitations,
    listing,
    operations,
    ordering,
    signed_papers,
)
from lovdv.choice.blueprint import bp
from lovdv.choice.forms import RegisterForm, chosen_row
from lovdv.choice.guide_views import rows_for
from lovdv.choice.models import Choice, Invitation
from lovdv.choice.speaking import handles_case
from lovdv.choice.words import CHANNELS, KINDS
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.guides.checks import require_no_conflict_with
from lovdv.guides.models import GuideConflict
from lovdv.guides.queries import conflict_with, could_take_over, stands_in_for
from lovdv.people.models import Decision

CONFIRMED = {"meeting": "in_room", "phone": "phone", "paper": "paper"}


@bp.route("/val/<public_id>/registrera", methods=["GET", "POST"])
@requires(Permission.CHOICE_REGISTER)
def register(public_id: str) -> ResponseReturnValue:
    invitation = invitations.invitation_to_register(actor(), public_id)
    audit.read("choice.person", about=[invitation.client_id])
    if request.method == "GET" and invitation.closed_on is not None:
        return answered_meanwhile(invitation)
    step = request.form.get("step", "")
    waits = drafts.kept(invitation=invitation, by=actor().user_id)
    form = form_for(invitation, waits) if request.method == "GET" else None
    form = form or _offered(RegisterForm(), invitation)
    if request.method == "GET":
        form.expecting.data = invitation.public_id
        _carry(invitation, form)
        return _asked(invitation, form, changing=bool(waits))
    valid = form.validate_on_submit()
    _keep_scan(invitation, form)
    if not valid or form.errors or step == "change":
        return _asked(invitation, form, changing=step == "change")
    in_the_way = _conflict(invitation, form)
    if in_the_way is not None:
        return _hand_over(invitation, form, in_the_way)
    with form.attempt():
        keep_choice(invitation, form)
        if step == "confirm" and form.channel.data != "meeting":
            drafts.forget(invitation=invitation, by=actor().user_id)
            db.session.commit()
            flash("Valet är registrerat så som personen gjorde det.", "success")
            return redirect(url_for(back()))
        db.session.rollback()
        return _next(public_id, form, step)
    return _asked(invitation, form)


def _next(public_id: str, form: RegisterForm, step: str) -> ResponseReturnValue:
    """It could be kept: read through, or turned to the person to answer."""
    invitation = invitations.invitation_to_register(actor(), public_id)
    if step == "confirm":
        by = actor().user_id
        drafts.keep(invitation=invitation, by=by, fields=form.hidden())
        db.session.commit()
        return redirect(url_for(".room", public_id=public_id))
    told = about(invitation, form)
    kind = KINDS[str(told.pop("kind"))]
    return render_template("choice/register_confirm.html", kind=kind, **told)


def _asked(
    invitation: Invitation, form: RegisterForm, *, changing: bool = False
) -> ResponseReturnValue:
    return render_template(
        "choice/register.html", form=form, invitation=invitation, changing=changing
    )


def form_for(invitation: Invitation, fields: drafts.Fields) -> RegisterForm | None:
    """The form with what was typed before; None when nothing was."""
    if not fields:
        return None
    form = RegisterForm(formdata=MultiDict(fields), meta={"csrf": False})
    return _offered(form, invitation)


def _offered(form: RegisterForm, invitation: Invitation) -> RegisterForm:
    form.offer(rows_for(invitation), invitation.client_id)
    form.ask_for_paper(_wanted(invitation))
    return form


def _wanted(invitation: Invitation) -> signed_papers.Asked:
    return signed_papers.asked(invitation.decision.choice_system_id)


def _keep_scan(invitation: Invitation, form: RegisterForm) -> None:
    """A file that was sent is kept whatever else was wrong, so it is sent once."""
    client = invitation.client
    signed_papers.forget_unlinked(client.municipality_id)
    if form.scan is not None and form.channel.data not in ("meeting", "phone"):
        by = actor().user_id
        form.carry(signed_papers.keep(client=client, scan=form.scan, by=by))
    else:
        _carry(invitation, form)
    db.session.commit()


def _carry(invitation: Invitation, form: RegisterForm) -> None:
    """The paper that was sent before goes along, while it is there."""
    if form.paper.data:
        by, known = actor().user_id, form.paper.data
        before = signed_papers.sent_before(invitation.client_id, known, by=by)
        if before is None:
            form.refuse(signed_papers.NOT_YOURS, "file")
        form.carry(before)


def _row(invitation: Invitation, form: RegisterForm) -> listing.Row:
    row = chosen_row(rows_for(invitation), form.unit)
    assert row is not None
    return row


def keep_choice(invitation: Invitation, form: RegisterForm) -> Choice:
    """Register what the form says; its paper comes along."""
    rows = rows_for(invitation)
    row = chosen_row(rows, form.unit)
    assert row is not None
    require_no_conflict_with(actor().user_id, row.offered.unit)
    seed = ordering.seed_for(invitation.client.public_id)
    as_guide = _is_guide(invitation)
    support = f"{form.support.data} ({CHANNELS[form.channel.data]})"
    made = operations.choose(
        client=invitation.client,
        decision=_decision(invitation),
        unit=row.offered.unit,
        made_by=form.said_by(),
        told=operations.Told(
            channel=form.told_through(as_guide=as_guide),
            shown=listing.as_shown(rows, seed, ordering.NEUTRAL),
            support=support,
            registered_by=actor().user_id,
            confirmed=CONFIRMED[form.channel.data],
        ),
        wanted_start=form.wanted_start.data,
        expecting=form.expecting.data or "",
    )
    if form.channel.data == "paper":
        signed_papers.attach(
            made,
            paper=form.paper.data or "",
            reason=form.reason_without_paper,
            wanted=_wanted(invitation),
            by=actor().user_id,
        )
    return made


def _is_guide(invitation: Invitation) -> bool:
    """As the person's guide, or as the one who stands in."""
    whose = {actor().user_id, *stands_in_for(actor(), today())}
    return invitation.guide_id in whose


def _conflict(invitation: Invitation, form: RegisterForm) -> GuideConflict | None:
    unit = _row(invitation, form).offered.unit
    return conflict_with(actor().user_id, unit, today())


def _hand_over(
    invitation: Invitation, form: RegisterForm, conflict: GuideConflict
) -> ResponseReturnValue:
    """A calm page: another guide registers this, and gets it in one click."""
    unit = _row(invitation, form).offered.unit
    others = could_take_over(invitation, actor().municipality_id, unit)
    return render_template(
        "guides/in_the_way.html",
        invitation=invitation,
        unit=unit,
        conflict=conflict,
        others=others if _is_guide(invitation) else [],
        back=url_for(".register", public_id=invitation.public_id),
    )


def _decision(invitation: Invitation) -> Decision:
    """The invitation's decision, or the one that has taken its place."""
    found = invitations.decision_chosen_for(invitation.client, today())
    return found or invitation.decision


def about(invitation: Invitation, form: RegisterForm) -> dict[str, object]:
    """What will be kept, and from which days."""
    row = _row(invitation, form)
    unit = row.offered.unit
    placement = invitations.placement_to_leave(invitation.client_id, unit, today())
    kind = operations.kind_of(unit, placement)
    notice = operations.notice(invitation.decision, today())
    return {
        "invitation": invitation,
        "form": form,
        "row": row,
        "kind": kind,
        "place": invitations.unit_named(placement.unit_id) if placement else None,
        "days": notice if kind == "rechoice" else None,
    }


def answered_meanwhile(invitation: Invitation) -> ResponseReturnValue:
    """To what was chosen, for whoever comes to a page that asked for it."""
    flash("Valet är redan registrerat. Här ser du vad som valdes.", "info")
    if handles_case(invitation.client):
        person = invitation.client.public_id
        return redirect(url_for(".history", public_id=person))
    return redirect(url_for(".supported", public_id=invitation.public_id))


def back() -> str:
    return ".choices" if actor().may(Permission.CHOICE_READ) else ".support"
