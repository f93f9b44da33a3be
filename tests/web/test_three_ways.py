"""The same months through the pages, through `lovdv pay` and by hand: to the öre."""

import csv
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.cli import run as command
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.needs.models import Assessment
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.placements.models import Placement
from payments import Month, kronor, ore
from tests import make, make_payments, three_ways
from tests.kit_app import StrictClient
from tests.kit_payouts import paid
from tests.three_ways import FEBRUARY, JANUARY, Sums, World, by_hand, sums

PEOPLE = 40
pytestmark = pytest.mark.slow
RULES = ("tyreso-2020", "goteborg-2023")


def through_pages(client: StrictClient) -> Sums:
    """February computed on the page, upon January as it was booked."""
    client.login(make.user(Role.FINANCE))
    response = client.send("/korningar/ny", month="2026-02")
    assert response.status_code == 302, response.page.errors
    rows = db.session.execute(
        select(
            Placement.number, PaymentLine.month, PaymentLine.kind, PaymentLine.amount
        ).join(Placement, Placement.id == PaymentLine.placement_id)
    )
    return sums((number, f"{month:%Y-%m}", *rest) for number, month, *rest in rows)


def through_files(name: str, folder: Path, month: date, *booked: Path) -> Path:
    """A month by the command, to the file that it wrote."""
    out = folder / f"ut-{month:%m}.csv"
    files = {
        "--rules": three_ways.rules_file(name, folder),
        "--prices": make_payments.PRICES / f"{name}.csv",
        "--placements": folder / "placeringar.csv",
        "--levels": folder / "nivaer.csv",
        "--contracts": folder / "avtal.csv",
        "--closed": folder / "stangt.csv",
        "--supplements": folder / "tillagg.csv",
        "--month": f"{month:%Y-%m}",
        "--out": out,
    }
    arguments = [str(part) for pair in files.items() for part in pair]
    for held in (JANUARY, month)[: 1 if month == JANUARY else 2]:
        arguments += ["--attendance", str(folder / f"narvaro-{held:%m}.csv")]
    for path in booked:
        arguments += ["--booked", str(path)]
    assert command(["pay", *arguments]) in (0, 1)
    return out


def read(*paths: Path) -> Sums:
    rows = []
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                amount = ore(kronor(row["belopp_kr"]))
                told = row["placeringsnummer"], row["avser_period"], row["slag"]
                rows.append((*told, amount))
    return sums(rows)


def computed(made: World, name: str) -> Sums:
    return {
        (number, f"{first:%Y-%m}", kind): amount
        for first in (JANUARY, FEBRUARY)
        for (number, kind), amount in by_hand(made, name, first).items()
    }


def changed(made: World) -> None:
    """What comes to be known after January: a level, absence and an annulment."""
    raised, absent, wrong = made.places[0], made.places[1], made.places[6]
    made.levels[raised.person].insert(1, (date(2026, 1, 15), "4"))
    made.levels[raised.person].sort()
    absent.codes |= dict.fromkeys([date(2026, 1, 12), date(2026, 1, 13)], "O")
    wrong.annulled = True
    rows = {row.number: row for row in db.session.scalars(select(Placement))}
    client_id = rows[raised.number].client_id
    assessment = db.session.scalars(
        select(Assessment).where(Assessment.client_id == client_id)
    ).one()
    three_ways.level(assessment, "4", date(2026, 1, 15))
    three_ways.report(made, absent, rows[absent.number], JANUARY, version=2)
    rows[wrong.number].annulled_at = now()
    db.session.flush()


@pytest.mark.parametrize("name", RULES)
def test_pages_files_and_hand_agree_to_the_ore(
    client: StrictClient, app: Flask, tmp_path: Path, name: str
) -> None:
    app.config["TODAY"] = "2026-03-10"
    made = three_ways.world(seed=len(name), people=PEOPLE)
    make_payments.payment_rules(name, **three_ways.MORE)
    make_payments.prices(name)
    three_ways.into_database(made)
    three_ways.into_files(made, tmp_path)
    paid(Month.of(JANUARY))
    january = through_files(name, tmp_path, JANUARY)
    changed(made)
    three_ways.into_files(made, tmp_path)
    february = through_files(name, tmp_path, FEBRUARY, january)
    by_pages, by_files = through_pages(client), read(january, february)
    expected = computed(made, name)
    assert {kind for _, _, kind in expected} == {
        "place",
        "after_end",
        "supplement:hsl",
        "supplement:plats",
        "vat",
    }
    assert by_files == expected
    assert by_pages == expected
    [run] = db.session.scalars(
        select(PaymentRun).where(PaymentRun.month == FEBRUARY)
    ).all()
    assert run.total == sum(expected.values()) - sum(read(january).values())
