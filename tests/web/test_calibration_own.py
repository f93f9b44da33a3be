"""An assessor's blind scoring: answered, never lost, handed in, compared afterwards."""

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.audit_chain import Audit
from lovdv.calibration import blind
from lovdv.calibration.models import BlindAnswer, BlindScoring, CalibrationRound
from lovdv.errors import Refused
from lovdv.extensions import db
from tests import make
from tests import make_calibration as made
from tests.kit_app import StrictClient

ANSWERS = {f"answer-{name}": value for name, value in made.LEVELS["3"].items()}


@pytest.fixture
def users(app: Flask) -> list[User]:
    make.instrument()
    return made.assessors(*["Norr"] * 4)


@pytest.fixture
def round_(users: list[User]) -> CalibrationRound:
    return made.round_of(users)


@pytest.fixture
def own(round_: CalibrationRound, users: list[User]) -> BlindScoring:
    return made.scoring_of(round_, users[0])


@pytest.fixture
def assessor(client: StrictClient, users: list[User]) -> StrictClient:
    return client.login(users[0])


def path(scoring: BlindScoring, rest: str = "") -> str:
    return f"/mina-kalibreringar/{scoring.public_id}{rest}"


def stored(scoring: BlindScoring) -> dict[str, str]:
    rows = db.session.scalars(
        select(BlindAnswer).where(BlindAnswer.scoring_id == scoring.id)
    )
    return {row.question: row.answer for row in rows}


def test_those_invited_are_reminded_until_they_have_handed_in(
    assessor: StrictClient, own: BlindScoring
) -> None:
    page = assessor.page("/start")
    assert page.links["Fall att bedöma blint (1)"] == "/mina-kalibreringar"
    assert "Senast 30 mars 2026" in page.text
    made.hand_in(own)
    assert "Fall att bedöma blint" not in assessor.page("/start").text


def test_nobody_else_is_reminded(client: StrictClient, own: BlindScoring) -> None:
    client.login(make.user(Role.ASSESSOR))
    assert "blint (" not in client.page("/start").text
    assert client.get(path(own)).status_code == 404


def test_a_round_is_not_shown_before_its_first_day(
    app: Flask, client: StrictClient, users: list[User]
) -> None:
    later = made.Period(made.PERIOD.first_day.replace(day=20), made.PERIOD.end_day)
    scoring = made.scoring_of(made.round_of(users, period=later), users[0])
    client.login(users[0])
    assert "blint (" not in client.page("/start").text
    assert "från och med 20 mars 2026" in client.page(path(scoring)).text
    app.config["TODAY"] = "2026-03-20"
    client.login(users[0])
    assert "blint (" in client.page("/start").text


def test_the_case_and_every_question_are_on_one_page(
    assessor: StrictClient, own: BlindScoring
) -> None:
    page = assessor.page(path(own))
    assert "Alva är 27 år." in page.text
    assert "Måltid – behöver påminnelse." in page.text
    assert page.form().names >= {"answer-mat", "answer-resa", "answer-oro"}
    assert page.one("div", data_question="oro").get("hidden") is None
    assert page.one("div", data_question="ofta").get("hidden") is not None


def test_what_is_saved_stands_when_the_page_is_opened_again(
    assessor: StrictClient, own: BlindScoring
) -> None:
    sent = {"answer-mat": "1", "reason-mat": "Äter själv.", "step": "save"}
    assessor.send(path(own), **sent)
    assert stored(own) == {"mat": "1"}
    assert "Äter själv." in assessor.page(path(own)).text
    assert own.submitted_at is None


def test_a_follow_up_is_asked_when_its_condition_holds(
    assessor: StrictClient, own: BlindScoring
) -> None:
    sent = {"answer-mat": "0", "answer-resa": "0", "answer-oro": "1"}
    page = assessor.send(path(own), **sent, step="done").page
    assert page.errors == ["Välj ett svar."]
    assert page.one("div", data_question="ofta").get("hidden") is None
    assert own.submitted_at is None


def test_a_missing_answer_is_named_at_its_question(
    assessor: StrictClient, own: BlindScoring
) -> None:
    sent = {"answer-mat": "0", "answer-oro": "0", "step": "done"}
    page = assessor.send(path(own), **sent).page
    assert page.errors == ["Välj ett svar."]
    assert page.one("fieldset", id="answer-resa") is not None
    assert stored(own) == {"mat": "0", "oro": "0"}
    assert own.submitted_at is None


def test_an_answer_outside_the_scale_is_refused(
    assessor: StrictClient, own: BlindScoring
) -> None:
    response = assessor.post(path(own, "/svar/mat"), data={"answer": "9"})
    assert (response.status_code, response.json) == (
        422,
        {"message": "Välj ett av svaren på frågan."},
    )
    assert assessor.post(path(own, "/svar/nej")).status_code == 404


def test_each_answer_is_saved_by_itself_and_says_nothing_else(
    assessor: StrictClient, own: BlindScoring
) -> None:
    response = assessor.post(
        path(own, "/svar/oro"), data={"answer": "2", "seen": blind.token(None)}
    )
    assert response.status_code == 200
    assert set(response.json or {}) == {"seen", "asked"}
    assert stored(own) == {"oro": "2"}


def test_another_tabs_answer_is_not_overwritten_unseen(
    assessor: StrictClient, own: BlindScoring
) -> None:
    seen = blind.token(None)
    address = path(own, "/svar/oro")
    assessor.post(address, data={"answer": "2", "seen": seen})
    response = assessor.post(address, data={"answer": "1", "seen": seen})
    assert response.status_code == 409
    reply = response.json or {}
    assert reply["stored"] == {"answer": "2", "reason": ""}
    assert reply["shown"][0] == ["Svar", "Mycket stöd. Oro – behöver någon bredvid."]
    assert stored(own) == {"oro": "2"}
    again = {"answer": "1", "seen": (response.json or {})["seen"]}
    assert assessor.post(address, data=again).status_code == 200
    assert stored(own) == {"oro": "1"}


def test_handing_in_tells_neither_level_nor_points(
    assessor: StrictClient, own: BlindScoring
) -> None:
    assert assessor.send(path(own), **ANSWERS, step="done").location == path(own)
    page = assessor.page(path(own))
    assert "Inlämnad" in page.text
    assert own.level == "3"
    assert "Nivå" not in page.text
    assert "poäng" not in page.text


def test_what_is_handed_in_is_final(assessor: StrictClient, own: BlindScoring) -> None:
    made.hand_in(own, "2")
    response = assessor.post(path(own, "/svar/mat"), data={"answer": "2"})
    assert response.status_code == 422
    assert "lämnat in" in (response.json or {})["message"]
    assert "form" not in assessor.page(path(own)).text
    with pytest.raises(Refused):
        blind.submit(scoring=own)
    assert own.level == "2"


def test_nothing_is_saved_after_the_last_day(
    app: Flask, client: StrictClient, own: BlindScoring, users: list[User]
) -> None:
    app.config["TODAY"] = "2026-03-31"
    client.login(users[0])
    assert "går inte att bedöma nu" in client.page(path(own)).text
    response = client.post(path(own, "/svar/mat"), data={"answer": "1"})
    assert response.status_code == 422
    assert stored(own) == {}


def test_after_closing_ones_own_stands_beside_the_group(
    assessor: StrictClient,
    own: BlindScoring,
    round_: CalibrationRound,
    users: list[User],
) -> None:
    made.scored(round_, users, "2234")
    made.close(round_)
    page = assessor.page(path(own, "/resultat"))
    assert "Din nivå 2" in page.text
    assert "Andra med samma nivå 1 av 3" in page.text
    meal = next(row for row in page.table(1) if row[0] == "Måltid")
    assert meal == ["Måltid", "Lite stöd", "1 av 3", "Lite stöd: 2, Mycket stöd: 2"]
    assert not any(user.name in page.text for user in users[1:])


def test_with_two_others_out_of_three_nothing_points_at_one(
    assessor: StrictClient,
    own: BlindScoring,
    round_: CalibrationRound,
    users: list[User],
) -> None:
    made.scored(round_, users[:2], "24")
    made.close(round_)
    page = assessor.page(path(own, "/resultat"))
    assert "För få har bedömt fallet" in page.text
    assert "Nivå 4" not in page.text


def test_there_is_no_result_before_the_round_is_closed(
    assessor: StrictClient,
    own: BlindScoring,
    round_: CalibrationRound,
    users: list[User],
) -> None:
    made.scored(round_, users, "2234")
    assert assessor.get(path(own, "/resultat")).status_code == 404
    made.close(round_)
    assert assessor.get(path(own, "/resultat")).status_code == 200


def test_who_did_not_hand_in_sees_no_result(
    assessor: StrictClient,
    own: BlindScoring,
    round_: CalibrationRound,
    users: list[User],
) -> None:
    made.scored(round_, users[1:], "234")
    made.close(round_)
    assert assessor.get(path(own, "/resultat")).status_code == 404
    assert "räknas inte" in assessor.page(path(own)).text


def test_a_vignette_leaves_no_trace_about_any_person(
    assessor: StrictClient, own: BlindScoring
) -> None:
    assessor.send(path(own), **ANSWERS, step="done")
    rows = db.session.scalars(
        select(Audit).where(Audit.action.like("calibration.%"))
    ).all()
    assert {row.action for row in rows} >= {"calibration.answer", "calibration.submit"}
    assert not any(row.read for row in rows)
