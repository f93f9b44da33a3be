"""Placements: begun, ended, paused and annulled, and never paid outside bounds."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lovdv.access import Role
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.models import Decision
from lovdv.placements import operations, planning, queries
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from tests import make
from tests.kit_app import StrictClient
from tests.kit_races import held

MONDAY = date(2026, 3, 16)
HALF_WEEK = [[["09:00", "12:00"], None, ["09:00", "12:00"], None, None, None, None]]


def begin(first_day: date = MONDAY, **values: object) -> Placement:
    client = make.person()
    return operations.place(
        client=client,
        decision=make.decision(client),
        unit=make.unit(),
        first_day=first_day,
        **values,
    )


def test_a_placement_gets_a_number_of_its_own(app: Flask) -> None:
    one, other = begin(), begin()
    assert one.number != other.number
    assert one.number.startswith("P")


def test_what_is_paid_keeps_inside_the_decision(app: Flask) -> None:
    client = make.person()
    decision = make.decision(client, end_day=date(2026, 6, 1))
    placement = operations.place(
        client=client, decision=decision, unit=make.unit(), first_day=MONDAY
    )
    assert placement.end_day is None
    assert placement.paid_end_day == date(2026, 6, 1)


def test_a_shortened_decision_shortens_what_is_paid(app: Flask) -> None:
    client = make.person()
    decision = make.decision(client)
    placement = operations.place(
        client=client, decision=decision, unit=make.unit(), first_day=MONDAY
    )
    decision.end_day = date(2026, 5, 1)
    operations.follow_decision(decision=decision)
    assert placement.paid_end_day == date(2026, 5, 1)


def test_a_contract_that_ends_ends_what_is_paid(app: Flask) -> None:
    client, unit = make.person(), make.unit()
    make.contract_of(unit).end_day = date(2026, 7, 1)
    placement = operations.place(
        client=client, decision=make.decision(client), unit=unit, first_day=MONDAY
    )
    assert placement.paid_end_day == date(2026, 7, 1)


def test_a_contract_that_follows_on_goes_on_paying(app: Flask) -> None:
    client, unit = make.person(), make.unit()
    first = make.contract_of(unit)
    first.end_day = date(2026, 7, 1)
    placement = operations.place(
        client=client, decision=make.decision(client), unit=unit, first_day=MONDAY
    )
    new = make.contract(unit, first_day=date(2026, 7, 1), signed_on=MONDAY)
    operations.follow_contract(contract=new)
    assert placement.paid_end_day is None
    new.end_day = date(2027, 7, 1)
    operations.follow_contract(contract=new)
    assert placement.paid_end_day == date(2027, 7, 1)


def test_a_changed_contract_holds_people_before_their_places(app: Flask) -> None:
    placement = begin()
    with held() as tables:
        operations.follow_contract(contract=make.contract_of(placement.unit))
    assert tables == ["client", "placement"]


def test_nobody_is_placed_twice_at_a_unit(app: Flask) -> None:
    client, unit = make.person(), make.unit()
    decision = make.decision(client)
    operations.place(client=client, decision=decision, unit=unit, first_day=MONDAY)
    with pytest.raises(Refused, match="redan en plats"):
        operations.place(
            client=client, decision=decision, unit=unit, first_day=date(2026, 4, 1)
        )


def test_the_day_after_the_end_is_free_again(app: Flask) -> None:
    client, unit = make.person(), make.unit()
    decision = make.decision(client)
    first = operations.place(
        client=client, decision=decision, unit=unit, first_day=MONDAY
    )
    operations.end(placement=first, end_day=date(2026, 4, 1), reason="own_wish")
    second = operations.place(
        client=client, decision=decision, unit=unit, first_day=date(2026, 4, 1)
    )
    assert second.first_day == first.end_day


def test_lengthening_into_the_next_placement_is_refused(app: Flask) -> None:
    client, unit = make.person(), make.unit()
    decision = make.decision(client)
    first = operations.place(
        client=client, decision=decision, unit=unit, first_day=MONDAY
    )
    operations.end(placement=first, end_day=date(2026, 4, 1), reason="own_wish")
    operations.place(
        client=client, decision=decision, unit=unit, first_day=date(2026, 4, 1)
    )
    with pytest.raises(Refused, match="redan en plats"):
        operations.end(placement=first, end_day=date(2026, 4, 2), reason="own_wish")


@pytest.mark.parametrize(
    ("end_day", "reason", "message"),
    [
        (MONDAY, "work", "annullera"),
        (date(2026, 4, 1), "tired", "Välj en anledning"),
    ],
    ids=["before it began", "a reason that is not in the list"],
)
def test_an_end_is_refused(
    app: Flask, end_day: date, reason: str, message: str
) -> None:
    placement = begin()
    with pytest.raises(Refused, match=message):
        operations.end(placement=placement, end_day=end_day, reason=reason)


def test_nobody_guesses_when_the_unit_was_told_of_an_end(client: StrictClient) -> None:
    worker = make.user(Role.CASEWORKER)
    placement = make.placement(make.person(caseworker=worker))
    client.login(worker)
    form = client.page(f"/placeringar/{placement.public_id}/avsluta").form("last_day")
    assert form.fields["notice_day"] == [""]


def test_an_annulled_placement_stays_and_frees_its_days(app: Flask) -> None:
    client, unit = make.person(), make.unit()
    decision = make.decision(client)
    first = operations.place(
        client=client, decision=decision, unit=unit, first_day=MONDAY
    )
    operations.annul(placement=first, reason="Fel person.")
    operations.place(client=client, decision=decision, unit=unit, first_day=MONDAY)
    assert first.annulled_at is not None


def test_a_pause_that_frees_the_place_is_not_counted(app: Flask) -> None:
    unit = make.unit()
    placement = make.placement(unit=unit)
    planning.pause(
        placement=placement,
        first_day=MONDAY,
        end_day=None,
        place_kept=False,
        frees_capacity=True,
    )
    assert queries.occupancy([unit.id], MONDAY) == {}
    assert queries.occupancy([unit.id], date(2026, 3, 13))[unit.id, 4, "am"] == 1


def test_two_pauses_never_share_a_day(app: Flask) -> None:
    placement = make.placement()
    planning.pause(placement=placement, first_day=MONDAY, end_day=None)
    with pytest.raises(Refused, match="redan en paus"):
        planning.pause(
            placement=placement, first_day=date(2026, 5, 1), end_day=date(2026, 6, 1)
        )


def test_a_plan_for_the_same_day_is_a_new_revision(app: Flask) -> None:
    placement = make.placement()
    for _ in range(2):
        planning.set_plan(placement=placement, first_day=MONDAY, times=HALF_WEEK)
    assert [plan.revision for plan in placement.week_plans] == [1, 1, 2]
    assert queries.occupancy([placement.unit_id], MONDAY) == {
        (placement.unit_id, 0, "am"): 1,
        (placement.unit_id, 2, "am"): 1,
    }


def test_a_unit_keeps_to_the_half_days_last_ordered(app: Flask) -> None:
    unit = make.unit()
    order = make.order(
        make.person(), unit, status="confirmed", half_days=["0am"], wanted_start=MONDAY
    )
    placement = make.placement(order.client, unit, order_id=order.id)
    assert planning.ordered_half_days(placement, MONDAY) == {"0am"}
    with pytest.raises(Refused, match=r"också onsdag förmiddag.*ändrad beställning"):
        planning.set_plan(
            placement=placement, first_day=MONDAY, times=HALF_WEEK, ordered={"0am"}
        )


def test_a_unit_spreads_no_imported_plan_over_more_days(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    placement = make.placement(unit=unit, times=HALF_WEEK)
    client.login(make.user(Role.PROVIDER, unit=unit))
    address = f"/placeringar/{placement.public_id}/veckoplan"
    told = {"first_day": "2026-04-01", "from_0_0": "9.00", "to_0_0": "9.01"}
    spread = client.send(address, **told, from_0_4="9.00", to_0_4="9.01")
    assert "men planen har också fredag förmiddag" in spread.page.errors[0]
    fewer = client.send(address, **told, from_0_2="", to_0_2="")
    assert fewer.status_code == 302
    back = client.send(address, **told, from_0_2="9", to_0_2="12")
    assert back.status_code == 302, back.page.errors


def test_an_alias_is_listed_as_itself_and_not_where_the_name_would_be(
    client: StrictClient, app: Flask
) -> None:
    unit = make.unit()
    for name in ("Ek", "Öst"):
        make.placement(make.person(first_name=name, last_name=name), unit)
    hidden = make.person(last_name="Alm", protection="kvarskrivning", alias="Solen")
    make.placement(hidden, unit)
    client.login(make.user(Role.PROVIDER, unit=unit))
    names = [row[0] for row in client.page("/placeringar").table()]
    assert [name.split()[0] for name in names] == ["Ek", "Solen", "Öst"]


def test_weeks_that_differ_count_in_their_own_weeks(app: Flask) -> None:
    unit = make.unit()
    monday = [["09:00", "15:00"], *[None] * 6]
    idle = [None] * 7
    for times in ([monday, idle], [idle, monday]):
        make.placement(unit=unit, times=times)
    held = queries.occupancy([unit.id], MONDAY)
    assert held[unit.id, 0, "am"] == 1


DAYS = st.integers(0, 300).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["place", "end", "annul", "pause", "decision", "contract"]),
        st.integers(0, 5),
        DAYS,
        DAYS,
    ),
    max_size=20,
)


@pytest.mark.slow
def test_what_is_paid_lies_inside_contract_and_decision(app: Flask) -> None:
    """Promise 3, for placements: whatever is tried, in any order."""

    @given(EVENTS)
    def holds(events: list[tuple[str, int, date, date]]) -> None:
        client, units = make.person(), [make.unit(), make.unit()]
        decision = make.decision(client)
        made: list[Placement] = []
        for event in events:
            number = event[1]
            unit = units[number % 2]
            chosen = made[number % len(made)] if made else None
            _try(event, decision, unit, chosen)
            made = list(
                db.session.scalars(
                    select(Placement).where(Placement.client_id == client.id)
                )
            )
            _check(made, decision)

    holds()


def _try(
    tried: tuple[str, int, date, date],
    decision: Decision,
    unit: Unit,
    chosen: Placement | None,
) -> None:
    event, _, first, last = tried
    try:
        with db.session.begin_nested():
            if event == "place":
                operations.place(
                    client=decision.client,
                    decision=decision,
                    unit=unit,
                    first_day=first,
                )
            elif event == "decision":
                decision.end_day = last
                operations.follow_decision(decision=decision)
            elif event == "contract":
                contract = make.contract_of(unit)
                contract.end_day = last
                operations.follow_contract(contract=contract)
            elif chosen is not None and event == "end":
                operations.end(placement=chosen, end_day=last, reason="work")
            elif chosen is not None and event == "annul":
                operations.annul(placement=chosen, reason="Fel.")
            elif chosen is not None and event == "pause":
                planning.pause(placement=chosen, first_day=first, end_day=last)
    except Refused:
        pass


def _check(made: list[Placement], decision: Decision) -> None:
    standing = [placement for placement in made if placement.annulled_at is None]
    for placement in standing:
        ends = [
            placement.end_day,
            decision.end_day,
            make.contract_of(placement.unit).end_day,
        ]
        assert placement.first_day <= placement.paid_first_day
        for end in ends:
            nothing = placement.paid_end_day == placement.paid_first_day
            assert end is None or nothing or placement.paid_end_day <= end
    for one, other in combinations(standing, 2):
        if one.unit_id == other.unit_id:
            assert not _share_a_day(one, other)


def _share_a_day(one: Placement, other: Placement) -> bool:
    return (one.end_day is None or other.first_day < one.end_day) and (
        other.end_day is None or one.first_day < other.end_day
    )
