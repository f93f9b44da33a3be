"""Reading vignettes, rounds and scorings: blindness stands here, in the queries.

An assessor finds their own scorings only. What others gave is read by
`handed_in`, which finds nothing of a round that is not closed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from lovdv.access import Actor, Role
from lovdv.accounts.models import Team, TeamMember, User
from lovdv.accounts.queries import holders_of
from lovdv.calibration.models import BlindScoring, CalibrationRound, Vignette
from lovdv.clock import today
from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.needs.models import Assessment, InstrumentVersion
from lovdv.people.models import Client
from lovdv.people.scope import assigned_to, guided_by, opened_by
from lovdv.systems.models import ChoiceSystem

NO_GROUP = "Utan grupp"


def vignettes(actor: Actor) -> Sequence[Vignette]:
    """The latest version of each case, by title."""
    newest = (
        select(func.max(Vignette.id))
        .join(ChoiceSystem, ChoiceSystem.id == Vignette.choice_system_id)
        .where(ChoiceSystem.municipality_id == actor.municipality_id)
        .group_by(Vignette.choice_system_id, Vignette.series)
    )
    return db.session.scalars(
        select(Vignette).where(Vignette.id.in_(newest)).order_by(Vignette.title)
    ).all()


def vignette(actor: Actor, public_id: str) -> Vignette:
    return db.session.scalars(
        select(Vignette)
        .join(ChoiceSystem, ChoiceSystem.id == Vignette.choice_system_id)
        .where(
            ChoiceSystem.municipality_id == actor.municipality_id,
            Vignette.public_id == public_id,
        )
    ).one()


def versions_of(vignette: Vignette) -> Sequence[Vignette]:
    """Every version of the same case, the latest first."""
    return db.session.scalars(
        select(Vignette)
        .where(
            Vignette.choice_system_id == vignette.choice_system_id,
            Vignette.series == vignette.series,
        )
        .order_by(Vignette.version.desc())
    ).all()


def series_in(choice_system_id: int) -> Collection[str]:
    return db.session.scalars(
        select(Vignette.series)
        .where(Vignette.choice_system_id == choice_system_id)
        .distinct()
    ).all()


def published_versions(actor: Actor) -> Sequence[InstrumentVersion]:
    """What a round may be scored with, the latest first."""
    return db.session.scalars(
        select(InstrumentVersion)
        .join(ChoiceSystem, ChoiceSystem.id == InstrumentVersion.choice_system_id)
        .where(
            ChoiceSystem.municipality_id == actor.municipality_id,
            InstrumentVersion.status == "published",
        )
        .order_by(InstrumentVersion.first_day.desc())
    ).all()


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who may be invited, and the group that their scorings count in."""

    user: User
    group: str


def invitees(municipality_id: int) -> list[Invitee]:
    """Everyone who assesses today, by group and name."""
    users = holders_of(municipality_id, Role.ASSESSOR, today())
    groups = groups_of(municipality_id, [user.id for user in users])
    found = [Invitee(user, groups.get(user.id, NO_GROUP)) for user in users]
    return sorted(found, key=lambda item: item.group)


def groups_of(municipality_id: int, user_ids: Collection[int]) -> dict[int, str]:
    """The group (team) that each user is in today; the first by name of several."""
    rows = db.session.execute(
        select(TeamMember.user_id, Team.name)
        .join(Team, Team.id == TeamMember.team_id)
        .where(
            Team.municipality_id == municipality_id,
            TeamMember.user_id.in_(user_ids),
            in_period(today(), TeamMember.first_day, TeamMember.end_day),
        )
        .order_by(Team.name.desc())
    )
    return dict(rows.all())


def _rounds(actor: Actor) -> Select[tuple[CalibrationRound]]:
    """The lead's rounds; a pair at a real meeting is nobody's but the two's."""
    return (
        select(CalibrationRound)
        .join(ChoiceSystem, ChoiceSystem.id == CalibrationRound.choice_system_id)
        .where(
            ChoiceSystem.municipality_id == actor.municipality_id,
            CalibrationRound.kind == "vignettes",
        )
    )


def rounds(actor: Actor) -> Sequence[CalibrationRound]:
    """Every round, the open first, then the latest."""
    return db.session.scalars(
        _rounds(actor)
        .options(joinedload(CalibrationRound.instrument_version))
        .order_by(
            CalibrationRound.closed_at.is_not(None), CalibrationRound.end_day.desc()
        )
    ).all()


def round_(actor: Actor, public_id: str) -> CalibrationRound:
    return db.session.scalars(
        _rounds(actor)
        .where(CalibrationRound.public_id == public_id)
        .options(joinedload(CalibrationRound.instrument_version))
    ).one()


def closed_round(actor: Actor, public_id: str) -> CalibrationRound:
    """A round whose results may be shown."""
    return db.session.scalars(
        _rounds(actor)
        .where(
            CalibrationRound.public_id == public_id,
            CalibrationRound.closed_at.is_not(None),
        )
        .options(joinedload(CalibrationRound.instrument_version))
    ).one()


def cases_of(round_id: int) -> Sequence[Vignette]:
    """The round's cases in their order."""
    first = (
        select(BlindScoring.vignette_id, func.min(BlindScoring.position).label("at"))
        .where(BlindScoring.round_id == round_id)
        .group_by(BlindScoring.vignette_id)
        .subquery()
    )
    return db.session.scalars(
        select(Vignette)
        .join(first, first.c.vignette_id == Vignette.id)
        .order_by(first.c.at)
    ).all()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one person has come; the lead sees sums of these, never one."""

    group: str
    to_score: int
    handed_in: int


def progress(round_id: int) -> list[Progress]:
    """One row for each person invited, without saying who."""
    rows = db.session.execute(
        select(
            BlindScoring.group_name,
            func.count(),
            func.count(BlindScoring.submitted_at),
        )
        .where(BlindScoring.round_id == round_id)
        .group_by(BlindScoring.assessor_id, BlindScoring.group_name)
    )
    return [Progress(*row) for row in rows]


def handed_in(
    actor: Actor, round_ids: Collection[int] | None = None, kind: str = "vignettes"
) -> Sequence[BlindScoring]:
    """What was handed in, of closed rounds only."""
    query = (
        select(BlindScoring)
        .join(BlindScoring.round)
        .join(ChoiceSystem, ChoiceSystem.id == CalibrationRound.choice_system_id)
        .where(
            ChoiceSystem.municipality_id == actor.municipality_id,
            CalibrationRound.kind == kind,
            CalibrationRound.closed_at.is_not(None),
            BlindScoring.submitted_at.is_not(None),
        )
        .options(selectinload(BlindScoring.answers), contains_eager(BlindScoring.round))
    )
    if round_ids is not None:
        query = query.where(CalibrationRound.id.in_(round_ids))
    return db.session.scalars(
        query.order_by(BlindScoring.position, BlindScoring.id)
    ).all()


def _own(actor: Actor) -> Select[tuple[BlindScoring]]:
    """The actor's own scorings; of a real person only while the case is theirs."""
    return (
        select(BlindScoring)
        .join(BlindScoring.round)
        .join(ChoiceSystem, ChoiceSystem.id == CalibrationRound.choice_system_id)
        .outerjoin(Assessment, Assessment.id == CalibrationRound.assessment_id)
        .where(
            ChoiceSystem.municipality_id == actor.municipality_id,
            BlindScoring.assessor_id == actor.user_id,
            CalibrationRound.assessment_id.is_(None)
            | Assessment.client_id.in_(people_with_case(actor)),
        )
        .options(
            contains_eager(BlindScoring.round).joinedload(
                CalibrationRound.instrument_version
            ),
            contains_eager(BlindScoring.round)
            .joinedload(CalibrationRound.assessment)
            .joinedload(Assessment.client),
            joinedload(BlindScoring.vignette),
        )
    )


def people_with_case(actor: Actor) -> Select[tuple[int]]:
    """People whose cases are the actor's, also while the actor scores them blind."""
    return select(Client.id).where(
        Client.municipality_id == actor.municipality_id,
        assigned_to(actor) | opened_by(actor),
        ~guided_by(actor),
    )


def own_scorings(actor: Actor) -> Sequence[BlindScoring]:
    """Every scoring of the actor, what waits first, then the latest."""
    return db.session.scalars(
        _own(actor).order_by(
            CalibrationRound.closed_at.is_not(None),
            CalibrationRound.end_day.desc(),
            CalibrationRound.id.desc(),
            BlindScoring.position,
        )
    ).all()


def own_scoring(actor: Actor, public_id: str) -> BlindScoring:
    return db.session.scalars(
        _own(actor)
        .where(BlindScoring.public_id == public_id)
        .options(selectinload(BlindScoring.answers))
    ).one()


def own_closed(actor: Actor, public_id: str) -> BlindScoring:
    """The actor's own, handed in, of a round that is closed: it may be compared."""
    return db.session.scalars(
        _own(actor)
        .where(
            BlindScoring.public_id == public_id,
            BlindScoring.submitted_at.is_not(None),
            CalibrationRound.closed_at.is_not(None),
        )
        .options(selectinload(BlindScoring.answers))
    ).one()


def own_meeting(actor: Actor, public_id: str) -> BlindScoring:
    """An invitation to score a real meeting that is not handed in."""
    return db.session.scalars(
        _own(actor).where(
            BlindScoring.public_id == public_id,
            BlindScoring.submitted_at.is_(None),
            CalibrationRound.kind == "meeting",
        )
    ).one()
