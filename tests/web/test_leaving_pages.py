"""The pages about a unit that leaves: the lead's, the caseworker's and the person's."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.leaving.models import ExitDay, ProviderExit
from lovdv.providers.models import Unit
from tests import make
from tests.kit_app import StrictClient
from tests.kit_choice import fill
from tests.kit_leaving import MAY, begun, placed
from tests.kit_queues import choose, no_level_required


@pytest.fixture
def unit(app: Flask) -> Unit:
    app.config["DEMO"] = True
    no_level_required()
    return make.unit(name="Ateljén", provider=make.provider(name="Konst AB"))


@pytest.fixture
def lead(client: StrictClient) -> User:
    found = make.user(Role.LEAD, name="Lena Ledare")
    client.login(found)
    return found


def start_path(unit: Unit) -> str:
    return f"/avtal/{make.contract_of(unit).public_id}/avslutar"


def told(**values: object) -> dict[str, object]:
    return {"last_day": "2026-04-30", "reason": "closes", **values}


def the_exit() -> ProviderExit:
    return db.session.scalars(select(ProviderExit)).one()


def none() -> bool:
    return db.session.scalars(select(ProviderExit)).first() is None


def test_of_several_units_none_stops_until_the_lead_has_said_which(
    client: StrictClient, lead: User, unit: Unit
) -> None:
    one, other = (make.unit(provider=unit.provider, contracted=False) for _ in "ab")
    path = f"/avtal/{make.contract(one, other).public_id}/avslutar"
    page = client.send(path, **told()).page
    assert "Kryssa i minst en verksamhet." in page.errors
    assert none()


def test_the_lead_sees_what_happens_before_the_button(
    client: StrictClient, lead: User, unit: Unit
) -> None:
    caseworker = make.user(Role.CASEWORKER, name="Hanna Handläggare")
    placement = placed(unit, caseworker)
    path = client.page(f"/avtal/{make.contract_of(unit).public_id}").links[
        "Utföraren slutar"
    ]
    shown = client.send(path, **told()).page
    assert shown.heading == "Det här händer"
    assert "1 personer berörs" in shown.text
    case = placement.client.case_number
    assert shown.table()[0] == [case, "Ateljén", "Har plats", "Hanna Handläggare"]
    assert placement.client.last_name not in shown.text
    assert "1 april 2026" in shown.text  # the last day to answer
    assert none()
    client.post(path, data=told(units=unit.public_id, step="confirm"))
    assert the_exit().end_day == MAY
    page = client.page(f"/utforare-slutar/{the_exit().public_id}")
    assert "Berörda personer" in page.text
    assert placement.client.last_name not in page.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"last_day": "2026-03-15"}, "Sista dagen har redan varit"),
        ({"last_day": "i vår"}, "Skriv dagen som år-månad-dag"),
        ({"last_day": ""}, "Skriv sista dagen"),
        ({"reason": ""}, "Välj en anledning"),
        ({"units": []}, "Kryssa i minst en verksamhet"),
    ],
    ids=["past", "not a day", "no day", "no reason", "no unit"],
)
def test_a_fault_is_told_at_its_field_and_nothing_is_lost(
    client: StrictClient,
    lead: User,
    unit: Unit,
    values: dict[str, object],
    words: str,
) -> None:
    answer = client.send(start_path(unit), **told(note="Hyran", **values))
    assert words in answer.page.text
    assert 'value="Hyran"' in answer.get_data(as_text=True)
    assert none()


def test_a_second_lead_reads_who_was_first(
    client: StrictClient, lead: User, unit: Unit
) -> None:
    placed(unit)
    sent = told(units=unit.public_id, step="confirm")
    client.post(start_path(unit), data=sent)
    again = client.post(start_path(unit), data=sent)
    assert "Det är påbörjat av Lena Ledare" in again.page.text
    assert the_exit().begun_by_id == lead.id


def test_the_public_pages_say_that_it_is_closed(
    client: StrictClient, unit: Unit
) -> None:
    begun(unit)
    for path in ("/verksamheter", f"/verksamheter/{unit.public_id}"):
        assert "Tar inte emot nya val" in client.page(path).text


def test_the_caseworker_sees_own_people_and_what_to_do(
    client: StrictClient, unit: Unit
) -> None:
    caseworker = make.user(Role.CASEWORKER)
    mine = placed(unit, caseworker)
    other = placed(unit, make.user(Role.CASEWORKER))
    leaving = begun(unit)
    client.login(caseworker)
    start = client.page("/start").text
    assert "Konst AB slutar: personer utan ny plats (1)" in start
    assert "Sista dagen är 30 april 2026." in start
    page = client.page(f"/utforare-slutar/{leaving.public_id}")
    assert mine.client.last_name in page.text
    assert other.client.last_name not in page.text
    row = page.table()[0]
    assert row[1:3] == ["Har plats, Ateljén", "1 april 2026"]
    assert row[-1] == "Skicka brev eller ring Öppna valet"
    assert "Berörda personer" in page.text
    assert client.get(f"/utforare-slutar/{leaving.public_id}/dag").status_code == 403


def test_a_caseworker_without_people_there_does_not_find_it(
    client: StrictClient, unit: Unit
) -> None:
    placed(unit)
    leaving = begun(unit)
    client.login(make.user(Role.CASEWORKER))
    assert client.get(f"/utforare-slutar/{leaving.public_id}").status_code == 404
    assert "Ingen utförare" in client.page("/utforare-slutar").text


def test_another_municipality_does_not_find_it(
    client: StrictClient, unit: Unit
) -> None:
    leaving = begun(unit)
    elsewhere = make.municipality(name="Annan")
    client.login(make.user(Role.LEAD, municipality=elsewhere))
    for path in (
        f"/utforare-slutar/{leaving.public_id}",
        f"/utforare-slutar/{leaving.public_id}/dag",
        f"/utforare-slutar/{leaving.public_id}/ta-tillbaka",
        start_path(unit),
    ):
        assert client.get(path).status_code == 404, path


def test_a_protected_person_is_a_case_without_a_name(
    client: StrictClient, unit: Unit
) -> None:
    caseworker = make.user(Role.CASEWORKER)
    placement = placed(unit, caseworker)
    placement.client.protection = "sekretessmarkering"
    placement.client.last_name = "Hemlig"
    leaving = begun(unit)
    client.login(caseworker)
    page = client.page(f"/utforare-slutar/{leaving.public_id}")
    assert "Skyddade personuppgifter" in page.text
    assert "Hemlig" not in page.text


def test_the_lead_takes_in_those_who_came_later(
    client: StrictClient, lead: User, unit: Unit
) -> None:
    leaving = begun(unit)
    late = placed(unit)
    assert "nya personer att ta med (1)" in client.page("/start").text
    path = f"/utforare-slutar/{leaving.public_id}"
    assert "1 personer har tillkommit" in client.page(path).text
    client.post(f"{path}/ta-med")
    assert late.end_day == MAY
    assert "har tillkommit" not in client.page(path).text


def test_the_last_day_is_changed_and_the_old_one_stays_to_read(
    client: StrictClient, lead: User, unit: Unit
) -> None:
    placement, leaving = placed(unit), begun(unit)
    path = f"/utforare-slutar/{leaving.public_id}"
    bad = client.send(f"{path}/dag", last_day="2026-03-01", why="Hyran").page
    assert "redan varit" in bad.text
    client.send(f"{path}/dag", last_day="2026-05-31", why="Hyran förlängd")
    assert placement.end_day == date(2026, 6, 1)
    assert len(db.session.scalars(select(ExitDay)).all()) == 2
    text = client.page(path).text
    assert "30 april 2026" in text
    assert "31 maj 2026" in text


def test_it_is_taken_back_with_a_reason_and_stays_to_read(
    client: StrictClient, lead: User, unit: Unit
) -> None:
    placement, leaving = placed(unit), begun(unit)
    path = f"/utforare-slutar/{leaving.public_id}"
    assert "Skriv varför" in client.send(f"{path}/ta-tillbaka", reason="").page.text
    client.send(f"{path}/ta-tillbaka", reason="Ny ägare")
    assert placement.end_day is None
    assert "Ny ägare" in client.page(path).text
    assert client.page("/utforare-slutar").table()[0][-1] == "Tillbakataget"
    again = client.send(f"{path}/ta-tillbaka", reason="Igen").page
    assert "redan tillbakataget" in again.text


def test_the_person_is_told_calmly_and_cannot_stay(
    client: StrictClient, unit: Unit
) -> None:
    placement = placed(unit)
    person = placement.client
    begun(unit)
    client.login(make.user(Role.CLIENT, client=person))
    page = client.page(f"/mitt-val/{person.public_id}")
    assert "Ateljén ska sluta" in page.text
    assert "Du får välja något nytt." in page.text
    assert "Du får vara kvar till och med torsdag 30 april 2026." in page.text
    assert "Jag vill vara kvar" not in page.links


@pytest.mark.parametrize("tie", ["queued", "placed"])
def test_who_has_a_place_that_goes_on_is_told_so(
    client: StrictClient, unit: Unit, tie: str
) -> None:
    goes_on, person = make.unit(name="Bageriet"), make.person()
    make.decision(person)
    make.placement(person, goes_on, first_day=date(2025, 6, 2))
    if tie == "queued":
        fill(unit)
        choose(person, unit)
    else:
        make.placement(person, unit)
    begun(unit)
    client.login(make.user(Role.CLIENT, client=person))
    own = f"/mitt-val/{person.public_id}"
    for path in (
        own,
        f"{own}/valj/{goes_on.public_id}",
        f"{own}/valj/{unit.public_id}",
    ):
        text = client.page(path).text
        assert "Då är du kvar på Bageriet." in text
        assert "Du får vara kvar på Bageriet om du vill." in text
        assert "Då ordnar kommunen" not in text


def test_a_representative_is_told_about_the_person(
    client: StrictClient, unit: Unit
) -> None:
    person = placed(unit).client
    begun(unit)
    deputy = make.user(Role.REPRESENTATIVE)
    make.mandate(person, deputy)
    client.login(deputy)
    text = client.page(f"/mitt-val/{person.public_id}").text
    name = person.first_name
    assert f"Nu får {name} välja något nytt." in text
    assert f"Till och med torsdag 30 april 2026 får {name} vara kvar." in text
    assert "Du får vara kvar" not in text


def test_somebody_who_was_not_concerned_is_told_nothing(
    client: StrictClient, unit: Unit
) -> None:
    person = make.person()
    make.decision(person)
    begun(unit)
    client.login(make.user(Role.CLIENT, client=person))
    assert "ska sluta" not in client.page(f"/mitt-val/{person.public_id}").text


def test_a_last_day_that_must_be_mistyped_is_told_at_the_field(
    client: StrictClient, lead: User, unit: Unit
) -> None:
    far = "Det är för långt fram. Välj en dag senast 15 mars 2029."
    page = client.send(start_path(unit), **told(last_day="2062-04-30")).page
    assert far in page.errors
    assert none()
    path = f"/utforare-slutar/{begun(unit).public_id}/dag"
    for day in ("2062-05-31", "2029-03-16"):
        assert far in client.send(path, last_day=day, why="Hyran").page.errors
    assert client.send(path, last_day="2029-03-15", why="Hyran").status_code == 302
