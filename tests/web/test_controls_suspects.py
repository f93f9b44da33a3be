"""The lines that controls do not read are beyond doubt, whatever the facts are."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lovdv.controls import facts, finders
from lovdv.controls.facts import PaidLine
from lovdv.controls.gathering import Gathered
from lovdv.controls.settings import in_force
from lovdv.extensions import db
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.people.models import Client, Decision
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from payments import Month, controls
from tests import make
from tests.kit_payouts import compute, month_ready

pytestmark = [pytest.mark.usefixtures("in_april"), pytest.mark.usefixtures("terms")]
PEOPLE, ROUNDS = 8, 12
BY_LINE = (
    "after_death",
    "after_end",
    "outside_period",
    "outside_contract",
    "outside_permit",
    "outside_decision",
    "closed_day",
)


class Everything(Gathered):
    """The same facts, but every line is a suspect."""

    def __init__(self, run: PaymentRun) -> None:
        super().__init__(run, in_force(run.choice_system_id, run.month))
        self.suspects = [
            PaidLine(
                line.id,
                line.placement_id,
                Month.of(line.month),
                line.first_day,
                line.end_day,
                line.amount,
                line.counted,
            )
            for line in db.session.scalars(
                select(PaymentLine)
                .where(PaymentLine.run_id == run.id, PaymentLine.corrects_id.is_(None))
                .order_by(PaymentLine.id)
            )
        ]


def disturb(placement: Placement, chance: random.Random) -> None:
    """Let some of what a line rests on begin or end near the month, or not at all."""
    client = db.session.get_one(Client, placement.client_id)
    unit = db.session.get_one(Unit, placement.unit_id)
    decision = db.session.get_one(Decision, placement.decision_id)
    contract = make.contract_of(unit)
    for thing, first, end in (
        (placement, "first_day", "end_day"),
        (placement, "paid_first_day", "paid_end_day"),
        (decision, "first_day", "end_day"),
        (unit, "first_day", "end_day"),
        (contract, "first_day", "end_day"),
        (contract.covered[0], "first_day", "end_day"),
    ):
        setattr(thing, first, chance.choice([make.START, near(chance, 1)]))
        setattr(thing, end, chance.choice([None, near(chance, 27)]))
    client.died_on = chance.choice([None, near(chance, 27)])
    unit.permit_number = chance.choice(["IVO-1", "IVO-1", ""])


def near(chance: random.Random, day: int) -> date:
    return date(2026, 2, 1) + timedelta(days=day - 1 + chance.randint(-1, 2))


def told(known: Gathered, control: str) -> list[controls.Finding]:
    return list(finders.FINDERS[control](known))


def test_reading_only_suspects_finds_what_reading_every_line_does() -> None:
    placements = [month_ready(d9="K") for _ in range(PEOPLE)]
    run = compute()
    chance, guilty = random.Random(2026), set[str]()
    for _ in range(ROUNDS):
        for placement in placements:
            disturb(placement, chance)
        db.session.flush()
        few, every = (
            Gathered(run, in_force(run.choice_system_id, run.month)),
            Everything(run),
        )
        for control in BY_LINE:
            found = told(few, control)
            assert found == told(every, control)
            guilty |= {one.control for one in found}
    assert guilty == {*BY_LINE} - {"closed_day"}


def test_an_ordinary_month_has_no_suspects() -> None:
    month_ready(d9="A")
    assert facts.suspects(compute()) == []
