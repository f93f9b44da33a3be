"""Reading rule sets, drafts of them, and supplements granted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import aliased

from lovdv.access import Actor
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.payment_rules.models import RuleDraft, SupplementGrant
from lovdv.payment_rules.sections import Fault, told
from lovdv.placements.models import Placement
from lovdv.systems.models import ChoiceSystem, Rule
from payments import RuleSet, read_rules
from payments.errors import BadRule

KEY = "payment"


@dataclass(frozen=True)
class Decided:
    """A decided rule row, with who set it and what it says."""

    row: Rule
    by: str
    status: str = ""

    @cached_property
    def rules(self) -> RuleSet | None:
        """The rules, unless the row cannot be read."""
        try:
            return read_rules(self.table)
        except BadRule:
            return None

    @property
    def fault(self) -> Fault | None:
        try:
            read_rules(self.table)
        except BadRule as error:
            return told(error)
        return None

    @property
    def name(self) -> str:
        return str(self.row.value.get("name") or "Utan namn")

    @property
    def table(self) -> dict[str, object]:
        """The whole rule file, with what the decision says."""
        return {
            **self.row.value,
            "first_day": self.row.first_day.isoformat(),
            "revision": str(self.row.revision),
            "decided_at": self.row.decided_at.isoformat(),
        }


def decided(choice_system_id: int, on: date) -> list[Decided]:
    """Every decided rule set, the latest first day first, with how it stands on a day.

    In force is the latest first day that has come; a later revision of the same day
    has taken the place of the ones before it.
    """
    rows = db.session.execute(
        select(Rule, User.name)
        .outerjoin(User, User.id == Rule.decided_by_id)
        .where(Rule.choice_system_id == choice_system_id, Rule.key == KEY)
        .order_by(Rule.first_day.desc(), Rule.revision.desc())
    ).all()
    found: list[Decided] = []
    for row, name in rows:
        found.append(Decided(row, name or "", _status(row, found, on)))
    return found


def _status(row: Rule, later: Sequence[Decided], on: date) -> str:
    if any(one.row.first_day == row.first_day for one in later):
        return "replaced"
    if row.first_day > on:
        return "coming"
    return "earlier" if any(one.status == "in_force" for one in later) else "in_force"


def in_force(choice_system_id: int, on: date) -> Decided | None:
    found = decided(choice_system_id, on)
    return next((one for one in found if one.status == "in_force"), None)


def before(one: Decided, among: Sequence[Decided]) -> Decided | None:
    """The rule set that this one took over from."""
    at = [other.row.id for other in among].index(one.row.id)
    return next(iter(among[at + 1 :]), None)


def rule(actor: Actor, public_id: str) -> Rule:
    return db.session.scalars(
        select(Rule)
        .join(ChoiceSystem, ChoiceSystem.id == Rule.choice_system_id)
        .where(
            Rule.public_id == public_id,
            Rule.key == KEY,
            ChoiceSystem.municipality_id == actor.municipality_id,
        )
    ).one()


def drafts(choice_system_id: int) -> Sequence[RuleDraft]:
    return db.session.scalars(
        select(RuleDraft)
        .where(RuleDraft.choice_system_id == choice_system_id)
        .order_by(RuleDraft.updated_at.desc(), RuleDraft.id)
    ).all()


def draft(actor: Actor, public_id: str) -> RuleDraft:
    return db.session.scalars(
        select(RuleDraft)
        .join(ChoiceSystem, ChoiceSystem.id == RuleDraft.choice_system_id)
        .where(
            RuleDraft.public_id == public_id,
            ChoiceSystem.municipality_id == actor.municipality_id,
        )
    ).one()


def placement_numbered(actor: Actor, number: str) -> Placement | None:
    """A placement of the municipality's by its number; finance sees no more of it."""
    return db.session.scalars(
        select(Placement).where(
            Placement.municipality_id == actor.municipality_id,
            Placement.number == number,
        )
    ).one_or_none()


def grants(actor: Actor) -> Sequence[Row[Any]]:
    """Supplements that stand, the latest first: the grant, its placement's number."""
    later = aliased(SupplementGrant)
    return db.session.execute(
        select(
            SupplementGrant,
            Placement.number,
            Placement.client_id,
            User.name.label("by"),
        )
        .join(Placement, Placement.id == SupplementGrant.placement_id)
        .outerjoin(User, User.id == SupplementGrant.recorded_by_id)
        .outerjoin(later, later.replaces_id == SupplementGrant.id)
        .where(Placement.municipality_id == actor.municipality_id, later.id.is_(None))
        .order_by(SupplementGrant.recorded_at.desc(), SupplementGrant.id.desc())
    ).all()


def grant(actor: Actor, public_id: str) -> SupplementGrant:
    return db.session.scalars(
        select(SupplementGrant)
        .join(Placement, Placement.id == SupplementGrant.placement_id)
        .where(
            SupplementGrant.public_id == public_id,
            Placement.municipality_id == actor.municipality_id,
        )
    ).one()


def is_replaced(grant: SupplementGrant) -> bool:
    """Whether a later row stands in its place, once nobody else changes it.

    The placement is held until the transaction ends.
    """
    placement = select(Placement.id).where(Placement.id == grant.placement_id)
    db.session.execute(placement.with_for_update())
    later = select(SupplementGrant.id).where(SupplementGrant.replaces_id == grant.id)
    return db.session.scalar(later) is not None


def standing_grants(placement: Placement, code: str) -> Sequence[SupplementGrant]:
    """What a placement has of a supplement, but for what was taken back whole."""
    later = aliased(SupplementGrant)
    return db.session.scalars(
        select(SupplementGrant)
        .outerjoin(later, later.replaces_id == SupplementGrant.id)
        .where(
            SupplementGrant.placement_id == placement.id,
            SupplementGrant.code == code,
            or_(
                SupplementGrant.end_day.is_(None),
                SupplementGrant.end_day > SupplementGrant.first_day,
            ),
            later.id.is_(None),
        )
        .order_by(SupplementGrant.first_day, SupplementGrant.id)
    ).all()


def supplements_in(
    choice_system_id: int, month: date, end: date, known_at: datetime
) -> Sequence[Row[Any]]:
    """What placements have in a month, as known at an instant, for the run.

    placement_id, code, start, end, amount, reason, proof; by placement.
    """
    later = aliased(SupplementGrant)
    replaced = (later.replaces_id == SupplementGrant.id) & (
        later.recorded_at <= known_at
    )
    query = (
        select(
            SupplementGrant.placement_id,
            SupplementGrant.code,
            SupplementGrant.first_day.label("start"),
            SupplementGrant.end_day.label("end"),
            SupplementGrant.amount,
            SupplementGrant.reason,
            SupplementGrant.proof,
        )
        .join(Placement, Placement.id == SupplementGrant.placement_id)
        .outerjoin(later, replaced)
        .where(
            Placement.choice_system_id == choice_system_id,
            SupplementGrant.recorded_at <= known_at,
            SupplementGrant.first_day < end,
            or_(SupplementGrant.end_day.is_(None), SupplementGrant.end_day > month),
            later.id.is_(None),
        )
        .order_by(
            SupplementGrant.placement_id,
            SupplementGrant.first_day,
            SupplementGrant.id,
        )
    )
    return db.session.connection().execute(query).all()


def names_of(rules: RuleSet | None) -> Mapping[str, str]:
    """The supplements that the rules have, by code."""
    return {one.code: one.name for one in rules.supplements} if rules else {}
