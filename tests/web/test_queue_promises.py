"""Whatever is done in whatever order, and by two at once: nobody is lost or doubled."""

import os
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from itertools import combinations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lovdv.choice.models import Invitation
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.leaving.models import ProviderExit
from lovdv.people.models import Decision
from lovdv.placements.models import Order, Placement
from lovdv.placements.occupancy import Place
from lovdv.providers.models import Contract
from lovdv.queues.models import PlaceOffer
from tests.queue_world import (
    STEPS,
    Step,
    World,
    ceiling_of,
    held,
    lost,
    missed,
    waiting_rows,
)

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("LOVDV_EXAMPLES", "25"))
AHEAD = (0, 1, 8, 16, 31, 50)
OFTEN = ("choose", "choose", "offer", "offer", "accept", "order", "confirm")
AT_ONCE = sorted({*STEPS} - {"wait", "close"})
NUMBERS = st.integers(0, 3), st.integers(0, 1), st.integers(0, 59)
STEP = st.tuples(st.sampled_from([*STEPS, *OFTEN, *OFTEN]), *NUMBERS)
BOTH = st.tuples(
    st.tuples(st.sampled_from([*AT_ONCE, *OFTEN]), *NUMBERS),
    st.tuples(st.sampled_from([*AT_ONCE, *OFTEN]), *NUMBERS),
)
MOMENT = st.one_of(st.tuples(STEP), st.tuples(STEP), BOTH)

Held = Mapping[tuple[object, int, Place], int]


def check_queue(world: World) -> None:
    """Nobody is in a queue twice."""
    rows = Counter((row.client_id, row.unit_id) for row in waiting_rows(world))
    assert all(count == 1 for count in rows.values())


def offers(world: World) -> list[PlaceOffer]:
    return list(
        db.session.scalars(
            select(PlaceOffer)
            .where(PlaceOffer.client_id.in_(world.people))
            .order_by(PlaceOffer.id)
        )
    )


def check_offers(world: World) -> None:
    """Nobody has two open offers, and the clock's list says the same."""
    found = offers(world)
    open_ones = Counter(o.client_id for o in found if o.is_open(today()))
    assert all(count == 1 for count in open_ones.values())
    assert all(o.offer.answer == (o.answer or "waiting") for o in found)


def answers(world: World) -> dict[int, tuple[object, ...]]:
    return {
        o.id: (o.answer, o.answered_at, o.reason, o.half_days, o.first_day)
        for o in offers(world)
        if o.answer
    }


def check_room(world: World, before: Held, after: Held) -> None:
    """What a step added never goes above the ceiling; a lowered one moves nobody."""
    for (day, unit_id, place), count in after.items():
        if count > before.get((day, unit_id, place), 0):
            assert count <= ceiling_of(unit_id, place, day), (day, unit_id, place)


def check_placements(world: World) -> None:
    """Never twice at a unit on a day, and paid inside contract and decision only."""
    rows = db.session.scalars(
        select(Placement).where(
            Placement.client_id.in_(world.people), Placement.annulled_at.is_(None)
        )
    ).all()
    for one, other in combinations(rows, 2):
        if (one.client_id, one.unit_id) == (other.client_id, other.unit_id):
            assert _apart(one, other) or _apart(other, one)
    for row in rows:
        for source in (Contract, Decision):
            _inside(row, source)


def _apart(one: Placement, other: Placement) -> bool:
    return one.end_day is not None and one.end_day <= other.first_day


def _inside(row: Placement, source: type[Contract] | type[Decision]) -> None:
    key = row.contract_id if source is Contract else row.decision_id
    found = db.session.get_one(source, key)
    assert row.paid_first_day >= found.first_day
    if found.end_day is not None:
        assert row.paid_end_day is not None
        assert row.paid_end_day <= max(found.end_day, row.paid_first_day)


def check_orders(world: World) -> None:
    """Nobody is ordered twice at a unit at the same time."""
    rows = db.session.execute(
        select(Order.client_id, Order.unit_id).where(
            Order.client_id.in_(world.people), Order.status == "sent"
        )
    )
    assert all(count == 1 for count in Counter(map(tuple, rows)).values())


def check_exits(world: World) -> None:
    """Nobody goes on at a unit that leaves, nor has two choices to make."""
    taken_in = missed()
    for leaving in db.session.scalars(select(ProviderExit)):
        if leaving.state(today()) == "withdrawn":
            continue
        for row in db.session.scalars(
            select(Placement).where(
                Placement.unit_id.in_([each.cover.unit_id for each in leaving.units]),
                Placement.annulled_at.is_(None),
            )
        ):
            ends = row.end_day is not None and row.end_day <= leaving.end_day
            assert ends or row.client_id in taken_in
    asked = db.session.scalars(
        select(Invitation.client_id).where(
            Invitation.client_id.in_(world.people), Invitation.closed_on.is_(None)
        )
    )
    assert all(count == 1 for count in Counter(asked).values())


CHECKS = (check_queue, check_offers, check_placements, check_orders, check_exits)


def live(app: Flask, lapse: str, moments: list[tuple[Step, ...]]) -> None:
    world = World(app)
    world.build(lapse)
    known: dict[int, tuple[object, ...]] = {}
    for moment in moments:
        days = [today() + timedelta(days=ahead) for ahead in AHEAD]
        before = held(world, days)
        db.session.rollback()
        world.do(*moment)
        check_room(world, before, held(world, days))
        for check in CHECKS:
            check(world)
        now_known = answers(world)
        assert {key: now_known[key] for key in known} == known
        known = now_known
        assert lost(world) == [], moment
        db.session.rollback()


def test_nobody_is_lost_or_doubled_whatever_is_done(cloned_app: Flask) -> None:
    @settings(
        max_examples=EXAMPLES,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        lapse=st.sampled_from(["keep", "last"]),
        moments=st.lists(MOMENT, min_size=6, max_size=18),
    )
    def hold(lapse: str, moments: list[tuple[Step, ...]]) -> None:
        with cloned_app.app_context():
            live(cloned_app, lapse, moments)

    hold()
