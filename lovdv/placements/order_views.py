"""Requests in, pages out: orders."""

from collections.abc import Sequence
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.formats import last_day
from lovdv.forms import ActForm, options
from lovdv.people import scope as people
from lovdv.people.models import Client, Decision
from lovdv.placements import orders as operations
from lovdv.placements import queries
from lovdv.placements.blueprint import bp
from lovdv.placements.extents import Amount, amount_of
from lovdv.placements.forms import (
    ChangeForm,
    ConfirmForm,
    DeclineForm,
    OrderForm,
)
from lovdv.placements.models import Order, Placement
from lovdv.placements.planning import times_for
from lovdv.placements.plans import half_days_text
from lovdv.placements.settings import decline_reasons
from lovdv.providers import queries as providers
from lovdv.queues.lines import standing_at


@bp.get("/bestallningar")
@requires(Permission.ORDER_READ)
def orders() -> ResponseReturnValue:
    found = queries.orders(actor())
    to_order = queries.choices_to_order(actor())
    seen = [each.order.client_id for each in found]
    audit.read("order.list", about=[*seen, *(each.client.id for each in to_order)])
    return render_template("placements/orders.html", orders=found, to_order=to_order)


@bp.get("/bestallningar/<public_id>")
@requires(Permission.ORDER_READ)
def order(public_id: str) -> ResponseReturnValue:
    found = queries.order(actor(), public_id)
    audit.read("order.read", about=[found.client_id], object=public_id)
    return render_template(
        "placements/order.html",
        order=found,
        listed=queries.listed(found),
        days=half_days_text(found.half_days),
        reasons=decline_reasons(found.choice_system_id),
        placement=queries.placement_of_order(found),
        choice=queries.choice_behind(found),
        answers=queries.may_answer(actor(), found),
    )


@bp.route("/bestallningar/ny/<person>", methods=["GET", "POST"])
@requires(Permission.ORDER_WRITE)
def new_order(person: str) -> ResponseReturnValue:
    client = people.person(actor(), person)
    audit.read("order.new", about=[client.id])
    decisions = queries.decisions_to_order(client.id, today())
    if not decisions:
        return render_template("placements/no_decision.html", client=client)
    choice = _choice(client)
    form = _order_form(client, decisions, choice)
    if form.validate_on_submit():
        with form.attempt():
            sent = _send(form, client, decisions, choice)
            db.session.commit()
            flash(f"Beställningen är skickad till {sent.unit.name}.", "success")
            if choice and sent.wanted_start < choice.first_day:
                flash(_before_notice(choice), "warning")
            return redirect(url_for("placements.order", public_id=sent.public_id))
    return render_template(
        "placements/new_order.html", form=form, client=client, choice=choice
    )


def _before_notice(choice: queries.ToOrder) -> str:
    return (
        f"Valet börjar gälla {day_text(choice.first_day)} enligt uppsägningstiden. "
        "Beställningen har en tidigare dag."
    )


def _choice(client: Client) -> queries.ToOrder | None:
    chosen = request.args.get("choice")
    return queries.choice_of(client.id, chosen) if chosen else None


def _order_form(
    client: Client, decisions: Sequence[Decision], choice: queries.ToOrder | None
) -> OrderForm:
    form = OrderForm()
    going_on = queries.placements_of(client.id, today())
    if not form.is_submitted():
        _prefill(form, client, _decision_of(choice, decisions), choice)
        if len(going_on) == 1:
            form.replaces.data = going_on[0].public_id
    form.decision.choices = options(
        (d.public_id, f"{d.law}, {d.reference}, {_until(d)}") for d in decisions
    )
    form.unit.choices = options(
        _units(decisions, form.wanted_start.data or today(), choice),
        empty="Välj enhet",
    )
    form.replaces.choices = options(
        ((p.public_id, f"{p.unit.name} ({p.number})") for p in going_on),
        empty="Ingen plats avslutas",
    )
    return form


def _decision_of(
    choice: queries.ToOrder | None, decisions: Sequence[Decision]
) -> Decision:
    """The choice's own decision, or one of the same system; the latest of them."""
    made = choice.choice if choice else None
    own, system = (made.decision_id, made.choice_system_id) if made else (None, None)
    return max(
        decisions,
        key=lambda d: (d.choice_system_id == system, d.id == own, d.first_day),
    )


def _until(decision: Decision) -> str:
    return f"{day_text(decision.first_day)} – {last_day(decision.end_day)}"


def _units(
    decisions: Sequence[Decision], on: date, choice: queries.ToOrder | None
) -> dict[str, str]:
    """Every unit that may be ordered, and the one that was chosen while it could be."""
    chosen = choice.choice.unit_id if choice else None
    return {
        offered.unit.public_id: offered.unit.name
        for system_id in {decision.choice_system_id for decision in decisions}
        for offered in providers.offered(system_id, on)
        if offered.open or offered.unit.id == chosen
    }


def _prefill(
    form: OrderForm,
    client: Client,
    decision: Decision,
    choice: queries.ToOrder | None,
) -> None:
    form.decision.data = decision.public_id
    form.goal.data, form.extent.data = decision.goal, decision.extent
    form.communication.data = client.communication
    form.contact.data = actor().name
    if choice is not None:
        form.wanted_start.data = choice.start
        form.unit.data = choice.unit.public_id
        _prefill_offered(form, client, choice)


def _prefill_offered(form: OrderForm, client: Client, choice: queries.ToOrder) -> None:
    """The place that the person has said yes to."""
    standing = standing_at(client.id, choice.unit.id)
    if standing and standing.offer and standing.state == "accepted":
        form.wanted_start.data = max(standing.offer.first_day, today())
        form.half_days.data = standing.offer.half_days


def _send(
    form: OrderForm,
    client: Client,
    decisions: Sequence[Decision],
    choice: queries.ToOrder | None,
) -> Order:
    decision = next(d for d in decisions if d.public_id == form.decision.data)
    offered = providers.offered_unit(
        decision.choice_system_id, form.unit.data, form.wanted_start.data
    )
    if offered is None:
        raise Refused(
            "Enheten har inget avtal som gäller den dagen. Välj en annan.", "unit"
        )
    replaced = form.replaces.data
    return operations.send(
        client=client,
        decision=decision,
        unit=offered.unit,
        goal=form.goal.data,
        extent=form.extent.data,
        half_days=form.half_days.data,
        wanted_start=form.wanted_start.data,
        contact=form.contact.data,
        communication=form.communication.data,
        choice=choice.choice if choice else None,
        replaces=queries.placement_to_manage(actor(), replaced) if replaced else None,
        by_id=actor().user_id,
    )


@bp.route("/placeringar/<public_id>/andra", methods=["GET", "POST"])
@requires(Permission.ORDER_WRITE)
def change_order(public_id: str) -> ResponseReturnValue:
    placement = queries.placement_to_manage(actor(), public_id)
    audit.read("order.new", about=[placement.client_id], object=public_id)
    form = ChangeForm()
    if not form.is_submitted():
        _prefill_change(form, placement)
    if form.validate_on_submit():
        with form.attempt():
            sent = operations.send_change(
                placement=placement,
                extent=form.extent.data,
                half_days=form.half_days.data,
                wanted_start=form.wanted_start.data,
                goal=form.goal.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Ändringen är skickad till enheten.", "success")
            return redirect(url_for("placements.order", public_id=sent.public_id))
    return render_template("placements/change.html", form=form, placement=placement)


def _prefill_change(form: ChangeForm, placement: Placement) -> None:
    if placement.order is not None:
        form.half_days.data = placement.order.half_days
        form.goal.data = placement.order.goal


@bp.route("/bestallningar/<public_id>/bekrafta", methods=["GET", "POST"])
@requires(Permission.ORDER_ANSWER)
def confirm_order(public_id: str) -> ResponseReturnValue:
    found = queries.order_to_answer(actor(), public_id)
    audit.read("order.read", about=[found.client_id], object=public_id)
    form = ConfirmForm()
    if not form.is_submitted():
        form.start_day.data = max(found.wanted_start, today())
        form.fill(times_for(found.half_days))
    good, amount = form.validate_on_submit(), None
    if good and not form.wants_sums:
        with form.attempt():
            placement = operations.confirm(
                order=found,
                start_day=form.start_day.data,
                times=form.times,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Beställningen är bekräftad.", "success")
            return redirect(
                url_for("placements.placement", public_id=placement.public_id)
            )
    if good or not form.is_submitted():
        amount = _amount(form, found)
    return render_template(
        "placements/confirm.html",
        form=form,
        order=found,
        listed=queries.listed(found),
        days=half_days_text(found.half_days),
        amount=amount,
    )


def _amount(form: ConfirmForm, order: Order) -> Amount:
    day = form.start_day.data
    return amount_of(form.plan(day), order.choice_system_id, day)


@bp.route("/bestallningar/<public_id>/avboj", methods=["GET", "POST"])
@requires(Permission.ORDER_ANSWER)
def decline_order(public_id: str) -> ResponseReturnValue:
    found = queries.order_to_answer(actor(), public_id)
    audit.read("order.read", about=[found.client_id], object=public_id)
    form = DeclineForm()
    form.reason.choices = options(decline_reasons(found.choice_system_id))
    if form.validate_on_submit():
        with form.attempt():
            operations.decline(
                order=found,
                reason=form.reason.data,
                note=form.note.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Beställningen är avböjd. Handläggaren ser det direkt.", "success")
            return redirect(url_for("placements.orders"))
    return render_template("placements/decline.html", form=form, order=found)


@bp.route("/bestallningar/<public_id>/aterkalla", methods=["GET", "POST"])
@requires(Permission.ORDER_WRITE)
def withdraw_order(public_id: str) -> ResponseReturnValue:
    found = queries.order_to_manage(actor(), public_id)
    audit.read("order.read", about=[found.client_id], object=public_id)
    form = ActForm()
    if form.validate_on_submit():
        with form.attempt():
            operations.withdraw(order=found, by_id=actor().user_id)
            db.session.commit()
            flash("Beställningen är återkallad.", "success")
            return redirect(url_for("placements.orders"))
    return render_template("placements/withdraw.html", form=form, order=found)
