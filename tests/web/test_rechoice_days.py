"""Between the old place and the new there is no gap and no double day."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lovdv.access import Role
from lovdv.choice import operations as choosing
from lovdv.choice.notice import notice_for
from lovdv.clock import today
from lovdv.leaving import changing
from lovdv.people.models import Client
from lovdv.placements import orders
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from lovdv.systems.operations import decide_rule
from tests import make
from tests.kit_leaving import begun
from tests.kit_queues import no_level_required

MONDAY: list[list[list[str] | None]] = [[["09:00", "12:00"], *[None] * 6]]
RULE = st.one_of(
    st.builds(lambda n: {"kind": "days", "days": n}, st.integers(0, 120)),
    st.builds(
        lambda day, months: {"kind": "by_day", "day": day, "months": months},
        st.integers(1, 28),
        st.integers(1, 6),
    ),
)
CHOSEN = st.dates(date(2026, 1, 1), date(2027, 12, 31))
DELAY = st.integers(0, 60)
MANY = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def days_of(placement: Placement, until: date) -> set[date]:
    """Every day of a place, up to a day that is far enough ahead."""
    last = min(placement.end_day or until, until)
    return {
        placement.first_day + timedelta(days=count)
        for count in range((last - placement.first_day).days)
    }


def decide(rule: Mapping[str, object]) -> None:
    decide_rule(
        choice_system_id=make.system().id,
        key="choice",
        first_day=make.START,
        value={"notice": dict(rule)},
    )


def somebody_placed() -> Placement:
    client = make.person()
    make.decision(client)
    return make.placement(client)


def moved(app: Flask, before: Placement, unit: Unit, wait: int, late: int) -> Placement:
    """Chosen today, ordered after a wait, and begun as late as the unit says."""
    client: Client = before.client
    choice = choosing.choose(
        client=client,
        decision=make.decision_of(client),
        unit=unit,
        made_by=choosing.MadeBy(),
        told=choosing.Told("self", {}),
        expecting=_open(client),
    )
    assert choice.effective_day is not None
    app.config["TODAY"] = (today() + timedelta(days=wait)).isoformat()
    wanted = max(choice.effective_day, today(), before.first_day + timedelta(days=1))
    order = orders.send(
        client=client,
        decision=make.decision_of(client),
        unit=unit,
        goal="",
        extent="",
        half_days=["0am"],
        wanted_start=wanted,
        contact="",
        choice=choice,
        replaces=before,
    )
    start = wanted + timedelta(days=late)
    return orders.confirm(order=order, start_day=start, times=MONDAY)


def _open(client: Client) -> str:
    found = choosing.invitations.open_invitation(client.id)
    return found.public_id if found else ""


@MANY
@given(rule=RULE, chosen=CHOSEN, wait=DELAY, late=DELAY)
def test_a_rechoice_takes_over_on_the_very_day(
    app: Flask, rule: Mapping[str, object], chosen: date, wait: int, late: int
) -> None:
    app.config["TODAY"] = chosen.isoformat()
    no_level_required()
    decide(rule)
    before = somebody_placed()
    told = notice_for(rule, chosen)
    after = moved(app, before, make.unit(), wait, late)
    assert after.first_day >= told.effective_day > told.last_day_before
    until = after.first_day + timedelta(days=30)
    old, new = days_of(before, until), days_of(after, until)
    assert not old & new
    assert max(old) + timedelta(days=1) == min(new) == before.paid_end_day


@MANY
@given(
    rule=RULE,
    exits=st.tuples(st.integers(1, 200), st.integers(-60, 60)),
    wait=DELAY,
    late=DELAY,
)
def test_when_the_unit_leaves_no_day_is_double_and_a_gap_begins_with_its_end(
    app: Flask,
    rule: Mapping[str, object],
    exits: tuple[int, int],
    wait: int,
    late: int,
) -> None:
    ahead, shift = exits
    app.config["TODAY"] = "2026-03-16"
    no_level_required()
    decide(rule)
    before = somebody_placed()
    end_day = today() + timedelta(days=ahead)
    leaving = begun(before.unit, end_day=end_day)
    after = moved(app, before, make.unit(), wait, late)
    new_end = end_day + timedelta(days=shift)
    if shift and new_end > today() and leaving.state(today()) == "announced":
        changing.change_day(
            leaving=leaving,
            end_day=new_end,
            why="Annan dag",
            by_id=make.user(Role.LEAD).id,
        )
    until = after.first_day + timedelta(days=30)
    assert not days_of(before, until) & days_of(after, until)
    assert before.end_day == min(after.first_day, leaving.end_day)
