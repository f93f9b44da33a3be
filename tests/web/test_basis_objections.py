"""A unit objects to what it was paid, and finance answers."""

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.basis.models import BasisObjection
from lovdv.extensions import db
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from lovdv.systems.operations import decide_rule
from tests import make
from tests.kit_app import StrictClient
from tests.kit_payouts import lines, month_ready, paid

pytestmark = pytest.mark.usefixtures("in_april", "terms")

WHY = "Den 9 februari var en planeringsdag."


def unit_of(placement: Placement) -> Unit:
    return db.session.get_one(Unit, placement.unit_id)


def address_of(placement: Placement) -> str:
    unit = unit_of(placement)
    row = f"rad/{placement.public_id}/2026-02"
    return f"/ersattning/{unit.public_id}/2026-02/{row}/invand"


def sent(client: StrictClient, placement: Placement) -> BasisObjection:
    client.login(make.user(Role.PROVIDER, unit=unit_of(placement)))
    assert client.send(address_of(placement), text=WHY).status_code == 302
    return db.session.scalars(
        select(BasisObjection).order_by(BasisObjection.id.desc())
    ).first() or pytest.fail("nothing was sent")


def answered(
    client: StrictClient, objection: BasisObjection, verdict: str, text: str
) -> User:
    who = make.user(Role.FINANCE)
    client.login(who)
    path = f"/ersattning/invandningar/{objection.public_id}/svara"
    assert client.send(path, "verdict", verdict=verdict, text=text).status_code == 302
    return who


def test_an_objection_keeps_its_lines_and_its_deadline(client: StrictClient) -> None:
    placement = month_ready()
    run = paid()
    found = sent(client, placement)
    assert found.answer_by.isoformat() == "2026-04-27"
    assert [one.line_id for one in found.lines] == [line.id for line in lines(run)]
    page = client.page(f"/ersattning/invandningar/{found.public_id}")
    assert WHY in page.text
    assert "Svar senast 27 april 2026" in page.text


def test_the_deadline_is_the_rule_in_force_when_it_was_sent(
    client: StrictClient,
) -> None:
    placement = month_ready()
    paid()
    decide_rule(
        choice_system_id=make.system().id,
        key="basis",
        first_day=make.START,
        value={"answer_days": 3},
    )
    assert sent(client, placement).answer_by.isoformat() == "2026-04-10"


@pytest.mark.parametrize(
    ("verdict", "told"),
    [("accepted", "Enheten fick rätt"), ("declined", "Inget ändras")],
)
def test_both_sides_read_the_answer(
    client: StrictClient, verdict: str, told: str
) -> None:
    placement = month_ready()
    paid()
    found = sent(client, placement)
    reader = answered(client, found, verdict, "Dagen läggs till i mars.")
    path = f"/ersattning/invandningar/{found.public_id}"
    for user in (reader, make.user(Role.PROVIDER, unit=unit_of(placement))):
        client.login(user)
        text = client.page(path).text
        assert told in text
        assert "Dagen läggs till i mars." in text
        assert WHY in text
    month = f"/ersattning/{unit_of(placement).public_id}/2026-02"
    assert path in client.page(month).links.values()


def test_an_empty_objection_or_answer_keeps_what_was_typed(
    client: StrictClient,
) -> None:
    placement = month_ready()
    paid()
    client.login(make.user(Role.PROVIDER, unit=unit_of(placement)))
    answer = client.send(address_of(placement), text=" ")
    assert answer.page.errors == ["Skriv vad som är fel."]
    found = sent(client, placement)
    client.login(make.user(Role.FINANCE))
    path = f"/ersattning/invandningar/{found.public_id}/svara"
    answer = client.send(path, "verdict", text="Jag håller med.")
    assert answer.page.errors == ["Välj om enheten har rätt."]
    assert "Jag håller med." in answer.page.text


def test_a_row_has_one_unanswered_objection_at_a_time(client: StrictClient) -> None:
    placement = month_ready()
    paid()
    found = sent(client, placement)
    again = client.send(address_of(placement), text="En gång till.")
    [error] = again.page.errors
    assert "väntar på svar" in error
    assert "En gång till." in again.page.text
    answered(client, found, "declined", "Det var ingen planeringsdag.")
    assert sent(client, placement).id != found.id


def test_an_objection_is_answered_once(client: StrictClient) -> None:
    placement = month_ready()
    paid()
    found = sent(client, placement)
    answered(client, found, "accepted", "Rättas i mars.")
    path = f"/ersattning/invandningar/{found.public_id}/svara"
    again = client.send(path, "verdict", verdict="declined", text="Nej.")
    [error] = again.page.errors
    assert "redan besvarad" in error


def test_a_unit_says_that_a_row_is_missing(client: StrictClient) -> None:
    placement = month_ready()
    paid()
    unit = unit_of(placement)
    client.login(make.user(Role.PROVIDER, unit=unit))
    path = f"/ersattning/{unit.public_id}/2026-02/saknas"
    for chosen in (placement.public_id, ""):
        assert client.send(path, placement=chosen, text="Saknas.").status_code == 302
    kept = db.session.scalars(select(BasisObjection).order_by(BasisObjection.id)).all()
    assert [one.placement_id for one in kept] == [placement.id, None]
    assert {one.kind for one in kept} == {"missing"}
    page = client.page(f"/ersattning/{unit.public_id}/2026-02")
    assert "Rader som enheten saknar" in page.text
    elsewhere = month_ready()
    answer = client.post(path, data={"placement": elsewhere.public_id, "text": "Hej"})
    assert answer.page.errors


def test_a_double_click_does_not_say_twice_that_a_row_is_missing(
    client: StrictClient,
) -> None:
    placement = month_ready()
    paid()
    unit = unit_of(placement)
    client.login(make.user(Role.PROVIDER, unit=unit))
    path = f"/ersattning/{unit.public_id}/2026-02/saknas"
    for chosen in (placement.public_id, ""):
        assert client.send(path, placement=chosen, text="Saknas.").status_code == 302
        [error] = client.send(path, placement=chosen, text="Saknas.").page.errors
        assert "väntar på svar" in error
    assert client.send(path, text="En till saknas.").status_code == 302
    assert len(db.session.scalars(select(BasisObjection)).all()) == 3


def test_finance_has_it_in_the_list_and_the_unit_its_answer(
    client: StrictClient,
) -> None:
    placement = month_ready()
    paid()
    found = sent(client, placement)
    unit = unit_of(placement)
    client.login(make.user(Role.FINANCE))
    assert unit.name in client.page("/ersattning/invandningar").text
    assert f"Invändning från {unit.name}" in client.page("/start").text
    answered(client, found, "accepted", "Rättas i mars.")
    assert "Ingen invändning väntar" in client.page("/ersattning/invandningar").text
    assert "Invändning från" not in client.page("/start").text
    client.login(make.user(Role.PROVIDER, unit=unit))
    assert "Svar på er invändning" in client.page("/start").text


def test_an_objection_stays_in_its_unit_and_its_municipality(
    client: StrictClient,
) -> None:
    placement, other = month_ready(), month_ready()
    paid()
    found = sent(client, placement)
    path = f"/ersattning/invandningar/{found.public_id}"
    elsewhere = make.municipality(name="Annan")
    make.system(municipality=elsewhere)
    client.login(make.user(Role.FINANCE, municipality=elsewhere))
    assert client.get(path).status_code == 404
    assert client.get(f"{path}/svara").status_code == 404
    client.login(make.user(Role.PROVIDER, unit=unit_of(other)))
    assert client.get(path).status_code == 404
    assert client.get(f"{path}/svara").status_code == 403
    assert client.get(address_of(placement)).status_code == 404
    client.login(make.user(Role.FINANCE))
    assert client.get(address_of(placement)).status_code == 403


def test_a_late_answer_is_marked(client: StrictClient, app: Flask) -> None:
    placement = month_ready()
    paid()
    sent(client, placement)
    app.config["TODAY"] = "2026-05-10"
    client.login(make.user(Role.FINANCE))
    page = client.page("/ersattning/invandningar")
    assert "Skulle ha besvarats 27 april 2026" in page.text
