"""Requests in, pages out: a choice registered as the person made it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice import invitations, listing, operations, ordering
from lovdv.choice.blueprint import bp
from lovdv.choice.forms import CHANNELS, RegisterForm, chosen_row
from lovdv.choice.guide_views import rows_for
from lovdv.choice.models import Invitation
from lovdv.choice.words import KINDS
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.people.models import Decision, Mandate


@bp.route("/val/<public_id>/registrera", methods=["GET", "POST"])
@requires(Permission.CHOICE_REGISTER)
def register(public_id: str) -> ResponseReturnValue:
    """First read through with the dates, then kept."""
    invitation = invitations.invitation_to_register(actor(), public_id)
    rows = rows_for(invitation)
    mandates = invitations.covering_mandates(invitation.client_id, today())
    form = RegisterForm()
    form.offer(rows, mandates)
    if request.method == "GET":
        form.expecting.data = invitation.public_id
    audit.read("choice.person", about=[invitation.client_id])
    if form.validate_on_submit():
        with form.attempt():
            _register(invitation, rows, mandates, form)
            if request.form.get("step") != "confirm":
                db.session.rollback()
                return _read_through(public_id, form)
            db.session.commit()
            flash("Valet är registrerat så som personen gjorde det.", "success")
            return redirect(url_for(_back()))
    return render_template("choice/register.html", form=form, invitation=invitation)


def _register(
    invitation: Invitation,
    rows: list[listing.Row],
    mandates: list[Mandate],
    form: RegisterForm,
) -> None:
    row = chosen_row(rows, form.unit)
    assert row is not None
    seed = ordering.seed_for(invitation.client.public_id)
    as_guide = invitation.guide_id == actor().user_id
    support = f"{form.support.data} ({CHANNELS[form.channel.data]})"
    operations.choose(
        client=invitation.client,
        decision=_decision(invitation),
        unit=row.offered.unit,
        made_by=_made_by(form, mandates),
        told=operations.Told(
            channel=_channel(form, as_guide=as_guide),
            shown=listing.as_shown(rows, seed, ordering.NEUTRAL),
            support=support,
            registered_by=actor().user_id,
        ),
        wanted_start=form.wanted_start.data,
        expecting=form.expecting.data or "",
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


def _read_through(public_id: str, form: RegisterForm) -> ResponseReturnValue:
    """The page that shows what will be kept, and from which days."""
    invitation = invitations.invitation_to_register(actor(), public_id)
    row = chosen_row(rows_for(invitation), form.unit)
    assert row is not None
    unit = row.offered.unit
    placement = invitations.placement_to_leave(invitation.client_id, unit, today())
    kind = operations.kind_of(unit, placement)
    return render_template(
        "choice/register_confirm.html",
        form=form,
        invitation=invitation,
        row=row,
        kind=KINDS[kind],
        place=invitations.unit_named(placement.unit_id) if placement else None,
        days=operations.notice(invitation.decision, today())
        if kind == "rechoice"
        else None,
    )


def _back() -> str:
    return ".choices" if actor().may(Permission.CHOICE_READ) else ".support"
