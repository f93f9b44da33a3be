"""Requests in, pages out: an answer registered as the person gave it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice import invitations
from lovdv.choice.operations import MadeBy
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.guides.checks import require_no_conflict_with
from lovdv.people.models import Mandate
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
    mandates = invitations.covering_mandates(offer.client_id, today())
    form = RegisterForm()
    form.offer(settings.decline_reasons(offer.decision.choice_system_id), mandates)
    if form.validate_on_submit():
        with form.attempt():
            _register(offer, form, mandates)
            db.session.commit()
            flash("Svaret är registrerat så som personen gav det.", "success")
            return redirect(url_for(_back(), **_where(offer)))
    audit.read("queue.offer", about=[offer.client_id])
    return render_template(
        "queues/register.html",
        form=form,
        offer=offer,
        days=half_days_text(offer.half_days),
        status=STATUSES[offer.status(today())],
        is_open=offer.is_open(today()) and offer.entry.ended_at is None,
    )


def _register(offer: PlaceOffer, form: RegisterForm, mandates: list[Mandate]) -> None:
    made_by, told = _made_by(form, mandates), operations.Told(_channel(form), _me())
    require_no_conflict_with(_me(), offer.unit)
    if form.answer.data == "accepted":
        operations.accept(offer=offer, made_by=made_by, told=told)
        return
    operations.decline(offer=offer, reason=form.reason.data, made_by=made_by, told=told)


def _me() -> int:
    return actor().user_id


def _channel(form: RegisterForm) -> str:
    if form.channel.data == "paper":
        return "paper"
    return "caseworker" if actor().may(Permission.CHOICE_READ) else "guide"


def _made_by(form: RegisterForm, mandates: list[Mandate]) -> MadeBy:
    if form.made_by.data == "person":
        return MadeBy()
    chosen = (each for each in mandates if each.public_id == form.mandate.data)
    return MadeBy(
        who="representative",
        mandate=next(chosen, None),
        own_will=form.own_will.data or "",
        own_will_note=form.own_will_note.data or "",
    )


def _back() -> str:
    """The case's page, or the start page of a guide, who sees no queue."""
    may_read = actor().may(Permission.CHOICE_READ)
    return ".offered" if may_read else "accounts.start"


def _where(offer: PlaceOffer) -> dict[str, str]:
    may_read = actor().may(Permission.CHOICE_READ)
    return {"public_id": offer.public_id} if may_read else {}
