"""Announcing that units stop, and all that follows, in one transaction."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import select

from lovdv import audit
from lovdv.choice import invitations, supporting
from lovdv.choice.models import Invitation
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.leaving import concerned, settings
from lovdv.leaving.concerned import Concerned, Leaving
from lovdv.leaving.models import (
    ExitDay,
    ExitPerson,
    ExitPlacement,
    ExitUnit,
    ProviderExit,
)
from lovdv.leaving.queries import going_on_at, open_exit_of
from lovdv.people.holding import hold
from lovdv.placements import operations as placements
from lovdv.placements.answering import close_offer, take_back
from lovdv.placements.models import Placement
from lovdv.providers.models import Contract, ContractUnit, Unit
from lovdv.providers.operations import hold_provider, leave_choice
from lovdv.queues.leaving import leave
from lovdv.visits.operations import stop_at as stop_visits_at

KIND = "provider_left"
BECAUSE = "Verksamheten slutar."


def begin(
    *,
    contract: Contract,
    units: Collection[str],
    end_day: date,
    reason: str,
    note: str,
    by_id: int,
) -> ProviderExit:
    """Close the units for choice, and give everyone concerned a new informed choice.

    `units` are public ids; `end_day` is the first day without them.
    """
    covers = require_possible(contract, units, end_day, reason)
    new = ProviderExit(
        contract_id=contract.id,
        announced_on=today(),
        reason=reason,
        note=note,
        begun_at=now(),
        begun_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    for cover in covers:
        row = ExitUnit(
            exit_id=new.id, contract_unit_id=cover.id, end_before=cover.end_day
        )
        db.session.add(row)
    decide_day(new, end_day, "", by_id)
    audit.change(
        "exit.begin",
        object=new.public_id,
        after={"end": end_day, "reason": reason, "units": sorted(units)},
    )
    gather(leaving=new, by_id=by_id)
    return new


def decide_day(leaving: ProviderExit, end_day: date, why: str, by_id: int) -> None:
    db.session.add(
        ExitDay(
            exit_id=leaving.id,
            end_day=end_day,
            why=why,
            decided_at=now(),
            decided_by_id=by_id,
        )
    )
    db.session.flush()
    db.session.expire(leaving, ["days", "units"])


def require_possible(
    contract: Contract, units: Collection[str], end_day: date, reason: str
) -> list[ContractUnit]:
    """The contract's rows for the units, when they can stop on that day."""
    covers = _held_covers(contract, units)
    if reason not in settings.reasons(contract.choice_system_id):
        raise Refused("Välj en anledning i listan.", "reason")
    _require_day(contract, covers, end_day)
    return covers


def _held_covers(contract: Contract, units: Collection[str]) -> list[ContractUnit]:
    """The contract's rows for the units, held; two leads at once become one exit."""
    hold_provider(contract.provider)
    db.session.expire(contract, ["covered"])
    found = going_on_at(contract)
    chosen = [cover for cover in found if cover.unit.public_id in units]
    if not chosen or len(chosen) != len(set(units)):
        raise Refused("Välj minst en av verksamheterna i avtalet.", "units")
    for cover in chosen:
        already = open_exit_of(cover)
        if already is not None:
            raise Refused(
                f"{cover.unit.name} slutar redan. Det är påbörjat av "
                f"{already.begun_by.name}. Öppna det under Utförare som slutar.",
                "units",
            )
    return chosen


def _require_day(
    contract: Contract, covers: Collection[ContractUnit], end_day: date
) -> None:
    if end_day <= today():
        raise Refused(
            "Sista dagen har redan varit. Välj i dag eller en senare dag.", "last_day"
        )
    require_near(end_day)
    for cover in covers:
        ends = [day for day in (contract.end_day, cover.end_day) if day is not None]
        if ends and end_day > min(ends):
            last = min(ends) - timedelta(days=1)
            raise Refused(
                f"Avtalet för {cover.unit.name} gäller till och med {day_text(last)}. "
                "Välj den dagen eller en tidigare.",
                "last_day",
            )


def require_near(end_day: date) -> None:
    furthest = today() + settings.FURTHEST
    if end_day > furthest + timedelta(days=1):
        raise Refused(
            f"Det är för långt fram. Välj en dag senast {day_text(furthest)}.",
            "last_day",
        )


def gather(*, leaving: ProviderExit, by_id: int) -> int:
    """Take in everyone whom the exit concerns now; how many were new.

    Holds all their rows in one order, then the units', as orders and offers do.
    """
    what = what_leaves(leaving)
    hold_people(leaving)
    _hold_units(what.unit_ids)
    found = concerned.everyone(what)
    known = {person.client_id for person in leaving.people}
    _end(leaving, what, by_id)
    for row in leaving.units:
        leave_choice(
            row.cover, closed_from=leaving.announced_on, end_day=leaving.end_day
        )
    new = [one for one in found if one.client.id not in known]
    for one in new:
        _offer_choice(leaving, one)
    db.session.flush()
    db.session.expire(leaving, ["people"])
    return len(new)


def what_leaves(leaving: ProviderExit) -> Leaving:
    units = [row.cover.unit_id for row in leaving.units]
    return Leaving(leaving.contract, units, leaving.end_day)


def hold_people(leaving: ProviderExit) -> None:
    """The rows of everyone whom it may touch, before those of their places.

    So do orders and placements, and nobody waits for each other in a ring. The days
    that are paid follow at every unit of the contract, and so its places are held.
    """
    what = what_leaves(leaving)
    ids = {
        *concerned.ids(concerned.everyone(what)),
        *concerned.placed_under(what.contract),
        *(person.client_id for person in leaving.people),
    }
    hold(ids)


def _hold_units(unit_ids: Collection[int]) -> None:
    db.session.execute(
        select(Unit.id).where(Unit.id.in_(unit_ids)).order_by(Unit.id).with_for_update()
    ).all()


def _end(leaving: ProviderExit, what: Leaving, by_id: int) -> None:
    """Places get their last day; orders, waits and offers end with the reason."""
    for order in concerned.orders(what):
        take_back(order, by_id=by_id, because=BECAUSE)
    for offer, _, _ in concerned.offers(what):
        close_offer(offer, "withdrawn", today(), BECAUSE)
    for entry in concerned.entries(what):
        leave(entry, KIND)
    stop_visits_at(what.unit_ids, what.contract.choice_system_id)
    for placement in concerned.placements(what):
        end_place(leaving, placement)


def end_place(leaving: ProviderExit, placement: Placement) -> None:
    """The place ends with the unit; one that would begin later never was."""
    kept = select(ExitPlacement.id).where(
        ExitPlacement.exit_id == leaving.id,
        ExitPlacement.placement_id == placement.id,
    )
    if db.session.scalar(kept) is None:
        db.session.add(
            ExitPlacement(
                exit_id=leaving.id,
                placement_id=placement.id,
                end_before=placement.end_day,
                reason_before=placement.end_reason,
            )
        )
    if placement.first_day < leaving.end_day:
        placements.end(
            placement=placement,
            end_day=leaving.end_day,
            reason="provider",
            notice_day=leaving.announced_on,
        )
    else:
        placements.annul(placement=placement, reason=BECAUSE)


def _offer_choice(leaving: ProviderExit, one: Concerned) -> None:
    """A new informed choice, or the one that is open turned into this.

    One that is open in another choice system stays as it is. The list of the exit
    says that the person is still to be invited, since nobody answers two at once.
    """
    end_day, system = leaving.end_day, leaving.contract.choice_system_id
    decision = invitations.decision_to_choose_for(
        one.client, max(end_day, today()), system=system
    )
    waiting = invitations.open_invitation(one.client.id)
    invitation, before = None, ""
    if waiting is not None:
        if waiting.decision.choice_system_id == system:
            invitation, before = waiting, waiting.kind
            _turn(waiting, end_day)
    elif decision is not None:
        invitation = supporting.invite(
            client=one.client,
            decision=decision,
            kind=KIND,
            answer_by=settings.answer_by(system, end_day),
        )
    db.session.add(
        ExitPerson(
            exit_id=leaving.id,
            client_id=one.client.id,
            unit_id=one.unit.id,
            how=one.how,
            invitation_id=invitation.id if invitation else None,
            kind_before=before,
            found_at=now(),
        )
    )
    audit.change(
        "exit.concern",
        about=[one.client.id],
        object=leaving.public_id,
        after={"how": one.how},
    )


def _turn(invitation: Invitation, end_day: date) -> None:
    """Never a shorter time than was said, unless the place ends before."""
    system = invitation.decision.choice_system_id
    asked = max(invitation.answer_by, settings.answer_by(system, end_day))
    supporting.turn(
        invitation,
        kind=KIND,
        answer_by=min(asked, settings.latest_answer(system, end_day)),
    )
