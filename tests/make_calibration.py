"""Vignettes, rounds and blind scorings for tests: valid by default."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from lovdv.access import Actor, Role
from lovdv.accounts.models import User
from lovdv.accounts.operations import open_session
from lovdv.accounts.queries import actor_of
from lovdv.calibration import blind, operations, pairs, queries
from lovdv.calibration.models import BlindScoring, CalibrationRound, Vignette
from lovdv.calibration.sent import Period, Typed
from lovdv.extensions import db
from lovdv.needs.models import Assessment
from tests import make

PERIOD = Period(date(2026, 3, 16), date(2026, 3, 31))
LEVELS = make.LEVELS
"""Answers to the small instrument by the level that they give."""


def vignette(
    title: str = "Alva", text: str = "Alva är 27 år.", **of: object
) -> Vignette:
    return operations.add_vignette(
        choice_system_id=make.system().id, title=title, text=text, by_id=None, **of
    )


def assessors(*groups: str) -> list[User]:
    """One assessor for each name; those of the same name are a team."""
    users = [make.user(Role.ASSESSOR) for _ in groups]
    for group in dict.fromkeys(groups):
        own = [u for u, name in zip(users, groups, strict=True) if name == group]
        if group:
            make.team(*own, name=group)
    return users


def round_of(
    users: Iterable[User],
    *,
    cases: Iterable[Vignette] = (),
    period: Period = PERIOD,
    name: str = "Våren",
) -> CalibrationRound:
    """An open round of these assessors, of one case unless told."""
    ids = {user.id for user in users}
    everyone = queries.invitees(make.municipality().id)
    return operations.open_round(
        name=name,
        version=make.instrument(),
        cases=list(cases) or [vignette()],
        invited=[one for one in everyone if one.user.id in ids],
        period=period,
        by_id=None,
    )


def scoring_of(round_: CalibrationRound, user: User, case: int = 0) -> BlindScoring:
    rows = db.session.scalars(
        select(BlindScoring)
        .where(BlindScoring.round_id == round_.id, BlindScoring.assessor_id == user.id)
        .order_by(BlindScoring.position)
    ).all()
    return rows[case]


def answer(scoring: BlindScoring, reason: str = "", **answers: str) -> None:
    stored = {row.question: row for row in scoring.answers}
    blind.save_answers(
        scoring=scoring,
        typed=[
            Typed(name, value, reason, blind.token(stored.get(name)))
            for name, value in answers.items()
        ],
    )


def hand_in(scoring: BlindScoring, level: str = "2", reason: str = "") -> None:
    """Answer so that the level comes out, and hand in."""
    answer(scoring, reason, **LEVELS[level])
    assert blind.submit(scoring=scoring) == ()


def scored(round_: CalibrationRound, users: list[User], levels: str) -> None:
    """Each user's level on the first case, in order."""
    for user, level in zip(users, levels, strict=True):
        hand_in(scoring_of(round_, user), level)


def invited(assessment: Assessment, colleague: User) -> BlindScoring:
    """The colleague asked by the one who scores to score the same meeting."""
    by = actor(assessment.assessor)
    return pairs.invite(assessment=assessment, colleague=colleague, by=by)


def actor(user: User) -> Actor:
    found = actor_of(open_session(user=user))
    assert found is not None
    return found


def close(round_: CalibrationRound) -> CalibrationRound:
    operations.close_round(round_=round_, by_id=None)
    return round_
