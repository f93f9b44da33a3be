"""Levels over time: drift by group and unit, and raises around a new price."""

from datetime import date, datetime

import pytest
from flask import Flask

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.calibration import levels
from lovdv.calibration.levels import Established, Mean
from lovdv.clock import STOCKHOLM
from lovdv.extensions import db
from lovdv.needs.models import Level
from lovdv.people.models import Client
from lovdv.prices.models import PriceList
from tests import make
from tests import make_calibration as made
from tests.kit_app import StrictClient

SPRING = date(2026, 1, 1)


@pytest.fixture
def lead(app: Flask, client: StrictClient) -> StrictClient:
    make.instrument()
    return client.login(make.user(Role.LEAD))


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=STOCKHOLM)


def level(client: Client, label: str, day: date, by: User) -> None:
    """An established level, as if it had been established on the day."""
    assessment = make.signed(client, by, level=label)
    db.session.add(
        Level(
            client_id=client.id,
            decision_id=assessment.decision_id,
            choice_system_id=make.system().id,
            assessment_id=assessment.id,
            level=label,
            price_level=label,
            first_day=day,
            established_at=at(day),
        )
    )
    db.session.flush()


def price_list(name: str, first_day: date) -> None:
    db.session.add(
        PriceList(
            choice_system_id=make.system().id,
            name=name,
            first_day=first_day,
            reference="KS 1",
            decided_at=at(first_day),
        )
    )
    db.session.flush()


def of(day: date, place: int = 1, change: str = "first") -> Established:
    return Established(day, place, change, "Norr", "Ekbacken", 1)


def by(name: str, place: int, *counts: int, day: date = SPRING) -> list[Established]:
    """A group's levels: how many each of its assessors gave."""
    return [
        Established(day, place, "first", name, "Ekbacken", sum(map(ord, name)) + nth)
        for nth, count in enumerate(counts)
        for _ in range(count)
    ]


def test_a_municipality_without_levels_has_an_empty_page(lead: StrictClient) -> None:
    page = lead.page("/kalibrering/nivaer")
    assert "Ingen nivå är fastställd ännu." in page.text
    assert "Priset har inte ändrats ännu." in page.text


def test_levels_are_counted_by_group_unit_and_half_year(lead: StrictClient) -> None:
    norr, unit = made.assessors("Norr", "Norr", "Norr"), make.unit(name="Ekbacken")
    soder = made.assessors("Söder", "Söder", "Söder")
    for label, by in zip("11223", [*norr, *norr[:2]], strict=True):
        person = make.person()
        make.placement(person, unit)
        level(person, label, date(2025, 10, 1), by)
    for by in (*soder, *soder):
        person = make.person()
        make.placement(person, unit)
        level(person, "1", date(2025, 10, 1), by)
    level(make.person(), "4", date(2026, 2, 1), norr[0])
    page = lead.page("/kalibrering/nivaer")
    assert page.table(1) == [
        ["Norr", "1,8 (5)", "visas inte"],
        ["Söder", "1 (6)", "–"],
        ["Alla", "1,4 (11)", "visas inte"],
    ]
    assert page.table(2) == [
        ["Ekbacken", "1,4 (11)", "–"],
        ["Utan plats", "–", "visas inte"],
    ]
    assert "2025 höst: 1,4 (11)" in page.text
    assert "2026 vår:" not in page.text


def test_an_assessment_that_is_repeated_on_later_days_counts_once(
    lead: StrictClient,
) -> None:
    by, person = make.user(Role.ASSESSOR), make.person()
    level(person, "2", date(2025, 10, 1), by)
    first = levels.established(made.actor(make.user(Role.LEAD)))
    row = db.session.query(Level).one()
    values = {c.name: getattr(row, c.name) for c in Level.__table__.columns}
    del values["id"], values["public_id"]
    db.session.add(Level(**{**values, "first_day": date(2026, 1, 1)}))
    db.session.flush()
    assert levels.established(made.actor(make.user(Role.LEAD))) == first
    assert len(first) == 1


def test_a_raise_is_seen_against_the_level_before(lead: StrictClient) -> None:
    by, person = make.user(Role.ASSESSOR), make.person()
    for month, label in enumerate("2331", 1):
        level(person, label, date(2026, month, 1), by)
    found = levels.established(made.actor(make.user(Role.LEAD)))
    assert [one.change for one in found] == ["first", "raise", "same", "lowering"]


@pytest.mark.parametrize(
    ("mean", "text"),
    [
        (Mean(0, 0), "–"),
        (Mean(4, 8), "visas inte"),
        (Mean(8, 18), "2,3 (8)"),
        (Mean(20, 45), "2,3 (20)"),
    ],
    ids=["none", "few", "half up", "half up again"],
)
def test_a_mean_of_few_is_not_shown(mean: Mean, text: str) -> None:
    assert str(mean) == text


def groups(*given: list[Established]) -> dict[str, str]:
    """Each group's first half-year, as it is shown."""
    in_time = sorted((one for part in given for one in part), key=lambda one: one.day)
    rows = levels.drift(in_time).groups
    return {name: str(means[0]) for name, means in rows}


def test_a_small_group_cannot_be_had_by_taking_the_others_away() -> None:
    shown = groups(
        by("Norr", 2, 1, 1, 1), by("Söder", 2, 3, 2, 2), by("Öster", 2, 7, 7, 6)
    )
    assert shown == {"Norr": "visas inte", "Söder": "visas inte", "Öster": "2 (20)"}


def test_one_assessors_own_mean_is_never_a_groups() -> None:
    shown = groups(by("Ensam", 4, 5), by("Norr", 1, 2, 2, 2), by("Söder", 2, 2, 2, 2))
    assert shown == {"Söder": "2 (6)", "Övriga grupper": "2,4 (11)"}


def test_small_groups_are_shown_together() -> None:
    shown = groups(by("Ensam", 4, 5), by("Två", 1, 2, 3), by("Norr", 2, 2, 2, 2))
    assert shown == {"Norr": "2 (6)", "Övriga grupper": "2,5 (10)"}


def test_a_half_year_that_one_assessor_worked_is_not_the_groups() -> None:
    autumn = date(2026, 7, 1)
    norr = [*by("Norr", 1, 0, 2, 3, day=autumn), *by("Norr", 4, 5)]
    shown = groups(norr, by("Söder", 2, 2, 2, 2), by("Öster", 2, 4, 4, 4))
    assert shown == {"Norr": "visas inte", "Söder": "visas inte", "Öster": "2 (12)"}


def test_the_whole_is_not_repeated_as_one_group() -> None:
    assert groups(by("Ensam", 4, 5), by("Norr", 1, 2, 2, 2)) == {}


def test_raises_after_a_new_price_stand_beside_those_before(
    lead: StrictClient,
) -> None:
    price_list("Första", date(2024, 4, 1))
    price_list("Höjda", date(2026, 4, 1))
    new_year, april = date(2026, 1, 10), date(2026, 4, 10)
    before = [of(new_year, 2, how) for how in ["raise"] * 5 + ["same"] * 15]
    after = [of(april, 2, how) for how in ["raise"] * 10 + ["same"] * 10]
    far = [of(date(2025, 1, 1), 2, "raise"), of(date(2026, 1, 9), 2, "first")]
    lead_actor = made.actor(make.user(Role.LEAD))
    (found,) = levels.inflations(lead_actor, [*far, *before, *after])
    assert (found.name, found.before.shown_raises, found.before.shown_changes) == (
        "Höjda",
        "5",
        "20",
    )
    assert (found.before.share, found.after.share) == ("25 procent", "50 procent")
    assert found.months[3] == ("januari 2026", "20", "5")
    assert found.months[6] == ("april 2026", "20", "10")


def test_small_counts_around_a_new_price_are_hidden() -> None:
    side = levels.Side(changes=6, raises=2)
    assert (side.shown_changes, side.shown_raises) == ("6", "färre än 5")
    assert side.share == "visas inte"


def test_a_month_that_the_sum_would_give_away_is_hidden_too() -> None:
    sides = [levels.Side(3, 0), levels.Side(8, 0), levels.Side(20, 0)]
    days = [date(2026, month, 1) for month in (1, 2, 3)]
    rows = levels._months(days, sides)
    assert [row[1].isdigit() for row in rows] == [False, False, True]


def test_another_municipalitys_levels_are_not_counted(
    lead: StrictClient, client: StrictClient
) -> None:
    by = make.user(Role.ASSESSOR)
    for _ in range(5):
        level(make.person(), "2", date(2025, 10, 1), by)
    elsewhere = make.municipality(code="9998", name="Annan")
    make.system(municipality=elsewhere)
    client.login(make.user(Role.LEAD, municipality=elsewhere))
    assert "Ingen nivå är fastställd" in client.page("/kalibrering/nivaer").text
