"""The demo's queue: somebody leaves a full unit, and the place is offered."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from lovdv.access import Actor
from lovdv.demo.doing import Doing
from lovdv.demo.people import Rooted
from lovdv.extensions import db
from lovdv.placements import operations as placements
from lovdv.placements.models import Placement
from lovdv.placements.occupancy import held_by
from lovdv.placements.plans import first_day_in
from lovdv.queues import lines, operations

FULL_UNIT = "Träffen"
"""Everybody who wants to be there has to wait."""


@dataclass(frozen=True)
class Queueing:
    """What users do about the queue."""

    doing: Doing

    @property
    def free_from(self) -> date:
        return self.doing.start() - timedelta(days=2)

    def leave(self, one: Rooted, _actor: Actor) -> None:
        """The person's last day there is told; nobody has the place after it."""
        placements.end(
            placement=self._placement(one), end_day=self.free_from, reason="own_wish"
        )

    def offer_place_of(self, other: Rooted, one: Rooted, actor: Actor) -> None:
        """The place that becomes free, to the first in line."""
        standing = lines.standing(one.client_id)
        assert standing is not None
        half_days = held_by(self._placement(other), self.free_from)
        operations.make_offer(
            entry=standing.entry,
            half_days=half_days,
            first_day=first_day_in(half_days, self.doing.start()),
            passed={},
            by_id=actor.user_id,
        )

    def _placement(self, one: Rooted) -> Placement:
        unit = self.doing.unit(FULL_UNIT)
        return db.session.scalars(
            select(Placement).where(
                Placement.client_id == one.client_id, Placement.unit_id == unit.id
            )
        ).one()
