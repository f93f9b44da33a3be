"""Ceilings: notified by the unit, never above the permit, and nobody is moved."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.placements.models import Placement
from lovdv.providers.capacity import Room, room
from lovdv.providers.models import Capacity, Unit
from tests import make
from tests.kit_app import StrictClient
from tests.kit_queues import small_unit, taken, waiting

APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)


@pytest.fixture
def unit(app: Flask) -> Unit:
    return small_unit(4, name="Ateljén")


@pytest.fixture
def staff(client: StrictClient, unit: Unit) -> User:
    found = make.user(Role.PROVIDER, unit=unit, name="Ulla Utförare")
    client.login(found)
    return found


def filled(count: int, **values: object) -> dict[str, object]:
    ten = {f"c{day}{half}": str(count) for day in range(5) for half in ("am", "pm")}
    return {**ten, **values}


@pytest.mark.parametrize(
    ("today", "first_day"),
    [("2026-03-15", APRIL), ("2026-03-16", MAY)],
    ids=["by the 15th", "after the 15th"],
)
def test_the_units_own_word_counts_from_the_day_the_rule_gives(
    client: StrictClient, app: Flask, staff: User, today: str, first_day: date
) -> None:
    app.config["TODAY"] = today
    client.send("/vara-platser", "c0am", **filled(3))
    rows = db.session.scalars(select(Capacity)).all()
    assert {(row.first_day, row.ceiling) for row in rows} == {(first_day, 3)}
    assert {row.noted_by_id for row in rows} == {staff.id}


def test_a_day_that_is_too_early_is_refused_and_nothing_typed_is_lost(
    client: StrictClient, staff: User
) -> None:
    answer = client.send("/vara-platser", "c0am", **filled(3, first_day="2026-04-01"))
    assert "gäller tidigast 1 maj 2026" in answer.page.text
    assert 'value="2026-04-01"' in answer.get_data(as_text=True)
    assert db.session.scalars(select(Capacity)).all() == []


def test_no_ceiling_is_above_the_permit(client: StrictClient, staff: User) -> None:
    answer = client.send("/vara-platser", "c0am", **filled(3, c2pm="5"))
    assert "Onsdag eftermiddag: taket kan vara högst 4" in answer.page.text


def test_a_lowered_ceiling_moves_nobody_and_says_how_many_are_above(
    client: StrictClient, staff: User, unit: Unit
) -> None:
    for _ in range(3):
        taken(unit)
    client.send("/vara-platser", "c0am", **filled(3, c0am="1"))
    assert "Måndag förmiddag: 2 fler." in client.page("/vara-platser").text
    ends = db.session.scalars(select(Placement.end_day)).all()
    assert ends == [None, None, None]
    client.login(make.user(Role.LEAD))
    page = client.page("/utforare/kommande-tak")
    assert "Ateljén, från 1 maj 2026" in page.text
    assert "inskrivet av Ulla Utförare" in page.text
    assert "Ändrade tak som börjar gälla (1)" in client.page("/start").text


def test_the_unit_sees_numbers_and_days_and_never_people(
    client: StrictClient, app: Flask, unit: Unit
) -> None:
    for _ in range(4):
        taken(unit)
    entries = waiting(unit, 2)
    client.login(make.user(Role.PROVIDER, unit=unit))
    page = client.page("/vara-platser")
    assert "2 i kö" in page.text
    assert "Väntar sedan 1 mars 2026" in page.text
    for entry in entries:
        assert entry.client.last_name not in page.text
        assert entry.client.case_number not in page.text


def test_history_and_what_is_to_come_stand_on_the_leads_page(
    client: StrictClient, unit: Unit
) -> None:
    make.capacity(unit, ceiling=2, weekday=0, half="am")
    make.capacity(unit, ceiling=1, weekday=0, half="am", first_day=MAY)
    client.login(make.user(Role.LEAD))
    page = client.page(f"/verksamhet/{unit.public_id}/platser")
    assert "Från 1 januari 2025 (gäller nu)" in page.text
    assert "Från 1 maj 2026" in page.text
    assert "gäller ett ändrat tak" in client.page(f"/verksamhet/{unit.public_id}").text


def test_a_day_of_notice_that_has_not_been_is_refused(
    client: StrictClient, unit: Unit
) -> None:
    client.login(make.user(Role.LEAD))
    answer = client.send(
        f"/verksamhet/{unit.public_id}/platser",
        **filled(2, notified_on="2026-03-17", first_day="2026-06-01"),
    )
    assert "Dagen har inte varit än" in answer.page.text


def test_the_unit_may_not_see_the_municipalitys_page(
    client: StrictClient, staff: User, unit: Unit
) -> None:
    assert client.get(f"/verksamhet/{unit.public_id}/platser").status_code == 403


def test_a_decided_ceiling_never_changes(app: Flask, unit: Unit) -> None:
    row = make.capacity(unit, ceiling=2, weekday=0, half="am")
    row.ceiling = 3
    with pytest.raises(DBAPIError, match="never changes"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize("held", [2, 3])
def test_a_few_places_are_few(held: int) -> None:
    assert Room({(0, "am"): 4}, {(0, "am"): held}).few


@pytest.mark.parametrize("held", [1, 4])
def test_many_places_and_none_are_not_few(held: int) -> None:
    assert not Room({(0, "am"): 4}, {(0, "am"): held}).few


def test_the_public_page_says_few_places_and_not_how_many(
    client: StrictClient, unit: Unit
) -> None:
    for _ in range(2):
        taken(unit)
    page = client.page(f"/verksamheter/{unit.public_id}")
    assert "Få platser måndag" in page.text


def test_above_the_ceiling_is_nothing_free(unit: Unit) -> None:
    taken(unit)
    make.capacity(unit, ceiling=0, weekday=0, half="am")
    assert room(unit, date(2026, 3, 16)).free((0, "am")) == 0


def test_each_empty_ceiling_says_which_half_day_it_is(
    client: StrictClient, staff: User
) -> None:
    answer = client.send("/vara-platser", "c0am", **filled(3, c0am="", c4pm="tre"))
    assert answer.page.errors == [
        f"{words}: skriv ett antal från 0 till 999, 0 om det är stängt."
        for words in ("Måndag förmiddag", "Fredag eftermiddag")
    ]
