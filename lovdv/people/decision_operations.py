"""Decisions: kept, changed in status, ended; interruptions and offers."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.formats import last_day
from lovdv.people.models import Client, Decision, Interruption, Offer
from lovdv.people.operations import lock
from lovdv.placements.operations import follow_decision
from lovdv.queues.leaving import is_from_queue
from lovdv.statutes import statute

NOT_LSS = (
    "Daglig verksamhet enligt LSS är bara för personkrets 1 och 2 ({reference}). "
    "Välj SoL, eller kontrollera personkretsen."
)
CLOSED = frozenset({"replaced", "ended"})


def decide(
    *,
    client: Client,
    choice_system_id: int,
    law: str,
    personkrets: int | None,
    decided_on: date,
    first_day: date,
    end_day: date | None,
    reference: str,
    extent: str = "",
    goal: str = "",
    requested_by: str = "",
    conditions: Collection[str] = (),
    replaces: Decision | None = None,
) -> Decision:
    """Keep a decision that was made in the case system.

    Two decisions of one choice system never hold on the same day; the one that is
    replaced ends when the new one begins. Places that go on without a gap go on
    under the new decision (see renewals).
    """
    _check_law(law, personkrets)
    lock(client)
    if replaces is not None:
        _replace(replaces, first_day, reference)
    _refuse_overlap(client, choice_system_id, first_day, end_day)
    new = Decision(
        client_id=client.id,
        choice_system_id=choice_system_id,
        law=law,
        personkrets=personkrets if law == "LSS" else None,
        decided_on=decided_on,
        first_day=first_day,
        end_day=end_day,
        reference=reference,
        extent=extent,
        goal=goal,
        requested_by=requested_by,
        conditions=sorted(conditions),
        created_at=now(),
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "decision.add",
        about=[client.id],
        object=new.public_id,
        after={"law": law, "reference": reference, "from": first_day, "to": end_day},
    )
    follow_decision(decision=replaces or new)
    return new


def _check_law(law: str, personkrets: int | None) -> None:
    if law == "LSS" and personkrets not in (1, 2):
        raise Refused(NOT_LSS.format(reference=statute("lss_persons")), "personkrets")


def _replace(old: Decision, day: date, reference: str) -> None:
    if old.first_day >= day:
        raise Refused(
            "Det nya beslutet måste börja efter det beslut som det ersätter.",
            "first_day",
        )
    if old.end_day is None or old.end_day > day:
        old.end_day = day
        db.session.flush()
    _set(old, "replaced", f"Ersatt av beslut {reference}", day)


def _refuse_overlap(
    client: Client, choice_system_id: int, first_day: date, end_day: date | None
) -> None:
    query = select(Decision).where(
        Decision.client_id == client.id,
        Decision.choice_system_id == choice_system_id,
        Decision.end_day.is_(None)
        | ((Decision.end_day > first_day) & (Decision.end_day > Decision.first_day)),
    )
    if end_day is not None:
        query = query.where(Decision.first_day < end_day)
    other = db.session.scalars(query.order_by(Decision.first_day)).first()
    if other is not None:
        raise Refused(
            f"Beslut {other.reference} gäller redan {day_text(other.first_day)} – "
            f"{last_day(other.end_day)}. Ändra dagarna, eller välj att det nya "
            "beslutet ersätter det.",
            "first_day",
        )


def set_status(*, decision: Decision, status: str, reason: str, day: date) -> None:
    """In force or appealed; a decision in either state holds meanwhile."""
    if decision.status in CLOSED:
        raise Refused("Beslutet är avslutat eller ersatt. Registrera ett nytt beslut.")
    _set(decision, status, reason, day)


def _set(decision: Decision, status: str, reason: str, day: date) -> None:
    audit.change(
        "decision.status",
        about=[decision.client_id],
        object=decision.public_id,
        before={"status": decision.status},
        after={"status": status, "reason": reason, "day": day},
    )
    decision.status, decision.status_reason, decision.status_day = status, reason, day


def end(*, decision: Decision, end_day: date, reason: str, note: str = "") -> None:
    """End a decision with its reason; `end_day` is the first day it does not hold.

    One that has not begun ends where it would have begun.
    """
    require_endable(decision, end_day)
    decision.end_day = max(end_day, decision.first_day)
    decision.end_reason = reason
    db.session.flush()
    follow_decision(decision=decision)
    _set(decision, "ended", note, end_day)


def require_endable(decision: Decision, end_day: date) -> None:
    if decision.status in CLOSED:
        raise Refused("Beslutet är redan avslutat eller ersatt.")
    if decision.end_day is not None and decision.end_day < end_day:
        raise Refused(
            f"Beslutet slutar redan {last_day(decision.end_day)}. "
            "Ett längre beslut är ett nytt beslut.",
            "last_day",
        )


def interrupt(*, decision: Decision, first_day: date, reason: str) -> Interruption:
    """The decision is no longer carried out, from a day."""
    lock(decision.client)
    still_open = select(Interruption).where(
        Interruption.decision_id == decision.id, Interruption.end_day.is_(None)
    )
    if db.session.scalars(still_open).first() is not None:
        raise Refused(
            "Det finns redan ett avbrott som inte är slut. Avsluta det först.",
            "first_day",
        )
    if first_day < decision.first_day:
        raise Refused("Avbrottet kan inte börja före beslutet.", "first_day")
    new = Interruption(decision_id=decision.id, first_day=first_day, reason=reason)
    db.session.add(new)
    db.session.flush()
    audit.change(
        "decision.interrupt",
        about=[decision.client_id],
        object=decision.public_id,
        after={"from": first_day, "reason": reason},
    )
    return new


def resume(*, decision: Decision, end_day: date) -> None:
    """The person is back: `end_day` is the first attended day again."""
    found = db.session.scalars(
        select(Interruption).where(
            Interruption.decision_id == decision.id, Interruption.end_day.is_(None)
        )
    ).one()
    if end_day <= found.first_day:
        raise Refused(
            f"Skriv en dag efter {day_text(found.first_day)}, då avbrottet började.",
            "day",
        )
    found.end_day = end_day
    audit.change(
        "decision.resume",
        about=[decision.client_id],
        object=decision.public_id,
        after={"day": end_day},
    )


def offer(*, decision: Decision, unit_id: int, day: date) -> Offer:
    """A place that the person was offered; answered later."""
    if day < decision.decided_on:
        raise Refused("Erbjudandet kan inte vara äldre än beslutet.", "day")
    new = Offer(decision_id=decision.id, unit_id=unit_id, day=day)
    db.session.add(new)
    db.session.flush()
    audit.change(
        "offer.add",
        about=[decision.client_id],
        object=new.public_id,
        after={"unit": unit_id, "day": day},
    )
    return new


def answer_offer(*, offer: Offer, answer: str, on: date, reason: str = "") -> None:
    """What the person said; a no does not stop the three-month clock."""
    if offer.answer != "waiting":
        raise Refused("Erbjudandet har redan ett svar.")
    if is_from_queue(offer):
        raise Refused("Erbjudandet är gjort från kön. Registrera svaret där.")
    if on < offer.day:
        raise Refused("Svaret kan inte vara äldre än erbjudandet.", "on")
    if answer == "declined" and not reason:
        raise Refused("Skriv varför personen tackade nej.", "reason")
    offer.answer, offer.answered_on, offer.reason = answer, on, reason
    audit.change(
        "offer.answer",
        about=[offer.decision.client_id],
        object=offer.public_id,
        after={"answer": answer, "reason": reason},
    )
