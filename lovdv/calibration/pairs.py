"""Two assessors at one meeting: a colleague scores it blind, beside the official one.

The second scoring never replaces the official one. A colleague is invited while the
official assessment is a draft that nobody else can read, and begins before it is
signed; from then until it is handed in the whole case is closed to the colleague
(`people.scope.scoring_blind`). The pair is closed when both have finished, and only
then may either see what the other gave.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from lovdv import audit
from lovdv.access import Actor
from lovdv.accounts.models import TeamMember, User
from lovdv.calibration import queries
from lovdv.calibration.models import BlindScoring, CalibrationRound
from lovdv.clock import now, today
from lovdv.database import in_period
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs.models import Assessment
from lovdv.needs.queries import earlier_assessors, has_scored
from lovdv.people.models import Assignment, Opening
from lovdv.systems.models import ChoiceSystem

DAYS = timedelta(days=14)
NAME = "Samma möte"


def colleagues(actor: Actor, assessment: Assessment) -> list[User]:
    """Other assessors whose case it is too: only they may score the same meeting.

    Not those who have held the draft before: they do not score it blind.
    """
    holders = _holders(assessment.client_id) - earlier_assessors(assessment.id)
    return [
        item.user
        for item in queries.invitees(actor.municipality_id)
        if item.user.id in holders and item.user.id != actor.user_id
    ]


def _holders(client_id: int) -> set[int]:
    """Who has the case today: alone, in a team, or opened with a reason."""
    held = select(Assignment).where(
        Assignment.client_id == client_id,
        in_period(today(), Assignment.first_day, Assignment.end_day),
    )
    alone = held.with_only_columns(Assignment.user_id)
    members = select(TeamMember.user_id).where(
        TeamMember.team_id.in_(held.with_only_columns(Assignment.team_id)),
        in_period(today(), TeamMember.first_day, TeamMember.end_day),
    )
    opened = select(Opening.user_id).where(
        Opening.client_id == client_id, Opening.until > now()
    )
    found = (db.session.scalars(query) for query in (alone, members, opened))
    return {user for part in found for user in part if user is not None}


def pair_of(assessment: Assessment) -> CalibrationRound | None:
    """The pair of an assessment, if a colleague was invited."""
    return db.session.scalars(
        select(CalibrationRound)
        .where(CalibrationRound.assessment_id == assessment.id)
        .options(
            selectinload(CalibrationRound.scorings).joinedload(BlindScoring.assessor)
        )
    ).first()


def invite(*, assessment: Assessment, colleague: User, by: Actor) -> BlindScoring:
    """Ask a colleague who was there to score the same meeting, without seeing this."""
    if colleague.id not in {user.id for user in colleagues(by, assessment)}:
        raise Refused("Välj en kollega som har ärendet.", "colleague")
    if assessment.signed_at is not None:
        raise Refused(
            "Bedömningen är signerad, så en kollega kan inte längre bedöma blint."
        )
    if pair_of(assessment) is not None:
        raise Refused("En kollega är redan inbjuden till det här mötet.")
    group = queries.groups_of(by.municipality_id, [colleague.id])
    new = CalibrationRound(
        choice_system_id=assessment.decision.choice_system_id,
        kind="meeting",
        name=NAME,
        instrument_version_id=assessment.instrument_version_id,
        assessment_id=assessment.id,
        first_day=today(),
        end_day=today() + DAYS,
        created_at=now(),
        created_by_id=by.user_id,
    )
    scoring = BlindScoring(
        round=new,
        assessor_id=colleague.id,
        group_name=group.get(colleague.id, queries.NO_GROUP),
    )
    db.session.add(new)
    db.session.flush()
    _note("calibration.invite", new, scoring)
    return scoring


def begin(*, scoring: BlindScoring) -> None:
    """Say yes: until it is handed in, the case itself is closed to this person."""
    assessment = _assessment(scoring)
    db.session.refresh(assessment, ["signed_at", "assessor_id"], with_for_update=True)
    if assessment.signed_at is not None:
        raise Refused(
            "Din kollega har redan signerat sin bedömning, så det går inte längre "
            "att bedöma mötet blint. Tacka nej i stället."
        )
    if has_scored(assessment, scoring.assessor_id):
        raise Refused("Du har själv bedömt. Tacka nej till den här.")
    if scoring.round.end_day <= today():
        raise Refused("Sista dagen har passerat. Be din kollega bjuda in dig igen.")
    scoring.begun_at = scoring.begun_at or now()
    db.session.flush()
    _note("calibration.begin", scoring.round, scoring)


def decline(*, scoring: BlindScoring) -> None:
    """Say no, or stop half-way: nothing of the second scoring is kept."""
    if scoring.submitted_at is not None or scoring.round.closed_at is not None:
        raise Refused("Du har lämnat in bedömningen, och den ändras inte mer.")
    _note("calibration.decline", scoring.round, scoring)
    _delete(scoring.round)


def forget_with(assessment: Assessment) -> None:
    """The official draft is thrown away: what was to be compared with it goes too."""
    found = pair_of(assessment)
    if found is not None:
        _delete(found)


def _delete(round_: CalibrationRound) -> None:
    for scoring in round_.scorings:
        scoring.submitted_at = None
        db.session.flush()
        for answer in scoring.answers:
            db.session.delete(answer)
        db.session.flush()
        db.session.delete(scoring)
    db.session.flush()
    db.session.delete(round_)
    db.session.flush()


def signed(assessment: Assessment) -> None:
    """The official assessment is signed: the pair is closed if the other is done."""
    found = pair_of(assessment)
    if found is not None:
        close_when_both(found)


def close_when_both(round_: CalibrationRound) -> None:
    """Close a pair when both have finished; other rounds the lead closes.

    One who took over the official assessment is no longer the other one.
    """
    assessment = round_.assessment
    if assessment is None or not _locked(round_, assessment):
        return
    if any(has_scored(assessment, one.assessor_id) for one in round_.scorings):
        _delete(round_)
        return
    done = all(scoring.submitted_at for scoring in round_.scorings)
    if done and assessment.signed_at is not None:
        round_.closed_at = now()
        db.session.flush()


def _locked(round_: CalibrationRound, assessment: Assessment) -> bool:
    """Wait for the other one of the pair and read what they did; whether it is open.

    Both may finish at the same time: whoever comes last here sees them both.
    """
    query = select(CalibrationRound.closed_at).where(CalibrationRound.id == round_.id)
    rows = db.session.scalars(query.with_for_update()).all()
    if rows != [None]:
        return False
    db.session.refresh(assessment, ["signed_at", "assessor_id"])
    for scoring in round_.scorings:
        db.session.refresh(scoring, ["submitted_at"])
    return True


def _assessment(scoring: BlindScoring) -> Assessment:
    assert scoring.round.assessment is not None
    return scoring.round.assessment


def _note(action: str, round_: CalibrationRound, scoring: BlindScoring) -> None:
    assert round_.assessment is not None or round_.assessment_id is not None
    audit.change(
        action, about=[_assessment(scoring).client_id], object=scoring.public_id
    )


def _closed(actor: Actor) -> Select[tuple[CalibrationRound]]:
    """Pairs that the actor is one of, both having finished, the case still theirs."""
    return (
        select(CalibrationRound)
        .join(CalibrationRound.assessment)
        .join(BlindScoring, BlindScoring.round_id == CalibrationRound.id)
        .where(
            CalibrationRound.closed_at.is_not(None),
            or_(
                BlindScoring.assessor_id == actor.user_id,
                Assessment.assessor_id == actor.user_id,
            ),
            Assessment.client_id.in_(queries.people_with_case(actor)),
        )
        .options(
            contains_eager(CalibrationRound.assessment).joinedload(Assessment.client),
            contains_eager(CalibrationRound.assessment).joinedload(Assessment.signed),
            contains_eager(CalibrationRound.assessment).joinedload(Assessment.assessor),
            joinedload(CalibrationRound.instrument_version),
            selectinload(CalibrationRound.scorings).joinedload(BlindScoring.assessor),
        )
    )


def closed_pairs(actor: Actor) -> Sequence[CalibrationRound]:
    return db.session.scalars(
        _closed(actor).order_by(CalibrationRound.closed_at.desc())
    ).all()


def closed_pair(actor: Actor, public_id: str) -> CalibrationRound:
    return db.session.scalars(
        _closed(actor).where(CalibrationRound.public_id == public_id)
    ).one()


def all_closed(actor: Actor) -> Sequence[CalibrationRound]:
    """Every closed pair of the municipality, for figures that name nobody."""
    return db.session.scalars(
        select(CalibrationRound)
        .join(ChoiceSystem, ChoiceSystem.id == CalibrationRound.choice_system_id)
        .where(
            ChoiceSystem.municipality_id == actor.municipality_id,
            CalibrationRound.kind == "meeting",
            CalibrationRound.closed_at.is_not(None),
        )
        .options(
            joinedload(CalibrationRound.assessment).joinedload(Assessment.signed),
            joinedload(CalibrationRound.instrument_version),
            selectinload(CalibrationRound.scorings).selectinload(BlindScoring.answers),
        )
    ).all()
