"""Beginning, ending and annulling placements, and keeping what is paid in bounds."""

import secrets
from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from lovdv import audit
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.people import holding, renewals
from lovdv.people.models import Client, Decision
from lovdv.placements.answering import take_back
from lovdv.placements.checks import (
    cover_of,
    earliest,
    locked,
    require_decision,
    require_living,
    require_no_overlap,
    require_room,
)
from lovdv.placements.models import Order, OrderChange, Placement
from lovdv.placements.occupancy import held_by
from lovdv.placements.settings import end_reasons
from lovdv.providers.models import Contract, ContractUnit, Unit

NUMBERS = 10_000_000


def place(
    *,
    client: Client,
    decision: Decision,
    unit: Unit,
    first_day: date,
    end_day: date | None = None,
    number: str | None = None,
    order: Order | None = None,
) -> Placement:
    """A placement, inside contract and decision and never twice at a unit.

    The client's row is locked, so that two at once cannot both see a free day.
    """
    locked(client)
    require_living(client, first_day)
    require_decision(client, decision, first_day)
    cover = cover_of(unit, decision.choice_system_id, first_day)
    require_no_overlap(client, unit, first_day, end_day)
    new = Placement(
        municipality_id=client.municipality_id,
        choice_system_id=decision.choice_system_id,
        number=number or _number(decision.choice_system_id),
        client_id=client.id,
        decision_id=decision.id,
        unit_id=unit.id,
        contract_id=cover.contract.id,
        order_id=order.id if order else None,
        first_day=first_day,
        end_day=end_day,
        paid_first_day=first_day,
        paid_end_day=earliest((end_day, renewals.until(decision), cover.end_day)),
        recorded_at=now(),
    )
    db.session.add(new)
    db.session.flush()
    changed("placement.begin", new, after={"first_day": first_day, "end": end_day})
    return new


def _number(choice_system_id: int) -> str:
    """Drawn by lot: the number says nothing about the person, nor who came first."""
    while True:
        number = f"P{secrets.randbelow(NUMBERS):07}"
        taken = select(Placement.id).where(
            Placement.choice_system_id == choice_system_id, Placement.number == number
        )
        if db.session.scalar(taken) is None:
            return number


def end(
    *, placement: Placement, end_day: date, reason: str, notice_day: date | None = None
) -> None:
    """From `end_day` the person no longer goes there; a later day lengthens again.

    `notice_day` is when the unit was told, which rules on notice may count from.
    """
    hold(placement)
    if reason not in end_reasons(placement.choice_system_id):
        raise Refused("Välj en anledning i listan.", "reason")
    if end_day <= placement.first_day:
        raise Refused(
            f"Platsen började {day_text(placement.first_day)}. Välj en senare dag. "
            "Om personen aldrig började: annullera platsen i stället.",
            "last_day",
        )
    before = {"end": placement.end_day, "reason": placement.end_reason}
    _set_end(placement, end_day, reason)
    placement.notice_day = notice_day
    after = {"end": end_day, "reason": reason, "notice": notice_day}
    changed("placement.end", placement, before, after)


def _set_end(placement: Placement, end_day: date, reason: str) -> None:
    client = db.session.get_one(Client, placement.client_id)
    require_no_overlap(
        client, placement.unit, placement.first_day, end_day, besides=placement.id
    )
    _require_room_on(placement, end_day)
    placement.end_day, placement.end_reason = end_day, reason
    _renew_paid_period(placement)
    _withdraw_changes(placement)


def _require_room_on(placement: Placement, end_day: date) -> None:
    """A place that had an end may have been given to somebody else since."""
    start = max(placement.end_day or end_day, today())
    if start < end_day:
        require_room(
            locked(placement.unit),
            start,
            held_by(placement, start),
            end_day=end_day,
            but_for=placement,
        )


def _withdraw_changes(placement: Placement) -> None:
    """Take back the orders about new times that nobody has answered."""
    for change in db.session.scalars(
        select(Order)
        .join(OrderChange, OrderChange.order_id == Order.id)
        .where(
            OrderChange.placement_id == placement.id,
            OrderChange.kind == "plan",
            Order.status == "sent",
        )
    ):
        take_back(change)


def follow_unit(*, placement: Placement, end_day: date | None, reason: str) -> None:
    """The unit stays longer than was said, or does not leave: so does the place.

    Nobody else has been given it meanwhile, so room is not asked for.
    """
    hold(placement)
    before = {"end": placement.end_day, "reason": placement.end_reason}
    require_no_overlap(
        placement.client,
        placement.unit,
        placement.first_day,
        end_day,
        besides=placement.id,
    )
    placement.end_day, placement.end_reason = end_day, reason
    _renew_paid_period(placement)
    after = {"end": end_day, "reason": reason}
    changed("placement.end", placement, before, after)


def annul(*, placement: Placement, reason: str) -> None:
    """It never was; the row stays, and what was paid for it is reversed."""
    hold(placement)
    if placement.annulled_at is not None:
        raise Refused("Platsen är redan annullerad.")
    if not reason.strip():
        raise Refused("Skriv varför platsen annulleras.", "reason")
    placement.annulled_at, placement.annul_reason = now(), reason
    _withdraw_changes(placement)
    db.session.flush()
    changed("placement.annul", placement, {"annulled": False}, {"annulled": True})


def follow_decision(*, decision: Decision) -> None:
    """After a decision has come or its days have changed: what is paid keeps inside.

    A placement goes on under a decision that follows without a gap on its own.
    """
    _follow(
        (Placement.client_id == decision.client_id)
        & (Placement.choice_system_id == decision.choice_system_id)
        & or_(
            Placement.paid_end_day.is_(None),
            Placement.paid_end_day >= decision.first_day,
        )
    )


def follow_contract(*, contract: Contract) -> None:
    """The same after a contract's days, or those of its units, have changed."""
    units = select(ContractUnit.unit_id).where(ContractUnit.contract_id == contract.id)
    _follow(
        (Placement.choice_system_id == contract.choice_system_id)
        & Placement.unit_id.in_(units)
    )


def _follow(which: ColumnElement[bool]) -> None:
    """People before places and both in one order, as everywhere else: see `hold`."""
    concerned = which & Placement.annulled_at.is_(None)
    holding.hold(db.session.scalars(select(Placement.client_id).where(concerned)).all())
    for placement in db.session.scalars(
        select(Placement).where(concerned).order_by(Placement.id).with_for_update()
    ):
        _renew_paid_period(placement)
    db.session.flush()


def _renew_paid_period(placement: Placement) -> None:
    decision = db.session.get_one(Decision, placement.decision_id)
    unit = db.session.get_one(Unit, placement.unit_id)
    cover = cover_of(unit, placement.choice_system_id, placement.paid_first_day)
    end_day = earliest((placement.end_day, renewals.until(decision), cover.end_day))
    before = {"paid_end": placement.paid_end_day}
    placement.paid_end_day = (
        None if end_day is None else max(end_day, placement.paid_first_day)
    )
    db.session.flush()
    if before["paid_end"] != placement.paid_end_day:
        after = {"paid_end": placement.paid_end_day}
        changed("placement.paid_period", placement, before, after)


def hold(placement: Placement) -> None:
    """Hold the person's row, then the placement's, until the transaction ends."""
    locked(db.session.get_one(Client, placement.client_id))
    locked(placement)


def changed(
    action: str,
    placement: Placement,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    audit.change(
        action,
        about=[placement.client_id],
        object=placement.public_id,
        before=before,
        after=after,
    )
