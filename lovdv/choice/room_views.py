"""Requests in, pages out: the screen is turned to the person, who answers.

These pages hold no menu, no case and nobody else: whoever is in the room may look.
"""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from lovdv import audit, site
from lovdv.access import Permission, actor, requires
from lovdv.choice import drafts, invitations, regrets, supporting
from lovdv.choice.blueprint import bp
from lovdv.choice.models import Invitation
from lovdv.choice.register_views import (
    about,
    answered_meanwhile,
    back,
    form_for,
    keep_choice,
)
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db

SAID = {"ja": "yes", "vet-inte": "undecided"}


@bp.route("/val/<public_id>/i-rummet", methods=["GET", "POST"])
@requires(Permission.CHOICE_REGISTER)
def room(public_id: str) -> ResponseReturnValue:
    """What was read through, for the person: yes, no, or I do not know."""
    invitation = invitations.invitation_to_register(actor(), public_id)
    if invitation.closed_on is not None:
        return _already(invitation)
    form = form_for(invitation, drafts.kept(invitation=invitation, by=_me()))
    if form is None or not form.validate():
        return redirect(url_for(".register", public_id=public_id))
    if request.method == "POST":
        return _answered(invitation, request.form.get("answer", ""))
    audit.read("choice.person", about=[invitation.client_id])
    return _calm("choice/room.html", **about(invitation, form))


def _answered(invitation: Invitation, answer: str) -> ResponseReturnValue:
    if answer == "no":
        return redirect(url_for(".in_room_no", public_id=invitation.public_id))
    if answer == "undecided":
        _log_undecided(invitation)
        return redirect(url_for(".in_room_done", answer="vet-inte"))
    if answer != "yes":
        raise BadRequest
    fields = drafts.kept(invitation=invitation, by=_me())
    form = form_for(invitation, fields)
    assert form is not None
    form.validate()
    try:
        keep_choice(invitation, form)
        drafts.forget(invitation=invitation, by=_me())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.message, "warning")
        return redirect(url_for(".register", public_id=invitation.public_id))
    return redirect(url_for(".in_room_done", answer="ja"))


def _already(invitation: Invitation) -> ResponseReturnValue:
    """The yes was pressed once more, or the choice came from somewhere else."""
    latest = regrets.newest(invitation.client_id)
    if latest and latest.invitation_id == invitation.id and latest.confirmed:
        return redirect(url_for(".in_room_done", answer="ja"))
    return answered_meanwhile(invitation)


def _log_undecided(invitation: Invitation) -> None:
    """Nothing is registered; that they met, and what came of it, is."""
    supporting.log_attempt(
        invitation=invitation,
        by=_me(),
        at=now(),
        way="meeting",
        result="undecided",
        purpose="inform",
    )
    db.session.commit()


@bp.get("/val/<public_id>/i-rummet/nej")
@requires(Permission.CHOICE_REGISTER)
def in_room_no(public_id: str) -> ResponseReturnValue:
    """Nothing is registered; what was typed waits for who holds the screen next."""
    invitation = invitations.invitation_to_register(actor(), public_id)
    audit.read("choice.person", about=[invitation.client_id])
    onward = url_for(".register", public_id=public_id)
    return _calm("choice/room_done.html", answer="no", onward=onward)


@bp.get("/val/i-rummet/<any('ja','vet-inte'):answer>")
@requires(Permission.CHOICE_REGISTER)
def in_room_done(answer: str) -> ResponseReturnValue:
    onward = url_for(back())
    return _calm("choice/room_done.html", answer=SAID[answer], onward=onward)


def _me() -> int:
    return actor().user_id


def _calm(template: str, **told: object) -> str:
    """A page without menus: nothing of the one who is signed in, or of others."""
    around = site.around()
    frame = around["site"]
    assert isinstance(frame, dict)
    calm = {**frame, "role_names": [], "home_url": url_for(".how")}
    bare: dict[str, object] = {"site": calm, "navigation": [], "user_menu": []}
    return render_template(template, **{**around, **bare, **told})
