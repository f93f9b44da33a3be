"""The controls of a run: findings, and what a person decides about each."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.payouts import control_facts as facts
from lovdv.payouts import queries
from lovdv.payouts.locking import lock
from lovdv.payouts.models import Finding, Hold, PaymentRun
from payments import Month, controls

MORE_PERCENT = 50
MORE_LEAST = 500_000
"""Öre: a smaller growth is not worth a person's time."""

WHOLE_MONTHS = 6
LISTED_ONLY = frozenset({"missing_attendance", "missing_rate", "stopped"})
"""Nothing is paid for these anyway; they wait with what is held."""

HELD_BEFORE = "held_before"
TITLES = {**controls.TITLES, HELD_BEFORE: "Hölls inne i en tidigare körning"}


def check(run: PaymentRun) -> list[Finding]:
    """Run every control; a decision on the same finding before a recount stands."""
    decided = _decided(run)
    findings = [_finding(run, one, decided) for one in _found(run)]
    findings += _held_before(run, decided)
    db.session.add_all(findings)
    db.session.flush()
    for finding in findings:
        if finding.decision == "hold":
            _hold(finding)
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
        _release(finding)
        if decision == "hold":
            _hold(finding)
    db.session.flush()
    audit.change(
        "finding.decide",
        object=run.public_id,
        after={"decision": decision, "findings": len(findings), "reason": reason},
    )


def _check_payable(finding: Finding, decision: str) -> None:
    if finding.control in LISTED_ONLY:
        raise Refused("Raden är redan stoppad. Rätta orsaken och räkna om månaden.")
    if finding.placement_id is None and decision == "hold":
        raise Refused("Det gäller hela körningen. Räkna om månaden i stället.")


def needs_decision(finding: Finding) -> bool:
    return finding.control not in LISTED_ONLY and not finding.decision


def seal(run: PaymentRun) -> str:
    """A digest of what an approver approves: the sums and every decision."""
    told = [f"{run.public_id} {queries.sums(run)}"]
    told += [f"{one.id} {one.decision}" for one in queries.findings(run)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def is_outdated(run: PaymentRun) -> bool:
    """Whether the controls would find something else now: a death has become known."""
    now_found = Counter(_found_key(_finding(run, one, {})) for one in _found(run))
    return now_found != Counter(
        _found_key(one) for one in queries.findings(run) if one.control != HELD_BEFORE
    )


def _found_key(one: Finding) -> tuple[object, ...]:
    return one.control, one.placement_id, one.month, one.message, one.amount


def _found(run: PaymentRun) -> Iterable[controls.Finding]:
    month = Month.of(run.month)
    all_lines = facts.lines(run)
    lines = [line for line in all_lines if not line.is_reversal]
    known = facts.placements(run)
    months = facts.months_to_compare(run)
    ended = {ref: one.last_day for ref, one in known.items() if one.last_day}
    yield from controls.total_differs(month, all_lines, run.total)
    paid = {ref: [one.paid] for ref, one in known.items()}
    yield from controls.outside_period(lines, paid)
    decided = {ref: [one.decision] for ref, one in known.items()}
    yield from controls.outside_decision(lines, decided)
    yield from controls.after_end(lines, ended)
    yield from controls.closed_days(lines)
    yield from controls.same_day_twice(months)
    yield from controls.outside_plan(months)
    yield from controls.more_than_before(
        month,
        facts.amounts(run),
        facts.amounts_before(run),
        percent=MORE_PERCENT,
        least=MORE_LEAST,
    )
    untouched = facts.untouched_months(run, WHOLE_MONTHS)
    yield from controls.whole_months(untouched, month, least=WHOLE_MONTHS)
    yield from controls.stopped(facts.held(run))


Decided = dict[tuple[str, int | None, object, str], Finding]


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
    return {
        (one.control, one.placement_id, one.month, one.message): one for one in rows
    }


def _finding(run: PaymentRun, found: controls.Finding, decided: Decided) -> Finding:
    month = found.month.first
    placement = None if found.placement is None else int(found.placement)
    finding = Finding(
        run_id=run.id,
        control=found.control,
        placement_id=placement,
        month=month,
        message=found.message[:300],
        amount=found.amount,
        decision="",
        reason="",
    )
    earlier = decided.get((finding.control, placement, month, finding.message))
    if earlier is not None and earlier.amount == finding.amount:
        _copy_decision(earlier, finding)
    return finding


def _copy_decision(earlier: Finding, finding: Finding) -> None:
    finding.decision, finding.reason = earlier.decision, earlier.reason
    finding.decided_by_id, finding.decided_at = (
        earlier.decided_by_id,
        earlier.decided_at,
    )


def _held_before(run: PaymentRun, decided: Decided) -> list[Finding]:
    """What an earlier run held is held again until somebody decides to pay it."""
    findings = []
    for hold, amount in facts.held_before(run):
        finding = Finding(
            run_id=run.id,
            control=HELD_BEFORE,
            placement_id=hold.placement_id,
            month=hold.month,
            message=f"Hölls inne med skälet: {hold.reason}"[:300],
            amount=amount,
            decision="hold",
            reason=hold.reason,
            decided_by_id=hold.decided_by_id,
            decided_at=hold.decided_at,
        )
        earlier = decided.get(
            (HELD_BEFORE, hold.placement_id, hold.month, finding.message)
        )
        if earlier is not None:
            _copy_decision(earlier, finding)
        findings.append(finding)
    return findings


def _hold(finding: Finding) -> None:
    if _holding(finding) is None:
        db.session.add(
            Hold(
                run_id=finding.run_id,
                placement_id=finding.placement_id,
                month=finding.month,
                finding_id=finding.id,
                reason=finding.reason,
                decided_by_id=finding.decided_by_id,
                decided_at=finding.decided_at or now(),
            )
        )
        db.session.flush()


def _release(finding: Finding) -> None:
    """Pay again, unless another finding holds the same month of the placement."""
    holding = _holding(finding)
    if holding is not None and holding.finding_id == finding.id:
        db.session.delete(holding)
        db.session.flush()
        other = db.session.scalars(
            select(Finding)
            .where(
                Finding.run_id == finding.run_id,
                Finding.placement_id == finding.placement_id,
                Finding.month == finding.month,
                Finding.decision == "hold",
                Finding.id != finding.id,
            )
            .limit(1)
        ).first()
        if other is not None:
            _hold(other)


def _holding(finding: Finding) -> Hold | None:
    return db.session.scalars(
        select(Hold).where(
            Hold.run_id == finding.run_id,
            Hold.placement_id == finding.placement_id,
            Hold.month == finding.month,
        )
    ).one_or_none()
