"""Requests in, pages out: the caseworker's queues, and offers from them."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice.models import QueueEntry
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.placements.plans import half_days_text
from lovdv.queues import lines, operations, queries, settings, turns
from lovdv.queues.blueprint import bp
from lovdv.queues.forms import OfferForm, offer_form
from lovdv.queues.models import PlaceOffer
from lovdv.queues.words import STATES, STATUSES
from lovdv.systems.queries import main_system


@bp.get("/koer")
@requires(Permission.CHOICE_READ)
def index() -> ResponseReturnValue:
    found = queries.queues(actor())
    audit.read("queue.list", about=_shown(found))
    return render_template("queues/index.html", queues=found)


@bp.get("/koer/<unit>")
@requires(Permission.CHOICE_READ)
def queue(unit: str) -> ResponseReturnValue:
    found = queries.queue(actor(), unit)
    outside = queries.outside(actor(), found.unit)
    audit.read(
        "queue.list", about=[*_shown([found]), *(each.client.id for each in outside)]
    )
    return render_template(
        "queues/queue.html",
        queue=found,
        outside=outside,
        states=STATES,
        today=today(),
        half_days_text=half_days_text,
    )


def _shown(found: list[queries.Queue]) -> list[int]:
    """Only those who are named; the others are a number and a day."""
    return [
        one.entry.client_id
        for queue in found
        for one in queue.line
        if one.entry.client_id in queue.mine
    ]


@bp.post("/koer/<unit>/stall-i-ko/<choice>")
@requires(Permission.CHOICE_PLACE)
def join(unit: str, choice: str) -> ResponseReturnValue:
    """Somebody who chose the unit gets the place in line of the day of the choice."""
    found = queries.queue(actor(), unit)
    made = queries.choice_outside(actor(), found.unit, choice)
    turns.join(made, since=made.registered_at)
    db.session.commit()
    flash("Personen står i kön, från dagen då valet gjordes.", "success")
    return redirect(url_for(".queue", unit=unit))


@bp.route("/koer/<unit>/erbjud/<entry>", methods=["GET", "POST"])
@requires(Permission.CHOICE_PLACE)
def offer(unit: str, entry: str) -> ResponseReturnValue:
    found = queries.queue(actor(), unit)
    waiting = queries.entry(actor(), found.unit, entry)
    system_id = main_system(actor().municipality_id).id
    standing = lines.standing_at(waiting.client_id, found.unit.id)
    form = offer_form(
        lines.before(found.line, waiting), settings.pass_reasons(system_id)
    )
    if request.method == "GET":
        _prefill(form, waiting, operations.furthest_day(system_id))
    if form.validate_on_submit():
        with form.attempt():
            made = operations.make_offer(
                entry=waiting,
                half_days=form.half_days.data,
                first_day=form.first_day.data,
                passed=form.passed,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Erbjudandet är gjort. Berätta för personen.", "success")
            return redirect(url_for(".offered", public_id=made.public_id))
    audit.read("queue.offer", about=[waiting.client_id])
    return render_template(
        "queues/offer.html",
        form=form,
        queue=found,
        standing=standing,
        client=waiting.client,
        answer_by=operations.answer_by(system_id),
        lapse=settings.lapse(system_id),
    )


def _prefill(form: OfferForm, waiting: QueueEntry, until: date) -> None:
    """The half-days that are free, now or as soon as any are, and from which day."""
    found = queries.first_free(waiting.unit, waiting.client_id, until)
    form.first_day.data, form.half_days.data = found or (today(), [])


@bp.get("/erbjudanden/<public_id>")
@requires(Permission.CHOICE_READ)
def offered(public_id: str) -> ResponseReturnValue:
    found = queries.offer_in_case(actor(), public_id)
    audit.read("queue.offer", about=[found.client_id])
    reasons = settings.decline_reasons(found.decision.choice_system_id)
    return render_template(
        "queues/offered.html",
        offer=found,
        days=half_days_text(found.half_days),
        status=STATUSES[found.status(today())],
        is_open=_is_open(found),
        why=reasons.get(found.reason, found.reason),
        passed=queries.passed_by(found),
        order_for=queries.choice_to_order(found),
        pass_reasons=settings.pass_reasons(found.decision.choice_system_id),
    )


@bp.route("/erbjudanden/<public_id>/ta-tillbaka", methods=["GET", "POST"])
@requires(Permission.CHOICE_PLACE)
def withdraw(public_id: str) -> ResponseReturnValue:
    """What will happen is read first; a yes takes the offer back."""
    found = queries.offer_in_case(actor(), public_id)
    if request.method == "GET":
        audit.read("queue.offer", about=[found.client_id])
        return render_template(
            "queues/withdraw.html",
            offer=found,
            days=half_days_text(found.half_days),
            is_open=_is_open(found),
        )
    try:
        operations.withdraw(offer=found)
        db.session.commit()
        flash("Erbjudandet är tillbakataget. Personen står kvar i kön.", "success")
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.message, "warning")
    return redirect(url_for(".offered", public_id=public_id))


def _is_open(offer: PlaceOffer) -> bool:
    return offer.is_open(today()) and offer.entry.ended_at is None
