"""Inviting to choose, asking for support, trying to reach, saving units."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update

from lovdv import audit
from lovdv.access import Actor
from lovdv.choice import invitations
from lovdv.choice.models import ContactAttempt, Invitation, SavedUnit
from lovdv.clock import local_day, now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.guides.checks import require_no_conflict_at_place
from lovdv.people.holding import hold
from lovdv.people.models import HOLDING, Client, Decision
from lovdv.people.scope import visible_people
from lovdv.providers.models import Unit
from lovdv.systems.queries import rule


def invite(
    *,
    client: Client,
    decision: Decision,
    kind: str = "first",
    answer_by: date | None = None,
) -> Invitation:
    """Offer an informed choice, to answer by the municipality's rule or a day."""
    if decision.client_id != client.id or decision.status not in HOLDING:
        raise Refused("Beslutet gäller inte. Välj ett beslut som gäller.")
    lock(decision)
    if invitations.open_invitation(client.id) is not None:
        raise Refused("Personen har redan ett val som väntar på svar.")
    new = Invitation(
        client_id=client.id,
        decision_id=decision.id,
        kind=kind,
        sent_on=today(),
        answer_by=answer_by or answer_day(decision.choice_system_id),
        created_at=now(),
    )
    db.session.add(new)
    db.session.flush()
    audit.change("choice.invite", about=[client.id], object=new.public_id)
    return new


def answer_day(choice_system_id: int) -> date:
    """The last day to answer for somebody who is invited today."""
    days = rule(choice_system_id, "choice", today())["answer_days"]
    assert isinstance(days, int)
    return today() + timedelta(days=days)


def turn(invitation: Invitation, *, kind: str, answer_by: date) -> None:
    """An open invitation comes to be about something else, with another last day."""
    before = {"kind": invitation.kind, "answer_by": invitation.answer_by}
    invitation.kind, invitation.answer_by = kind, answer_by
    db.session.flush()
    audit.change(
        "choice.turn",
        about=[invitation.client_id],
        object=invitation.public_id,
        before=before,
        after={"kind": kind, "answer_by": answer_by},
    )


def take_back(invitation: Invitation) -> None:
    """What the invitation was about no longer is; nobody needs to answer."""
    invitation.closed_on = today()
    db.session.flush()
    _audit("choice.take_back", invitation)


def lock(decision: Decision) -> None:
    """One choice at a time: the person's row, as orders hold it, and the decision's."""
    hold([decision.client_id])
    row = select(Decision.id).where(Decision.id == decision.id)
    db.session.execute(row.with_for_update())


def ask_for_support(invitation: Invitation) -> None:
    invitation.wants_support = True
    _audit("choice.ask_support", invitation)


def ask_for_help(*, client: Client, decision: Decision) -> Invitation:
    """A guide is asked for; an invitation is made when there is none."""
    lock(decision)
    invitation = invitations.open_invitation(client.id)
    if invitation is None:
        has_place = invitations.placement_now(client.id, today()) is not None
        kind = "rechoice" if has_place else "first"
        invitation = invite(client=client, decision=decision, kind=kind)
    ask_for_support(invitation)
    return invitation


def take(invitation: Invitation, *, actor: Actor) -> None:
    """The guide takes on to support the person."""
    held = visible_people(actor).where(Client.id == invitation.client_id)
    if db.session.scalar(held) is not None:
        raise Refused(
            "Du handlägger personens ärende, eller har öppnat det, och kan därför "
            "inte vara lots. En annan lots behöver ta uppdraget."
        )
    require_no_conflict_at_place(actor.user_id, invitation.client_id)
    taken = db.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.guide_id.is_(None))
        .values(guide_id=actor.user_id)
    )
    if taken.rowcount == 0:
        raise Refused("En annan lots hann före och hjälper redan personen.")
    _audit("choice.guide", invitation)


def log_attempt(
    *,
    invitation: Invitation,
    by: int,
    at: datetime,
    way: str,
    result: str,
    purpose: str,
    note: str = "",
    visit_day: date | None = None,
    unit: Unit | None = None,
) -> ContactAttempt:
    """A try to inform, to support, a visit booked, or a question afterwards."""
    if at > now():
        raise Refused("Dagen ligger framåt i tiden. Logga det som har hänt.", "day")
    if (visit_day is None) != (unit is None):
        raise Refused("Ett besök behöver både en dag och en verksamhet.", "visit_day")
    if local_day(at) < invitation.sent_on:
        raise Refused(
            f"Personen blev inbjuden {day_text(invitation.sent_on)}. Skriv den dagen "
            "eller en senare.",
            "day",
        )
    if visit_day is not None and visit_day < today():
        raise Refused(
            "Besökets dag har varit. Skriv i dag eller en senare dag. Har besöket "
            "blivit av? Ta bort det här och logga kontakten som ett besök.",
            "visit_day",
        )
    new = ContactAttempt(
        invitation_id=invitation.id,
        by_id=by,
        at=at,
        way=way,
        result=result,
        purpose=purpose,
        note=note,
        visit_day=visit_day,
        unit_id=unit.id if unit else None,
    )
    db.session.add(new)
    db.session.flush()
    _audit("choice.attempt", invitation)
    return new


def save_unit(*, client: Client, unit: Unit) -> None:
    """Keep a unit to think about; saving it twice changes nothing."""
    hold([client.id])
    found = db.session.scalar(
        select(SavedUnit.id).where(
            SavedUnit.client_id == client.id, SavedUnit.unit_id == unit.id
        )
    )
    if found is None:
        db.session.add(SavedUnit(client_id=client.id, unit_id=unit.id, saved_at=now()))
        audit.change("choice.save", about=[client.id], object=unit.public_id)


def forget_unit(*, client: Client, unit: Unit) -> None:
    db.session.execute(
        delete(SavedUnit).where(
            SavedUnit.client_id == client.id, SavedUnit.unit_id == unit.id
        )
    )
    audit.change("choice.forget", about=[client.id], object=unit.public_id)


def _audit(action: str, invitation: Invitation) -> None:
    audit.change(action, about=[invitation.client_id], object=invitation.public_id)
