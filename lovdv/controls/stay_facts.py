"""Where people were by other notes than their attendance, and who has died."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from lovdv.extensions import db
from lovdv.payouts.models import PaymentRun
from lovdv.people.models import Client, Decision, Interruption
from lovdv.placements.models import Pause, Placement
from payments import Month, Ref, Span


def stays(run: PaymentRun, month: Month) -> dict[Ref, Sequence[Span]]:
    """By client: days when a placement rests or the decision is interrupted."""
    pauses = (
        select(Placement.client_id, Pause.first_day, Pause.end_day)
        .join(Placement, Placement.id == Pause.placement_id)
        .where(
            Placement.municipality_id == run.municipality_id,
            Placement.annulled_at.is_(None),
            Pause.annulled_at.is_(None),
            _overlaps(month, Pause),
        )
    )
    interruptions = (
        select(Decision.client_id, Interruption.first_day, Interruption.end_day)
        .join(Decision, Decision.id == Interruption.decision_id)
        .where(
            Decision.choice_system_id == run.choice_system_id,
            _overlaps(month, Interruption),
        )
    )
    found: dict[Ref, list[Span]] = defaultdict(list)
    for query in (pauses, interruptions):
        for client, start, end in db.session.execute(query):
            found[client].append(Span(start, end))
    return dict(found)


def _overlaps(month: Month, period: type[Pause | Interruption]) -> Any:
    return and_(
        period.first_day < month.end,
        or_(period.end_day.is_(None), period.end_day > month.first),
    )


def deaths(run: PaymentRun, month: Month) -> dict[Ref, date]:
    """By client: the day of those who died before the month was over."""
    rows = db.session.execute(
        select(Client.id, Client.died_on).where(
            Client.municipality_id == run.municipality_id,
            Client.died_on.is_not(None),
            Client.died_on < month.end,
        )
    )
    return {client: day for client, day in rows if day}
