"""The guide's work list: for each person what comes next, and which day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lovdv.access import Actor
from lovdv.choice import invitations
from lovdv.choice.models import Invitation
from lovdv.choice.words import PURPOSES
from lovdv.visits.queries import guided

WEEK = timedelta(days=7)
RANK = ("visit", "deadline", "follow_up", "ahead", "new")
"""In the order of the list: visits of today, near last days, questions, the rest."""

AFTER = {
    "not_reached": "Försök nå personen igen",
    "undecided": "Prata om valet igen",
    "booked": "Träffas den tid som är bokad",
    "reached": "Hjälp personen vidare",
}


@dataclass(frozen=True)
class Task:
    """One person, what comes next and on which day at the latest."""

    invitation: Invitation
    kind: str
    step: str
    day: date
    purpose: str = "inform"


@dataclass(frozen=True)
class Visit:
    """A day at a unit: booked by the guide, or that the unit has said yes to."""

    day: date
    invitation: Invitation
    unit: str
    clock: str = ""
    tries: bool = False


def tasks(actor: Actor, coming: Sequence[Visit], on: date) -> list[Task]:
    """What comes next, with the visits to come."""
    found = [_next(each, coming, on) for each in invitations.support_work(actor)]
    found += _follow_ups(actor)
    return sorted(found, key=lambda task: (RANK.index(task.kind), task.day))


def _follow_ups(actor: Actor) -> Iterator[Task]:
    for invitation, purpose, day in invitations.follow_ups(actor):
        yield Task(invitation, "follow_up", PURPOSES[purpose], day, purpose)


def visits(actor: Actor, on: date) -> list[Visit]:
    """Of those whom the guide helps, from the day on; the same visit stands once."""
    found = {
        (each.day, each.invitation.client_id, each.unit): each
        for each in (*_booked(actor, on), *_agreed(actor, on))
    }
    return sorted(found.values(), key=lambda each: (each.day, each.clock.rjust(5)))


def _booked(actor: Actor, on: date) -> Iterator[Visit]:
    for each in invitations.visits_booked(actor, on):
        assert each.visit_day is not None
        unit = each.unit.name if each.unit else ""
        yield Visit(each.visit_day, each.invitation, unit)


def _agreed(actor: Actor, on: date) -> Iterator[Visit]:
    followed = invitations.followed_by(actor)
    for row in guided(actor):
        if row.status not in ("answered", "done") or row.client_id not in followed:
            continue
        for day in row.proposed_days:
            if day >= on:
                invitation, tries = followed[row.client_id], row.kind == "try_out"
                yield Visit(day, invitation, row.unit.name, row.clock, tries)


def _next(invitation: Invitation, coming: Sequence[Visit], on: date) -> Task:
    """A visit of today comes first, then the last day to answer when it is near."""
    last = invitation.answer_by
    if invitation.guide_id is None:
        kind = "deadline" if last <= on + WEEK else "new"
        return Task(invitation, kind, "Ingen lots har tagit uppdraget", last)
    mine = (v for v in coming if v.invitation.client_id == invitation.client_id)
    visit = next(mine, None)
    if visit is not None and visit.day == on:
        return Task(invitation, "visit", f"Besök på {visit.unit} i dag", on, "visit")
    if last <= on + WEEK:
        return Task(invitation, "deadline", _step(invitation, on), last)
    if visit is not None:
        return Task(invitation, "ahead", f"Besök på {visit.unit}", visit.day, "visit")
    return Task(invitation, "ahead", _step(invitation, on), last)


def _step(invitation: Invitation, on: date) -> str:
    if invitation.answer_by < on:
        return "Svarstiden har gått ut. Prata med handläggaren"
    latest = invitation.attempts[-1] if invitation.attempts else None
    if latest is None:
        return "Ta den första kontakten"
    return AFTER.get(latest.result, "Hjälp personen vidare")
