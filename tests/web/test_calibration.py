"""The lead's rounds: cases written, people invited, results by group only."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.calibration.models import BlindScoring, CalibrationRound, Vignette
from lovdv.extensions import db
from lovdv.needs import instruments
from tests import make, small_instrument
from tests import make_calibration as made
from tests.kit_app import StrictClient
from tests.kit_page import Page

A_NUMBER = (
    "innehåller något som ser ut som ett personnummer. Ett fall ska vara påhittat: "
    "ta bort numret."
)


@pytest.fixture
def lead(app: Flask, client: StrictClient) -> StrictClient:
    make.instrument()
    return client.login(make.user(Role.LEAD, name="Lena Ledare"))


def path(round_: CalibrationRound, rest: str = "") -> str:
    return f"/kalibrering/omgangar/{round_.public_id}{rest}"


def rows_of(page: Page, first: str) -> list[list[str]]:
    """The rows of the table whose first row begins with these words."""
    tables = [page.table(n) for n, _ in enumerate(page.tree.iter("tbody"))]
    return next(rows for rows in tables if rows and rows[0][0] == first)


def test_a_municipality_without_cases_is_told_what_to_do(lead: StrictClient) -> None:
    page = lead.page("/kalibrering")
    assert page.links["Skriv det första fallet"] == "/kalibrering/fall"
    assert "Det finns inget fall" in lead.page("/kalibrering/omgangar/ny").text


def test_our_two_cases_are_added_once(lead: StrictClient) -> None:
    lead.post("/kalibrering/fall/exempel")
    lead.post("/kalibrering/fall/exempel")
    assert lead.page("/kalibrering/fall").table() == [
        ["Alva i keramiken", "1"],
        ["Bo och musiken", "1"],
    ]


def test_a_changed_case_is_a_new_version_beside_the_old(lead: StrictClient) -> None:
    lead.send("/kalibrering/fall/nytt", title="Cim", text="Kort.", fictive="y")
    first = db.session.scalars(select(Vignette)).one()
    response = lead.send(
        f"/kalibrering/fall/{first.public_id}/ny-version", text="Längre.", fictive="y"
    )
    page = lead.page(response.location)
    assert "Längre." in page.text
    assert page.links["Version 1"] == f"/kalibrering/fall/{first.public_id}"
    assert lead.page("/kalibrering/fall").table() == [["Cim", "2"]]
    assert "Kort." in lead.page(f"/kalibrering/fall/{first.public_id}").text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"title": ""}, "Ge fallet ett namn, till exempel Alva i keramiken."),
        ({"text": ""}, "Beskriv den påhittade personen och dagen."),
        ({"fictive": None}, "Ett fall får aldrig handla om en verklig person."),
        ({"text": "Hon har nummer 19900101-1234."}, f"Texten {A_NUMBER}"),
        ({"text": "Hon har 19900101 \u2013 1234."}, f"Texten {A_NUMBER}"),
        ({"title": "Alva 19900101-1234"}, f"Namnet {A_NUMBER}"),
    ],
    ids=[
        "no name",
        "no text",
        "not said to be fictive",
        "a personal number",
        "a personal number with a long dash",
        "a personal number in the name",
    ],
)
def test_a_case_is_refused_with_a_reason(
    lead: StrictClient, typed: dict[str, object], message: str
) -> None:
    sent = {"title": "Cim", "text": "Cim är 30 år.", "fictive": "y", **typed}
    page = lead.send("/kalibrering/fall/nytt", **sent).page
    assert page.errors == [message]
    assert db.session.scalars(select(Vignette)).all() == []


def test_a_round_is_opened_for_those_who_are_invited(lead: StrictClient) -> None:
    case, other = made.vignette(), made.vignette("Bo", "Bo är 44 år.")
    users = made.assessors("Norr", "Norr", "Söder")
    response = lead.send(
        "/kalibrering/omgangar/ny",
        name="Våren 2026",
        version=make.instrument().public_id,
        cases=[case.public_id, other.public_id],
        invited=[users[0].public_id, users[2].public_id],
        first_day="2026-03-16",
        last_day="2026-03-30",
    )
    page = lead.page(response.location)
    assert "Öppen till och med 30 mars 2026" in page.text
    rows = db.session.scalars(select(BlindScoring)).all()
    assert len(rows) == 4
    assert {row.assessor_id for row in rows} == {users[0].id, users[2].id}
    assert {row.group_name for row in rows} == {"Norr", "Söder"}
    assert db.session.scalars(select(CalibrationRound)).one().end_day == date(
        2026, 3, 31
    )


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": ""}, "Ge omgången ett namn, till exempel Våren 2027."),
        ({"cases": []}, "Välj minst ett fall."),
        ({"invited": []}, "Bjud in minst två bedömare."),
        ({"first_day": "2026-03-15"}, "Välj en första dag från och med i dag."),
        ({"last_day": "2026-03-15"}, "Sista dagen kan inte vara före den första."),
    ],
    ids=["no name", "no case", "nobody", "begun before today", "backwards"],
)
def test_a_round_is_refused_with_a_reason(
    lead: StrictClient, typed: dict[str, object], message: str
) -> None:
    case, users = made.vignette(), made.assessors("", "")
    sent: dict[str, object] = {
        "name": "Våren",
        "version": make.instrument().public_id,
        "cases": [case.public_id],
        "invited": [user.public_id for user in users],
        "first_day": "2026-03-16",
        "last_day": "2026-03-30",
        **typed,
    }
    page = lead.send("/kalibrering/omgangar/ny", **sent).page
    assert page.errors == [message]
    assert db.session.scalars(select(CalibrationRound)).all() == []


def test_one_person_alone_makes_no_pair(lead: StrictClient) -> None:
    case, (user,) = made.vignette(), made.assessors("")
    page = lead.send(
        "/kalibrering/omgangar/ny",
        name="Våren",
        version=make.instrument().public_id,
        cases=[case.public_id],
        invited=[user.public_id],
    ).page
    assert page.errors == ["Bjud in minst två bedömare, annars finns inget par."]
    assert page.one("input", name="name").get("value") == "Våren"


def test_a_draft_instrument_cannot_be_calibrated(lead: StrictClient) -> None:
    instruments.add_draft(
        choice_system_id=make.system().id,
        content=small_instrument.document(version="2"),
    )
    made.vignette()
    made.assessors("", "")
    assert "version 2" not in lead.page("/kalibrering/omgangar/ny").text


def test_while_open_the_lead_sees_how_many_have_handed_in(lead: StrictClient) -> None:
    users = made.assessors(*["Norr"] * 3, *["Söder"] * 3)
    round_ = made.round_of(users)
    made.hand_in(made.scoring_of(round_, users[0]), "4")
    page = lead.page(path(round_))
    assert "1 av 6" in page.text
    assert page.table() == [["Norr", "3", "1", "2"], ["Söder", "3", "0", "3"]]


def test_a_group_of_two_is_never_shown_by_itself(lead: StrictClient) -> None:
    """Who has not handed in would be known."""
    users = made.assessors(*["Norr"] * 4, "Söder", "Söder", "Öster")
    page = lead.page(path(made.round_of(users)))
    assert page.table() == [["Norr", "4", "0", "4"], ["Övriga grupper", "3", "0", "3"]]


def test_a_group_of_two_cannot_be_had_by_taking_the_others_away(
    lead: StrictClient,
) -> None:
    users = made.assessors(*["Norr"] * 5, *["Väster"] * 3, "Söder", "Söder")
    page = lead.page(path(made.round_of(users)))
    assert page.table() == [["Norr", "5", "0", "5"], ["Övriga grupper", "5", "0", "5"]]


def test_the_result_shows_what_divides(lead: StrictClient) -> None:
    users = made.assessors(*["Norr"] * 4)
    round_ = made.round_of(users)
    made.scored(round_, users, "2234")
    page = lead.page(path(made.close(round_)))
    assert "Prata om de här frågorna" in page.text
    # Of the six pairs one agrees on the level, five are within one step: 2-3, 3-4.
    assert page.one("dl", class_="lov-figures") is not None
    assert "1 av 6" in page.text
    assert "4 av 6" in page.text
    assert "Under 30 par visas bara antal" in page.text
    assert "kappa" not in page.text.casefold().replace("kappa, linjär", "")


def test_thirty_pairs_give_the_figures(lead: StrictClient) -> None:
    users = made.assessors(*["Norr"] * 9)
    round_ = made.round_of(users)
    made.scored(round_, users, "222222333")
    page = lead.page(path(made.close(round_)))
    # 36 pairs: 15 + 3 the same, all within one.
    assert "18 av 36 (50 %)" in page.text
    assert "36 av 36 (100 %)" in page.text
    measures = {row[0]: row[1] for row in rows_of(page, "Viktad kappa, linjär")}
    # Both ways round: 36 of 72 differ, by chance 72 * 2 * 2/3 * 1/3 = 32 would.
    assert measures["Viktad kappa, linjär"] == "−0,13"
    # One case: 1 - 8 * (18 * 2 / 8) / (6 * 3 * 2) = 0 for nominal values.
    assert measures["Krippendorffs alfa, nominal"] == "0"
    assert len(measures) == 5


def test_every_cell_of_the_heat_map_says_its_number(lead: StrictClient) -> None:
    users = made.assessors(*["Norr"] * 9)
    round_ = made.round_of(users)
    made.scored(round_, users, "222222333")
    page = lead.page(path(made.close(round_)))
    cells = [c for c in page.tree.iter("td") if "lov-heat" in (c.get("class") or "")]
    shaded = [cell for cell in cells if cell.get("data-shade")]
    assert shaded
    assert all("".join(cell.itertext()).strip() for cell in cells)


def test_a_result_names_nobody(lead: StrictClient) -> None:
    users = made.assessors(*["Norr"] * 4)
    round_ = made.round_of(users)
    made.scored(round_, users, "1234")
    made.close(round_)
    for rest in ("", "/sammanstallning"):
        html = lead.page(path(round_, rest)).html
        assert not any(user.name in html or user.public_id in html for user in users)


def test_two_people_are_too_few_for_a_result(lead: StrictClient) -> None:
    users = made.assessors("Norr", "Norr")
    round_ = made.round_of(users)
    made.scored(round_, users, "14")
    page = lead.page(path(made.close(round_)))
    assert "För få har lämnat in" in page.text
    assert "Nivå" not in page.text


def test_one_cannot_be_had_by_taking_a_group_from_the_whole(
    lead: StrictClient,
) -> None:
    """Norr agrees, so the one who differs would be the only one of Syd."""
    users = made.assessors(*["Norr"] * 3, "Syd")
    round_ = made.round_of(users)
    made.scored(round_, users, "2224")
    page = lead.page(path(made.close(round_)))
    assert "3 av 6" in page.text
    assert "3 av 3" not in page.text
    assert "Ingen grupp är tillräckligt stor för att visas." in page.text


def test_a_case_that_few_have_scored_is_in_no_figure(lead: StrictClient) -> None:
    users = made.assessors(*["Norr"] * 5)
    round_ = made.round_of(users, cases=[made.vignette("Ett"), made.vignette("Två")])
    for user in users:
        made.hand_in(made.scoring_of(round_, user), "2")
    made.hand_in(made.scoring_of(round_, users[0], 1), "2")
    made.hand_in(made.scoring_of(round_, users[1], 1), "4")
    made.close(round_)
    for rest, least in (("", 3), ("/sammanstallning", 5)):
        page = lead.page(path(round_, rest))
        assert f"Färre än {least} har bedömt Två. Det räknas inte med." in page.text
        assert "10 av 10" in page.text
        assert "av 1 " not in page.text
        assert "av 11" not in page.text


def test_what_leaves_the_house_has_groups_of_five_or_none(lead: StrictClient) -> None:
    users = made.assessors(*["Norr"] * 6, *["Mitt"] * 5, *["Söder"] * 3)
    round_ = made.round_of(users)
    made.scored(round_, users, "22223323222222")
    made.close(round_)
    inside = lead.page(path(round_)).text
    outside = lead.page(path(round_, "/sammanstallning")).text
    assert "Söder" in inside
    assert "Norr" in outside
    assert "Övriga grupper" in outside
    assert not [name for name in ("Mitt", "Söder") if name in outside]


def test_five_must_take_part_before_anything_leaves_the_house(
    lead: StrictClient,
) -> None:
    users = made.assessors(*["Norr"] * 4)
    round_ = made.round_of(users)
    made.scored(round_, users, "2233")
    page = lead.page(path(made.close(round_), "/sammanstallning"))
    assert "kan bara användas i huset" in page.text
    assert "av 6" not in page.text


def test_an_open_round_has_no_summary(lead: StrictClient) -> None:
    round_ = made.round_of(made.assessors("", ""))
    assert lead.get(path(round_, "/sammanstallning")).status_code == 404


def test_a_round_is_closed_after_a_question(lead: StrictClient) -> None:
    round_ = made.round_of(made.assessors("", ""))
    page = lead.page(path(round_, "/avsluta"))
    assert "0 av 2" in page.text
    assert lead.send(path(round_, "/avsluta")).location == path(round_)
    assert round_.closed_at is not None
    assert lead.send(path(round_, "/avsluta")).page.errors == [
        "Omgången är redan avslutad."
    ]


def test_the_last_day_can_be_moved_while_it_is_open(lead: StrictClient) -> None:
    round_ = made.round_of(made.assessors("", ""))
    lead.send(path(round_, "/sista-dag"), last_day="2026-04-10")
    assert round_.end_day == date(2026, 4, 11)
    page = lead.send(path(round_, "/sista-dag"), last_day="2026-03-01").page
    assert page.errors == ["Välj en dag från och med i dag."]
    made.close(round_)
    page = lead.send(path(round_, "/sista-dag"), last_day="2026-05-10").page
    assert page.errors == ["Omgången är avslutad och ändras inte mer."]


def test_the_lead_is_reminded_when_a_round_has_ended(
    app: Flask, lead: StrictClient
) -> None:
    round_ = made.round_of(made.assessors("", ""))
    assert "Kalibrering att avsluta" not in lead.page("/start").text
    app.config["TODAY"] = "2026-03-31"
    lead.login(make.user(Role.LEAD))
    page = lead.page("/start")
    assert page.links["Kalibrering att avsluta"] == path(round_)
    assert "Våren: sista dagen har passerat" in page.text
    made.close(round_)
    assert "Kalibrering att avsluta" not in lead.page("/start").text


def test_the_lead_is_reminded_when_everybody_has_handed_in(lead: StrictClient) -> None:
    users = made.assessors("", "")
    made.scored(made.round_of(users), users, "23")
    assert "Våren: alla har lämnat in" in lead.page("/start").text


def test_another_municipalitys_round_and_case_are_not_there(
    lead: StrictClient, client: StrictClient
) -> None:
    round_ = made.round_of(made.assessors("", ""))
    case = db.session.scalars(select(Vignette)).one()
    elsewhere = make.municipality(code="9999", name="Annan")
    make.system(municipality=elsewhere)
    stranger = make.user(Role.LEAD, municipality=elsewhere)
    client.login(stranger)
    for rest in ("", "/avsluta", "/sista-dag", "/sammanstallning"):
        assert client.get(path(round_, rest)).status_code == 404
    assert client.get(f"/kalibrering/fall/{case.public_id}").status_code == 404
    assert "Våren" not in client.page("/kalibrering").text


def test_the_menu_has_calibration_for_lead_and_assessor(
    lead: StrictClient, client: StrictClient
) -> None:
    assert lead.page("/start").links["Kalibrering"] == "/kalibrering"
    client.login(make.user(Role.ASSESSOR))
    links = client.page("/start").links
    assert links["Mina kalibreringar"] == "/mina-kalibreringar"
    assert "Kalibrering" not in links


def test_a_colleague_who_moves_counts_where_they_were(lead: StrictClient) -> None:
    users: list[User] = made.assessors(*["Norr"] * 3)
    round_ = made.round_of(users)
    make.team(*users, name="Aster")
    made.scored(round_, users, "222")
    assert "Norr" in lead.page(path(made.close(round_))).text
