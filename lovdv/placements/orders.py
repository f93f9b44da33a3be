"""Sending orders, and a unit's yes or no; a yes becomes a placement."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from lovdv import audit
from lovdv.choice.models import Choice
from lovdv.choice.regrets import is_regretted
from lovdv.clock import local_day, now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.people import renewals
from lovdv.people.models import Client, Decision, Offer
from lovdv.placements.answering import answer, answer_offer, take_back
from lovdv.placements.checks import (
    cover_of,
    locked,
    require_decision,
    require_living,
    require_no_overlap,
    require_open,
    require_permit,
    require_room,
)
from lovdv.placements.levels import level_held
from lovdv.placements.models import Order, OrderChange, Placement
from lovdv.placements.operations import end, hold, place
from lovdv.placements.planning import require_ordered, set_plan
from lovdv.placements.plans import Times, half_days, read_times
from lovdv.placements.settings import decline_reasons, holds, whole
from lovdv.placements.workdays import working_days_after
from lovdv.providers.models import Unit
from lovdv.queues.leaving import leave_queues
from lovdv.queues.turns import require_turn

ANSWERED = "Beställningen är redan besvarad eller återkallad."


def answer_by(choice_system_id: int) -> date:
    """The last day for a unit to answer an order sent today."""
    days = whole(choice_system_id, "order", "answer_working_days")
    return working_days_after(today(), days)


def send(
    *,
    client: Client,
    decision: Decision,
    unit: Unit,
    goal: str,
    extent: str,
    half_days: Collection[str],
    wanted_start: date,
    contact: str,
    communication: str = "",
    choice: Choice | None = None,
    replaces: Placement | None = None,
    by_id: int | None = None,
) -> Order:
    """Order a place. The unit's row is held, so that its last place is given once."""
    locked(client)
    require_living(client, wanted_start)
    require_decision(client, decision, wanted_start)
    level = _require_level(decision, wanted_start)
    require_permit(locked(unit), wanted_start)
    cover = cover_of(unit, decision.choice_system_id, wanted_start)
    _require_chosen(choice, decision, unit)
    require_open(cover, unit, _chosen_on(choice))
    require_no_overlap(
        client, unit, wanted_start, None, besides=replaces.id if replaces else None
    )
    require_not_asked(client, unit)
    _require_replaceable(client, unit, replaces, wanted_start)
    require_turn(client, unit, choice)
    require_room(unit, wanted_start, _some(half_days), but_for=replaces, but_to=client)
    new = Order(
        choice_system_id=decision.choice_system_id,
        client_id=client.id,
        decision_id=decision.id,
        choice_id=choice.id if choice else None,
        unit_id=unit.id,
        contract_id=cover.contract.id,
        goal=goal,
        extent=extent,
        half_days=sorted(half_days),
        level=level,
        wanted_start=wanted_start,
        contact=contact,
        communication=communication,
        sent_at=now(),
        sent_by_id=by_id,
        answer_by=answer_by(decision.choice_system_id),
    )
    _keep(new, about=replaces, kind="replace")
    db.session.add(
        Offer(decision_id=decision.id, unit_id=unit.id, day=today(), answer="waiting")
    )
    db.session.flush()
    return new


def send_change(
    *,
    placement: Placement,
    extent: str,
    half_days: Collection[str],
    wanted_start: date,
    goal: str = "",
    by_id: int | None = None,
) -> Order:
    """Order other days or hours of a placement that goes on."""
    hold(placement)
    rests_on = db.session.get_one(Decision, placement.decision_id)
    decision = renewals.holding(rests_on, wanted_start)
    if wanted_start < placement.first_day or (
        placement.end_day is not None and wanted_start >= placement.end_day
    ):
        raise Refused(
            "Dagen ligger utanför platsens dagar. Välj en annan.", "wanted_start"
        )
    require_decision(placement.client, decision, wanted_start)
    _require_no_change_waiting(placement)
    before = placement.order
    new = Order(
        choice_system_id=placement.choice_system_id,
        client_id=placement.client_id,
        decision_id=decision.id,
        unit_id=placement.unit_id,
        contract_id=placement.contract_id,
        goal=goal or (before.goal if before else ""),
        extent=extent,
        half_days=sorted(_some(half_days)),
        level=_require_level(decision, wanted_start),
        wanted_start=wanted_start,
        contact=before.contact if before else "",
        communication=before.communication if before else "",
        sent_at=now(),
        sent_by_id=by_id,
        answer_by=answer_by(placement.choice_system_id),
    )
    _keep(new, about=placement, kind="plan")
    return new


def _keep(new: Order, *, about: Placement | None, kind: str) -> None:
    db.session.add(new)
    db.session.flush()
    if about is not None:
        db.session.add(OrderChange(order_id=new.id, placement_id=about.id, kind=kind))
        db.session.flush()
    audit.change(
        "order.send",
        about=[new.client_id],
        object=new.public_id,
        after={"unit": new.unit_id, "start": new.wanted_start, "kind": kind},
    )


def _some(half_days: Collection[str]) -> Collection[str]:
    if not half_days:
        raise Refused("Kryssa i minst en halvdag.", "half_days")
    return half_days


def _require_level(decision: Decision, on: date) -> str:
    """The level that the unit gets to know; '' where the rule wants none."""
    found = level_held(decision.id, on)
    if found is None and holds(decision.choice_system_id, "order", "level_required"):
        raise Refused(
            f"Ingen nivå är fastställd som gäller {day_text(on)}. Fastställ en nivå "
            "först, minst en preliminär.",
            "wanted_start",
        )
    return found.level if found else ""


def _chosen_on(choice: Choice | None) -> date:
    """A unit that takes no new choices still takes those that were made before."""
    return today() if choice is None else local_day(choice.registered_at)


def _require_chosen(choice: Choice | None, decision: Decision, unit: Unit) -> None:
    """An order carries out the choice as it was made, or what its unit declined."""
    if choice is None:
        return
    if is_regretted(choice):
        raise Refused(
            "Personen har ångrat valet. Vänta på ett nytt val innan du beställer."
        )
    if choice.choice_system_id != decision.choice_system_id:
        raise Refused("Valet gäller ett annat beslut. Välj det beslutet.", "decision")
    if unit.id != choice.unit_id and not _has_declined(choice):
        chosen = db.session.get_one(Unit, choice.unit_id)
        raise Refused(
            f"Personen har valt {chosen.name}. Beställ där, eller registrera först "
            "ett nytt val om något annat ska gälla.",
            "unit",
        )


def _has_declined(choice: Choice) -> bool:
    declined = select(Order.id).where(
        Order.choice_id == choice.id, Order.status == "declined"
    )
    return db.session.scalar(declined.limit(1)) is not None


def require_not_asked(client: Client, unit: Unit) -> None:
    asked = select(Order.id).where(
        Order.client_id == client.id, Order.unit_id == unit.id, Order.status == "sent"
    )
    if db.session.scalar(asked) is not None:
        raise Refused(
            f"En beställning till {unit.name} väntar redan på svar. "
            "Återkalla den först om något ska ändras.",
            "unit",
        )


def _require_replaceable(
    client: Client, unit: Unit, replaces: Placement | None, wanted_start: date
) -> None:
    if replaces is None:
        return
    if replaces.client_id != client.id or replaces.annulled_at is not None:
        raise Refused("Platsen som ska avslutas finns inte. Välj igen.", "replaces")
    if wanted_start <= replaces.first_day:
        raise Refused(
            "Den nya platsen kan börja tidigast dagen efter att den förra började.",
            "wanted_start",
        )


def _require_no_change_waiting(placement: Placement) -> None:
    asked = (
        select(Order.id)
        .join(OrderChange, OrderChange.order_id == Order.id)
        .where(OrderChange.placement_id == placement.id, Order.status == "sent")
    )
    if db.session.scalar(asked) is not None:
        raise Refused(
            "En beställning om den här platsen väntar redan på svar. "
            "Återkalla den först."
        )


def confirm(
    *, order: Order, start_day: date, times: Times, by_id: int | None = None
) -> Placement:
    """The unit's yes: a placement with its first week plan, or new times for one."""
    _require_waiting(order)
    plan = read_times(times, start_day)
    if not half_days(plan):
        raise Refused("Planen är tom. Skriv tider för minst en dag.", "times")
    if order.half_days:
        require_ordered(half_days(plan), order.half_days)
    if start_day < order.wanted_start:
        raise Refused(
            f"Beställningen gäller från {day_text(order.wanted_start)}. Välj den dagen "
            "eller en senare.",
            "start_day",
        )
    begin = _change if order.about and order.about.kind == "plan" else _begin
    placement = begin(order, start_day, times, by_id)
    answer(order, "confirmed", by_id)
    order.start_day = start_day
    db.session.flush()
    return placement


def _change(
    order: Order, start_day: date, times: Times, by_id: int | None
) -> Placement:
    placement = db.session.get_one(Placement, order.about.placement_id)  # type: ignore[union-attr]
    set_plan(placement=placement, first_day=start_day, times=times, by_id=by_id)
    return placement


def _begin(order: Order, start_day: date, times: Times, by_id: int | None) -> Placement:
    unit = locked(db.session.get_one(Unit, order.unit_id))
    require_permit(unit, start_day)
    wanted = half_days(read_times(times, start_day))
    before = order.about.placement if order.about else None
    client = db.session.get_one(Client, order.client_id)
    require_room(
        unit, start_day, wanted, besides=[order.id], but_for=before, but_to=client
    )
    if before is not None:
        _end_before(before, start_day, local_day(order.sent_at))
    placement = place(
        client=client,
        decision=db.session.get_one(Decision, order.decision_id),
        unit=unit,
        first_day=start_day,
        order=order,
    )
    set_plan(placement=placement, first_day=start_day, times=times, by_id=by_id)
    answer_offer(order, "accepted", "")
    leave_queues(order.client_id, "placed")
    return placement


def _end_before(before: Placement, start_day: date, notice_day: date) -> None:
    """On a re-choice: the last day there is the day before the first day here."""
    if before.annulled_at is not None:
        return
    if before.end_day is None or before.end_day > start_day:
        end(
            placement=before,
            end_day=start_day,
            reason="other_choice",
            notice_day=notice_day,
        )


def decline(
    *, order: Order, reason: str, note: str = "", by_id: int | None = None
) -> None:
    """The unit's no, for a reason that the contract allows."""
    _require_waiting(order)
    reasons = decline_reasons(order.choice_system_id)
    if reason not in reasons:
        raise Refused("Välj en anledning i listan.", "reason")
    order.decline_reason, order.decline_note = reason, note
    answer(order, "declined", by_id)
    answer_offer(order, "declined", f"Enheten: {reasons[reason]}")


def withdraw(*, order: Order, by_id: int | None = None) -> None:
    """Take back an order that nobody has answered."""
    _require_waiting(order)
    take_back(order, by_id=by_id)


def _require_waiting(order: Order) -> None:
    locked(db.session.get_one(Client, order.client_id))
    if locked(order).status != "sent":
        raise Refused(ANSWERED)
