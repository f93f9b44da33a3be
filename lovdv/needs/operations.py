"""After the signature: reviewing, and establishing the level."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from sqlalchemy import func, select

from lovdv import audit
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.formats import last_day
from lovdv.needs import effect, queries
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import (
    Assessment,
    Level,
    Review,
    ReviewComment,
)
from lovdv.people.models import Decision
from lovdv.placements.levels import level_held
from lovdv.systems.queries import rule

LATEST_START = timedelta(days=366)
OWN = "Du har själv bedömt. En kollega måste granska bedömningen."


@dataclass(frozen=True)
class Proposal:
    """What establishing an assessment would mean, before anybody has said yes."""

    change: effect.Change
    first_day: date
    needs_ground: bool
    part_of_decision: bool
    current: Level | None

    @property
    def may_choose_day(self) -> bool:
        return self.change is effect.Change.FIRST


def review(
    *,
    assessment: Assessment,
    verdict: str,
    comment: str,
    by_id: int,
    comments: Mapping[str, str] = MappingProxyType({}),
) -> Review:
    """A colleague agrees or not; nobody reviews what they scored themselves.

    `comments` are by question; they stand, as the review does.
    """
    _refuse_review(assessment, by_id)
    if verdict == "disagreed" and not (comment or comments):
        raise Refused("Skriv vad du ser annorlunda, fråga för fråga.", "comment")
    new = Review(
        assessment=assessment,
        assessor_id=assessment.assessor_id,
        reviewer_id=by_id,
        verdict=verdict,
        comment=comment,
        reviewed_at=now(),
        comments=[
            ReviewComment(question=question, text=text)
            for question, text in sorted(comments.items())
        ],
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "assessment.review",
        about=[assessment.client_id],
        object=assessment.public_id,
        after={"verdict": verdict},
    )
    return new


def _refuse_review(assessment: Assessment, by_id: int) -> None:
    if queries.has_scored(assessment, by_id):
        raise Refused(OWN)
    _lock(assessment.decision)
    db.session.expire(assessment, ["review"])
    if assessment.review is not None:
        raise Refused("Bedömningen är redan granskad.")
    if queries.level_from(assessment.id) is not None:
        raise Refused("Nivån är redan fastställd och granskas inte mer.")
    if state_of(assessment) != "to_review":
        raise Refused("Bedömningen väntar inte på granskning.")


def state_of(assessment: Assessment) -> str:
    """Where a signed assessment stands: what somebody has to do next."""
    if queries.level_from(assessment.id) is not None:
        return "established"
    if queries.later_level(assessment) is not None:
        return "superseded"
    if assessment.review is not None:
        agreed = assessment.review.verdict == "agreed"
        return "to_establish" if agreed else "disagreed"
    return "to_review" if assessment.needs_review else "to_establish"


def proposal(assessment: Assessment) -> Proposal:
    """What the settings in force say about establishing this assessment today."""
    assert assessment.signed is not None
    instrument = instrument_of(assessment.instrument_version)
    levels = [level.label for level in instrument.levels]
    current = level_held(assessment.decision_id, date.max)
    settings = rule(assessment.decision.choice_system_id, "level_effect", today())
    how = effect.change(
        levels, current.level if current else None, assessment.signed.level
    )
    return Proposal(
        change=how,
        first_day=effect.first_day(settings, how, _occasion(assessment, current)),
        needs_ground=effect.needs_ground(settings, how),
        part_of_decision=bool(settings["part_of_decision"]),
        current=current,
    )


def _occasion(assessment: Assessment, current: Level | None) -> effect.Occasion:
    assert assessment.held_on is not None
    request = queries.request_behind(assessment.id)
    return effect.Occasion(
        held_on=assessment.held_on,
        asked_on=request.asked_on if request else None,
        decided_on=today(),
        decision_first_day=assessment.decision.first_day,
        preliminary_first_day=_preliminary_since(assessment.decision, current),
        kind=assessment.kind,
    )


def _preliminary_since(decision: Decision, current: Level | None) -> date | None:
    """The first of the days in a row that are preliminary up to the last decided.

    A level carried over from an earlier decision counts from this decision's first day.
    """
    if current is not None and current.decision_id != decision.id:
        is_preliminary = current.assessment.kind == "preliminary"
        return decision.first_day if is_preliminary else None
    since = None
    for level in queries.levels_in_force(decision.id):
        if level.assessment.kind != "preliminary":
            return since
        since = level.first_day
    return since


def establish(
    *, assessment: Assessment, first_day: date | None, ground: str, by_id: int | None
) -> Level:
    """Make the signed result the person's level from a day.

    The day follows the settings; only a first level's day may be chosen. A lowering
    inside a favourable decision needs its ground.
    """
    _lock(assessment.decision)
    refuse_unready(assessment)
    proposed = proposal(assessment)
    if proposed.needs_ground and not ground:
        raise Refused(
            "Nivån är en del av det gynnande beslutet och sänks inte utan grund. "
            "Ange grunden för ändringen.",
            "ground",
        )
    day = proposed.first_day
    if proposed.may_choose_day and first_day is not None:
        day = _chosen(assessment.decision, first_day)
    _refuse_after_end(assessment.decision, day)
    level = _add(assessment, day, ground, by_id)
    for later in _later_days(assessment.decision_id, day):
        _add(assessment, later, ground, by_id)
    audit.change(
        "level.establish",
        about=[assessment.client_id],
        object=level.public_id,
        before={"level": proposed.current.level if proposed.current else ""},
        after={"level": level.level, "first_day": day},
    )
    return level


def _lock(decision: Decision) -> None:
    db.session.refresh(decision, ["status"], with_for_update=True)


def refuse_unready(assessment: Assessment) -> None:
    """Say why a level cannot be established yet, or no more."""
    if assessment.signed is None:
        raise Refused("Bedömningen är inte signerad. Signera den först.")
    if queries.level_from(assessment.id) is not None:
        raise Refused("Nivån är redan fastställd.")
    if queries.later_level(assessment) is not None:
        raise Refused(
            "En nyare bedömning har redan gett personens nivå. "
            "Gör en ny bedömning om nivån ska ändras."
        )
    agreed = assessment.review is not None and assessment.review.verdict == "agreed"
    if assessment.review is not None and not agreed:
        raise Refused(
            "Granskaren håller inte med. Gör en ny bedömning tillsammans först."
        )
    if assessment.needs_review and not agreed:
        raise Refused("Bedömningen ska granskas av en kollega innan nivån fastställs.")


def _chosen(decision: Decision, day: date) -> date:
    if day < decision.first_day:
        raise Refused(
            "Nivån kan inte gälla före beslutet. Välj en dag från och med "
            f"{decision.first_day.isoformat()}.",
            "first_day",
        )
    if day > today() + LATEST_START:
        raise Refused("Välj en dag inom ett år.", "first_day")
    return day


def _refuse_after_end(decision: Decision, day: date) -> None:
    if decision.end_day is not None and day >= decision.end_day:
        raise Refused(
            f"Beslutet gäller till och med {last_day(decision.end_day)}, och nivån "
            f"skulle börja gälla först {day_text(day)}. Ett nytt beslut behövs.",
            "first_day",
        )


def _later_days(decision_id: int, day: date) -> list[date]:
    """First days after the new one: what was decided for them is superseded too."""
    return list(
        db.session.scalars(
            select(Level.first_day)
            .where(Level.decision_id == decision_id, Level.first_day > day)
            .distinct()
            .order_by(Level.first_day)
        )
    )


def _add(assessment: Assessment, day: date, ground: str, by_id: int | None) -> Level:
    assert assessment.signed is not None
    revision = db.session.scalar(
        select(func.coalesce(func.max(Level.revision), 0)).where(
            Level.decision_id == assessment.decision_id, Level.first_day == day
        )
    )
    new = Level(
        client_id=assessment.client_id,
        decision_id=assessment.decision_id,
        choice_system_id=assessment.decision.choice_system_id,
        assessment_id=assessment.id,
        level=assessment.signed.level,
        price_level=assessment.signed.price_level,
        first_day=day,
        revision=(revision or 0) + 1,
        ground=ground,
        established_at=now(),
        established_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    return new
