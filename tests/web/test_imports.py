"""Files read in: what is new, what differs, what is wrong, and twice is once."""

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import func, select

from lovdv import audit, excel
from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.accounts.operations import open_session
from lovdv.accounts.queries import actor_of
from lovdv.audit_chain import Audit
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.imports import running
from lovdv.imports.kinds import KINDS, template
from lovdv.imports.models import ImportDraft
from lovdv.imports.running import Examined, Scope, State
from lovdv.people.models import Assignment, Client, Decision
from lovdv.placements.models import AttendanceMonth, Placement
from lovdv.placements.months import person_month
from payments.month import Month
from tests import make
from tests.kit_app import StrictClient

PEOPLE = ["ärendenummer", "nummer", "förnamn", "efternamn", "telefon", "handläggare"]
DECISIONS = [
    *("beslutsreferens", "ärendenummer", "lag", "personkrets"),
    *("beslutsdag", "första_dag", "sista_dag", "avslutsorsak"),
]
PLACEMENTS = [
    *("placeringsnummer", "ärendenummer", "beslutsreferens", "enhet"),
    *("första_dag", "sista_dag", "betalas_från", "måndag", "tisdag"),
]
ATTENDANCE = ["placeringsnummer", "dag", "kod", "från", "till"]
KIM = ["DV-1", "KOM-000001", "Kim", "Å", "070-174 06 05", "karin"]

Rows = Sequence[Sequence[str]]


@pytest.fixture(autouse=True)
def caseworker(app: Flask) -> User:
    return make.user(Role.CASEWORKER, login="karin")


def scope(**values: object) -> Scope:
    system = make.system()
    return Scope(system.municipality_id, system, **values)  # type: ignore[arg-type]


def read_in(kind: str, heading: list[str], *rows: list[str], **wish: bool) -> Examined:
    where = scope()
    db.session.commit()
    with audit.acting(where.municipality_id):
        done = running.read_in(KINDS[kind], [heading, *rows], where, **wish)
        db.session.commit()
    return done


def examine(kind: str, heading: list[str], *rows: list[str]) -> Examined:
    where = scope()
    db.session.commit()
    return running.examine(KINDS[kind], [heading, *rows], where)


def states(examined: Examined) -> list[str]:
    return [str(result.outcome.state) for result in examined.results]


def notes(examined: Examined) -> list[tuple[str, ...]]:
    return [result.outcome.notes for result in examined.results]


def count(kind: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_new_person_comes_with_number_name_and_caseworker(caseworker: User) -> None:
    assert states(read_in("people", PEOPLE, KIM)) == ["new"]
    person = db.session.scalars(select(Client)).one()
    assert (person.case_number, person.first_name, person.phone) == (
        "DV-1",
        "Kim",
        "070-174 06 05",
    )
    assert person.numbers[0].kind == "reservnummer"
    assert db.session.scalars(select(Assignment.user_id)).one() == caseworker.id


def test_the_same_file_twice_changes_nothing() -> None:
    read_in("people", PEOPLE, KIM)
    again = read_in("people", PEOPLE, KIM)
    assert states(again) == ["same"]
    assert again.changes == 0
    assert count(Client) == 1


def test_what_differs_is_told_and_changed() -> None:
    read_in("people", PEOPLE, KIM)
    changed = ["DV-1", "KOM-000001", "Kim", "Ö", "070-174 06 06", ""]
    done = read_in("people", PEOPLE, changed)
    assert notes(done) == [
        ("namn: Kim Å → Kim Ö", "telefon: 070-174 06 05 → 070-174 06 06")
    ]
    assert db.session.scalars(select(Client.last_name)).one() == "Ö"


def test_an_empty_cell_changes_nothing() -> None:
    read_in("people", PEOPLE, KIM)
    assert states(read_in("people", PEOPLE, [*KIM[:4], "", ""])) == ["same"]


def test_a_try_keeps_nothing_and_logs_nothing() -> None:
    assert states(examine("people", PEOPLE, KIM)) == ["new"]
    db.session.commit()
    assert (count(Client), count(Audit)) == (0, 0)


def test_with_one_faulty_row_nothing_is_read_in() -> None:
    with pytest.raises(Refused, match="1 rader har fel"):
        read_in("people", PEOPLE, KIM, ["DV-2", "123", "Bo", "Ek", "", "karin"])
    db.session.rollback()
    assert count(Client) == 0


def test_only_the_good_rows_are_read_in_and_logged_when_asked() -> None:
    bad = ["DV-2", "123", "Bo", "Ek", "", "karin"]
    done = read_in("people", PEOPLE, bad, KIM, only_good=True)
    assert states(done) == ["fault", "new"]
    assert db.session.scalars(select(Client.case_number)).all() == ["DV-1"]
    actions = db.session.scalars(select(Audit.action)).all()
    assert sorted(actions) == ["assignment.add", "person.register"]


FAULTY_PEOPLE = {
    "no number": (["DV-2", "", "Bo", "Ek", "", ""], "Fyll i nummer."),
    "not a number": (["DV-2", "123", "Bo", "Ek", "", "karin"], "nummer:"),
    "taken": (["DV-2", "KOM-000001", "Bo", "Ek", "", "karin"], "Numret finns redan"),
    "nobody": (["DV-2", "KOM-2", "Bo", "Ek", "", "karl"], "karl är ingen handläggare"),
    "unsaid": (["DV-2", "KOM-2", "Bo", "Ek", "", ""], "ange vem som ska ha"),
    "twice": (KIM, "samma sak som rad 2"),
}


@pytest.mark.parametrize("case", FAULTY_PEOPLE)
def test_a_faulty_person_is_told_what_to_do(case: str) -> None:
    row, said = FAULTY_PEOPLE[case]
    done = examine("people", PEOPLE, KIM, row)
    assert states(done) == ["new", "fault"]
    assert said in done.faults[3][0]


def test_a_protected_identity_is_neither_shown_nor_changed_by_a_file(
    caseworker: User,
) -> None:
    hidden = make.person(protection="sekretessmarkering", case_number="DV-9")
    make.assignment(hidden, caseworker)
    reader = actor_of(open_session(user=caseworker))
    db.session.commit()
    row = ["DV-9", "KOM-000009", "Ny", "Identitet", "0", "karin"]
    examined = running.examine(KINDS["people"], [PEOPLE, row], scope(actor=reader))
    assert "skyddade personuppgifter" in examined.faults[2][0]
    assert hidden.last_name not in str(examined)


def test_a_case_outside_the_assignment_is_not_changed_by_a_file() -> None:
    other = make.user(Role.CASEWORKER, login="other", name="Olle Annan")
    make.person(caseworker=other, case_number="DV-1")
    token = open_session(user=db.session.scalars(select(User)).first())  # type: ignore[arg-type]
    actor = actor_of(token)
    db.session.commit()
    done = running.examine(KINDS["people"], [PEOPLE, KIM], scope(actor=actor))
    assert "DV-1 finns, ansvarig Olle Annan" in done.faults[2][0]


def decision_row(**values: str) -> list[str]:
    told = {
        "beslutsreferens": "B-1",
        "ärendenummer": "DV-1",
        "lag": "LSS",
        "personkrets": "1",
        "beslutsdag": "2026-01-10",
        "första_dag": "2026-01-15",
        **values,
    }
    return [told.get(column, "") for column in DECISIONS]


@pytest.fixture
def person() -> Client:
    return make.person(case_number="DV-1")


def test_a_decision_is_kept_with_its_last_day_inclusive(person: Client) -> None:
    row = decision_row(sista_dag="2026-12-31")
    assert states(read_in("decisions", DECISIONS, row)) == ["new"]
    kept = db.session.scalars(select(Decision)).one()
    assert (kept.first_day, kept.end_day) == (date(2026, 1, 15), date(2027, 1, 1))
    assert states(read_in("decisions", DECISIONS, row)) == ["same"]


def test_a_known_decision_ends_earlier_with_its_reason(person: Client) -> None:
    read_in("decisions", DECISIONS, decision_row())
    ended = decision_row(
        sista_dag="2026-03-31", avslutsorsak="Personen har fått arbete"
    )
    done = read_in("decisions", DECISIONS, ended)
    assert notes(done) == [("sista dag: tills vidare → 2026-03-31",)]
    assert db.session.scalars(select(Decision.status)).one() == "ended"
    assert states(read_in("decisions", DECISIONS, ended)) == ["same"]


FAULTY_DECISIONS = {
    "law": ({"lag": "HSL"}, "lag: ”HSL” finns inte. Skriv något av: LSS, SoL."),
    "group": ({"personkrets": "3"}, "personkrets: ”3” går inte"),
    "no group": ({"personkrets": ""}, "personkrets"),
    "day": ({"första_dag": "15/1"}, "första_dag: ”15/1” är ingen dag"),
    "year": ({"första_dag": "0206-01-15"}, "årtalet ser fel ut"),
    "nobody": ({"ärendenummer": "DV-9"}, "DV-9 finns inte. Läs in personen först."),
}


@pytest.mark.parametrize("case", FAULTY_DECISIONS)
def test_a_faulty_decision_is_told_what_to_do(person: Client, case: str) -> None:
    values, said = FAULTY_DECISIONS[case]
    done = examine("decisions", DECISIONS, decision_row(**values))
    assert said in done.faults[2][0]


def test_a_decision_never_becomes_another(person: Client) -> None:
    read_in("decisions", DECISIONS, decision_row())
    done = examine("decisions", DECISIONS, decision_row(första_dag="2026-02-01"))
    assert "första_dag (2026-01-15 i lovdv)" in done.faults[2][0]


def placement_row(**values: str) -> list[str]:
    told = {
        "placeringsnummer": "P-7",
        "ärendenummer": "DV-1",
        "beslutsreferens": "B-1",
        "enhet": "Gläntan",
        "första_dag": "2026-02-02",
        "måndag": "9-15",
        "tisdag": "09:00–14:30",
        **values,
    }
    return [told.get(column, "") for column in PLACEMENTS]


@pytest.fixture
def decided(person: Client) -> Decision:
    make.unit(name="Gläntan")
    return make.decision(person, reference="B-1")


def test_a_placement_begins_with_its_times(decided: Decision) -> None:
    row = placement_row(betalas_från="2026-03-01")
    assert states(read_in("placements", PLACEMENTS, row)) == ["new"]
    placed = db.session.scalars(select(Placement)).one()
    assert (placed.number, placed.paid_first_day) == ("P-7", date(2026, 3, 1))
    assert placed.week_plans[0].times == [
        [["09:00", "15:00"], ["09:00", "14:30"], None, None, None, None, None]
    ]
    assert states(read_in("placements", PLACEMENTS, row)) == ["same"]


FAULTY_PLACEMENTS = {
    "unit": ({"enhet": "Månen"}, "enhet: ”Månen” finns inte"),
    "times": ({"måndag": "nio"}, "måndag: ”nio” är inga tider"),
    "backwards": ({"måndag": "15-9"}, "från en tidigare till en senare"),
    "decision": ({"beslutsreferens": "B-9"}, "Läs in beslutet först"),
    "no times": ({"måndag": "", "tisdag": ""}, "minst en veckodag"),
    "not begun": ({"första_dag": "2026-03-16"}, "börjar i dag eller senare beställs"),
    "too long": ({"placeringsnummer": "P" * 21}, "Korta den till högst 20"),
}


@pytest.mark.parametrize("case", FAULTY_PLACEMENTS)
def test_a_faulty_placement_is_told_what_to_do(decided: Decision, case: str) -> None:
    values, said = FAULTY_PLACEMENTS[case]
    done = examine("placements", PLACEMENTS, placement_row(**values))
    assert said in done.faults[2][0]


def test_attendance_becomes_deviations_and_parts_of_days() -> None:
    placed = make.placement(number="P-7")
    rows = [
        ["P-7", "2026-03-03", "A", "", ""],
        ["P-7", "2026-03-04", "S", "12:00", "15:00"],
    ]
    assert states(read_in("attendance", ATTENDANCE, *rows)) == ["changed", "changed"]
    month = person_month(placed, Month(2026, 3))
    assert month.set_code(3) == "A"
    assert month.parts(4) == [{"from": "12:00", "to": "15:00", "code": "S"}]
    assert states(read_in("attendance", ATTENDANCE, *rows)) == ["same", "same"]
    assert count(AttendanceMonth) == 1


FAULTY_ATTENDANCE = {
    "month": (["P-7", "2026-02-03", "A", "", ""], "ligger inte i 2026-03"),
    "code": (["P-7", "2026-03-03", "Z", "", ""], "”Z” finns inte"),
    "number": (["P-8", "2026-03-03", "A", "", ""], "finns inte bland dem"),
    "time": (["P-7", "2026-03-03", "A", "tolv", "15"], "är ingen tid"),
    "to come": (["P-7", "2026-03-30", "A", "", ""], "har inte varit än"),
}


@pytest.mark.parametrize("case", FAULTY_ATTENDANCE)
def test_a_faulty_day_is_told_what_to_do(case: str) -> None:
    make.placement(number="P-7")
    row, said = FAULTY_ATTENDANCE[case]
    db.session.commit()
    done = running.examine(
        KINDS["attendance"], [ATTENDANCE, row], scope(month=date(2026, 3, 1))
    )
    assert said in done.faults[2][0]


WRONG_HEADINGS = {
    "missing": (["ärendenummer"], "Kolumner saknas: nummer, förnamn, efternamn"),
    "unknown": ([*PEOPLE, "skonummer"], "Kolumner som inte hör hit: skonummer"),
    "twice": ([*PEOPLE, "telefon"], "Kolumner finns två gånger: telefon"),
}


@pytest.mark.parametrize("case", WRONG_HEADINGS)
def test_a_file_with_the_wrong_columns_is_refused_whole(app: Flask, case: str) -> None:
    heading, said = WRONG_HEADINGS[case]
    with pytest.raises(Refused, match=said):
        examine("people", heading, ["x"] * len(heading))


def test_a_file_without_rows_is_refused(app: Flask) -> None:
    with pytest.raises(Refused, match="inga rader"):
        examine("people", PEOPLE)


def test_a_changed_preview_is_shown_again_before_anything_is_done() -> None:
    seen = examine("people", PEOPLE, KIM).digest
    read_in("people", PEOPLE, KIM)
    with pytest.raises(Refused, match="Titta igenom den igen"):
        running.read_in(KINDS["people"], [PEOPLE, KIM], scope(), expecting=seen)


@pytest.mark.parametrize("name", KINDS)
def test_a_template_is_read_back_with_its_columns(app: Flask, name: str) -> None:
    heading, *rows = excel.read(template(KINDS[name]), "mall.xlsx")
    assert heading == [field.title for field in KINDS[name].fields]
    assert rows == []


def test_the_faults_come_back_in_the_same_file() -> None:
    rows = [PEOPLE, ["DV-2", "123", "=Bo", "Ek", "", "karin"], KIM]
    done = examine("people", *rows)
    heading, bad, good = excel.read(excel.with_faults(rows, done.faults), "fel.xlsx")
    assert heading == [*PEOPLE, "Fel"]
    assert bad[2] == "=Bo"
    assert bad[-1].startswith("nummer:")
    assert (good[:4], len(good)) == (KIM[:4], 7)
    assert State.FAULT in done.counts


def _csv(*rows: list[str]) -> tuple[BytesIO, str]:
    text = "\n".join(";".join(row) for row in rows)
    return BytesIO(text.encode("utf-8-sig")), "personer.csv"


@pytest.fixture
def signed_in(client: StrictClient, caseworker: User) -> StrictClient:
    make.system()
    return client.login(caseworker)


def test_a_file_is_looked_through_and_then_read_in(signed_in: StrictClient) -> None:
    response = signed_in.send("/importera/people", "file", file=_csv(PEOPLE, KIM))
    page = signed_in.page(response.location)
    assert page.table() == [["2", "DV-1", "Ny", "Hela raden är ny"]]
    assert count(Client) == 0
    signed_in.post(f"{response.location}/las-in")
    assert "1 nya, 0 ändrade" in signed_in.page("/importera").html
    assert (count(Client), count(ImportDraft)) == (1, 0)


def test_a_file_that_is_not_a_workbook_keeps_the_page(signed_in: StrictClient) -> None:
    response = signed_in.send(
        "/importera/people", "file", file=(BytesIO(b"\x00\x01"), "bild.xlsx")
    )
    assert response.status_code == 200
    assert "inte en Excelarbetsbok" in response.page.errors[0]


def test_faulty_rows_are_shown_and_returned_in_the_file(
    signed_in: StrictClient,
) -> None:
    bad = ["DV-2", "123", "Bo", "Ek", "", ""]
    response = signed_in.send("/importera/people", "file", file=_csv(PEOPLE, bad, KIM))
    page = signed_in.page(response.location)
    assert page.table()[0][2] == "Fel"
    returned = signed_in.get(f"{response.location}/fel")
    assert excel.read(returned.data, "fel.xlsx")[1][-1].startswith("nummer:")
    refused = signed_in.post(f"{response.location}/las-in")
    assert "1 rader har fel" in refused.page.text
    signed_in.send(response.location, "only_good", only_good="y")
    assert db.session.scalars(select(Client.case_number)).all() == ["DV-1"]


def test_a_file_can_be_thrown_away(signed_in: StrictClient) -> None:
    response = signed_in.send("/importera/people", "file", file=_csv(PEOPLE, KIM))
    signed_in.post(f"{response.location}/kasta")
    assert (count(Client), count(ImportDraft)) == (0, 0)


def test_another_caseworkers_file_is_not_there(
    signed_in: StrictClient, clients: Callable[[], StrictClient]
) -> None:
    response = signed_in.send("/importera/people", "file", file=_csv(PEOPLE, KIM))
    other = clients().login(make.user(Role.CASEWORKER))
    assert other.get(response.location).status_code == 404
    assert other.post(f"{response.location}/las-in").status_code == 404


def test_no_name_stands_open_in_the_database(signed_in: StrictClient) -> None:
    signed_in.send("/importera/people", "file", file=_csv(PEOPLE, KIM))
    sealed = db.session.scalars(select(ImportDraft.sealed)).one()
    assert b"KOM-000001" not in sealed


def test_attendance_asks_for_its_month(client: StrictClient) -> None:
    make.system()
    client.login(make.user(Role.PROVIDER))
    file = _csv(ATTENDANCE, ["P-7", "2026-03-03", "A", "", ""])
    response = client.send("/importera/attendance", "file", file=file, month="mars")
    assert "Skriv månaden som 2026-10." in response.page.errors[0]


def test_a_unit_reads_in_its_own_attendance_and_nobody_elses(
    client: StrictClient,
) -> None:
    own, other = make.unit(), make.unit()
    make.placement(make.person(), own, number="P-7")
    make.placement(make.person(), other, number="P-8")
    client.login(make.user(Role.PROVIDER, unit=own))
    assert client.get("/importera/people").status_code == 404
    rows = [["P-7", "2026-03-03", "A", "", ""], ["P-8", "2026-03-03", "A", "", ""]]
    file = _csv(ATTENDANCE, *rows)
    response = client.send("/importera/attendance", "file", file=file, month="2026-03")
    table = client.page(response.location).table()
    assert [row[2] for row in table] == ["Ändras", "Fel"]
    assert "finns inte bland dem" in table[1][3]


def test_only_who_reports_attendance_reads_it_in(signed_in: StrictClient) -> None:
    assert signed_in.get("/importera/attendance").status_code == 404


def test_a_changed_preview_is_renewed_so_that_the_file_can_be_read_in(
    signed_in: StrictClient, caseworker: User
) -> None:
    bo = ["DV-2", "KOM-000002", "Bo", "Ek", "", ""]
    sent = signed_in.send("/importera/people", "file", file=_csv(PEOPLE, KIM, bo))
    make.person(case_number="DV-2", caseworker=caseworker, first_name="Bosse")
    page = signed_in.post(f"{sent.location}/las-in").page
    assert "Något har ändrats" in page.text
    assert [row[2] for row in page.table()] == ["Ny", "Ändras"]
    signed_in.post(f"{sent.location}/las-in")
    assert (count(Client), count(ImportDraft)) == (2, 0)


def test_a_page_reads_in_no_more_rows_than_others_can_wait_for(
    app: Flask, signed_in: StrictClient
) -> None:
    app.config["IMPORT_ROWS"] = 1
    bo = ["DV-2", "KOM-000002", "Bo", "Ek", "", ""]
    file = _csv(PEOPLE, KIM, bo)
    page = signed_in.send("/importera/people", "file", file=file).page
    assert "Här går högst 1 att läsa in" in page.errors[0]


def test_a_row_that_fails_leaves_no_trace_in_the_log() -> None:
    taken = ["DV-2", "KOM-000001", "Bo", "Ek", "", "karin"]
    read_in("people", PEOPLE, KIM, taken, only_good=True)
    told = db.session.scalars(select(Audit.action).where(~Audit.read)).all()
    assert sorted(told) == ["assignment.add", "person.register"]


def test_an_end_by_file_ends_all_that_rests_on_the_decision() -> None:
    person, known = _decided()
    place = make.placement(person, make.unit(name="Solen"))
    order, invitation = make.order(person, make.unit()), make.invitation(person)
    done = read_in("decisions", DECISIONS, _ending(known, "2026-02-28"))
    assert (
        f"Placering {place.number} vid Solen avslutas 28 februari 2026."
        in (notes(done)[0])
    )
    assert (place.end_day, place.end_reason) == (date(2026, 3, 1), "work")
    assert (order.status, invitation.closed_on) == ("withdrawn", date(2026, 3, 16))


def test_a_file_does_not_end_a_decision_before_an_attended_day() -> None:
    person, known = _decided()
    make.attended(make.placement(person), date(2026, 2, 20))
    row = _ending(known, "2026-01-31")
    done = read_in("decisions", DECISIONS, row, only_good=True)
    assert "rapporterad som närvarande 20 februari 2026" in done.faults[2][0]
    assert known.end_day is None


def _decided() -> tuple[Client, Decision]:
    person = make.person(case_number="DV-1")
    return person, make.decision(person, reference="B-1")


def _ending(known: Decision, last_day: str) -> list[str]:
    days = (known.decided_on.isoformat(), known.first_day.isoformat())
    return ["B-1", "DV-1", "LSS", "1", *days, last_day, "Personen har fått arbete"]


def test_a_decision_by_file_can_replace_another() -> None:
    _, old = _decided()
    days = ["2026-03-01", "2026-04-01", "", ""]
    row = ["B-2", "DV-1", "LSS", "1", *days, "B-1"]
    assert states(read_in("decisions", [*DECISIONS, "ersätter"], row)) == ["new"]
    assert (old.status, old.end_day) == ("replaced", date(2026, 4, 1))


def test_a_decision_that_is_not_there_is_not_replaced() -> None:
    _decided()
    days = ["2026-03-01", "2026-04-01", "", ""]
    row = ["B-2", "DV-1", "LSS", "1", *days, "B-9"]
    done = read_in("decisions", [*DECISIONS, "ersätter"], row, only_good=True)
    assert done.faults[2][0].startswith("ersätter: personen har inget beslut B-9")


def test_other_words_for_a_known_decision_are_a_fault_that_names_them() -> None:
    _, known = _decided()
    known.extent = "Tre dagar"
    days = [known.decided_on.isoformat(), known.first_day.isoformat(), "", ""]
    row = ["B-1", "DV-1", "LSS", "1", *days, "Fem dagar", "Nytt mål"]
    heading = [*DECISIONS, "omfattning", "mål"]
    done = read_in("decisions", heading, row, only_good=True)
    assert "annan text i omfattning, mål" in done.faults[2][0]


def test_a_new_alias_of_a_protected_person_is_a_change() -> None:
    heading = [*PEOPLE, "skydd", "alias"]
    read_in("people", heading, [*KIM, "Sekretessmarkering", "Robin"])
    done = read_in("people", heading, [*KIM, "Sekretessmarkering", "Charlie"])
    assert notes(done) == [("nytt alias",)]
    assert db.session.scalars(select(Client.alias)).one() == "Charlie"
