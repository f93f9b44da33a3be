"""How far a run has come, and what the person looking at it may do next."""

from collections.abc import Sequence
from dataclasses import dataclass

from lovdv.access import Actor, Permission
from lovdv.payouts.approvals import Part, deciders_of
from lovdv.payouts.models import PaymentRun
from lovdv.payouts.standing import BOOKED

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
STEPS = ("Räknad", "Kontrollerad", "Attesterad", "Exporterad", "Återläst")
DECIDE, WAIT, ATTEST, EXPORT, READ_BACK, DONE, COLLEAGUE, STEP_TAKEN = (
    "decide",
    "wait",
    "attest",
    "export",
    "read_back",
    "done",
    "colleague",
    "step_taken",
)


@dataclass(frozen=True)
class Progress:
    name: str
    kind: str
    steps: Sequence[tuple[str, str]]
    next: str


def progress(
    run: PaymentRun,
    parts: Sequence[Part],
    undecided: int,
    actor: Actor,
    *,
    is_read_back: bool = False,
) -> Progress:
    reached = _reached(run, undecided, is_read_back=is_read_back)
    steps = [
        (name, "done" if n < reached else "current" if n == reached else "todo")
        for n, name in enumerate(STEPS)
    ]
    going = _next(run, parts, undecided, actor)
    if going == DONE and run.status == "exported" and not is_read_back:
        going = READ_BACK
    return Progress(NAMES[run.status], KINDS[run.status], steps, going)


def _reached(run: PaymentRun, undecided: int, *, is_read_back: bool) -> int:
    """How many of the steps are done."""
    if run.status == "exported":
        return len(STEPS) if is_read_back else 4
    return 3 if run.status == "attested" else 1 if undecided else 2


def _next(run: PaymentRun, parts: Sequence[Part], undecided: int, actor: Actor) -> str:
    if run.status in ("exported", "replaced"):
        return DONE
    if run.status == "attested":
        return EXPORT if actor.may(Permission.RUN_EXPORT) else WAIT
    if undecided and actor.may(Permission.RUN_PREPARE):
        return DECIDE
    return attest_step(run, parts, actor)


def attest_step(run: PaymentRun, parts: Sequence[Part], actor: Actor) -> str:
    """What somebody who attests may do with a run that is computed."""
    if not actor.may(Permission.RUN_ATTEST):
        return WAIT
    if run.prepared_by_id == actor.user_id or actor.user_id in deciders_of(run):
        return COLLEAGUE
    if any(part.waits_for(actor.user_id) and not part.undecided for part in parts):
        return ATTEST
    if all(part.is_approved for part in parts):
        return ATTEST
    return WAIT if any(part.undecided for part in parts) else STEP_TAKEN


def status_of(run: PaymentRun, part: Part) -> tuple[str, str]:
    """How far a provider's part of the run has come, in words and kind."""
    if part.held is not None:
        return "Hålls inne som helhet", "warning"
    if part.provider_id is not None and not part.is_paid:
        return "Hålls inne", "warning"
    if run.status in BOOKED:
        return NAMES[run.status], "success"
    if part.undecided:
        return f"{part.undecided} att besluta", "info"
    if part.is_approved:
        return "Attesterad", "success"
    if part.steps > 1:
        return f"Attest {len(part.done)} av {part.steps}", "info"
    return "Väntar på attest", "info"
