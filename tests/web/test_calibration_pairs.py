"""Two assessors at one meeting: the second is blind and never replaces the first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import TeamMember, User
from lovdv.audit_chain import Audit, AuditSubject
from lovdv.calibration import blind, pairs
from lovdv.calibration.models import BlindScoring, CalibrationRound
from lovdv.database import writing
from lovdv.extensions import db
from lovdv.needs import scoring
from lovdv.needs.models import Assessment
from lovdv.people.models import Client
from tests import make
from tests import make_calibration as made
from tests.kit_app import StrictClient


@pytest.fixture
def first(app: Flask) -> User:
    return make.user(Role.ASSESSOR, name="Astrid Först")


@pytest.fixture
def second(app: Flask) -> User:
    return make.user(Role.ASSESSOR, name="Berit Bredvid")


@pytest.fixture
def person(first: User, second: User) -> Client:
    client = make.person(caseworker=first, first_name="Kim", last_name="Berg")
    make.assignment(client, make.team(first, second))
    return client


@pytest.fixture
def draft(person: Client, first: User) -> Assessment:
    return make.draft(person, first, **made.LEVELS["2"])


@pytest.fixture
def asked(
    client: StrictClient, draft: Assessment, first: User, second: User
) -> BlindScoring:
    """The colleague is invited, through the page."""
    client.login(first).send(
        f"/bedomningar/{draft.public_id}/kollega", colleague=second.public_id
    )
    return db.session.scalars(select(BlindScoring)).one()


def path(one: BlindScoring, rest: str = "") -> str:
    return f"/mina-kalibreringar/{one.public_id}{rest}"


def sign(draft: Assessment) -> None:
    for domain in ("vardag", "trygghet"):
        scoring.close_domain(assessment=draft, domain=domain)
    scoring.sign(assessment=draft, by_id=draft.assessor_id)


def finish(one: BlindScoring, draft: Assessment, level: str = "3") -> CalibrationRound:
    pairs.begin(scoring=one)
    made.hand_in(one, level)
    sign(draft)
    return one.round


def test_only_a_colleague_who_has_the_case_can_be_invited(
    client: StrictClient, draft: Assessment, first: User
) -> None:
    stranger = make.user(Role.ASSESSOR, name="Cajsa Utanför")
    address = f"/bedomningar/{draft.public_id}/kollega"
    page = client.login(first).page(address)
    assert [o.get("value") for o in page.all("input", name="colleague")] != []
    assert "Berit Bredvid" in page.text
    assert stranger.name not in page.text
    response = client.post(address, data={"colleague": stranger.public_id})
    assert response.status_code == 200
    assert db.session.scalars(select(CalibrationRound)).all() == []


def test_alone_with_the_case_there_is_nobody_to_invite(
    client: StrictClient, first: User
) -> None:
    alone = make.draft(make.person(caseworker=first), first)
    page = client.login(first).page(f"/bedomningar/{alone.public_id}/kollega")
    assert "Ingen annan bedömare har ärendet" in page.text


def test_only_the_one_who_scores_invites(
    client: StrictClient, draft: Assessment, second: User
) -> None:
    client.login(second)
    assert client.get(f"/bedomningar/{draft.public_id}/kollega").status_code == 404


def test_the_colleague_is_reminded_and_says_yes(
    client: StrictClient, asked: BlindScoring, second: User
) -> None:
    page = client.login(second).page("/start")
    assert page.links["Ett möte att bedöma blint (1)"] == "/mina-kalibreringar"
    assert client.get(path(asked)).location == path(asked, "/borja")
    assert client.send(path(asked, "/borja"), step="begin").location == path(asked)
    assert "Mötet hölls 10 mars 2026" in client.page(path(asked)).text


def test_after_a_no_nothing_is_kept_and_another_can_be_asked(
    client: StrictClient, asked: BlindScoring, second: User, draft: Assessment
) -> None:
    client.login(second)
    client.send(path(asked, "/borja"), step="begin")
    made.answer(asked, mat="1")
    client.send(path(asked, "/borja"), step="decline")
    assert db.session.scalars(select(CalibrationRound)).all() == []
    assert pairs.pair_of(draft) is None


def test_when_the_first_is_signed_it_is_too_late_to_begin(
    client: StrictClient, asked: BlindScoring, second: User, draft: Assessment
) -> None:
    """It can be read from then on, so nobody can be blind to it."""
    sign(draft)
    page = client.login(second).send(path(asked, "/borja"), step="begin").page
    assert "redan signerat" in page.errors[0]


def test_the_second_scoring_never_becomes_the_level(
    asked: BlindScoring, draft: Assessment
) -> None:
    finish(asked, draft, "4")
    assert draft.signed is not None
    assert draft.signed.level == "2"
    assert asked.level == "4"
    assert db.session.scalars(select(Assessment)).all() == [draft]


@pytest.mark.parametrize("second_first", [True, False], ids=["second", "first"])
def test_both_see_it_when_both_have_finished(
    client: StrictClient,
    asked: BlindScoring,
    draft: Assessment,
    first: User,
    second: User,
    *,
    second_first: bool,
) -> None:
    pairs.begin(scoring=asked)
    address = f"/mina-kalibreringar/moten/{asked.round.public_id}"
    steps = [lambda: made.hand_in(asked, "3"), lambda: sign(draft)]
    one, other = steps if second_first else steps[::-1]
    one()
    for user in (first, second):
        assert client.login(user).get(address).status_code == 404
    other()
    for user in (first, second):
        page = client.login(user).page(address)
        assert "Astrid Först Nivå 2 Berit Bredvid Nivå 3" in page.text
        assert ["Måltid", "Lite stöd", "Mycket stöd", "Olika"] in page.table()
        assert ["Oro", "Inget stöd", "Inget stöd", "Lika"] in page.table()


@pytest.mark.parametrize("second_first", [True, False], ids=["second", "first"])
def test_a_pair_is_closed_when_both_finish_at_the_same_time(
    cloned_app: Flask, *, second_first: bool
) -> None:
    """The later has read the rows before the earlier is done.

    SQLite lets nobody read in a request that writes until the other is done.
    """
    with cloned_app.app_context():
        draft_id, scoring_id = _begun_and_answered()

    def hand_in() -> None:
        blind.submit(scoring=db.session.get_one(BlindScoring, scoring_id))
        db.session.commit()

    def sign_it() -> None:
        sign(db.session.get_one(Assessment, draft_id))
        db.session.commit()

    def meanwhile(step: Callable[[], None]) -> None:
        with cloned_app.app_context(), writing():
            step()

    steps = [hand_in, sign_it] if second_first else [sign_it, hand_in]
    with cloned_app.app_context(), writing(), ThreadPoolExecutor(1) as threads:
        read = []
        if db.engine.dialect.name == "postgresql":
            one = db.session.get_one(BlindScoring, scoring_id)
            read = [one, one.round, one.round.assessment, one.round.scorings]
        threads.submit(meanwhile, steps[0]).result()
        steps[1]()
        del read
        round_ = db.session.scalars(select(CalibrationRound)).one()
        assert round_.closed_at is not None


def _begun_and_answered() -> tuple[int, int]:
    """A meeting that both have answered and neither has finished, stored."""
    first, second = made.assessors("Norr", "Norr")
    client = make.person(caseworker=first)
    make.assignment(client, second)
    make.decision(client)
    draft = make.draft(client, first, **made.LEVELS["2"])
    one = made.invited(draft, second)
    pairs.begin(scoring=one)
    made.answer(one, **made.LEVELS["3"])
    db.session.commit()
    return draft.id, one.id


def test_nobody_else_sees_the_pair(
    client: StrictClient, asked: BlindScoring, draft: Assessment, person: Client
) -> None:
    finish(asked, draft)
    other = make.user(Role.ASSESSOR)
    make.assignment(person, other)
    client.login(other)
    address = f"/mina-kalibreringar/moten/{asked.round.public_id}"
    assert client.get(address).status_code == 404


def test_every_page_about_the_meeting_is_in_the_log_of_readings(
    client: StrictClient, asked: BlindScoring, second: User, person: Client
) -> None:
    client.login(second)
    for address in ("/mina-kalibreringar", path(asked, "/borja")):
        client.get(address)
    pairs.begin(scoring=asked)
    client.get(path(asked))
    told = db.session.scalars(
        select(Audit.action)
        .join(AuditSubject, AuditSubject.audit_id == Audit.id)
        .where(Audit.read, AuditSubject.client_id == person.id)
        .where(Audit.actor == second.public_id)
    ).all()
    assert list(told) == [
        "assessment.blind_list",
        "assessment.blind",
        "assessment.blind",
    ]


def test_who_loses_the_case_loses_the_invitation(
    client: StrictClient, asked: BlindScoring, second: User, person: Client
) -> None:
    for row in db.session.scalars(select(TeamMember)):
        if row.user_id == second.id:
            row.end_day = row.first_day
    db.session.flush()
    client.login(second)
    assert client.get(path(asked, "/borja")).status_code == 404
    assert "Kim Berg" not in client.page("/mina-kalibreringar").text


def test_a_discarded_draft_takes_the_pair_along(
    client: StrictClient, asked: BlindScoring, draft: Assessment
) -> None:
    pairs.begin(scoring=asked)
    made.hand_in(asked)
    scoring.discard(assessment=draft)
    assert db.session.scalars(select(CalibrationRound)).all() == []


def test_one_who_takes_the_first_over_is_no_longer_the_second(
    asked: BlindScoring, draft: Assessment, second: User
) -> None:
    pairs.begin(scoring=asked)
    made.hand_in(asked)
    draft.assessor_id = second.id
    db.session.flush()
    sign(draft)
    assert db.session.scalars(select(CalibrationRound)).all() == []


def test_the_lead_sees_sums_of_pairs_when_enough_people_took_part(
    client: StrictClient,
    asked: BlindScoring,
    draft: Assessment,
    first: User,
    second: User,
) -> None:
    finish(asked, draft)
    lead = make.user(Role.LEAD)
    page = client.login(lead).page("/kalibrering/moten")
    assert "För få bedömare" in page.text
    third = make.user(Role.ASSESSOR)
    other = make.person(caseworker=third, first_name="Lo", last_name="Dal")
    make.assignment(other, first)
    draft2 = make.draft(other, third, **made.LEVELS["2"])
    with_actor = made.invited(draft2, first)
    finish(with_actor, draft2, "2")
    page = client.login(lead).page("/kalibrering/moten")
    assert "2 möten." in page.text
    assert "1 av 2" in page.text
    for name in (first.name, second.name, "Kim Berg", "Lo Dal"):
        assert name not in page.html
