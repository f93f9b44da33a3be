"""The controls of a run: findings, and what a person decides about each."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select

from lovdv import audit
from lovdv.clock import local_day, now, today
from lovdv.controls import facts, finders, holds, queries, run_terms, sample
from lovdv.controls import settings as control_settings
from lovdv.controls.gathering import Gathered
from lovdv.controls.models import Finding, SampledLine
from lovdv.controls.settings import Settings
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.payouts import queries as run_queries
from lovdv.payouts.locking import lock
from lovdv.payouts.models import PaymentRun
from payments import controls
from payments.control_catalogue import CONTROLS, DECIDES, LISTS, NOT_PAID, TITLES

__all__ = ["LISTED_ONLY", "TITLES", "check", "decide", "needs_decision", "seal"]

LISTED_ONLY = NOT_PAID
"""Nothing is paid for these anyway; they wait with what is held."""

HELD_BEFORE = "held_before"
MADE_APART = (HELD_BEFORE, sample.SAMPLE)
"""Made from what was decided before and from the other findings."""


def check(run: PaymentRun) -> list[Finding]:
    """Run every control; a decision on the same finding before a recount stands."""
    day, decided = local_day(run.computed_at), _decided(run)
    settings = control_settings.in_force(run.choice_system_id, day, run.known_at)
    seed = "" if settings[sample.SAMPLE].is_off else sample.seed_for(run)
    control_settings.keep(run, settings, seed)
    run_terms.keep(run, run_terms.current(run.choice_system_id))
    known = Gathered(run, settings)
    found = list(finders.found(known, settings))
    findings = [_finding(run, one, settings, decided) for one in found]
    findings += _held_before(run, decided)
    db.session.add_all(findings)
    if seed:
        findings += _sampled(run, settings, found, seed, decided)
    db.session.flush()
    if any(finding.decision == "hold" for finding in findings):
        holds.follow(run)
    return findings


def decide(
    *, run: PaymentRun, findings: Sequence[Finding], decision: str, reason: str, by: int
) -> None:
    """Pay or hold what was found; the reason is kept with it."""
    lock(run.choice_system_id)
    db.session.refresh(run, ["status"])
    if run.status != "computed":
        raise Refused("Körningen är attesterad och ändras inte längre.")
    if not reason:
        raise Refused("Skriv varför, så att beslutet går att förstå sedan.", "reason")
    if not findings:
        raise Refused("Markera minst en rad i listan.")
    for finding in findings:
        _check_payable(finding, decision)
        finding.decision, finding.reason = decision, reason
        finding.decided_by_id, finding.decided_at = by, now()
    db.session.flush()
    holds.follow(run)
    audit.change(
        "finding.decide",
        object=run.public_id,
        after={"decision": decision, "findings": len(findings), "reason": reason},
    )


def _check_payable(finding: Finding, decision: str) -> None:
    if finding.control in LISTED_ONLY:
        raise Refused("Raden är redan stoppad. Rätta orsaken och räkna om månaden.")
    if decision == "hold" and not _can_be_held(finding):
        raise Refused("Det gäller hela körningen. Räkna om månaden i stället.")
    if finding.control == sample.SAMPLE:
        raise Refused(
            "Raderna i urvalet ses igenom en och en. Öppna raden och kryssa för det du "
            "har sett."
        )


def _can_be_held(finding: Finding) -> bool:
    about = (finding.placement_id, finding.contract_id, finding.unit_id)
    return any(one is not None for one in about)


def look(
    *,
    run: PaymentRun,
    sampled: SampledLine,
    seen: sample.Seen,
    result: str,
    note: str,
    by_id: int,
) -> None:
    """Keep what somebody saw of a line that was drawn, and pay or hold it."""
    sample.look(
        run=run, sampled=sampled, seen=seen, result=result, note=note, by_id=by_id
    )
    holds.follow(run)


def needs_decision(finding: Finding) -> bool:
    return finding.effect == DECIDES and not finding.decision


def seal(run: PaymentRun) -> str:
    """A digest of what an approver approves: sums, settings and every decision."""
    told = [f"{run.public_id} {run_queries.sums(run)}", *settings_told(run)]
    told += [f"{one.id} {one.decision}" for one in queries.findings(run)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def settings_told(run: PaymentRun) -> list[str]:
    """How the run was controlled, a line a control: for seals."""
    kept = control_settings.kept(run).values()
    return [
        f"{one.key} {one.effect} {json.dumps(dict(one.knobs), sort_keys=True)} "
        f"{one.row.id if one.row else ''}"
        for one in kept
    ]


def is_outdated(run: PaymentRun) -> bool:
    """Whether the controls are set otherwise now, or would find something else.

    A death has become known, or a control has been turned on again.
    """
    settings = control_settings.kept(run)
    now_set = control_settings.in_force(run.choice_system_id, today())
    if any(now_set[key].works != one.works for key, one in settings.items()):
        return True
    found = finders.found(Gathered(run, settings), settings)
    now_found = Counter(_found_key(_finding(run, one, settings, {})) for one in found)
    return now_found != Counter(
        _found_key(one)
        for one in queries.findings(run)
        if one.control not in MADE_APART
    )


def _found_key(one: Finding) -> tuple[object, ...]:
    return one.control, _about(one), one.month, one.message, one.amount


def _about(one: Finding) -> tuple[int | None, ...]:
    return one.placement_id, one.contract_id, one.unit_id


Decided = dict[tuple[str, tuple[int | None, ...], object, str], Finding]


def _decided(run: PaymentRun) -> Decided:
    """The decisions in the computation that this one replaces."""
    replaced = (
        select(PaymentRun.id)
        .where(
            PaymentRun.choice_system_id == run.choice_system_id,
            PaymentRun.month == run.month,
            PaymentRun.status == "replaced",
        )
        .order_by(PaymentRun.id.desc())
        .limit(1)
    )
    rows = db.session.scalars(
        select(Finding).where(
            Finding.run_id == replaced.scalar_subquery(), Finding.decision != ""
        )
    )
    return {(one.control, _about(one), one.month, one.message): one for one in rows}


def _finding(
    run: PaymentRun, found: controls.Finding, settings: Settings, decided: Decided
) -> Finding:
    listed = found.control in LISTED_ONLY or settings[found.control].effect == LISTS
    finding = Finding(
        run_id=run.id,
        control=found.control,
        effect=LISTS if listed else DECIDES,
        placement_id=_id(found.placement),
        contract_id=_id(found.contract),
        unit_id=_id(found.unit),
        month=found.month.first,
        message=found.message[:300],
        amount=found.amount,
        decision="",
        reason="",
    )
    earlier = _earlier(finding, decided)
    if earlier is not None and earlier.amount == finding.amount:
        _copy_decision(earlier, finding)
    return finding


def _id(ref: object) -> int | None:
    return None if ref is None else int(str(ref))


def _earlier(finding: Finding, decided: Decided) -> Finding | None:
    key = finding.control, _about(finding), finding.month, finding.message
    return decided.get(key)


def _copy_decision(earlier: Finding, finding: Finding) -> None:
    finding.decision, finding.reason = earlier.decision, earlier.reason
    finding.decided_by_id, finding.decided_at = (
        earlier.decided_by_id,
        earlier.decided_at,
    )


def _sampled(
    run: PaymentRun,
    settings: Settings,
    found: Sequence[controls.Finding],
    seed: str,
    decided: Decided,
) -> list[Finding]:
    """The lines that are drawn, each with what was seen of it before a recount."""
    findings = []
    for one in sample.draw(run, settings[sample.SAMPLE], found, seed):
        finding = _finding(run, one.finding, settings, decided)
        db.session.add(finding)
        db.session.flush()
        row = SampledLine(
            run_id=run.id,
            finding_id=finding.id,
            line_id=one.line_id,
            weight=one.weight,
        )
        if finding.decision:
            sample.copy_look(_earlier(finding, decided), row)
        db.session.add(row)
        findings.append(finding)
    return findings


def _held_before(run: PaymentRun, decided: Decided) -> list[Finding]:
    """What an earlier run held is held again until somebody decides to pay it."""
    findings = []
    for hold, amount in facts.held_before(run):
        finding = Finding(
            run_id=run.id,
            control=HELD_BEFORE,
            effect=CONTROLS[HELD_BEFORE].effect,
            placement_id=hold.placement_id,
            month=hold.month,
            message=f"Hölls inne med skälet: {hold.reason}"[:300],
            amount=amount,
            decision="hold",
            reason=hold.reason,
            decided_by_id=hold.decided_by_id,
            decided_at=hold.decided_at,
        )
        earlier = _earlier(finding, decided)
        if earlier is not None:
            _copy_decision(earlier, finding)
        findings.append(finding)
    return findings
