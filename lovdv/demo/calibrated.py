"""The demo's calibration: a closed round, an open one, and meetings scored by two."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from assessment import Result, read_signed, score
from lovdv.access import Actor
from lovdv.accounts.models import User
from lovdv.calibration import blind, operations, pairs, queries
from lovdv.calibration.models import BlindAnswer, BlindScoring, CalibrationRound
from lovdv.calibration.sent import Period, Typed
from lovdv.clock import now, today
from lovdv.demo.acting import acting_as, set_day
from lovdv.demo.cast import Story
from lovdv.demo.ground import Ground
from lovdv.demo.people import Rooted, find
from lovdv.demo.users import USERS
from lovdv.extensions import db
from lovdv.needs import scoring as needs
from lovdv.needs.models import Assessment
from lovdv.people.models import Client, Decision

LEAD, FIRST, SECOND = "systemledare", "bedomare2", "bedomare"
NEED = {"exempel-alva": 1, "exempel-bo": 2}
DIVIDES = frozenset({4, 11})
"""Questions, by their place, that people in the demo read differently."""

REASON = "Det står så i fallet."
CLOSED, OPENED = timedelta(days=70), timedelta(days=6)
TWO_WEEKS = timedelta(days=14)


def calibrate(ground: Ground, rooted: list[Rooted]) -> None:
    """What the lead and the assessors have done, each on its day."""
    as_of, rng = ground.size.as_of, ground.size.random("calibration")
    set_day(max(as_of - CLOSED, ground.size.start))
    with acting_as(ground, LEAD) as lead:
        operations.add_examples(choice_system_id=ground.system_id, by_id=lead.user_id)
        _open(lead, "Första kalibreringen")
    _hand_in(ground, rng, everybody=True)
    with acting_as(ground, LEAD) as lead:
        _close(lead)
    set_day(as_of - OPENED)
    with acting_as(ground, LEAD) as lead:
        _open(lead, "Uppföljning")
    _hand_in(ground, rng, everybody=False)
    _meet(ground, rooted, rng)


def _open(lead: Actor, name: str) -> None:
    first = today()
    operations.open_round(
        name=name,
        version=queries.published_versions(lead)[0],
        cases=queries.vignettes(lead),
        invited=queries.invitees(lead.municipality_id),
        period=Period(first, first + TWO_WEEKS),
        by_id=lead.user_id,
    )


def _close(lead: Actor) -> None:
    round_ = queries.rounds(lead)[0]
    operations.close_round(round_=round_, by_id=lead.user_id)


def _hand_in(ground: Ground, rng: Random, *, everybody: bool) -> None:
    """Those who have signed in to the open round; the demo's own assessor waits."""
    for login in _assessors():
        if not everybody and login in {SECOND, "bedomare5", "bedomare6"}:
            continue
        with acting_as(ground, login) as actor:
            for one in queries.own_scorings(actor):
                if one.submitted_at is None and one.vignette is not None:
                    _score(one, NEED[one.vignette.series], rng)


def _assessors() -> Iterator[str]:
    return (person.login for person in USERS if person.login.startswith("bedomare"))


def _score(one: BlindScoring, need: int, rng: Random) -> None:
    instrument = blind.instrument_for(one)
    typed = [
        Typed(question.id, answer, REASON, blind.token(None))
        for question, answer in zip(
            instrument.questions(), _answers(need, rng), strict=False
        )
    ]
    blind.save_answers(scoring=one, typed=typed)
    missing = blind.submit(scoring=one)
    assert missing == ()


def _answers(need: int, rng: Random) -> Iterator[str]:
    """Around the need: some people lean, and a few questions divide."""
    lean, place = rng.choice((-1, 0, 0, 1)), 0
    while True:
        base = min(3, max(0, need + (-1, 0, 0, 1)[place % 4]))
        strays = rng.randrange(10) < (7 if place in DIVIDES else 3)
        yield str(min(3, max(0, base + (lean or rng.choice((-1, 1))) * strays)))
        place += 1


def _meet(ground: Ground, rooted: list[Rooted], rng: Random) -> None:
    """One meeting that two have finished, and one that a colleague is asked to."""
    with acting_as(ground, SECOND):
        signed = db.session.scalars(
            select(Assessment)
            .where(
                Assessment.assessor_id == ground.users[FIRST],
                Assessment.decision_id.in_(
                    [one.decision_id for one in find(rooted, Story.TO_REVIEW)]
                ),
            )
            .limit(1)
        ).first()
        if signed is not None:
            _finished(ground, signed, rng)
    asked = find(rooted, Story.TO_SCORE)[1:2]
    for one in asked:
        with acting_as(ground, FIRST) as actor:
            _ask(ground, one, actor)


def _finished(ground: Ground, signed: Assessment, rng: Random) -> None:
    """As it stood when both had finished; the second scored on the same day."""
    assert signed.signed is not None
    answers = {
        row.question: _near(row.answer, rng)
        for row in read_signed(signed.signed.document).answers
    }
    result = score(ground.instrument, answers)
    assert isinstance(result, Result)
    assert signed.signed_at is not None
    day: date = today()
    round_ = CalibrationRound(
        choice_system_id=ground.system_id,
        kind="meeting",
        name=pairs.NAME,
        instrument_version_id=ground.instrument_id,
        assessment_id=signed.id,
        first_day=day,
        end_day=day + TWO_WEEKS,
        created_at=now(),
        created_by_id=ground.users[FIRST],
    )
    second = BlindScoring(
        round=round_, assessor_id=ground.users[SECOND], group_name="Nivåbedömare"
    )
    second.answers = [
        BlindAnswer(question=name, answer=answer, updated_at=now())
        for name, answer in answers.items()
    ]
    db.session.add(round_)
    db.session.flush()
    second.begun_at = second.submitted_at = now()
    second.level = result.level
    db.session.flush()
    round_.closed_at = now()
    db.session.flush()


def _near(answer: str, rng: Random) -> str:
    """Mostly the same answer, now and then the one beside it."""
    step = rng.choice((-1, 0, 0, 0, 1))
    return str(min(3, max(0, int(answer) + step)))


def _ask(ground: Ground, one: Rooted, actor: Actor) -> None:
    draft = needs.begin(
        client=db.session.get_one(Client, one.client_id),
        decision=db.session.get_one(Decision, one.decision_id),
        kind="preliminary",
        held_on=today(),
        took_part="Personen själv och vi båda.",
        by_id=actor.user_id,
    )
    colleague = db.session.get_one(User, ground.users[SECOND])
    pairs.invite(assessment=draft, colleague=colleague, by=actor)
