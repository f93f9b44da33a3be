"""Choosing, and choosing again; what comes when nobody chooses is not_choosing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lovdv import audit
from lovdv.choice import invitations, queries, regrets
from lovdv.choice.made_by import MadeBy, check_made_by
from lovdv.choice.models import Choice, Invitation
from lovdv.choice.notice import Notice, notice_for
from lovdv.choice.supporting import lock
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.models import Client, Decision
from lovdv.placements import orders
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from lovdv.providers.queries import Offered, offered_unit
from lovdv.queues.leaving import leave_queues
from lovdv.queues.turns import join, must_wait
from lovdv.systems.queries import rule

ALREADY = (
    "Valet är redan registrerat, kanske i ett annat fönster. Titta på vad som "
    "valdes. Det går att välja om."
)


@dataclass(frozen=True)
class Told:
    """How the choice reached us, what had been shown and what support was given."""

    channel: str
    shown: Mapping[str, object]
    support: str = ""
    registered_by: int | None = None
    # in_room, paper or phone; whoever is signed in as themself confirms by that
    confirmed: str = ""


def notice(decision: Decision, on: date) -> Notice:
    """When a choice made on the day counts, by the choice system's rule."""
    found = rule(decision.choice_system_id, "choice", on)["notice"]
    assert isinstance(found, Mapping)
    return notice_for(found, on)


def regret_by(decision: Decision, on: date) -> date | None:
    """The last day to take back a choice made on the day; None: it cannot be."""
    days = rule(decision.choice_system_id, "choice", on)["regret_days"]
    assert isinstance(days, int)
    return on + timedelta(days=days) if days else None


def kind_of(unit: Unit, placement: Placement | None) -> str:
    """chosen, rechoice or stay, by where the person has a place."""
    if placement is None:
        return "chosen"
    return "stay" if placement.unit_id == unit.id else "rechoice"


def choose(
    *,
    client: Client,
    decision: Decision,
    unit: Unit,
    made_by: MadeBy,
    told: Told,
    wanted_start: date | None = None,
    expecting: str = "",
) -> Choice:
    """The person's choice, kept as it was made. A full unit gives a place in queue.

    `expecting` is the invitation the page was about; when it has been answered in
    the meantime, in another window say, nothing more is registered.
    """
    lock(decision)
    _require_holding(client, decision)
    invitation = invitations.open_invitation(client.id)
    if expecting != (invitation.public_id if invitation else ""):
        raise Refused(ALREADY)
    placement = invitations.placement_to_leave(client.id, unit, today())
    _refuse_repeated(client, unit, invitation, placement)
    check_made_by(client, made_by)
    kind = kind_of(unit, placement)
    before = regrets.newest(client.id, regrets.CHOSEN)
    _offered(decision, unit, stays=kind == "stay")
    new = new_choice(client, decision, invitation, made_by, told)
    new.kind, new.unit_id, new.wanted_start = kind, unit.id, wanted_start
    new.regret_by = regret_by(decision, today())
    if kind == "rechoice":
        new.effective_day = notice(decision, today()).effective_day
    if before is not None and before.unit_id != unit.id:
        _take_back_orders(before, told.registered_by)
    return keep(new, invitation, queue_for=unit if kind != "stay" else None)


def _take_back_orders(before: Choice, by_id: int | None) -> None:
    """What was asked of a unit for the choice before, and that nobody has answered."""
    for order in regrets.orders_waiting(before):
        if order.choice_id == before.id:
            orders.withdraw(order=order, by_id=by_id)


def _require_holding(client: Client, decision: Decision) -> None:
    """A choice on a decision that is over would never come to an order."""
    held = invitations.decision_chosen_for(client, today())
    if held is None or held.id != decision.id:
        raise Refused(
            "Beslutet som valet gällde har ersatts eller tagit slut. Öppna sidan på "
            "nytt, så gäller valet beslutet som finns nu."
        )


def _refuse_repeated(
    client: Client,
    unit: Unit,
    invitation: Invitation | None,
    placement: Placement | None,
) -> None:
    """Two browsers, or the same button twice, make one choice."""
    if invitation is not None:
        return
    latest = next(iter(queries.choices_of(client.id)), None)
    waits = latest is not None and regrets.still_waits(latest)
    if latest is not None and waits and latest.unit_id == unit.id:
        raise Refused(ALREADY)
    if placement is not None and placement.unit_id == unit.id:
        raise Refused("Personen har redan sin plats där. Inget behöver ändras.")


def _offered(decision: Decision, unit: Unit, *, stays: bool = False) -> Offered:
    """Those who have a place may stay where nobody new is taken, unless it leaves."""
    found = offered_unit(decision.choice_system_id, unit.public_id, today())
    if found is None or not (found.open or (stays and found.leaves_from is None)):
        raise Refused(
            f"{unit.name} tar inte emot nya val. Välj en annan verksamhet. "
            "Det du har skrivit finns kvar.",
            "unit",
        )
    return found


def new_choice(
    client: Client,
    decision: Decision,
    invitation: Invitation | None,
    made_by: MadeBy,
    told: Told,
) -> Choice:
    confirmed = told.confirmed or ("self" if told.channel == "self" else "")
    at = now()
    return Choice(
        client_id=client.id,
        decision_id=decision.id,
        choice_system_id=decision.choice_system_id,
        invitation_id=invitation.id if invitation else None,
        made_by=made_by.who,
        mandate_id=made_by.mandate.id if made_by.mandate else None,
        own_will=made_by.own_will,
        own_will_note=made_by.own_will_note,
        channel=told.channel,
        registered_by_id=told.registered_by,
        registered_at=at,
        confirmed=confirmed,
        confirmed_at=at if confirmed else None,
        shown=dict(told.shown),
        support=told.support,
        reasons={},
    )


def keep(
    choice: Choice, invitation: Invitation | None, *, queue_for: Unit | None
) -> Choice:
    """Save it, close the invitation, and leave or join queues as it says."""
    db.session.add(choice)
    if invitation is not None:
        invitation.closed_on = today()
    db.session.flush()
    leave_queues(choice.client_id, "new_choice")
    if queue_for is not None and must_wait(choice, queue_for):
        join(choice, since=now())
    told = {"kind": choice.kind, "unit": choice.unit_id}
    audit.change(
        "choice.register", about=[choice.client_id], object=choice.public_id, after=told
    )
    return choice
