"""The evidence of the order, and the figures of what became of choices."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice import ordering
from lovdv.choice.models import Choice
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.fairness.counting import first_places, trial
from lovdv.guides import operations
from lovdv.guides.models import StartAnswer
from lovdv.providers.models import Unit
from tests import make
from tests.kit_app import StrictClient

UNITS = tuple(f"enhet{number}" for number in range(12))


def test_in_the_trial_every_unit_is_first_as_often_as_chance_gives() -> None:
    readers, found = trial(UNITS)
    assert readers == 10_000
    assert sum(one.first for one in found.values()) == readers
    assert all(one.is_within for one in found.values())


def test_an_order_that_favours_somebody_is_seen() -> None:
    fair = [ordering.neutral(str(n), UNITS, str) for n in range(1_000)]
    favoured = [["enhet0", *order] for order in fair[:60]] + fair[60:]
    told = first_places([list(dict.fromkeys(order)) for order in favoured])
    assert not told["enhet0"].is_within
    assert first_places(fair)["enhet0"].is_within


def test_what_chance_gives_follows_how_many_were_shown() -> None:
    """Half of two hundred, and a quarter of a hundred more."""
    orders = [["a", "b"], ["b", "a"]] * 100 + [["a", "b", "c", "d"]] * 100
    told = first_places(orders)
    assert (told["a"].shown, told["c"].shown) == (300, 100)
    assert told["a"].lowest < 125 < told["a"].highest
    assert told["c"].lowest < 25 < told["c"].highest
    assert told["c"].first == 0


def test_no_units_and_no_choices_say_so(client: StrictClient) -> None:
    assert trial(()) == (0, {})
    assert client.get("/sa-visas-verksamheterna").status_code == 200


def choices(
    count: int,
    unit: Unit,
    first: str = "",
    *,
    kind: str = "chosen",
    by: User | None = None,
    channel: str = "guide",
) -> None:
    """People's choices, each with the order that was shown."""
    for number in range(count):
        client = make.person()
        decision = make.decision(client)
        order = [[shown, 1] for shown in (first, "x") if first]
        db.session.add(
            Choice(
                client_id=client.id,
                decision_id=decision.id,
                choice_system_id=make.system().id,
                kind=kind,
                unit_id=unit.id,
                channel=channel if by else "self",
                registered_by_id=by.id if by else None,
                registered_at=now() - timedelta(minutes=number),
                shown={"seed": "s", "sort": "neutral", "units": order},
                reasons={},
            )
        )
    db.session.flush()


@pytest.fixture
def unit(app: Flask) -> Unit:
    return make.unit(name="Alfa")


def test_real_orders_are_counted_when_they_are_enough(
    client: StrictClient, unit: Unit
) -> None:
    choices(19, unit, first=unit.public_id)
    assert "färre än 20 val" in client.page("/sa-visas-verksamheterna").text
    choices(1, unit, first=unit.public_id)
    page = client.page("/sa-visas-verksamheterna")
    assert "har 20 val gjorts" in page.text
    assert "Utanför" in page.text


def test_the_orders_of_a_year_are_read_once_until_somebody_chooses(
    client: StrictClient, unit: Unit
) -> None:
    choices(20, unit, first=unit.public_id)
    assert [_reads_orders(client), _reads_orders(client)] == [True, False]
    choices(1, unit, first=unit.public_id)
    assert _reads_orders(client)
    assert "har 21 val gjorts" in client.page("/sa-visas-verksamheterna").text


def _reads_orders(client: StrictClient) -> bool:
    seen: list[str] = []

    def note(*told: object) -> None:
        seen.append(str(told[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        client.page("/sa-visas-verksamheterna")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return any("choice.shown" in statement for statement in seen)


def test_figures_hide_what_could_point_at_somebody(
    client: StrictClient, unit: Unit
) -> None:
    choices(9, unit)
    choices(2, unit, kind="stay")
    client.login(make.user(Role.MANAGER))
    page = client.page("/val-och-rattvisa").text
    assert "Alfa" in page
    assert "visas inte" in page
    assert " 2 " not in page


def test_no_table_lets_a_number_in_another_be_worked_out(client: StrictClient) -> None:
    """What own units have in all, less what the largest has, is a small number."""
    for name, regi, count in (
        ("Alfa", "intern", 12),
        ("Beta", "intern", 3),
        ("Gamma", "extern", 30),
        ("Delta", "extern", 3),
    ):
        unit = make.unit(name=name, contracted=False)
        make.contract(unit, regi=regi)
        choices(count, unit)
    client.login(make.user(Role.MANAGER))
    page = client.page("/val-och-rattvisa")
    assert [row[:2] for row in page.table(0)] == [
        ["Egen regi", "15"],
        ["Externa utförare", "33"],
    ]
    assert {row[1] for row in page.table(1)} == {"visas inte"}


def test_the_figures_are_for_those_who_lead(client: StrictClient) -> None:
    make.system()
    client.login(make.user(Role.CASEWORKER))
    assert client.get("/val-och-rattvisa").status_code == 403


def test_units_stand_in_the_order_of_the_swedish_alphabet(
    client: StrictClient, unit: Unit
) -> None:
    for name in ("Örn", "Ängen", "Åsen", "Zeta"):
        make.unit(name=name)
    page = client.page("/sa-visas-verksamheterna").text
    shown = [page.index(name) for name in ("Alfa", "Zeta", "Åsen", "Ängen", "Örn")]
    assert shown == sorted(shown)


def guides_table(client: StrictClient) -> list[list[str]]:
    client.login(make.user(Role.MANAGER))
    return next(
        rows
        for rows in map(client.page("/val-och-rattvisa").table, range(9))
        if rows and len(rows[0]) == 6 and rows[0][0].endswith("Lots")
    )


def test_each_guide_stands_beside_all_the_guides(
    client: StrictClient, unit: Unit
) -> None:
    other = make.unit(name="Beta")
    ada, bo = make.user(Role.GUIDE, name="Ada Lots"), make.user(name="Bo Lots")
    choices(20, unit, by=ada)
    choices(5, unit, by=ada, channel="paper")
    choices(20, other, by=bo)
    choices(5, unit, by=bo)
    choices(9, unit, by=make.user(Role.CASEWORKER), channel="paper")
    assert guides_table(client) == [
        [
            "Ada Lots",
            "Alfa",
            "100 procent",
            "60 procent",
            "oftare än hos alla",
            "inget anmält",
        ],
        [
            "Bo Lots",
            "Beta",
            "80 procent",
            "40 procent",
            "oftare än hos alla",
            "inget anmält",
        ],
    ]


def test_a_guide_with_a_conflict_is_counted_and_few_are_hidden(
    client: StrictClient, unit: Unit
) -> None:
    ada, bo = (make.user(Role.GUIDE, name=f"{name} Lots") for name in ("Ada", "Bo"))
    for guide in (ada, bo):
        operations.declare_conflict(
            user_id=guide.id,
            municipality_id=make.municipality().id,
            provider=unit.provider,
            unit=None,
            reason="Släkt.",
            first_day=make.START,
        )
    choices(2, unit, by=ada)
    assert guides_table(client) == [
        [
            "Ada Lots",
            "visas inte",
            "visas inte",
            "visas inte",
            "visas inte",
            "färre än 5",
        ],
        ["Bo Lots", "inga val", "–", "–", "–", "0"],
    ]


def test_answers_after_the_start_are_counted_by_unit(
    client: StrictClient, unit: Unit
) -> None:
    guide = make.user(Role.GUIDE)
    for feeling, count in (("good", 12), ("fair", 8), ("bad", 2)):
        for _ in range(count):
            person = make.person()
            invitation = make.invitation(person)
            db.session.add(
                StartAnswer(
                    attempt_id=make.attempt(invitation, guide).id,
                    client_id=person.id,
                    choice_system_id=make.system().id,
                    unit_id=unit.id,
                    feeling=feeling,
                    at=now(),
                )
            )
    db.session.flush()
    client.login(make.user(Role.MANAGER))
    page = client.page("/val-och-rattvisa")
    rows = [row for number in range(4) for row in page.table(number)]
    assert ["Alfa", "12", "visas inte", "visas inte"] in rows
