"""What a placement holds: its times, its pauses, its plan and follow-up."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import and_, func, or_, select

from lovdv.accounts.models import RoleGrant
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.placements.checks import locked, require_room
from lovdv.placements.models import (
    AttendanceMonth,
    Order,
    OrderChange,
    Pause,
    Placement,
    WeekPlan,
    Workplace,
)
from lovdv.placements.occupancy import held_by
from lovdv.placements.operations import changed, hold
from lovdv.placements.plans import (
    HALVES,
    Times,
    half_days,
    half_days_on,
    half_days_text,
    read_times,
)
from payments.month import Month


def pause(
    *,
    placement: Placement,
    first_day: date,
    end_day: date | None,
    share_paid: int | None = None,
    place_kept: bool = True,
    frees_capacity: bool = False,
) -> Pause:
    """Days when the placement rests, a long hospital stay say."""
    hold(placement)
    if first_day < placement.first_day or (
        placement.end_day is not None and first_day >= placement.end_day
    ):
        raise Refused("Dagen ligger utanför platsens dagar.", "first_day")
    _require_no_other_pause(placement, first_day, end_day)
    new = Pause(
        placement_id=placement.id,
        first_day=first_day,
        end_day=end_day,
        share_paid=share_paid,
        place_kept=place_kept,
        frees_capacity=frees_capacity,
        recorded_at=now(),
    )
    db.session.add(new)
    db.session.flush()
    changed("placement.pause", placement, after={"first": first_day, "end": end_day})
    return new


def _require_no_other_pause(
    placement: Placement,
    first_day: date,
    end_day: date | None,
    *,
    besides: Pause | None = None,
    field: str = "first_day",
) -> None:
    for other in standing_pauses(placement):
        if (
            other is not besides
            and (end_day is None or other.first_day < end_day)
            and (other.end_day is None or first_day < other.end_day)
        ):
            raise Refused(
                f"Det finns redan en paus från {day_text(other.first_day)}. "
                "Avsluta eller ta bort den först.",
                field,
            )


def standing_pauses(placement: Placement) -> list[Pause]:
    return [pause for pause in placement.pauses if pause.annulled_at is None]


def end_pause(*, placement: Placement, pause: Pause, end_day: date) -> None:
    """The person is back from `end_day`; a place that was given up must be free."""
    hold(placement)
    if end_day <= pause.first_day:
        raise Refused(
            f"Pausen började {day_text(pause.first_day)}. Välj en senare dag.",
            "back_day",
        )
    _require_no_other_pause(
        placement, pause.first_day, end_day, besides=pause, field="back_day"
    )
    _require_room_back(placement, pause, end_day)
    before = {"end": pause.end_day}
    pause.end_day = end_day
    db.session.flush()
    changed("placement.pause_end", placement, before, {"end": end_day})


def _require_room_back(placement: Placement, pause: Pause, back: date) -> None:
    """A place that was given up for the pause must be free when it is taken again."""
    given_up = pause.frees_capacity and not pause.place_kept
    if given_up and (pause.end_day is None or back < pause.end_day):
        require_room(
            locked(placement.unit),
            back,
            held_by(placement, back),
            end_day=pause.end_day,
            but_for=placement,
        )


def annul_pause(*, placement: Placement, pause: Pause) -> None:
    """It never was: the person has had the place all the time."""
    hold(placement)
    _require_room_back(placement, pause, max(pause.first_day, today()))
    pause.annulled_at = now()
    db.session.flush()
    changed("placement.pause_annul", placement, after={"first": pause.first_day})


def set_plan(
    *,
    placement: Placement,
    first_day: date,
    times: Times,
    by_id: int | None = None,
    ordered: Collection[str] | None = None,
) -> WeekPlan:
    """New times from a day: a row beside the old ones, which stay as they were.

    `ordered` is the half-days that the plan must keep to, None from the municipality
    itself. Room for the first plan is seen to before the placement is made.
    """
    hold(placement)
    _require_days_free(placement, first_day)
    plan = read_times(times, first_day)
    wanted = half_days(plan)
    if not wanted:
        raise Refused("Planen är tom. Skriv tider för minst en dag.", "times")
    if ordered is not None:
        require_ordered(wanted, ordered)
    held = half_days_on(placement.week_plans, first_day)
    if held and wanted - held:
        unit = locked(placement.unit)
        require_room(unit, first_day, wanted - held, but_for=placement)
    new = WeekPlan(
        placement_id=placement.id,
        first_day=first_day,
        revision=1 + _latest_revision(placement, first_day),
        times=times,
        decided_at=now(),
        decided_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    db.session.refresh(placement, ["week_plans"])
    changed("plan.set", placement, after={"first_day": first_day, "times": times})
    return new


def times_for(half_days: Iterable[str]) -> Times:
    """Usual times for what an order asks for, to begin a plan from."""
    asked = set(half_days)
    usual = {("am",): ["09:00", "12:00"], ("pm",): ["12:00", "15:00"]}
    week: list[list[str] | None] = []
    for weekday in range(7):
        halves = tuple(half for half in HALVES if f"{weekday}{half}" in asked)
        week.append(usual.get(halves, ["09:00", "15:00"]) if halves else None)
    return [week]


def ordered_half_days(placement: Placement, on: date) -> frozenset[str]:
    """The half-days that a unit's plan keeps to from a day: those last ordered.

    An imported placement has no order: then what the municipality last planned.
    """
    orders = db.session.scalars(
        select(Order)
        .outerjoin(OrderChange, OrderChange.order_id == Order.id)
        .where(
            Order.status == "confirmed",
            or_(
                Order.id == placement.order_id,
                and_(
                    OrderChange.placement_id == placement.id,
                    OrderChange.kind == "plan",
                ),
            ),
            func.coalesce(Order.start_day, Order.wanted_start) <= on,
        )
        .order_by(func.coalesce(Order.start_day, Order.wanted_start), Order.id)
    ).all()
    latest = orders[-1].half_days if orders else []
    return frozenset(latest) or _planned_by_others(placement)


def _planned_by_others(placement: Placement) -> frozenset[str]:
    """The half-days of the latest plan that is not the unit's own."""
    staff = db.session.scalars(
        select(RoleGrant.user_id).where(RoleGrant.unit_id == placement.unit_id)
    ).all()
    plans = sorted(
        placement.week_plans, key=lambda plan: (plan.first_day, plan.revision)
    )
    others = [plan for plan in plans if plan.decided_by_id not in staff] or plans[:1]
    if not others:
        return frozenset()
    return half_days(read_times(others[-1].times, others[-1].first_day))


def require_ordered(wanted: Collection[str], ordered: Collection[str]) -> None:
    """A unit decides the times, not which half-days; more days are paid more."""
    beyond = set(wanted) - set(ordered)
    if beyond:
        raise Refused(
            f"Beställningen gäller {half_days_text(ordered)}, men planen har också "
            f"{half_days_text(beyond)}. Ta bort de tiderna, eller be handläggaren om "
            "en ändrad beställning.",
            "times",
        )


def _require_days_free(placement: Placement, first_day: date) -> None:
    if placement.annulled_at is not None:
        raise Refused("Platsen är annullerad och kan inte få nya tider.")
    if first_day < placement.first_day:
        raise Refused(
            f"Platsen börjar {day_text(placement.first_day)}. "
            "Välj den dagen eller en senare.",
            "first_day",
        )
    if placement.end_day is not None and first_day >= placement.end_day:
        raise Refused("Platsen har slutat då. Välj en tidigare dag.", "first_day")
    last = db.session.scalar(
        select(func.max(AttendanceMonth.month)).where(
            AttendanceMonth.placement_id == placement.id,
            AttendanceMonth.status != "open",
        )
    )
    if last is not None and first_day < Month.of(last).end:
        raise Refused(
            "Närvaron är redan bekräftad för den dagen. Välj en dag från "
            f"{day_text(Month.of(last).end)}, eller ångra bekräftelsen först.",
            "first_day",
        )


def _latest_revision(placement: Placement, first_day: date) -> int:
    return (
        db.session.scalar(
            select(func.max(WeekPlan.revision)).where(
                WeekPlan.placement_id == placement.id, WeekPlan.first_day == first_day
            )
        )
        or 0
    )


def record_plan(
    *,
    placement: Placement,
    made_on: date | None,
    participation: str,
    next_follow_up_on: date | None,
) -> None:
    """Genomförandeplan: when made, the person's part in it, the next follow-up."""
    if made_on is not None and made_on > today():
        raise Refused(
            "Dagen har inte kommit än. Skriv dagen då planen gjordes.", "made_on"
        )
    if made_on is not None and not participation:
        raise Refused("Skriv hur personen var med och gjorde planen.", "participation")
    before = {"made": placement.plan_made_on, "next": placement.next_follow_up_on}
    placement.plan_made_on = made_on
    placement.plan_participation = participation
    placement.next_follow_up_on = next_follow_up_on
    db.session.flush()
    after = {"made": made_on, "next": next_follow_up_on}
    changed("placement.plan", placement, before, after)


def set_workplace(
    *,
    placement: Placement,
    employer: str,
    kind: str = "single",
    contact_owner: str = "",
) -> None:
    """Where the person works away from the unit; an empty employer: nowhere."""
    before = {"workplace": placement.workplace_id}
    placement.workplace_id = (
        _workplace(placement.unit_id, employer, kind, contact_owner).id
        if employer
        else None
    )
    db.session.flush()
    changed(
        "placement.workplace", placement, before, {"workplace": placement.workplace_id}
    )


def _workplace(unit_id: int, employer: str, kind: str, contact_owner: str) -> Workplace:
    """The unit's row for the employer, made when there is none alike."""
    found = db.session.scalars(
        select(Workplace).where(
            Workplace.unit_id == unit_id,
            Workplace.employer == employer,
            Workplace.kind == kind,
        )
    ).first() or Workplace(unit_id=unit_id, employer=employer, kind=kind)
    if contact_owner:
        found.contact_owner = contact_owner
    db.session.add(found)
    db.session.flush()
    return found
