"""Requests in, pages out: the person's own offer of a place, in easy words."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice import invitations
from lovdv.choice.speaking import OwnWillForm, is_me, made_by, who
from lovdv.extensions import db
from lovdv.forms import ActForm, options
from lovdv.people.models import Client
from lovdv.people.scope import own_person
from lovdv.placements.plans import half_days_text
from lovdv.queues import lines, operations, queries, settings
from lovdv.queues.blueprint import bp
from lovdv.queues.forms import DeclineForForm, OwnDeclineForm
from lovdv.queues.models import PlaceOffer


@bp.route("/mitt-val/<person>/erbjudande/<public_id>", methods=["GET", "POST"])
@requires(Permission.CHOICE_OWN)
def own_offer(person: str, public_id: str) -> ResponseReturnValue:
    """The offer, and a yes to it."""
    client = own_person(actor(), person)
    offer = queries.offer_of(client, public_id)
    form = ActForm() if is_me(client) else OwnWillForm()
    if form.validate_on_submit():
        with form.attempt():
            operations.accept(offer=offer, made_by=made_by(client, form), told=_told())
            db.session.commit()
            return redirect(url_for(".own_offer", person=person, public_id=public_id))
    audit.read("queue.own_offer", about=[client.id])
    return render_template("queues/own_offer.html", form=form, **_page(client, offer))


@bp.route("/mitt-val/<person>/erbjudande/<public_id>/nej", methods=["GET", "POST"])
@requires(Permission.CHOICE_OWN)
def own_decline(person: str, public_id: str) -> ResponseReturnValue:
    client = own_person(actor(), person)
    offer = queries.offer_of(client, public_id)
    form = OwnDeclineForm() if is_me(client) else DeclineForForm()
    reasons = settings.decline_reasons(offer.decision.choice_system_id)
    form.reason.choices = options(reasons)
    if form.validate_on_submit():
        with form.attempt():
            operations.decline(
                offer=offer,
                reason=form.reason.data,
                made_by=made_by(client, form),
                told=_told(),
            )
            db.session.commit()
            flash("Vi vet nu att det blev nej.", "success")
            return redirect(url_for(".own_offer", person=person, public_id=public_id))
    audit.read("queue.own_offer", about=[client.id])
    return render_template("queues/own_decline.html", form=form, **_page(client, offer))


def _page(client: Client, offer: PlaceOffer) -> dict[str, object]:
    return {
        "client": client,
        "offer": offer,
        "myself": is_me(client),
        "who": who(client),
        "may_answer": invitations.may_choose(actor(), client),
        "days": half_days_text(offer.half_days),
        "state": operations.state_of(offer),
        "standing": lines.standing(client.id),
    }


def _told() -> operations.Told:
    return operations.Told("self", actor().user_id)
