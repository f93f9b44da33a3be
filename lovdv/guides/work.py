"""The guide's work list: for each person what comes next, and which day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lovdv.access import Actor
from lovdv.choice import invitations
from lovdv.choice.models import Invitation
from lovdv.choice.words import PURPOSES

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


def tasks(actor: Actor, on: date) -> list[Task]:
    found = [_next(each, on) for each in invitations.support_work(actor)]
    found += _follow_ups(actor)
    return sorted(found, key=lambda task: (RANK.index(task.kind), task.day))


def _follow_ups(actor: Actor) -> Iterator[Task]:
    for invitation, purpose, day in invitations.follow_ups(actor):
        yield Task(invitation, "follow_up", PURPOSES[purpose], day, purpose)


def _next(invitation: Invitation, on: date) -> Task:
    """A visit of today comes first, then the last day to answer when it is near."""
    last = invitation.answer_by
    if invitation.guide_id is None:
        kind = "deadline" if last <= on + WEEK else "new"
        return Task(invitation, kind, "Ingen lots har tagit uppdraget", last)
    visit = next(iter(_visits(invitation, on)), None)
    if visit is not None and visit[0] == on:
        return Task(invitation, "visit", f"Besök på {visit[1]} i dag", on, "visit")
    if last <= on + WEEK:
        return Task(invitation, "deadline", _step(invitation, on), last)
    if visit is not None:
        return Task(invitation, "ahead", f"Besök på {visit[1]}", visit[0], "visit")
    return Task(invitation, "ahead", _step(invitation, on), last)


def _visits(invitation: Invitation, on: date) -> list[tuple[date, str]]:
    """The visits to come, the next first."""
    booked = (
        (each.visit_day, each.unit.name if each.unit else "")
        for each in invitation.attempts
        if each.visit_day is not None and each.visit_day >= on
    )
    return sorted(booked)


def _step(invitation: Invitation, on: date) -> str:
    if invitation.answer_by < on:
        return "Svarstiden har gått ut. Prata med handläggaren"
    latest = invitation.attempts[-1] if invitation.attempts else None
    if latest is None:
        return "Ta den första kontakten"
    return AFTER.get(latest.result, "Hjälp personen vidare")
