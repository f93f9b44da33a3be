"""How far a run has come, and what the person looking at it may do next."""

from collections.abc import Sequence
from dataclasses import dataclass

from lovdv.access import Actor, Permission
from lovdv.payouts.models import PaymentRun

NAMES = {
    "computed": "Räknad",
    "attested": "Attesterad",
    "exported": "Exporterad",
    "replaced": "Ersatt av en nyare",
}
KINDS = {
    "computed": "info",
    "attested": "warning",
    "exported": "success",
    "replaced": "neutral",
}
STEPS = ("Räknad", "Kontrollerad", "Attesterad", "Exporterad")
DECIDE, WAIT, ATTEST, EXPORT, DONE, COLLEAGUE = (
    "decide",
    "wait",
    "attest",
    "export",
    "done",
    "colleague",
)


@dataclass(frozen=True)
class Progress:
    name: str
    kind: str
    steps: Sequence[tuple[str, str]]
    next: str


def progress(run: PaymentRun, undecided: int, actor: Actor) -> Progress:
    reached = _reached(run, undecided)
    steps = [
        (name, "done" if n < reached else "current" if n == reached else "todo")
        for n, name in enumerate(STEPS)
    ]
    return Progress(
        NAMES[run.status], KINDS[run.status], steps, _next(run, undecided, actor)
    )


def _reached(run: PaymentRun, undecided: int) -> int:
    """How many of the steps are done."""
    done = {"attested": 3, "exported": 4}
    return done.get(run.status, 1 if undecided else 2)


def _next(run: PaymentRun, undecided: int, actor: Actor) -> str:
    if run.status in ("exported", "replaced"):
        return DONE
    if run.status == "attested":
        return EXPORT if actor.may(Permission.RUN_EXPORT) else WAIT
    if undecided:
        return DECIDE if actor.may(Permission.RUN_PREPARE) else WAIT
    if not actor.may(Permission.RUN_ATTEST):
        return WAIT
    return COLLEAGUE if run.prepared_by_id == actor.user_id else ATTEST
