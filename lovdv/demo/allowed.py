"""The demo's habiliteringsersättning, and what a unit says of its payment."""

from datetime import date, timedelta

from sqlalchemy import func, select

from lovdv.allowance import computing, operations
from lovdv.allowance.facts import RULE
from lovdv.allowance.models import AllowanceRun
from lovdv.basis import operations as basis
from lovdv.basis.models import BasisObjection
from lovdv.demo.acting import acting_as, set_day
from lovdv.demo.ground import REFERENCE, Ground
from lovdv.demo.paid import RUN_ON
from lovdv.extensions import db
from lovdv.payouts.models import PaymentLine, PaymentRun
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import rules_of
from payments import Month
from payments.allowance_presets import PRESETS

PUBLISHED = "goteborg-2020"
NOT_DECIDED = ("source", "first_day")
WRONG = "En dag var planeringsdag men är räknad som frånvaro."
RIGHT = "Ni har rätt. Dagen är ändrad och betalas i nästa körning."


def allow(ground: Ground, first: date) -> None:
    """One month of habiliteringsersättning: counted, attested by another, handed over.

    The first time the rules are decided too.
    """
    month = Month.of(first)
    set_day(month.end + timedelta(days=RUN_ON - 1))
    with acting_as(ground, "ekonom") as actor:
        system = db.session.get_one(ChoiceSystem, ground.system_id)
        if not rules_of(system.id, RULE):
            _decide(system, month.first, actor.user_id)
        run = computing.compute(system=system, month=month, by_id=actor.user_id)
    with acting_as(ground, "attestant") as actor:
        run = db.session.get_one(AllowanceRun, run.id)
        operations.attest(run=run, by_id=actor.user_id)
    with acting_as(ground, "ekonom") as actor:
        run = db.session.get_one(AllowanceRun, run.id)
        operations.export(run=run, by_id=actor.user_id)


def _decide(system: ChoiceSystem, first_day: date, by_id: int) -> None:
    told = PRESETS[PUBLISHED].items()
    value = {name: value for name, value in told if name not in NOT_DECIDED}
    operations.decide(
        system=system,
        first_day=first_day,
        value=value,
        reference=REFERENCE,
        by_id=by_id,
    )


def dispute(ground: Ground, unit: str, login: str) -> None:
    """A unit objects to two rows of its last month; finance has answered the first."""
    lines = _lines_of(unit)
    with acting_as(ground, login) as actor:
        for line in lines:
            placement = db.session.get_one(Placement, line.placement_id)
            basis.object_to(
                placement=placement,
                month=Month.of(line.month),
                concerns=Month.of(line.month),
                line_ids=[line.id],
                text=WRONG,
                by_id=actor.user_id,
            )
    with acting_as(ground, "ekonom") as actor:
        first = select(BasisObjection).order_by(BasisObjection.id).limit(1)
        for objection in db.session.scalars(first):
            basis.answer(
                objection=objection,
                verdict="accepted",
                text=RIGHT,
                by_id=actor.user_id,
            )


def _lines_of(unit: str) -> list[PaymentLine]:
    """Two lines of the last month that is paid, of different people."""
    last = select(func.max(PaymentRun.month)).scalar_subquery()
    rows = db.session.scalars(
        select(PaymentLine)
        .join(PaymentRun, PaymentRun.id == PaymentLine.run_id)
        .join(Placement, Placement.id == PaymentLine.placement_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .where(
            Unit.name == unit,
            PaymentRun.month == last,
            PaymentLine.month == last,
            Placement.annulled_at.is_(None),
        )
        .order_by(PaymentLine.id)
    )
    by_placement: dict[int, PaymentLine] = {}
    for row in rows:
        by_placement.setdefault(row.placement_id, row)
    return list(by_placement.values())[:2]
