"""How far the attest of a run has come, provider by provider, and what is left."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from lovdv.accounts.models import User
from lovdv.clock import local_day
from lovdv.controls import checking
from lovdv.controls import queries as control_queries
from lovdv.controls.models import Finding
from lovdv.extensions import db
from lovdv.payment_rules.models import SupplementGrant
from lovdv.payouts.models import (
    Attestation,
    Payee,
    PaymentLine,
    PaymentRun,
    ProviderHold,
)
from lovdv.payouts.standing import BOOKED, is_on_hold
from lovdv.placements.models import Placement
from lovdv.providers.models import Contract, Provider, Unit
from lovdv.systems import queries as systems
from payments.lines import SUPPLEMENT


@dataclass(frozen=True)
class Part:
    """What a run pays one provider; without one, a run that pays nobody."""

    provider_id: int | None = None
    public_id: str = ""
    name: str = "Ingen utförare"
    regi: str = ""
    lines: int = 0
    """Those that are paid."""
    amount: int = 0
    corrected: int = 0
    on_hold: int = 0
    held: ProviderHold | None = None
    undecided: int = 0
    """Findings about the provider that wait for a decision."""
    seal: str = ""
    steps: int = 0
    done: tuple[Attestation, ...] = ()
    """The steps that have been taken of what is paid now."""
    next_step: int = 1
    """After every step kept of it, also one that no longer counts."""

    @property
    def is_paid(self) -> bool:
        return bool(self.lines)

    @property
    def is_approved(self) -> bool:
        return len(self.done) >= self.steps

    def waits_for(self, user_id: int) -> bool:
        """Whether another step is to be taken, and this person has taken none."""
        return not self.is_approved and all(one.by_id != user_id for one in self.done)


def parts(run: PaymentRun) -> list[Part]:
    """Every provider with lines in the run, by name, and how far each has come."""
    summed = _summed(run)
    if not any(part.is_paid for part in summed):
        summed.append(Part())
    told = _told(run, summed)
    settings = checking.settings_told(run)
    sealed = [replace(part, seal=_seal(run, part, told, settings)) for part in summed]
    held, taken, deciders = _held(run), _taken(run), deciders_of(run)
    steps = _Steps.decided(run, sum(part.amount for part in summed))
    found = []
    for part in sealed:
        kept = taken.get((part.provider_id, part.seal), ())
        found.append(
            replace(
                part,
                held=held.get(part.provider_id),
                undecided=_waiting(part, told),
                steps=0 if _needs_nobody(part) else steps.needed(part),
                done=tuple(one for one in kept if one.by_id not in deciders),
                next_step=max((one.step for one in kept), default=0) + 1,
            )
        )
    return found


def _needs_nobody(part: Part) -> bool:
    """What is on hold in full is not attested; an empty run is, by one."""
    return part.provider_id is not None and not part.is_paid


def _summed(run: PaymentRun) -> list[Part]:
    held = is_on_hold(PaymentLine)
    earlier = ~held & (PaymentLine.month != run.month)
    rows = db.session.execute(
        select(
            Provider.id,
            Provider.public_id,
            Provider.name,
            func.min(PaymentLine.regi),
            func.sum(case((held, 0), else_=1)),
            func.coalesce(func.sum(case((~held, PaymentLine.amount))), 0),
            func.coalesce(func.sum(case((earlier, PaymentLine.amount))), 0),
            func.coalesce(func.sum(case((held, PaymentLine.amount))), 0),
        )
        .join(Payee, Payee.id == PaymentLine.payee_id)
        .join(Provider, Provider.id == Payee.provider_id)
        .where(PaymentLine.run_id == run.id)
        .group_by(Provider.id, Provider.public_id, Provider.name)
        .order_by(Provider.name, Provider.id)
    )
    return [Part(*row[:4], *map(int, row[4:])) for row in rows]


Told = Mapping[int | None, Sequence[Finding]]
"""Findings by the provider they are about; None: about none that the run has."""


def _told(run: PaymentRun, summed: Sequence[Part]) -> Told:
    known = {part.provider_id for part in summed}
    about = func.coalesce(Finding.contract_id, Placement.contract_id)
    rows = db.session.execute(
        select(Finding.id, func.coalesce(Contract.provider_id, Unit.provider_id))
        .outerjoin(Placement, Placement.id == Finding.placement_id)
        .outerjoin(Contract, Contract.id == about)
        .outerjoin(Unit, Unit.id == Finding.unit_id)
        .where(Finding.run_id == run.id)
    )
    providers = {ref: whose for ref, whose in rows if whose in known}
    found: dict[int | None, list[Finding]] = defaultdict(list)
    for one in control_queries.findings(run):
        found[providers.get(one.id)].append(one)
    return found


def _concerning(part: Part, told: Told) -> Iterable[Finding]:
    """What was found about the provider, and what was found about the whole run."""
    yield from told.get(None, ())
    if part.provider_id is not None:
        yield from told.get(part.provider_id, ())


def _waiting(part: Part, told: Told) -> int:
    if _needs_nobody(part):
        return 0
    return sum(map(checking.needs_decision, _concerning(part, told)))


def _seal(run: PaymentRun, part: Part, told: Told, settings: Sequence[str]) -> str:
    """A digest of what is attested: what is paid, how it was controlled, decisions."""
    rows = [f"{run.public_id} {part.public_id} {part.lines} {part.amount}"]
    rows += [f"{part.corrected} {part.on_hold}", *settings]
    rows += [f"{one.id} {one.decision}" for one in _concerning(part, told)]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def undecided(run: PaymentRun, found: Sequence[Part]) -> int:
    """How many findings wait, but for those about a provider held as a whole."""
    told = _told(run, found)
    spared = {part.provider_id for part in found if _needs_nobody(part)}
    return sum(
        sum(map(checking.needs_decision, listed))
        for provider, listed in told.items()
        if provider is None or provider not in spared
    )


def findings_of(
    run: PaymentRun, found: Sequence[Part], provider_id: int | None = None
) -> list[Finding]:
    """What was found; about one provider: that and what concerns the whole run."""
    told = _told(run, found)
    asked = told if provider_id is None else (None, provider_id)
    return [one for provider in asked for one in told.get(provider, ())]


def seal(shown: Iterable[Part]) -> str:
    """A digest of all that a page showed."""
    return hashlib.sha256("".join(part.seal for part in shown).encode()).hexdigest()


def _held(run: PaymentRun) -> Mapping[int | None, ProviderHold]:
    rows = db.session.scalars(
        select(ProviderHold).where(
            ProviderHold.run_id == run.id, ProviderHold.released_at.is_(None)
        )
    )
    return {row.provider_id: row for row in rows}


def _taken(run: PaymentRun) -> Mapping[Any, tuple[Attestation, ...]]:
    """By provider and seal: every step that is kept."""
    rows = db.session.scalars(
        select(Attestation)
        .where(Attestation.run_id == run.id)
        .order_by(Attestation.step)
    )
    found: dict[Any, tuple[Attestation, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.provider_id, row.seal] += (row,)
    return found


def deciders_of(run: PaymentRun) -> set[int]:
    """Who has decided what the run pays: of a control, of a provider that was held
    or released, or to grant a supplement that it pays.
    """
    found = select(Finding.decided_by_id).where(
        Finding.run_id == run.id, Finding.decided_by_id.is_not(None)
    )
    of_run = ProviderHold.run_id == run.id
    held = select(ProviderHold.decided_by_id).where(of_run)
    released = select(ProviderHold.released_by_id).where(
        of_run, ProviderHold.released_by_id.is_not(None)
    )
    asked = found.union(held, released, _granters(run))
    return {one for one in db.session.scalars(asked) if one is not None}


def _granters(run: PaymentRun) -> Select[Any]:
    """Who granted a supplement as it stands on the days of one of the run's lines."""
    grant, later = SupplementGrant, aliased(SupplementGrant)
    return (
        select(grant.recorded_by_id)
        .join(
            PaymentLine,
            (PaymentLine.placement_id == grant.placement_id)
            & (PaymentLine.kind == SUPPLEMENT + grant.code),
        )
        .where(
            PaymentLine.run_id == run.id,
            grant.first_day < PaymentLine.end_day,
            grant.end_day.is_(None) | (grant.end_day > PaymentLine.first_day),
            ~select(later.id).where(later.replaces_id == grant.id).exists(),
        )
    )


@dataclass(frozen=True)
class _Steps:
    """The rule on how many attest, and the run's own sum."""

    rows: Sequence[tuple[Decimal, int]]
    """From an amount in öre on, so many."""
    of_run: int | None
    """The amount that decides, where it is the run's and not the provider's."""

    @classmethod
    def decided(cls, run: PaymentRun, total: int) -> "_Steps":
        """As decided when the run was computed."""
        day = local_day(run.computed_at)
        rule = systems.rule(run.choice_system_id, "attest", day, run.known_at)
        found = rule["rows"]
        rows = found if isinstance(found, list) else []
        return cls(
            [(Decimal(row["from_amount"]) * 100, row["steps"]) for row in rows],
            total if rule["amount_of"] == "run" else None,
        )

    def needed(self, part: Part) -> int:
        amount = abs(part.amount if self.of_run is None else self.of_run)
        return max((steps for least, steps in self.rows if amount >= least), default=1)


@dataclass(frozen=True)
class Approval:
    """A step that somebody has taken, for the pages."""

    provider: str
    step: int
    by: str
    at: datetime
    amount: int
    counts: bool
    """Whether what was approved is what is paid now."""

    def is_of(self, part: Part) -> bool:
        return self.provider == part.name


def history(run: PaymentRun, found: Sequence[Part]) -> list[Approval]:
    """Every step ever taken of the run, the first one first."""
    counting = {one.id for part in found for one in part.done}
    names = {part.provider_id: part.name for part in found}
    rows = db.session.execute(
        select(Attestation, User.name)
        .join(User, User.id == Attestation.by_id)
        .where(Attestation.run_id == run.id)
        .order_by(Attestation.id)
    )
    return [
        Approval(
            names.get(row.provider_id, "Hela körningen"),
            row.step,
            by,
            row.attested_at,
            row.amount,
            row.id in counting or run.status in BOOKED,
        )
        for row, by in rows
    ]
