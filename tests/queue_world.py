"""A small municipality where people choose, wait, are offered places and leave.

A step is a name and three numbers that say who, where and what; a step that the
application refuses has no effect. Each is done in a session of its own and really
committed, so that several can be done at once.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Barrier

from flask import Flask, current_app
from sqlalchemy import select

from lovdv.access import ALLOWED, Actor, Role
from lovdv.choice import operations as choosing
from lovdv.choice.invitations import open_invitation
from lovdv.choice.made_by import MadeBy
from lovdv.choice.models import Choice, QueueEntry
from lovdv.clock import now, today
from lovdv.database import writing
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.leaving import changing
from lovdv.leaving import operations as leaving
from lovdv.leaving import queries as exit_queries
from lovdv.leaving.models import ProviderExit
from lovdv.people import event_operations
from lovdv.people.models import Client
from lovdv.placements import operations as placing
from lovdv.placements import orders
from lovdv.placements.models import Order, Placement
from lovdv.placements.occupancy import Place, occupancy
from lovdv.placements.planning import times_for
from lovdv.placements.plans import first_day_in
from lovdv.placements.queries import choices_to_order
from lovdv.providers import capacity_changes as ceilings
from lovdv.providers.capacity import WORKING_HALVES, ceilings_of
from lovdv.providers.models import Unit
from lovdv.queues import lines, operations, turns
from lovdv.queues.models import PlaceOffer
from tests import make
from tests.kit_queues import no_level_required, queue_rule

Step = tuple[str, int, int, int]
Act = Callable[["World", int, int, int], None]
START = "2026-03-16"
DAYS = (("0am", "0pm"), ("1am",), ("0am", "0pm", "1am", "1pm"))
REASONS = ("wants_to_wait", "travel")
SELF = operations.Told("self")


@dataclass
class World:
    """Four people and two units with one and two places; kept as ids."""

    app: Flask
    units: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    caseworker: int = 0

    def build(self, lapse: str) -> None:
        self.app.config["TODAY"] = START
        with writing():
            no_level_required()
            queue_rule(lapse=lapse)
            staff = make.user(Role.CASEWORKER)
            self.caseworker = staff.id
            self.units = [make.unit(permit_maximum=places).id for places in (1, 2)]
            for _ in range(4):
                person = make.person(caseworker=staff)
                make.decision(person)
                self.people.append(person.id)
            db.session.commit()

    def do(self, *steps: Step) -> list[bool]:
        """Do the steps at once; which of them had an effect."""
        start = Barrier(len(steps))

        def done(step: Step) -> bool:
            with self.app.app_context(), writing():
                start.wait()
                return self._attempt(step)

        with ThreadPoolExecutor(len(steps)) as pool:
            return list(pool.map(lambda step: Context().run(done, step), steps))

    def _attempt(self, step: Step) -> bool:
        name, who, where, what = step
        try:
            STEPS[name](self, who, where, what)
            db.session.commit()
        except Refused:
            db.session.rollback()
            return False
        return True

    def person(self, number: int) -> Client:
        return db.session.get_one(Client, self.people[number % len(self.people)])

    def unit(self, number: int) -> Unit:
        return db.session.get_one(Unit, self.units[number % len(self.units)])

    def actor(self) -> Actor:
        return Actor(
            session_token="",
            user_id=self.caseworker,
            public_id="",
            name="",
            municipality_id=make.municipality().id,
            roles=frozenset({Role.CASEWORKER}),
            permissions=ALLOWED[Role.CASEWORKER],
            seen_at=now(),
        )


def _one(rows: Sequence[object], number: int) -> object:
    if not rows:
        raise Refused("Det finns inget att göra det med.")
    return rows[number % len(rows)]


def choose(world: World, who: int, where: int, _: int) -> None:
    person = world.person(who)
    choosing.choose(
        client=person,
        decision=make.decision_of(person),
        unit=world.unit(where),
        made_by=MadeBy(),
        told=choosing.Told(channel="self", shown={}),
        expecting=asked.public_id if (asked := open_invitation(person.id)) else "",
    )


def join(world: World, who: int, *_: int) -> None:
    found = [each.choice for each in choices_to_order(world.actor())]
    choice = _one(found, who)
    assert isinstance(choice, Choice)
    turns.join(choice, since=choice.registered_at)


def offer(world: World, who: int, where: int, what: int) -> None:
    unit = world.unit(where)
    queue = lines.line(unit.id, make.municipality().id)
    one = _one(queue, who)
    assert isinstance(one, lines.InLine)
    passed = {each.entry.public_id: "other_days" for each in queue if what % 2}
    half_days = DAYS[what % len(DAYS)]
    operations.make_offer(
        entry=one.entry,
        half_days=half_days,
        first_day=first_day_in(half_days, today() + timedelta(days=what % 30)),
        passed=passed,
        by_id=world.caseworker,
    )


def _offer(world: World, number: int) -> PlaceOffer:
    rows = db.session.scalars(
        select(PlaceOffer)
        .where(PlaceOffer.client_id.in_(world.people))
        .order_by(PlaceOffer.id.desc())
    ).all()
    found = _one(rows, number % 3)
    assert isinstance(found, PlaceOffer)
    return found


def accept(world: World, who: int, *_: int) -> None:
    operations.accept(offer=_offer(world, who), made_by=MadeBy(), told=SELF)


def decline(world: World, who: int, _: int, what: int) -> None:
    operations.decline(
        offer=_offer(world, who),
        reason=REASONS[what % len(REASONS)],
        made_by=MadeBy(),
        told=SELF,
    )


def withdraw(world: World, who: int, *_: int) -> None:
    operations.withdraw(offer=_offer(world, who))


def order(world: World, who: int, _: int, what: int) -> None:
    person = world.person(who)
    choice = db.session.scalars(
        select(Choice)
        .where(Choice.client_id == person.id, Choice.unit_id.is_not(None))
        .order_by(Choice.id.desc())
    ).first()
    if choice is None or choice.unit is None:
        raise Refused("Inget är valt.")
    standing = lines.standing_at(person.id, choice.unit.id)
    told = standing.offer if standing else None
    going_on = db.session.scalars(
        select(Placement).where(
            Placement.client_id == person.id, Placement.annulled_at.is_(None)
        )
    ).all()
    orders.send(
        client=person,
        decision=make.decision_of(person),
        unit=choice.unit,
        goal="Mål",
        extent="Dagar",
        half_days=told.half_days if told else DAYS[what % len(DAYS)],
        wanted_start=today() + timedelta(days=1 + what % 30),
        contact="Handläggaren",
        choice=choice,
        replaces=next((p for p in going_on if p.end_day is None), None),
    )


def _order(world: World, number: int) -> Order:
    rows = db.session.scalars(
        select(Order)
        .where(Order.client_id.in_(world.people), Order.status == "sent")
        .order_by(Order.id)
    ).all()
    found = _one(rows, number)
    assert isinstance(found, Order)
    return found


def confirm(world: World, who: int, *_: int) -> None:
    found = _order(world, who)
    orders.confirm(
        order=found,
        start_day=max(found.wanted_start, today()),
        times=times_for(found.half_days),
    )


def refuse(world: World, who: int, *_: int) -> None:
    orders.decline(order=_order(world, who), reason="target_group")


def take_back(world: World, who: int, *_: int) -> None:
    orders.withdraw(order=_order(world, who))


def leave(world: World, who: int, _: int, what: int) -> None:
    rows = db.session.scalars(
        select(Placement)
        .where(
            Placement.client_id.in_(world.people),
            Placement.annulled_at.is_(None),
            Placement.end_day.is_(None),
        )
        .order_by(Placement.id)
    ).all()
    found = _one(rows, who)
    assert isinstance(found, Placement)
    end_day = max(today(), found.first_day) + timedelta(days=1 + what % 20)
    placing.end(placement=found, end_day=end_day, reason="own_wish")


def move_away(world: World, who: int, *_: int) -> None:
    event_operations.record(
        client=world.person(who),
        kind="move",
        day=today() + timedelta(days=1),
        note="",
        by_id=world.caseworker,
        settle=True,
    )


def lower(world: World, _: int, where: int, what: int) -> None:
    unit = world.unit(where)
    system = make.system().id
    ceilings.notify(
        unit=unit,
        choice_system_id=system,
        ceilings=dict.fromkeys(WORKING_HALVES, what % (unit.permit_maximum + 1)),
        first_day=ceilings.earliest_from(system, today()),
        by_id=world.caseworker,
    )


def close(world: World, _: int, where: int, what: int) -> None:
    """The unit takes no new choices, or takes them again."""
    contract = make.contract_of(world.unit(where))
    contract.closed_from = today() if what % 2 else None


def stop(world: World, _: int, where: int, what: int) -> None:
    """The unit leaves."""
    unit = world.unit(where)
    leaving.begin(
        contract=make.contract_of(unit),
        units=[unit.public_id],
        end_day=today() + timedelta(days=1 + what),
        reason="closes",
        note="",
        by_id=world.caseworker,
    )


def _exit(number: int) -> ProviderExit:
    rows = db.session.scalars(select(ProviderExit).order_by(ProviderExit.id)).all()
    found = _one(rows, number)
    assert isinstance(found, ProviderExit)
    return found


def another_day(world: World, _: int, where: int, what: int) -> None:
    changing.change_day(
        leaving=_exit(where),
        end_day=today() + timedelta(days=1 + what),
        why="Annan dag",
        by_id=world.caseworker,
    )


def stay_after_all(world: World, _: int, where: int, __: int) -> None:
    changing.withdraw(leaving=_exit(where), reason="Ångrat", by_id=world.caseworker)


def take_in(world: World, _: int, where: int, __: int) -> None:
    changing.take_in(leaving=_exit(where), by_id=world.caseworker)


def wait(_: World, __: int, ___: int, what: int) -> None:
    later = today() + timedelta(days=1 + what % 20)
    current_app.config["TODAY"] = later.isoformat()


STEPS: Mapping[str, Act] = {
    step.__name__: step
    for step in (
        choose,
        join,
        offer,
        accept,
        decline,
        withdraw,
        order,
        confirm,
        refuse,
        take_back,
        leave,
        move_away,
        lower,
        close,
        stop,
        another_day,
        stay_after_all,
        take_in,
        wait,
    )
}


# What must hold after every moment


def held(world: World, on: Sequence[date]) -> dict[tuple[date, int, Place], int]:
    """Places held on some days, by unit and half-day."""
    return {
        (day, unit_id, (weekday, half)): count
        for day in on
        for (unit_id, weekday, half), count in occupancy(world.units, day).items()
    }


def ceiling_of(unit_id: int, place: Place, day: date) -> int:
    unit = db.session.get_one(Unit, unit_id)
    return ceilings_of([unit], day)[unit_id].get(place, 0)


def waiting_rows(world: World) -> Sequence[QueueEntry]:
    return db.session.scalars(
        select(QueueEntry).where(
            QueueEntry.client_id.in_(world.people), QueueEntry.ended_at.is_(None)
        )
    ).all()


def lost(world: World) -> list[int]:
    """People whose choice of a place stands nowhere any longer."""
    to_order = {each.client.id for each in choices_to_order(world.actor())}
    waiting = {entry.client_id for entry in waiting_rows(world)}
    asked = {person for person in world.people if open_invitation(person)} | missed()
    return [
        person
        for person in world.people
        if (choice := _standing_choice(person)) is not None
        and person not in to_order | waiting | asked
        and not _carried_out(choice)
    ]


def missed() -> set[int]:
    """Those whom a lead is told to take in, when a unit leaves."""
    exits = db.session.scalars(select(ProviderExit)).all()
    return {one.client.id for each in exits for one in exit_queries.missed(each)}


def _standing_choice(person: int) -> Choice | None:
    client = db.session.get_one(Client, person)
    latest = db.session.scalars(
        select(Choice).where(Choice.client_id == person).order_by(Choice.id.desc())
    ).first()
    over = make.decision_of(client).end_day is not None
    return None if latest is None or latest.kind == "stay" or over else latest


def _carried_out(choice: Choice) -> bool:
    found = select(Order.id).where(
        Order.choice_id == choice.id, Order.status.in_(("sent", "confirmed"))
    )
    placed = select(Placement.id).where(
        Placement.client_id == choice.client_id, Placement.unit_id == choice.unit_id
    )
    return any(db.session.scalar(q.limit(1)) is not None for q in (found, placed))
