"""Taking back a choice: it no longer counts, and the person may choose again."""

from datetime import date, timedelta

from lovdv import audit
from lovdv.choice import invitations, regrets, supporting
from lovdv.choice.made_by import MadeBy, check_made_by
from lovdv.choice.models import Choice, ChoiceRegret, Invitation
from lovdv.clock import local_day, now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.models import HOLDING, Client, Decision
from lovdv.placements import orders
from lovdv.queues.leaving import leave_queues

LEAST = timedelta(days=7)
"""The shortest time to choose again, however little was left."""
WHY_NOT = {
    "regretted": "Valet är redan ångrat. Det går att välja igen.",
    "later": "Det finns ett nyare val. Öppna det i stället.",
    "none": "Det här valet har ingen ångertid. Det går att välja om när som helst.",
    "over": "Tiden att ångra valet har gått ut. Det går att välja om när som helst.",
    "begun": "Platsen har redan börjat. Det går att välja om när som helst.",
}


def regret(
    *,
    choice: Choice,
    made_by: MadeBy,
    registered_by: int | None = None,
    channel: str = "self",
) -> ChoiceRegret:
    """Take the choice back: out of queues, orders withdrawn, and free to choose again.

    A place that a unit has already said yes to is left for the caseworker to undo,
    since the unit must be told (regrets.to_handle).
    """
    decision = db.session.get_one(Decision, choice.decision_id)
    client = db.session.get_one(Client, choice.client_id)
    supporting.lock(decision)
    check_made_by(client, made_by)
    why_not = WHY_NOT.get(regrets.state_of(choice))
    if why_not:
        raise Refused(why_not)
    new = ChoiceRegret(
        choice_id=choice.id,
        client_id=client.id,
        regretted_at=now(),
        made_by=made_by.who,
        mandate_id=made_by.mandate.id if made_by.mandate else None,
        own_will=made_by.own_will,
        own_will_note=made_by.own_will_note,
        registered_by_id=registered_by,
    )
    db.session.add(new)
    db.session.flush()
    for order in regrets.orders_waiting(choice):
        orders.withdraw(order=order, by_id=registered_by)
    leave_queues(client.id, "regretted")
    _open_again(choice, client, decision)
    audit.change(
        "choice.regret",
        about=[client.id],
        object=choice.public_id,
        after={"unit": choice.unit_id, "by": made_by.who, "channel": channel},
    )
    return new


def _open_again(choice: Choice, client: Client, decision: Decision) -> None:
    """The invitation that was answered, with the time that was left, or a new one."""
    if invitations.open_invitation(client.id) is not None or not _holds(decision):
        return
    if choice.invitation_id is not None:
        _reopen(db.session.get_one(Invitation, choice.invitation_id), choice)
    elif invitations.placement_now(client.id, today()) is None:
        supporting.invite(client=client, decision=decision)


def _holds(decision: Decision) -> bool:
    ended = decision.end_day is not None and decision.end_day <= today()
    return decision.status in HOLDING and not ended


def _reopen(invitation: Invitation, choice: Choice) -> None:
    invitation.closed_on = None
    invitation.answer_by = _answer_by(invitation, choice)
    db.session.flush()
    audit.change(
        "invitation.open_again",
        about=[invitation.client_id],
        object=invitation.public_id,
        after={"answer_by": invitation.answer_by},
    )


def _answer_by(invitation: Invitation, choice: Choice) -> date:
    left = invitation.answer_by - local_day(choice.registered_at)
    return max(today() + max(left, LEAST), invitation.answer_by)
