"""Offering a free place to the first in line, and what comes of the offer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lovdv import audit
from lovdv.choice import invitations
from lovdv.choice.made_by import MadeBy, check_made_by
from lovdv.choice.models import QueueEntry
from lovdv.clock import local_day, now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.formats import weekday
from lovdv.people.decision_operations import offer as keep_for_clock
from lovdv.people.holding import hold
from lovdv.people.models import Client, Decision
from lovdv.placements.answering import close_offer
from lovdv.placements.checks import (
    cover_of,
    locked,
    require_decision,
    require_living,
    require_open,
    require_permit,
    require_room,
)
from lovdv.placements.orders import require_not_asked
from lovdv.placements.plans import first_day_in, half_days_text
from lovdv.providers.models import Unit
from lovdv.queues import lines, settings
from lovdv.queues.leaving import close, unanswered
from lovdv.queues.lines import InLine
from lovdv.queues.models import PassedOver, PlaceOffer

GONE = "Erbjudandet gäller inte längre. Ladda om sidan för att se vad som hänt."
EXPIRED = "Sista dagen att svara har gått. Platsen är inte längre reserverad."


@dataclass(frozen=True)
class Told:
    """How an answer reached us: self, guide, caseworker or paper, and through whom."""

    channel: str
    registered_by: int | None = None


def make_offer(
    *,
    entry: QueueEntry,
    half_days: Collection[str],
    first_day: date,
    passed: Mapping[str, str],
    by_id: int,
) -> PlaceOffer:
    """Offer a free place. It is held until the last day to answer.

    `passed` says why for each who stands before, by the public id of the wait.
    """
    client = _hold_line(entry)
    unit = locked(db.session.get_one(Unit, entry.unit_id))
    standing = _standing(entry, client)
    decision = _decision(client, first_day)
    _require_possible(standing, client, decision, unit, first_day)
    if not half_days:
        raise Refused("Kryssa i minst en halvdag.", "half_days")
    _require_day(decision, half_days, first_day)
    require_room(unit, first_day, half_days, but_to=client)
    skipped = _skipped(standing, client, decision, passed)
    for lapsed in unanswered(standing.entry):
        close(lapsed)
    new = PlaceOffer(
        queue_entry_id=entry.id,
        client_id=client.id,
        decision_id=decision.id,
        unit_id=unit.id,
        offer_id=keep_for_clock(
            decision=decision, unit_id=unit.id, day=max(today(), decision.decided_on)
        ).id,
        half_days=sorted(half_days),
        first_day=first_day,
        answer_by=answer_by(decision.choice_system_id),
        lapse=settings.lapse(decision.choice_system_id),
        made_at=now(),
        made_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    _keep_passed(new, skipped)
    audit.change(
        "place_offer.make",
        about=[client.id],
        object=new.public_id,
        after={"unit": unit.id, "first_day": first_day, "answer_by": new.answer_by},
    )
    return new


def _hold_line(entry: QueueEntry) -> Client:
    """Hold the rows of all who stand in the line, always in the same order.

    The log tells of those who are passed over, and their rows are held by their own
    orders and answers; taking them before the unit's row keeps two from waiting for
    each other.
    """
    client = db.session.get_one(Client, entry.client_id)
    queue = lines.line(entry.unit_id, client.municipality_id)
    ids = {one.entry.client_id for one in queue} | {client.id}
    hold(ids)
    return locked(client)


def answer_by(choice_system_id: int) -> date:
    """The last day to answer an offer made today."""
    return today() + timedelta(days=settings.offer_days(choice_system_id))


def furthest_day(choice_system_id: int) -> date:
    """The last day that an offered place may begin on."""
    return today() + timedelta(days=settings.ahead_days(choice_system_id))


def _standing(entry: QueueEntry, client: Client) -> InLine:
    found = lines.standing_at(client.id, entry.unit_id)
    if found is None or found.entry.id != entry.id:
        raise Refused("Personen står inte längre i kön. Ladda om sidan.")
    return found


def _decision(client: Client, on: date) -> Decision:
    found = invitations.decision_to_choose_for(client, on)
    if found is None:
        raise Refused(
            f"Personen har inget beslut som gäller {day_text(on)}. Välj en annan dag, "
            "eller ta personen ur kön.",
            "first_day",
        )
    return found


def _require_possible(
    standing: InLine, client: Client, decision: Decision, unit: Unit, first_day: date
) -> None:
    if standing.state == "offered":
        raise Refused("Personen har redan ett erbjudande som väntar på svar.")
    if not standing.waits:
        raise Refused("Personen har redan tackat ja till en plats här.")
    if first_day < today():
        raise Refused("Dagen har redan varit. Välj en senare dag.", "first_day")
    require_living(client, first_day)
    require_decision(client, decision, first_day)
    require_not_asked(client, unit)
    _require_unit_open(standing.entry, decision, unit, first_day)


def _require_day(
    decision: Decision, half_days: Collection[str], first_day: date
) -> None:
    """The day is not too far ahead, and one of those that are offered."""
    furthest = furthest_day(decision.choice_system_id)
    if first_day > furthest:
        raise Refused(
            f"Det är för långt fram. Välj en dag senast {day_text(furthest)}.",
            "first_day",
        )
    if first_day_in(half_days, first_day) != first_day:
        raise Refused(
            f"{weekday(first_day).capitalize()} är inte en av dagarna som erbjuds: "
            f"{half_days_text(half_days)}. Välj en av de dagarna som första dag.",
            "first_day",
        )


def _require_unit_open(
    entry: QueueEntry, decision: Decision, unit: Unit, first_day: date
) -> None:
    require_permit(unit, first_day)
    cover = cover_of(unit, decision.choice_system_id, first_day)
    require_open(cover, unit, local_day(entry.since))


def _skipped(
    standing: InLine, client: Client, decision: Decision, passed: Mapping[str, str]
) -> list[tuple[QueueEntry, str]]:
    """Those who stand before, each with a reason that the rule allows."""
    allowed = settings.pass_reasons(decision.choice_system_id)
    queue = lines.line(standing.entry.unit_id, client.municipality_id)
    found = []
    for one in lines.before(queue, standing.entry):
        reason = passed.get(one.entry.public_id, "")
        if reason not in allowed:
            raise Refused(
                f"Nummer {one.number} i kön står före. Erbjud den personen platsen "
                "först, eller välj varför den inte passar.",
                f"pass_{one.entry.public_id}",
            )
        found.append((one.entry, reason))
    return found


def _keep_passed(offer: PlaceOffer, skipped: Sequence[tuple[QueueEntry, str]]) -> None:
    for entry, reason in skipped:
        db.session.add(
            PassedOver(place_offer_id=offer.id, queue_entry_id=entry.id, reason=reason)
        )
        audit.change(
            "place_offer.pass_over",
            about=[entry.client_id],
            object=entry.public_id,
            after={"reason": reason},
        )
    db.session.flush()


def accept(*, offer: PlaceOffer, made_by: MadeBy, told: Told) -> None:
    """A yes: the place is the person's, and can be ordered."""
    client = _answering(offer, made_by)
    unit = locked(db.session.get_one(Unit, offer.unit_id))
    require_living(client, offer.first_day)
    first_day = max(offer.first_day, today())
    decision = _decision(client, first_day)
    _require_unit_open(offer.entry, decision, unit, first_day)
    require_room(unit, first_day, offer.half_days, but_to=client)
    _answer(offer, "accepted", made_by, told)


def decline(*, offer: PlaceOffer, reason: str, made_by: MadeBy, told: Told) -> None:
    """A no, for one of the municipality's reasons; the clock goes on."""
    _answering(offer, made_by)
    reasons = settings.decline_reasons(offer.decision.choice_system_id)
    if reason not in reasons:
        raise Refused("Välj en anledning i listan.", "reason")
    offer.reason = reason
    _answer(offer, "declined", made_by, told, why=reasons[reason])


def state_of(offer: PlaceOffer) -> str:
    """waiting, accepted, declined, expired, withdrawn; or closed or full meanwhile."""
    status = offer.status(today())
    if status != "waiting":
        return status
    if offer.entry.ended_at is not None:
        return "withdrawn"
    return _hindered(offer) or status


def _hindered(offer: PlaceOffer) -> str:
    """What would stop a yes: the unit has closed, or it is full again."""
    first_day = max(offer.first_day, today())
    try:
        _require_unit_open(offer.entry, offer.decision, offer.unit, first_day)
    except Refused:
        return "closed"
    try:
        require_room(offer.unit, first_day, offer.half_days, but_to=offer.client)
    except Refused:
        return "full"
    return ""


def withdraw(*, offer: PlaceOffer) -> None:
    """The municipality takes back an offer that nobody has answered."""
    _held(offer)
    close(offer, "Kommunen tog tillbaka erbjudandet.")


def _answering(offer: PlaceOffer, made_by: MadeBy) -> Client:
    client = _held(offer)
    check_made_by(client, made_by)
    return client


def _held(offer: PlaceOffer) -> Client:
    """The person's row and the offer's, held; refused when it is no longer open."""
    client = locked(db.session.get_one(Client, offer.client_id))
    locked(offer)
    locked(offer.entry)
    if offer.answer or offer.entry.ended_at is not None:
        raise Refused(GONE)
    if not offer.is_open(today()):
        raise Refused(EXPIRED)
    return client


def _answer(
    offer: PlaceOffer, answer: str, made_by: MadeBy, told: Told, why: str = ""
) -> None:
    offer.answered_by = made_by.who
    offer.mandate_id = made_by.mandate.id if made_by.mandate else None
    offer.own_will, offer.own_will_note = made_by.own_will, made_by.own_will_note
    offer.channel, offer.registered_by_id = told.channel, told.registered_by
    offer.answer, offer.answered_at = answer, now()
    db.session.flush()
    close_offer(offer.offer, answer, today(), why)
    audit.change(
        f"place_offer.{answer}",
        about=[offer.client_id],
        object=offer.public_id,
        after={"reason": offer.reason, "by": made_by.who},
    )
