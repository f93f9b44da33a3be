"""Promises 2-6, 9 and 10 hold after every step, whatever is done in whatever order."""

import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from itertools import combinations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lovdv.controls.models import Hold
from lovdv.extensions import db
from lovdv.models import metadata
from lovdv.payouts import computing
from lovdv.payouts.facts import Facts, rules_on, terms
from lovdv.payouts.models import HeldItem, PaymentLine, PaymentRun
from lovdv.payouts.standing import BOOKED, line_of
from lovdv.placements.models import Placement
from payments import (
    Calculation,
    Due,
    Group,
    Line,
    Month,
    PlacementMonth,
    explained,
    recomputed,
)
from payments.calendar import ATTENDED, hours_on
from payments.corrections import group_of
from tests.payment_world import FIRST, STEPS, Step, World

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("LOVDV_EXAMPLES", "25"))

FROZEN = (
    "payment_line",
    "line_terms",
    "price_cell",
    "price_list",
    "rule",
    "level",
    "signed_assessment",
    "week_plan",
    "attestation",
    "export_file",
)
"""What never changes once it is there."""

OFTEN = ("whole_month", "compute", "report", "attest", "pay_the_rest")
STEP = st.tuples(
    st.sampled_from([*STEPS, *OFTEN, *OFTEN]),
    st.integers(0, 11),
    st.integers(0, 83),
    st.integers(0, 9_999),
)
HOURS_TWICE = "samma timmar på två placeringar betalas"
COMPUTING = ("compute", "whole_month")
QUIET = {"everybody_reports", "pay_the_rest", "attest", "export", "next_month"}
QUIET |= {*COMPUTING}
"""Steps that change nothing of what is paid already."""

Sums = Mapping[Group, int]
Digests = Mapping[tuple[object, ...], str]


def frozen_rows() -> Digests:
    """Every row that must never change, as a digest of the whole."""
    queries = {name: select(metadata.tables[name]) for name in FROZEN}
    locked = metadata.tables["attendance_month"]
    queries["attendance_month"] = select(locked).where(locked.c.status == "locked")
    return {
        (name, *(row[key.name] for key in metadata.tables[name].primary_key)): _digest(
            row
        )
        for name, query in queries.items()
        for row in db.session.execute(query).mappings()
    }


def _digest(row: Mapping[str, object]) -> str:
    return hashlib.sha256(repr(dict(row)).encode()).hexdigest()


def final(world: World, run: PaymentRun) -> Mapping[Month, list[Due]]:
    """One run over what was known when the run was made, as if nothing were booked."""
    known = terms(world.system.id, run.known_at)
    calendars = computing.calendars_of(world.system)
    carry: dict[object, tuple[object, ...]] = {}
    found: dict[Month, list[Due]] = {}
    month = FIRST
    while month.first <= run.month:
        facts = computing.facts_of(month, known, calendars)
        calculation = Calculation(
            month, rules_on(known, month), known.prices, facts.closed
        )
        found[month] = []
        for client in facts.clients(carry):
            due = calculation.due(client)
            carry[client.ref] = due.carry
            found[month].append(due)
        check_hours(facts, _by_placement(found[month]))
        month = month.next
    return found


def _by_placement(dues: list[Due]) -> Mapping[object, list[Line]]:
    found: dict[object, list[Line]] = defaultdict(list)
    for line in (line for due in dues for line in due.lines):
        found[line.placement].append(line)
    return found


def run_sums(run: PaymentRun) -> Sums:
    """Booked before, in this run, held and left out: by placement, month and kind."""
    sums: Counter[Group] = Counter()
    on_hold = {
        (hold.run_id, hold.placement_id, hold.month)
        for hold in db.session.scalars(select(Hold))
    }
    status = {one.id: one.status for one in db.session.scalars(select(PaymentRun))}
    for row in db.session.scalars(select(PaymentLine)):
        is_booked = status[row.run_id] in BOOKED and row.run_id != run.id
        held = (row.run_id, row.placement_id, row.month) in on_hold
        if row.run_id == run.id or (is_booked and not held):
            sums[Group(row.placement_id, Month.of(row.month), row.kind)] += row.amount
    for item in db.session.scalars(select(HeldItem).where(HeldItem.run_id == run.id)):
        group = Group(item.placement_id, Month.of(item.month), item.kind)
        sums[group] += item.amount or 0
    return {group: amount for group, amount in sums.items() if amount}


def due_sums(due: Mapping[Month, list[Due]]) -> Sums:
    sums: Counter[Group] = Counter()
    for line in (line for dues in due.values() for one in dues for line in one.lines):
        sums[group_of(line)] += line.amount
    return {group: amount for group, amount in sums.items() if amount}


def check_lines(run: PaymentRun) -> None:
    """Promises 3 and 5 for every line of a run."""
    for row in db.session.scalars(
        select(PaymentLine).where(PaymentLine.run_id == run.id)
    ):
        line = line_of(row)
        assert recomputed(line) == line.amount
        assert explained(line)
        assert line.decisions
        assert line.levels
        assert line.cells
        if row.corrects_id is None:
            check_bounds(row)


def check_bounds(row: PaymentLine) -> None:
    placement = db.session.get_one(Placement, row.placement_id)
    assert placement.annulled_at is None
    assert placement.paid_first_day <= row.first_day
    assert placement.paid_end_day is None or row.end_day <= placement.paid_end_day


def check_hours(facts: Facts, lines: Mapping[object, list[Line]]) -> None:
    """Promise 3: hours attended twice are paid only by a rule that the lines name."""
    for client in facts.clients({}):
        for one, other in combinations(client.placements, 2):
            for day in facts.month.every_day():
                if _attended_at_once(one, other, day):
                    covering = [
                        line
                        for ref in (one.ref, other.ref)
                        for line in lines.get(ref, ())
                        if line.start <= day < line.end
                    ]
                    assert all(HOURS_TWICE in line.rules for line in covering)


def _attended_at_once(one: PlacementMonth, other: PlacementMonth, day: date) -> bool:
    hours = hours_on(day, one.plans), hours_on(day, other.plans)
    return (
        _is_attended(one, day)
        and _is_attended(other, day)
        and all(hours)
        and hours[0].overlaps(hours[1])
    )


def _is_attended(placement: PlacementMonth, day: date) -> bool:
    if day < placement.start or (placement.end is not None and placement.end <= day):
        return False
    reported = placement.attendance
    if reported is None or reported.parts or placement.pauses:
        return False
    return reported.codes[day.day - 1] == ATTENDED


def check_run(world: World, run: PaymentRun) -> None:
    due = final(world, run)
    assert run_sums(run) == due_sums(due)
    check_lines(run)
    stopped = {
        (one.placement, one.error)
        for dues in due[Month.of(run.month)]
        for one in dues.held
    }
    listed = db.session.scalars(
        select(HeldItem).where(
            HeldItem.run_id == run.id,
            HeldItem.month == run.month,
            HeldItem.reason == "stopped",
        )
    )
    assert {(one.placement_id, one.error) for one in listed} == stopped


def check_four_eyes() -> None:
    for run in db.session.scalars(select(PaymentRun)):
        if run.status in BOOKED:
            assert run.attested_by_id not in (None, run.prepared_by_id)


def check_empty(run: PaymentRun) -> None:
    """Promise 4: where nothing has changed, nothing is corrected."""
    months = select(PaymentLine.month).where(PaymentLine.run_id == run.id).distinct()
    assert set(db.session.scalars(months)) <= {run.month}


def test_the_promises_hold_whatever_is_done(app: Flask) -> None:
    world = World()
    before = dict(app.config)

    @settings(
        max_examples=EXAMPLES,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(steps=st.lists(STEP, min_size=4, max_size=24))
    def hold(steps: list[Step]) -> None:
        with db.session.begin_nested() as undone:
            known, has_changed = frozen_rows(), False
            for step in steps:
                had_effect = world.do(step)
                now_known = frozen_rows()
                assert {key: now_known.get(key) for key in known} == known, step
                assert had_effect or now_known == known, step
                known = now_known
                check_four_eyes()
                has_changed |= had_effect and step[0] not in QUIET
                if had_effect and step[0] in COMPUTING:
                    check_run(world, world.run())
                    if not has_changed:
                        check_empty(world.run())
            undone.rollback()
        db.session.expire_all()
        world.begin()

    hold()
    app.config.update(before)
