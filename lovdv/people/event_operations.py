"""Life events: kept with their day, and what they end when the caseworker agrees."""

from datetime import date

from lovdv import audit
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.people import decision_operations, events
from lovdv.people.circle_operations import end_mandate, end_supporter
from lovdv.people.events import Proposal
from lovdv.people.models import Client, LifeEvent
from lovdv.people.operations import lock
from lovdv.people.reported import first_paid_day
from lovdv.people.words import END_REASONS
from lovdv.placements import operations as placements
from lovdv.placements.answering import close_offer, take_back
from lovdv.placements.facts import last_attended_day
from lovdv.queues.leaving import leave
from lovdv.visits import operations as visits

NEVER_BEGAN = "Avslutades innan den började."


def record(
    *, client: Client, kind: str, day: date, note: str, by_id: int, settle: bool
) -> LifeEvent:
    """Keep what happened; `settle` also does all that the event proposes."""
    lock(client)
    what = events.proposal(client, kind, day)
    if settle or kind == "death":
        require_possible(client, what)
    new = LifeEvent(
        client_id=client.id,
        kind=kind,
        day=day,
        note=note,
        noted_at=now(),
        noted_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "event.add",
        about=[client.id],
        object=new.public_id,
        after={"kind": kind, "day": day},
    )
    if kind == "death":
        client.died_on = day
    if settle:
        end_everything(client=client, what=what, by_id=by_id)
    if kind == "hospital" and settle:
        _interrupt(client, day)
    return new


def require_possible(client: Client, what: Proposal) -> None:
    """Refuse a day that what is already known speaks against: a mistyped year, say.

    Days that were planned or paid after a day, but not attended, are no obstacle:
    the next run takes the money back.
    """
    if what.kind == "death":
        _require_alive(client, what.day)
    if what.end_day is None:
        return
    ids = [placement.id for placement, _ in what.placements]
    last = last_attended_day(ids)
    if last is not None and last >= what.end_day:
        raise Refused(
            f"Personen är rapporterad som närvarande {day_text(last)}. Kontrollera "
            "dagen du skrev, eller be enheten rätta närvaron först.",
            what.field,
        )
    undone = [p.id for p, _ in what.placements if p.first_day >= what.end_day]
    paid = first_paid_day(undone)
    if paid is not None:
        raise Refused(
            f"Platsen är betald från {day_text(paid)}. Kontrollera dagen du skrev. "
            "Om personen aldrig började: annullera placeringen först.",
            what.field,
        )


def _require_alive(client: Client, day: date) -> None:
    decided = min((d.decided_on for d in client.decisions), default=None)
    known = (("Personen är född", client.birth_date), ("Beslutet är från", decided))
    for told, when in known:
        if when is not None and day < when:
            raise Refused(f"{told} {day_text(when)}. Kontrollera dagen.", "day")


def _interrupt(client: Client, day: date) -> None:
    """A long hospital stay interrupts what is carried out, so the clock runs."""
    for decision in client.decisions:
        begun = decision.first_day <= day
        over = decision.end_day is not None and decision.end_day <= day
        paused = any(i.end_day is None for i in decision.interruptions)
        if begun and not over and not paused:
            decision_operations.interrupt(
                decision=decision, first_day=day, reason="Lång sjukhusvistelse"
            )


def end_everything(
    *, client: Client, what: Proposal, note: str = "", by_id: int | None = None
) -> None:
    """Do what a proposal says: decisions, placements, queue, invitations, circle."""
    if what.end_day is None:
        return
    require_possible(client, what)
    for decision in what.decisions:
        decision_operations.end(
            decision=decision, end_day=what.end_day, reason=what.reason, note=note
        )
    _end_placements(what)
    _withdraw(what, by_id)
    stop_choosing(what=what)
    visits.stop(client.id)
    for mandate in what.mandates:
        end_mandate(mandate=mandate, end_day=max(what.end_day, mandate.first_day))
    for supporter in what.supporters:
        end_supporter(supporter=supporter, end_day=what.end_day)


def _end_placements(what: Proposal) -> None:
    assert what.end_day is not None
    for placement, _ in what.placements:
        if placement.first_day < what.end_day:
            placements.end(
                placement=placement, end_day=what.end_day, reason=what.reason
            )
        else:
            placements.annul(placement=placement, reason=NEVER_BEGAN)


def _withdraw(what: Proposal, by_id: int | None) -> None:
    """Take back what nobody has answered: orders, and offers of a place."""
    because = END_REASONS.get(what.reason, "")
    for order, _ in what.orders:
        take_back(order, by_id=by_id, because=because)
    for offer, _ in what.offers:
        close_offer(offer, "withdrawn", today(), because)


def stop_choosing(*, what: Proposal) -> None:
    """Take the person out of queues and stop letters about choosing."""
    for entry, _ in what.queue:
        leave(entry, what.reason)
    for invitation in what.invitations:
        invitation.closed_on = today()
        audit.change(
            "invitation.close",
            about=[invitation.client_id],
            object=invitation.public_id,
        )
