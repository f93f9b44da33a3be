"""The demo's paid months: computed, looked through, attested by another, exported."""

from datetime import date, timedelta

from lovdv.controls import checking, sample
from lovdv.controls import queries as control_queries
from lovdv.demo.acting import acting_as, set_day
from lovdv.demo.ground import Ground
from lovdv.extensions import db
from lovdv.ledger import operations as ledger
from lovdv.payouts import computing, operations
from lovdv.payouts.models import PaymentRun
from lovdv.systems.models import ChoiceSystem
from payments.month import Month

RUN_ON = 8
"""The day of the next month when everything is done, so that nothing comes between."""

REASON = "Kontrollerad mot närvaron och avtalet."


def pay(ground: Ground, first: date) -> PaymentRun:
    """One month through the same operations as the pages use."""
    month = Month.of(first)
    set_day(month.end + timedelta(days=RUN_ON - 1))
    with acting_as(ground, "ekonom") as actor:
        system = db.session.get_one(ChoiceSystem, ground.system_id)
        run = computing.compute(system=system, month=month, by_id=actor.user_id)
        for drawn in sample.sampled_lines(run):
            checking.look(
                run=run,
                sampled=drawn,
                seen=dict.fromkeys(sample.SEEN, True),
                result=sample.RIGHT,
                note="",
                by_id=actor.user_id,
            )
        undecided = [
            f for f in control_queries.findings(run) if checking.needs_decision(f)
        ]
        if undecided:
            checking.decide(
                run=run,
                findings=undecided,
                decision="pay",
                reason=REASON,
                by=actor.user_id,
            )
    with acting_as(ground, "attestant") as actor:
        run = db.session.get_one(PaymentRun, run.id)
        operations.attest(run=run, by_id=actor.user_id)
    with acting_as(ground, "ekonom") as actor:
        run = db.session.get_one(PaymentRun, run.id)
        ledger.export(run=run, by_id=actor.user_id)
    return run
