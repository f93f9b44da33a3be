"""What waits on the start page for those who compute, attest and export."""

from collections.abc import Sequence

from lovdv.access import Actor, Permission
from lovdv.clock import today
from lovdv.formats import month as month_name
from lovdv.payouts import approvals
from lovdv.payouts.models import PaymentRun
from lovdv.payouts.progress import ATTEST, attest_step
from lovdv.payouts.queries import last_run, runs
from lovdv.payouts.standing import BOOKED
from lovdv.start import Waiting
from lovdv.systems.queries import systems_of
from payments import Month


def waiting(actor: Actor) -> Sequence[Waiting]:
    if actor.may(Permission.RUN_ATTEST):
        return _to_attest(actor)
    if actor.may(Permission.RUN_PREPARE):
        return _to_prepare(actor)
    return ()


def _to_attest(actor: Actor) -> list[Waiting]:
    return [
        Waiting(
            f"Attestera {found.month:%Y-%m}",
            "payouts.run",
            text="Månaden är räknad och väntar på din attest.",
            values=(("public_id", found.public_id),),
        )
        for found in runs(actor)
        if found.status == "computed" and _waits_for(found, actor)
    ]


def _waits_for(found: PaymentRun, actor: Actor) -> bool:
    return attest_step(found, approvals.parts(found), actor) == ATTEST


def _to_compute(actor: Actor) -> list[Waiting]:
    """The month after the last one paid, when it is over."""
    waiting = []
    for system in systems_of(actor.municipality_id):
        last = last_run(system.id)
        if last is None or last.status not in BOOKED:
            continue
        next_month = Month.of(last.month).next
        if next_month < Month.of(today()):
            waiting.append(
                Waiting(
                    f"Räkna {month_name(next_month.first)}",
                    "payouts.compute",
                    text="Månaden är slut och ännu inte räknad.",
                    values=(("system", system.public_id),),
                )
            )
    return waiting


def _to_prepare(actor: Actor) -> list[Waiting]:
    told = {
        "computed": "Månaden är räknad. Gå igenom kontrollerna.",
        "attested": "Månaden är attesterad. Ta ut filen till ekonomisystemet.",
    }
    return _to_compute(actor) + [
        Waiting(
            f"Månadskörning {found.month:%Y-%m}",
            "payouts.run",
            text=told[found.status],
            values=(("public_id", found.public_id),),
        )
        for found in runs(actor)
        if found.status in told
    ]
