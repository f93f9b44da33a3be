"""Whatever is tried in whatever order: a closed round's scorings never change."""

import hashlib

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from lovdv.access import Role
from lovdv.calibration import blind, operations, results
from lovdv.calibration.models import BlindAnswer, BlindScoring, CalibrationRound
from lovdv.calibration.sent import Typed
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from tests import make
from tests import make_calibration as made

TABLES = (CalibrationRound.__table__, BlindScoring.__table__, BlindAnswer.__table__)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["answer", "submit", "close", "extend", "update", "delete", "insert"]
        ),
        st.integers(0, 3),
        st.sampled_from("1234"),
    ),
    max_size=14,
)


def digests(round_: CalibrationRound) -> dict[tuple[str, int], str]:
    """Every row of the round that counts in its result, as a digest of the whole."""
    scorings = select(BlindScoring.id).where(BlindScoring.round_id == round_.id)
    handed_in = scorings.where(BlindScoring.submitted_at.is_not(None))
    rounds, scored, answers = TABLES
    queries = (
        select(rounds).where(rounds.c.id == round_.id),
        select(scored).where(scored.c.round_id == round_.id),
        select(answers).where(answers.c.scoring_id.in_(handed_in)),
    )
    return {
        (table.name, row["id"]): hashlib.sha256(repr(row).encode()).hexdigest()
        for table, query in zip(TABLES, queries, strict=True)
        for row in db.session.execute(query).mappings()
    }


def attempt(round_: CalibrationRound, what: str, who: int, level: str) -> None:
    """One thing that a user, or somebody at the database, may try."""
    scoring = round_.scorings[who]
    if what == "answer":
        typed = [
            Typed(name, value, "", blind.token(row_of(scoring, name)))
            for name, value in made.LEVELS[level].items()
        ]
        blind.save_answers(scoring=scoring, typed=typed)
    elif what == "submit":
        blind.submit(scoring=scoring)
    elif what == "close":
        operations.close_round(round_=round_, by_id=None)
    elif what == "extend":
        operations.extend(round_=round_, end_day=made.PERIOD.end_day)
    else:
        at_the_database(scoring, what, level)


def row_of(scoring: BlindScoring, name: str) -> BlindAnswer | None:
    return next((row for row in scoring.answers if row.question == name), None)


def at_the_database(scoring: BlindScoring, what: str, level: str) -> None:
    _, scored, answers = TABLES
    own = answers.c.scoring_id == scoring.id
    if what == "update":
        db.session.execute(update(answers).where(own).values(answer=level))
    elif what == "delete":
        db.session.execute(delete(answers).where(own))
    else:
        new = {"round_id": scoring.round_id, "assessor_id": scoring.assessor_id}
        values = {"public_id": f"n{level}", "level": level, "submitted_at": now()}
        other = {"group_name": "", "position": 9}
        db.session.execute(insert(scored).values(**new, **values, **other))


def tried(round_: CalibrationRound, step: tuple[str, int, str]) -> None:
    """Refusals are as good as no effect."""
    try:
        with db.session.begin_nested():
            attempt(round_, *step)
    except (Refused, DBAPIError):
        db.session.expire_all()


def test_a_closed_rounds_scorings_never_change(app: Flask) -> None:
    make.instrument()
    users = made.assessors(*["Norr"] * 4)
    lead = made.actor(make.user(Role.LEAD))

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(before=STEPS, after=STEPS)
    def holds(
        before: list[tuple[str, int, str]], after: list[tuple[str, int, str]]
    ) -> None:
        with db.session.begin_nested() as undone:
            round_ = made.round_of(users)
            for step in before:
                tried(round_, step)
            if round_.closed_at is None:
                made.close(round_)
            frozen, shown = digests(round_), results.round_result(lead, round_)
            for step in after:
                tried(round_, step)
            assert digests(round_) == frozen
            db.session.expire_all()
            again = results.round_result(lead, round_)
            assert (again.levels, again.people) == (shown.levels, shown.people)
            undone.rollback()
        db.session.expire_all()

    holds()
