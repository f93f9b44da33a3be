"""Requests in, pages out: a choice registered as the person made it.

First a form, then what will be kept is read through. In the room the screen is then
turned to the person, who says yes, no or "I do not know" on a page of their own.
"""

from flask import (
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from lovdv import audit, site
from lovdv.access import Permission, actor, requires
from lovdv.choice import (
    invitations,
    listing,
    operations,
    ordering,
    signed_papers,
    supporting,
)
from lovdv.choice.blueprint import bp
from lovdv.choice.forms import CHANNELS, RegisterForm, chosen_row
from lovdv.choice.guide_views import rows_for
from lovdv.choice.models import Choice, Invitation
from lovdv.choice.words import KINDS
from lovdv.clock import now, today
from lovdv.extensions import db
from lovdv.guides.models import GuideConflict
from lovdv.guides.queries import conflict_with, could_take_over, stands_in_for
from lovdv.people.models import Decision, Mandate

CONFIRMED = {"meeting": "in_room", "phone": "phone", "paper": "paper"}
KEEPS = {"confirm", "yes"}
"""The steps that keep the choice: in the room only the person's own yes does."""


@bp.route("/val/<public_id>/registrera", methods=["GET", "POST"])
@requires(Permission.CHOICE_REGISTER)
def register(public_id: str) -> ResponseReturnValue:
    invitation = invitations.invitation_to_register(actor(), public_id)
    rows = rows_for(invitation)
    mandates = invitations.covering_mandates(invitation.client_id, today())
    form = RegisterForm()
    form.offer(rows, mandates)
    form.ask_for_paper(_wanted(invitation))
    if request.method == "GET":
        form.expecting.data = invitation.public_id
    audit.read("choice.person", about=[invitation.client_id])
    step = request.form.get("step", "")
    valid = form.validate_on_submit()
    if form.is_submitted():
        _keep_scan(invitation, form)
        valid = valid and not form.errors
    in_the_way = _conflict(rows, form) if valid else None
    if in_the_way is not None:
        return _hand_over(invitation, rows, form, in_the_way)
    if valid and step == "no":
        return _in_room("choice/room_done.html", answer=step, **_page(invitation, form))
    if valid and step == "undecided":
        _log_undecided(invitation)
        return redirect(url_for(".in_room_done", answer="vet-inte"))
    if valid and step != "change":
        with form.attempt():
            _register(invitation, rows, mandates, form)
            if not _is_last(form, step):
                db.session.rollback()
                return _read_through(public_id, form, step)
            db.session.commit()
            return _kept(step)
    return render_template(
        "choice/register.html", changing=step == "change", **_page(invitation, form)
    )


@bp.get("/val/i-rummet/<any('ja','vet-inte'):answer>")
@requires(Permission.CHOICE_REGISTER)
def in_room_done(answer: str) -> ResponseReturnValue:
    """Nobody is named: the next that looks at the screen may be anyone."""
    said = "yes" if answer == "ja" else "undecided"
    return _in_room("choice/room_done.html", answer=said, back=url_for(_back()))


def _page(invitation: Invitation, form: RegisterForm) -> dict[str, object]:
    return {"invitation": invitation, "form": form}


def _is_last(form: RegisterForm, step: str) -> bool:
    return step == ("yes" if form.channel.data == "meeting" else "confirm")


def _kept(step: str) -> ResponseReturnValue:
    if step == "yes":
        return redirect(url_for(".in_room_done", answer="ja"))
    flash("Valet är registrerat så som personen gjorde det.", "success")
    return redirect(url_for(_back()))


def _wanted(invitation: Invitation) -> signed_papers.Asked:
    return signed_papers.asked(invitation.decision.choice_system_id)


def _keep_scan(invitation: Invitation, form: RegisterForm) -> None:
    """A file that was sent is kept whatever else was wrong, so it is sent once."""
    client, by = invitation.client, actor().user_id
    signed_papers.forget_unlinked(client.municipality_id)
    if form.scan is not None and form.channel.data not in ("meeting", "phone"):
        kept = signed_papers.keep(client=client, scan=form.scan, by=by)
        form.carry(kept)
    elif form.paper.data:
        before = signed_papers.sent_before(client.id, form.paper.data, by=by)
        if before is None:
            form.refuse(signed_papers.NOT_YOURS, "file")
        form.carry(before)
    db.session.commit()


def _register(
    invitation: Invitation,
    rows: list[listing.Row],
    mandates: list[Mandate],
    form: RegisterForm,
) -> Choice:
    row = chosen_row(rows, form.unit)
    assert row is not None
    seed = ordering.seed_for(invitation.client.public_id)
    as_guide = _is_guide(invitation)
    support = f"{form.support.data} ({CHANNELS[form.channel.data]})"
    made = operations.choose(
        client=invitation.client,
        decision=_decision(invitation),
        unit=row.offered.unit,
        made_by=_made_by(form, mandates),
        told=operations.Told(
            channel=_channel(form, as_guide=as_guide),
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
    me = actor().user_id
    return invitation.guide_id == me or invitation.guide_id in stands_in_for(
        me, today()
    )


def _conflict(rows: list[listing.Row], form: RegisterForm) -> GuideConflict | None:
    row = chosen_row(rows, form.unit)
    if row is None:
        return None
    return conflict_with(actor().user_id, row.offered.unit, today())


def _hand_over(
    invitation: Invitation,
    rows: list[listing.Row],
    form: RegisterForm,
    conflict: GuideConflict,
) -> ResponseReturnValue:
    """A calm page: another guide registers this, and gets it in one click."""
    row = chosen_row(rows, form.unit)
    assert row is not None
    unit = row.offered.unit
    return render_template(
        "guides/in_the_way.html",
        invitation=invitation,
        unit=unit,
        conflict=conflict,
        others=could_take_over(invitation, actor().municipality_id, unit)
        if _is_guide(invitation)
        else [],
        back=url_for(".register", public_id=invitation.public_id),
    )


def _decision(invitation: Invitation) -> Decision:
    """The invitation's decision, or the one that has taken its place."""
    found = invitations.decision_chosen_for(invitation.client, today())
    return found or invitation.decision


def _channel(form: RegisterForm, *, as_guide: bool) -> str:
    if form.channel.data == "paper":
        return "paper"
    return "guide" if as_guide else "caseworker"


def _made_by(form: RegisterForm, mandates: list[Mandate]) -> operations.MadeBy:
    if form.made_by.data == "person":
        return operations.MadeBy()
    chosen = [each for each in mandates if each.public_id == form.mandate.data]
    return operations.MadeBy(
        who="representative",
        mandate=next(iter(chosen), None),
        own_will=form.own_will.data or "",
        own_will_note=form.own_will_note.data or "",
    )


def _log_undecided(invitation: Invitation) -> None:
    """Nothing is registered; that they met, and what came of it, is."""
    supporting.log_attempt(
        invitation=invitation,
        by=actor().user_id,
        at=now(),
        way="meeting",
        result="undecided",
        purpose="inform",
    )
    db.session.commit()


def _read_through(public_id: str, form: RegisterForm, step: str) -> ResponseReturnValue:
    """What will be kept, and from which days: for the reader, or for the person."""
    invitation = invitations.invitation_to_register(actor(), public_id)
    row = chosen_row(rows_for(invitation), form.unit)
    assert row is not None
    unit = row.offered.unit
    placement = invitations.placement_to_leave(invitation.client_id, unit, today())
    kind = operations.kind_of(unit, placement)
    told: dict[str, object] = {
        **_page(invitation, form),
        "row": row,
        "place": invitations.unit_named(placement.unit_id) if placement else None,
        "days": operations.notice(invitation.decision, today())
        if kind == "rechoice"
        else None,
    }
    if step in KEEPS and form.channel.data == "meeting":
        return _in_room("choice/room.html", kind=kind, **told)
    return render_template("choice/register_confirm.html", kind=KINDS[kind], **told)


def _in_room(template: str, **told: object) -> Response:
    """A page without menus: nothing of the one who is signed in, or of others."""
    around = site.around()
    frame = around["site"]
    assert isinstance(frame, dict)
    calm = {**frame, "role_names": [], "home_url": url_for(".how")}
    page = {**around, "site": calm, "navigation": [], "user_menu": [], **told}
    return make_response(render_template(template, **page))


def _back() -> str:
    return ".choices" if actor().may(Permission.CHOICE_READ) else ".support"
