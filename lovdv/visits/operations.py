"""Asking for a visit or days to try, the unit's answer, and what took place.

Days that took place are paid only where the rule says so, and then through the
facts that payment already rests on: they are listed for the caseworker, who orders a
short placement for them. A day that a placement covers leaves the list by itself. No
second way to pay is kept beside placements.
"""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select

from lovdv import audit
from lovdv.choice.made_by import MadeBy, check_made_by
from lovdv.choice.supporting import lock
from lovdv.clock import local_day, now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.people.models import Client, Decision
from lovdv.placements.checks import locked
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from lovdv.providers.queries import offered_unit
from lovdv.visits import naming, opening, queries, settings
from lovdv.visits.models import SEEN, VisitDay, VisitRequest

GONE = "Frågan är redan besvarad eller återtagen. Ladda om sidan."


def ask(
    *,
    client: Client,
    decision: Decision,
    unit: Unit,
    kind: str,
    days: int,
    weekdays: Sequence[str],
    consents: bool,
    made_by: MadeBy,
    by_id: int | None = None,
) -> VisitRequest:
    """Ask a unit. The first name goes along only when the person says yes to it."""
    lock(decision)
    check_made_by(client, made_by)
    _require_possible(client, decision, unit, kind, days)
    system = decision.choice_system_id
    try_out = kind == "try_out"
    new = VisitRequest(
        client_id=client.id,
        decision_id=decision.id,
        unit_id=unit.id,
        kind=kind,
        days=days if try_out else 1,
        weekdays=list(weekdays),
        consented_at=now() if consents and not client.protected else None,
        paid=try_out and settings.paid(system),
        starts_clock=try_out and settings.starts_clock(system),
        asked_at=now(),
        asked_by_id=by_id,
        made_by=made_by.who,
        mandate_id=made_by.mandate.id if made_by.mandate else None,
        answer_by=settings.answer_by(system),
    )
    db.session.add(new)
    db.session.flush()
    told = {"unit": unit.id, "kind": kind, "named": new.consented_at is not None}
    _audit("visit.ask", new, told)
    return new


def _require_possible(
    client: Client, decision: Decision, unit: Unit, kind: str, days: int
) -> None:
    found = offered_unit(decision.choice_system_id, unit.public_id, today())
    if found is None or not found.open:
        raise Refused(
            f"{unit.name} tar inte emot nya just nu. Besök gärna en annan. "
            "Svaren finns kvar."
        )
    if queries.open_at(client.id, unit.id) is not None:
        raise Refused(
            f"Frågan till {unit.name} är redan ställd. Svaret syns på Mitt val."
        )
    if _has_place(client, unit):
        raise Refused(f"Det finns redan en plats på {unit.name}.")
    if kind == "try_out":
        _require_days(client, decision, unit, days)


def _has_place(client: Client, unit: Unit) -> bool:
    held = select(Placement.id).where(
        Placement.client_id == client.id,
        Placement.unit_id == unit.id,
        Placement.annulled_at.is_(None),
        Placement.end_day.is_(None) | (Placement.end_day > today()),
    )
    return db.session.scalar(held.limit(1)) is not None


def _require_days(client: Client, decision: Decision, unit: Unit, days: int) -> None:
    system = decision.choice_system_id
    if not settings.try_out_offered(system):
        raise Refused("Det går inte att prova en dag här. Ett besök går bra.")
    tried = select(func.sum(VisitRequest.days)).where(
        VisitRequest.decision_id == decision.id,
        VisitRequest.unit_id == unit.id,
        VisitRequest.kind == "try_out",
        VisitRequest.status.in_(SEEN),
    )
    left = settings.try_out_days(system) - (db.session.scalar(tried) or 0)
    if left < 1:
        raise Refused(f"Det går inte att prova {unit.name} fler dagar.")
    if not 1 <= days <= left:
        raise Refused(f"Det går att prova högst {left} dagar på {unit.name}.", "days")


def cancel(*, request: VisitRequest) -> None:
    """The person, or what has happened, takes the wish back."""
    if not locked(request).is_open:
        raise Refused(GONE)
    request.status = "cancelled"
    db.session.flush()
    _audit("visit.cancel", request)


def hide_name(*, request: VisitRequest) -> None:
    """The person no longer wants the first name to be given."""
    if locked(request).status not in SEEN or request.consented_at is None:
        raise Refused(GONE)
    if request.consent_ended_at is None:
        request.consent_ended_at = now()
        db.session.flush()
        _audit("visit.hide_name", request)


def answer(
    *,
    request: VisitRequest,
    days: Sequence[date],
    clock: str,
    words: str,
    by_id: int | None = None,
) -> None:
    """The unit's yes: which days, what time. It may change until a day is held."""
    held = locked(request)
    if not held.is_open or held.days_held:
        raise Refused(GONE)
    chosen = sorted(set(days))
    if not 1 <= len(chosen) <= held.days:
        raise Refused(f"Skriv högst {held.days} dagar.", "day_1")
    if chosen[0] < today():
        raise Refused("Dagen har redan varit. Välj en senare dag.", "day_1")
    furthest = naming.furthest_day(held)
    if chosen[-1] > furthest:
        raise Refused(
            f"Det är för långt fram. Välj en dag senast {day_text(furthest)}.", "day_1"
        )
    for day in chosen:
        hindrance = opening.hindered(held, day)
        if hindrance:
            raise Refused(hindrance, f"day_{days.index(day) + 1}")
    wrong = opening.outside_hours(held.unit, clock)
    if wrong:
        raise Refused(wrong, "clock")
    held.proposed = [day.isoformat() for day in chosen]
    held.clock, held.words = clock, words
    _close(held, "answered", by_id)


def decline(*, request: VisitRequest, reason: str, by_id: int | None = None) -> None:
    """The unit's no, for one of the municipality's reasons."""
    held = locked(request)
    if not held.is_open or held.days_held:
        raise Refused(GONE)
    if reason not in settings.decline_reasons(held.decision.choice_system_id):
        raise Refused("Välj en anledning i listan.", "reason")
    held.reason = reason
    _close(held, "declined", by_id)


def _close(request: VisitRequest, status: str, by_id: int | None) -> None:
    request.status, request.answered_at, request.answered_by_id = status, now(), by_id
    db.session.flush()
    _audit(f"visit.{status}", request, {"reason": request.reason})


def record_day(
    *, request: VisitRequest, day: date, by_id: int | None = None
) -> VisitDay:
    """A day that took place, each once."""
    held = locked(request)
    db.session.refresh(held, ["took_place"])
    if held.status not in ("answered", "done"):
        raise Refused("Svara först med en dag. Sedan kan du skriva vad som blev av.")
    if day > today():
        raise Refused("Dagen har inte varit än.", "day")
    if day < local_day(held.asked_at):
        raise Refused(
            f"Personen frågade {day_text(local_day(held.asked_at))}. Dagen kan inte "
            "vara före det.",
            "day",
        )
    if day in held.days_held:
        raise Refused("Den dagen är redan antecknad.", "day")
    if len(held.days_held) >= held.days:
        raise Refused("Alla dagar som frågan gällde är redan antecknade.", "day")
    new = VisitDay(
        visit_request_id=held.id, day=day, recorded_at=now(), recorded_by_id=by_id
    )
    db.session.add(new)
    held.status = "done"
    db.session.flush()
    db.session.refresh(held, ["took_place"])
    _audit("visit.day", held, {"day": day})
    return new


def annul_day(*, day: VisitDay, by_id: int | None = None) -> None:
    """A day that was recorded by mistake; the row stays.

    The wish waits for its day again, unless the person has asked anew since.
    """
    request = locked(day.request)
    if locked(day).annulled_at is not None:
        raise Refused("Dagen är redan borttagen.")
    day.annulled_at, day.annulled_by_id = now(), by_id
    db.session.flush()
    again = queries.open_at(request.client_id, request.unit_id)
    if not request.days_held and again is None:
        request.status = "answered"
    db.session.flush()
    _audit("visit.annul_day", request, {"day": day.day})


def stop(client_id: int) -> None:
    """The person no longer chooses: what nobody has answered or held is taken back."""
    for request in queries.requests_of(client_id):
        if request.is_open:
            cancel(request=request)


def stop_at(unit_ids: Collection[int], choice_system_id: int) -> None:
    """The units leave a choice system: what nobody has held there is taken back."""
    for request in queries.waiting_at(unit_ids, choice_system_id):
        cancel(request=request)


def _audit(
    action: str, request: VisitRequest, told: dict[str, object] | None = None
) -> None:
    audit.change(
        action, about=[request.client_id], object=request.public_id, after=told or {}
    )
