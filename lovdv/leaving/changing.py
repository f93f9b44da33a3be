"""A new last day for an exit that is announced, or no exit after all."""

from datetime import date, timedelta

from sqlalchemy import select

from lovdv import audit
from lovdv.choice import invitations, regrets, supporting
from lovdv.choice.models import Choice, QueueEntry
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.leaving import settings
from lovdv.leaving.models import (
    ExitPerson,
    ExitPlacement,
    ExitWithdrawal,
    ProviderExit,
)
from lovdv.leaving.operations import (
    KIND,
    decide_day,
    gather,
    hold_people,
    require_near,
)
from lovdv.leaving.queries import next_place_after, placements_of
from lovdv.placements import operations as placements
from lovdv.placements.checks import earliest, locked
from lovdv.providers.operations import hold_provider, leave_choice
from lovdv.queues.turns import join


def change_day(*, leaving: ProviderExit, end_day: date, why: str, by_id: int) -> None:
    """Another last day, as a row of its own; the places follow it."""
    _require_announced(leaving)
    if end_day <= today():
        raise Refused(
            "Sista dagen har redan varit. Välj i dag eller en senare dag.", "last_day"
        )
    require_near(end_day)
    if end_day == leaving.end_day:
        raise Refused("Det är redan sista dagen. Välj en annan dag.", "last_day")
    _require_covered(leaving, end_day)
    before = leaving.end_day
    decide_day(leaving, end_day, why, by_id)
    audit.change(
        "exit.day",
        object=leaving.public_id,
        before={"end": before},
        after={"end": end_day},
    )
    gather(leaving=leaving, by_id=by_id)
    for row in placements_of(leaving):
        if row.placement.end_day == before and row.placement.annulled_at is None:
            _lengthen(row, end_day)
    _follow_answers(leaving)


def _require_covered(leaving: ProviderExit, end_day: date) -> None:
    for row in leaving.units:
        covered = earliest((leaving.contract.end_day, row.end_before))
        if covered is not None and end_day > covered:
            last = covered - timedelta(days=1)
            raise Refused(
                f"Avtalet för {row.cover.unit.name} gäller till och med "
                f"{day_text(last)}. "
                "Välj den dagen eller en tidigare.",
                "last_day",
            )


def _lengthen(row: ExitPlacement, end_day: date) -> None:
    """Until the new last day, the end it had before, or the person's next place."""
    placement = locked(row.placement)
    after = next_place_after(placement)
    until = earliest((end_day, row.end_before, after))
    if until is None or placement.end_day is None or until <= placement.end_day:
        return
    own = until == row.end_before and until < end_day
    reason = row.reason_before if own else placement.end_reason
    placements.follow_unit(placement=placement, end_day=until, reason=reason)


def _follow_answers(leaving: ProviderExit) -> None:
    """As long to answer as if the last day had been this one from the beginning.

    Nobody has time past what the last day allows, and nobody gets less than that.
    """
    system = leaving.contract.choice_system_id
    latest = settings.latest_answer(system, leaving.end_day)
    for person in leaving.people:
        invitation = person.invitation
        if invitation is None or invitation.closed_on is not None:
            continue
        answer_by = max(
            min(invitation.answer_by, latest),
            settings.answer_by_as_found(system, leaving.end_day, person.found_at),
        )
        if invitation.answer_by != answer_by:
            supporting.turn(invitation, kind=KIND, answer_by=answer_by)


def take_in(*, leaving: ProviderExit, by_id: int) -> int:
    """Those whom it has come to concern since it was announced; how many."""
    if _held_state(leaving) == "withdrawn":
        raise Refused("Det är redan tillbakataget.")
    return gather(leaving=leaving, by_id=by_id)


def withdraw(*, leaving: ProviderExit, reason: str, by_id: int) -> None:
    """The units stay. What the exit ended goes on, where nothing else has come."""
    _require_announced(leaving)
    if not reason:
        raise Refused("Skriv varför det tas tillbaka.", "reason")
    hold_people(leaving)
    db.session.add(
        ExitWithdrawal(exit_id=leaving.id, reason=reason, at=now(), by_id=by_id)
    )
    db.session.flush()
    db.session.expire(leaving, ["withdrawal"])
    for row in leaving.units:
        leave_choice(row.cover, closed_from=None, end_day=row.end_before)
    for ended in placements_of(leaving):
        _go_on(ended, leaving.end_day)
    for person in leaving.people:
        _take_back_invitation(leaving, person)
        _back_in_line(leaving, person)
    audit.change("exit.withdraw", object=leaving.public_id)


def _held_state(leaving: ProviderExit) -> str:
    """How it stands, and nobody else changes it meanwhile."""
    hold_provider(leaving.contract.provider)
    db.session.expire(leaving, ["days", "withdrawal", "people"])
    return leaving.state(today())


def _require_announced(leaving: ProviderExit) -> None:
    state = _held_state(leaving)
    if state == "withdrawn":
        raise Refused("Det är redan tillbakataget.")
    if state == "ended":
        raise Refused(
            "Verksamheten har redan slutat. Ska den börja igen behövs ett nytt avtal."
        )


def _go_on(row: ExitPlacement, end_day: date) -> None:
    """A place goes on as before, unless the person has another one that follows."""
    placement = locked(row.placement)
    if placement.annulled_at is not None or placement.end_day != end_day:
        return
    if next_place_after(placement) is None:
        placements.follow_unit(
            placement=placement, end_day=row.end_before, reason=row.reason_before
        )


def _take_back_invitation(leaving: ProviderExit, person: ExitPerson) -> None:
    invitation = person.invitation
    if invitation is None:
        return
    kind = person.kind_before or _asked_anyway(leaving, person)
    if invitation.closed_on is not None:
        # It opens again if the person regrets the choice that answered it.
        kind = kind or _kind_now(person)
    if kind:
        supporting.turn(invitation, kind=kind, answer_by=invitation.answer_by)
    else:
        supporting.take_back(invitation)


def _asked_anyway(leaving: ProviderExit, person: ExitPerson) -> str:
    """How somebody is asked whose place to come was undone, with no choice to order.

    Else '': the place goes on, or the choice that was made is ordered anew.
    """
    if person.how not in ("coming", "ordered", "offered"):
        return ""
    units = {row.cover.unit_id for row in leaving.units}
    latest = regrets.newest(person.client_id)
    if latest and latest.unit_id in units and not regrets.is_regretted(latest):
        return ""
    return _kind_now(person)


def _kind_now(person: ExitPerson) -> str:
    place = invitations.placement_now(person.client_id, today())
    return "rechoice" if place is not None else "first"


def _back_in_line(leaving: ProviderExit, person: ExitPerson) -> None:
    """Back to the same place in line, when that is still what was chosen last."""
    if person.client.died_on is not None:
        return
    units = {row.cover.unit_id for row in leaving.units}
    for entry in db.session.scalars(
        select(QueueEntry).where(
            QueueEntry.client_id == person.client_id,
            QueueEntry.unit_id.in_(units),
            QueueEntry.end_reason == KIND,
            QueueEntry.ended_at >= leaving.begun_at,
            QueueEntry.choice_id.is_not(None),
            QueueEntry.choice_id.not_in(regrets.regretted()),
        )
    ).all():
        choice = db.session.get_one(Choice, entry.choice_id)
        later = select(Choice.id).where(
            Choice.client_id == person.client_id, Choice.id > choice.id
        )
        if db.session.scalar(later.limit(1)) is None:
            join(choice, since=entry.since)
