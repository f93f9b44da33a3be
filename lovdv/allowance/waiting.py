"""What waits on the start page: a month to count, to attest or to hand over."""

from lovdv.access import Actor, Permission
from lovdv.allowance import computing, queries
from lovdv.allowance.facts import RULE
from lovdv.allowance.models import AllowanceRun
from lovdv.clock import today
from lovdv.formats import month as month_name
from lovdv.start import Waiting
from lovdv.systems.queries import rules_of, systems_of
from payments import Month


def waiting(actor: Actor) -> list[Waiting]:
    found: list[Waiting] = []
    if actor.may(Permission.ALLOWANCE_WRITE):
        found += _to_count(actor)
        found += [_item(run, "Ta ut") for run in _runs(actor, "attested")]
    if actor.may(Permission.ALLOWANCE_READ) and actor.may(Permission.RUN_ATTEST):
        found += [
            _item(run, "Attestera")
            for run in _runs(actor, "computed")
            if run.prepared_by_id != actor.user_id
        ]
    return found


def _runs(actor: Actor, status: str) -> list[AllowanceRun]:
    return [run for run in queries.runs(actor) if run.status == status]


def _item(run: AllowanceRun, verb: str) -> Waiting:
    return Waiting(
        f"{verb} habiliteringsersättningen för {month_name(run.month)}",
        "allowance.run",
        values=(("public_id", run.public_id),),
    )


def _to_count(actor: Actor) -> list[Waiting]:
    """The month after the last one that is booked, when it is over."""
    found = []
    for system in systems_of(actor.municipality_id):
        month = computing.next_month(system.id)
        if month is None or month >= Month.of(today()) or not rules_of(system.id, RULE):
            continue
        standing = queries.standing_runs(system.id)
        if standing[-1].status in queries.BOOKED:
            title = f"Räkna habiliteringsersättningen för {month_name(month.first)}"
            values = (("system", system.public_id),)
            found.append(Waiting(title, "allowance.compute", values=values))
    return found
