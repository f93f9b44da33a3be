"""Facts that only some payment rules ask for: ends, supplements, when it was reported.

Nothing is read for rules that do not need it, but for supplements: one that is granted
under rules without any is held, and never forgotten.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, Text, cast, func, or_, select

from lovdv.clock import local_day, start_of
from lovdv.payment_rules.queries import supplements_in
from lovdv.placements.facts import plain_rows
from lovdv.placements.models import AttendanceMonth, Pause, Placement, WeekPlan
from payments import Ended, Month, RuleSet, Supplement, last_report

A_MONTH = 31


@dataclass(frozen=True)
class RuleFacts:
    """A month's further facts by placement, and the rows of those that have ended."""

    placements: Sequence[Row[Any]] = ()
    """Columns as in MonthFacts.placements: ended before the month, but with a tail."""
    plans: Sequence[Row[Any]] = ()
    """Theirs, columns as in MonthFacts.plans."""
    ended: Mapping[int, Ended] = field(default_factory=dict)
    supplements: Mapping[int, tuple[Supplement, ...]] = field(default_factory=dict)
    reported: Mapping[int, date] = field(default_factory=dict)
    """Only where it is after the last day to report."""
    given_up: frozenset[tuple[int, date]] = frozenset()
    """Pauses whose place is not kept, by placement and first day."""

    def told(self) -> Iterator[str]:
        """What a digest is made of."""
        yield from (f"{tuple(row)}" for row in self.placements)
        yield from (f"{tuple(row)}" for row in self.plans)
        for facts in (self.ended, self.supplements, self.reported):
            yield from (f"{ref}|{value}" for ref, value in facts.items())
        yield from sorted(f"{ref}|{day}" for ref, day in self.given_up)


NONE = RuleFacts()


def rule_facts(
    choice_system_id: int, month: Month, known_at: datetime, rules: RuleSet | None
) -> RuleFacts:
    """What the month's rules ask for beside the facts that all rules do."""
    if rules is None:
        return NONE
    reads = _Reading(choice_system_id, month, known_at, rules)
    placements = reads.ended_before() if rules.after_end else ()
    return RuleFacts(
        placements=placements,
        plans=reads.plans([row[0] for row in placements]) if placements else (),
        ended=reads.ended() if rules.after_end else {},
        supplements=reads.supplements(),
        reported=reads.reported() if rules.late_months else {},
        given_up=reads.given_up() if _asks_if_kept(rules) else frozenset(),
    )


def _asks_if_kept(rules: RuleSet) -> bool:
    return any(row.kept is not None for row in rules.pauses)


@dataclass(frozen=True)
class _Reading:
    choice_system_id: int
    month: Month
    known_at: datetime
    rules: RuleSet

    def _ended(self) -> Any:
        """SQL: ended on its own last paid day, for a reason that is paid after."""
        reasons = [row.reason for row in self.rules.after_end]
        return (
            (Placement.choice_system_id == self.choice_system_id)
            & Placement.end_reason.in_(reasons)
            & (Placement.paid_end_day == Placement.end_day)
            & or_(
                Placement.paid_end_day > self.month.first - self._longest(),
                Placement.notice_day > self.month.first - self._longest(),
            )
            & (Placement.paid_end_day < self.month.end)
            & (Placement.recorded_at <= self.known_at)
            & or_(
                Placement.annulled_at.is_(None), Placement.annulled_at > self.known_at
            )
        )

    def _longest(self) -> timedelta:
        """How long after an end something may be paid, a month more than enough."""
        days = max(row.days or A_MONTH for row in self.rules.after_end)
        return timedelta(days=days + A_MONTH)

    def ended(self) -> dict[int, Ended]:
        rows = plain_rows(
            select(Placement.id, Placement.end_reason, Placement.notice_day)
            .where(self._ended())
            .order_by(Placement.id)
        )
        return {ref: Ended(reason, noticed) for ref, reason, noticed in rows}

    def ended_before(self) -> Sequence[Row[Any]]:
        return plain_rows(
            select(
                Placement.id,
                Placement.number,
                Placement.client_id,
                Placement.decision_id,
                Placement.unit_id,
                Placement.contract_id,
                Placement.paid_first_day.label("start"),
                Placement.paid_end_day.label("end"),
            )
            .where(self._ended(), Placement.paid_end_day <= self.month.first)
            .order_by(Placement.client_id, Placement.id)
        )

    def plans(self, refs: Sequence[int]) -> Sequence[Row[Any]]:
        return plain_rows(
            select(
                WeekPlan.placement_id,
                WeekPlan.first_day,
                WeekPlan.revision,
                cast(WeekPlan.times, Text).label("times"),
            )
            .where(
                WeekPlan.placement_id.in_(refs), WeekPlan.decided_at <= self.known_at
            )
            .order_by(WeekPlan.placement_id, WeekPlan.first_day, WeekPlan.revision)
        )

    def supplements(self) -> dict[int, tuple[Supplement, ...]]:
        found: dict[int, list[Supplement]] = defaultdict(list)
        month = self.month
        for row in supplements_in(
            self.choice_system_id, month.first, month.end, self.known_at
        ):
            placement, code, start, end, amount, reason, proof = row
            one = Supplement(
                code, start, end, amount=amount, reason=reason, proof=proof
            )
            found[placement].append(one)
        return {placement: tuple(some) for placement, some in found.items()}

    def reported(self) -> dict[int, date]:
        """When the version that counts was confirmed, where that was too late."""
        last = last_report(self.rules, self.month)
        assert last is not None
        rows = plain_rows(self._confirmed())
        after = start_of(last + timedelta(days=1))
        return {ref: local_day(at) for ref, at in rows if at >= after}

    def _confirmed(self) -> Select[Any]:
        return (
            select(AttendanceMonth.placement_id, func.max(AttendanceMonth.confirmed_at))
            .join(Placement, Placement.id == AttendanceMonth.placement_id)
            .where(
                Placement.choice_system_id == self.choice_system_id,
                AttendanceMonth.month == self.month.first,
                AttendanceMonth.status != "open",
                AttendanceMonth.confirmed_at <= self.known_at,
            )
            .group_by(AttendanceMonth.placement_id)
            .order_by(AttendanceMonth.placement_id)
        )

    def given_up(self) -> frozenset[tuple[int, date]]:
        rows = plain_rows(
            select(Pause.placement_id, Pause.first_day)
            .join(Placement, Placement.id == Pause.placement_id)
            .where(
                Placement.choice_system_id == self.choice_system_id,
                Pause.place_kept.is_(False),
                Pause.annulled_at.is_(None),
            )
        )
        return frozenset((ref, day) for ref, day in rows)
