"""Requests in, pages out: an answer registered as the person gave it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice.speaking import handles_case
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.guides.checks import require_no_conflict_with
from lovdv.placements.plans import half_days_text
from lovdv.queues import operations, queries, settings
from lovdv.queues.blueprint import bp
from lovdv.queues.forms import RegisterForm
from lovdv.queues.models import PlaceOffer
from lovdv.queues.words import STATUSES


@bp.route("/erbjudanden/<public_id>/svar", methods=["GET", "POST"])
@requires(Permission.CHOICE_REGISTER)
def register_answer(public_id: str) -> ResponseReturnValue:
    offer = queries.offer_to_register(actor(), public_id)
    form = RegisterForm()
    reasons = settings.decline_reasons(offer.decision.choice_system_id)
    form.offer(reasons, offer.client_id)
    if form.validate_on_submit():
        with form.attempt():
            _register(offer, form)
            db.session.commit()
            flash("Svaret är registrerat så som personen gav det.", "success")
            return redirect(_back(offer))
    audit.read("queue.offer", about=[offer.client_id])
    return render_template(
        "queues/register.html",
        form=form,
        offer=offer,
        days=half_days_text(offer.half_days),
        status=STATUSES[offer.status(today())],
        is_open=offer.is_open(today()) and offer.entry.ended_at is None,
    )


def _register(offer: PlaceOffer, form: RegisterForm) -> None:
    me, as_guide = actor().user_id, not handles_case(offer.client)
    made_by = form.said_by()
    told = operations.Told(form.told_through(as_guide=as_guide), me)
    require_no_conflict_with(me, offer.unit)
    if form.answer.data == "accepted":
        operations.accept(offer=offer, made_by=made_by, told=told)
        return
    operations.decline(offer=offer, reason=form.reason.data, made_by=made_by, told=told)


def _back(offer: PlaceOffer) -> str:
    """The case's page, or the start page of a guide, who sees no queue."""
    if handles_case(offer.client):
        return url_for(".offered", public_id=offer.public_id)
    return url_for("accounts.start")
