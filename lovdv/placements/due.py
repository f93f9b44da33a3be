"""What is due: months to confirm, plans to make, follow-ups to hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from lovdv.access import Actor
from lovdv.clock import now, today
from lovdv.extensions import db
from lovdv.formats import month as month_name
from lovdv.people.three_months import months_after
from lovdv.placements.models import AttendanceMonth, Placement
from lovdv.placements.months import confirm_by, earliest_month, holds
from lovdv.placements.scope import placements_at_unit, placements_seen
from lovdv.placements.settings import whole
from lovdv.start import Waiting
from payments.month import Month


def ago(time: timedelta) -> datetime:
    return now() - time


def months(actor: Actor) -> list[Waiting]:
    """The unit's months that are over and not confirmed, the oldest first."""
    return [
        _month_item(month, count, last)
        for month, (count, last) in sorted(unconfirmed(actor).items())
    ]


def _month_item(month: Month, count: int, last: date) -> Waiting:
    return Waiting(
        f"Bekräfta närvaron för {month_name(month.first)}",
        "placements.attendance",
        count=count,
        text="Senast det här datumet." if last >= today() else "Datumet har passerat.",
        due=last,
        urgent=last < today() + timedelta(days=1),
        values=(("month", str(month)),),
    )


def unconfirmed(actor: Actor) -> dict[Month, tuple[int, date]]:
    """How many persons each past month lacks, and its last day to confirm."""
    placements = db.session.scalars(
        select(Placement)
        .where(
            placements_at_unit(actor),
            Placement.first_day < Month.of(today()).first,
        )
        .options(selectinload(Placement.pauses))
    ).all()
    done = _confirmed([placement.id for placement in placements])
    found: dict[Month, tuple[int, date]] = {}
    for placement in placements:
        for month in _past_months(placement):
            if (placement.id, month.first) not in done:
                count, _ = found.get(month, (0, None))
                last = confirm_by(placement.choice_system_id, month)
                found[month] = count + 1, last
    return found


def _past_months(placement: Placement) -> list[Month]:
    """The months before this one that hold a day of the placement; none that rests.

    One that began before the municipality pays here is reported from when it does.
    """
    this = Month.of(today())
    first_day = max(placement.first_day, placement.paid_first_day)
    month = max(Month.of(first_day), earliest_month(placement.choice_system_id))
    found = []
    while month < this:
        if any(holds(placement, day) for day in month.every_day()):
            found.append(month)
        month = month.next
    return found


def _confirmed(placement_ids: Sequence[int]) -> set[tuple[int, date]]:
    """Placements and months of which some version is confirmed."""
    rows = db.session.execute(
        select(AttendanceMonth.placement_id, AttendanceMonth.month).where(
            AttendanceMonth.placement_id.in_(placement_ids),
            AttendanceMonth.status != "open",
        )
    )
    return {(placement_id, month) for placement_id, month in rows}


def follow_ups(actor: Actor) -> list[Waiting]:
    """Plans that are missing or old, and follow-ups whose day comes."""
    placements = db.session.scalars(
        select(Placement).where(
            placements_seen(actor),
            Placement.annulled_at.is_(None),
            Placement.first_day <= today(),
            or_(Placement.end_day.is_(None), Placement.end_day > today()),
        )
    ).all()
    rules = {p.choice_system_id: _rule(p.choice_system_id) for p in placements}
    plans = [_plan_due(p, rules[p.choice_system_id]) for p in placements]
    visits = [p.next_follow_up_on for p in placements if p.next_follow_up_on]
    ahead = max((rule.remind_before for rule in rules.values()), default=0)
    return [
        *_item("Genomförandeplaner att göra eller förnya", plans, ahead),
        *_item("Uppföljningar", visits, ahead),
    ]


@dataclass(frozen=True)
class _Rule:
    due_days: int
    valid_months: int
    remind_before: int


def _rule(choice_system_id: int) -> _Rule:
    names = ("plan_due_days", "plan_valid_months", "remind_days_before")
    return _Rule(*(whole(choice_system_id, "placement", name) for name in names))


def _plan_due(placement: Placement, rule: _Rule) -> date:
    """The day by which the plan should be made, or made anew."""
    if placement.plan_made_on is None:
        return placement.first_day + timedelta(days=rule.due_days)
    return months_after(placement.plan_made_on, rule.valid_months)


def plan_due(placement: Placement) -> date:
    return _plan_due(placement, _rule(placement.choice_system_id))


def _item(title: str, days: Sequence[date], ahead: int) -> list[Waiting]:
    soon = [day for day in days if day <= today() + timedelta(days=ahead)]
    if not soon:
        return []
    first = min(soon)
    return [
        Waiting(
            title,
            "placements.placements",
            count=len(soon),
            due=first,
            urgent=first < today(),
        )
    ]
