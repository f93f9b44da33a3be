"""Figures that point at nobody, and the log as its reviewer sees it."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import product

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.choice.models import Choice
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.followup.small_counts import (
    LEAST,
    NOT_SHOWN,
    median,
    share,
    share_of,
    shown_parts,
)
from lovdv.people import operations
from lovdv.people.models import Client
from tests import make
from tests.kit_app import StrictClient

Clients = Callable[[], StrictClient]


COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=3)


@given(COUNTS)
def test_no_small_count_can_be_worked_out(counts: list[int]) -> None:
    """Whoever knows the rule and the whole finds several counts for what is hidden."""
    shown = shown_parts(named(counts))
    alike = [
        other
        for other in product(range(max(sum(counts), LEAST) + 1), repeat=len(counts))
        if same_whole(sum(other), sum(counts)) and shown_parts(named(other)) == shown
    ]
    hidden = [n for n in range(len(counts)) if shown[str(n)] == NOT_SHOWN]
    assert hidden or not [n for n in counts if 0 < n < LEAST]
    assert all(len({other[n] for other in alike}) > 1 for n in hidden)


def named(counts: Sequence[int]) -> dict[str, int]:
    return {str(n): count for n, count in enumerate(counts)}


def same_whole(one: int, other: int) -> bool:
    """A whole that is small is itself not shown."""
    return one == other or (0 < one < LEAST and 0 < other < LEAST)


SHARES = {
    "even": (10, 20, "50 procent"),
    "half up": (25, 40, "63 procent"),
    "none": (0, 20, "0 procent"),
    "all": (20, 20, "100 procent"),
    "few": (4, 20, "visas inte"),
    "few others": (16, 20, "visas inte"),
    "few in all": (0, 4, "visas inte"),
}


@pytest.mark.parametrize("case", SHARES.values(), ids=SHARES)
def test_a_share_is_whole_per_cent_of_enough(case: tuple[int, int, str]) -> None:
    part, whole, text = case
    assert share(part, whole) == text


def test_the_share_of_a_hidden_part_is_hidden() -> None:
    counts = {"kvar": 3, "icke-val": 9, "val": 40}
    assert share_of("icke-val", counts, 52) == NOT_SHOWN
    assert share_of("val", counts, 52) == "77 procent"


def test_the_middle_needs_five_values() -> None:
    assert median([1, 2, 3, 4]) is None
    assert median([9, 1, 5, 3, 7, 100]) == 5


def chosen(who: Client, kind: str) -> None:
    unit = make.unit() if kind in {"chosen", "no_choice"} else None
    db.session.add(
        Choice(
            client_id=who.id,
            decision_id=make.decision_of(who).id,
            choice_system_id=make.system().id,
            kind=kind,
            unit_id=unit.id if unit else None,
            channel="caseworker",
            registered_at=now(),
            shown={},
        )
    )
    db.session.flush()


@pytest.fixture
def manager(app: Flask, client: StrictClient) -> StrictClient:
    return client.login(make.user(Role.MANAGER))


def test_figures_of_an_empty_municipality(manager: StrictClient) -> None:
    page = manager.page("/siffror")
    assert "Personer med beslut 0" in page.text
    assert "Ingen har plats ännu" in page.text


def test_figures_count_people_choices_and_regi(manager: StrictClient) -> None:
    own, external = make.unit(contracted=False), make.unit()
    make.contract(own, regi="intern")
    for number in range(13):
        who = make.person()
        make.decision(who, decided_on=date(2026, 1, 2))
        make.placement(who, own if number < 6 else external)
        chosen(who, "no_choice" if number < 6 else "chosen")
    page = manager.page("/siffror")
    for text in (
        "Personer med beslut 13",
        "Personer med plats 13",
        "Hos externa utförare: 54 procent",
        "Andel icke-val av alla val som gav plats: 46 procent",
    ):
        assert text in page.text
    assert ["Egen regi", "6"] in page.table(0)
    assert ["Väntar på att verkställas", "13"] in page.table(3)


def test_small_figures_are_hidden(manager: StrictClient) -> None:
    own, external = make.unit(contracted=False), make.unit()
    make.contract(own, regi="intern")
    for number in range(12):
        make.placement(make.person(), own if number < 3 else external)
    page = manager.page("/siffror")
    assert page.table(0) == [
        ["Egen regi", NOT_SHOWN],
        ["Extern utförare", "visas inte"],
    ]


def test_figures_name_nobody_and_count_only_the_own_municipality(
    manager: StrictClient,
) -> None:
    away = make.municipality(name="Grannkommunen")
    for _ in range(6):
        who = make.person(municipality=away, last_name="Namnsson")
        make.decision(who, system=make.system(municipality=away))
    page = manager.page("/siffror")
    assert "Personer med beslut 0" in page.text
    assert "Namnsson" not in page.html


@pytest.fixture
def readings(app: Flask, clients: Clients) -> tuple[User, Client]:
    """Nina reads her own person, a protected one, and opens somebody else's."""
    nina = make.user(Role.CASEWORKER, name="Nina Nyfiken")
    own = make.person(caseworker=nina, case_number="EGEN-1", last_name="Namnsson")
    hidden = make.person(caseworker=nina, case_number="SKYDD-1")
    operations.protect(
        client=hidden, protection="sekretessmarkering", alias="R", by_id=nina.id
    )
    other = make.person(case_number="ANNAN-1")
    browser = clients().login(nina)
    browser.page("/personer")
    browser.page(f"/personer/{own.public_id}")
    browser.page(f"/personer/{hidden.public_id}")
    browser.send(
        f"/personer/{other.public_id}/oppna", "reason", reason="Anna är sjuk i dag."
    )
    return nina, own


def test_the_log_shows_openings_protected_and_a_sample(
    readings: tuple[User, Client], client: StrictClient
) -> None:
    page = client.login(make.user(Role.LOG_REVIEWER)).page("/logg")
    opened, protected, drawn = page.table(0), page.table(1), page.table(2)
    assert opened[0][1:] == ["Nina Nyfiken", "ANNAN-1", "Anna är sjuk i dag."]
    assert [row[3] for row in protected] == ["SKYDD-1"]
    assert {row[2] for row in drawn} == {
        "Läste personens sida",
        "Såg att ärendet finns",
    }
    assert "Namnsson" not in page.html


def test_the_sample_is_the_same_all_month_and_leaves_the_review_out(
    readings: tuple[User, Client], client: StrictClient
) -> None:
    client.login(make.user(Role.LOG_REVIEWER))
    assert client.page("/logg").table(2) == client.page("/logg").table(2)


def test_the_review_itself_is_logged(
    readings: tuple[User, Client], client: StrictClient, clients: Clients, app: Flask
) -> None:
    client.login(make.user(Role.LOG_REVIEWER, name="Lena Logg")).page("/logg")
    app.config["DEMO"] = True
    _, own = readings
    me = clients().login(make.user(Role.CLIENT, client=own))
    rows = me.page(f"/min-sida/{own.public_id}/vem-har-last").table()
    assert ["Lena Logg", "Logggranskare"] in [row[1:3] for row in rows]


def test_the_log_of_another_municipality_is_not_seen(
    readings: tuple[User, Client], client: StrictClient
) -> None:
    away = make.municipality(name="Grannkommunen")
    client.login(make.user(Role.LOG_REVIEWER, municipality=away))
    page = client.page("/logg")
    assert "Nina" not in page.text
    assert "Det finns inget att granska" in page.text
