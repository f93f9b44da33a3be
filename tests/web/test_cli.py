"""The lovdv command: what it does, what it says and the code it ends with."""

import json
import os
import socket
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from lovdv import excel
from lovdv.access import Role
from lovdv.accounts import operations
from lovdv.cli import run
from lovdv.cli.shell import changing
from lovdv.needs.instrument_files import workbook_file
from tests.kit_databases import Template

DONE, FAULT, MISUSE = 0, 1, 2
pytestmark = pytest.mark.slow

SECRET = "en hemlighet som är lång nog för drift"


@dataclass
class Answer:
    code: int
    out: str
    err: str


Ask = Callable[..., Answer]


@pytest.fixture
def ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Ask:
    """Run the command in an instance of its own, on SQLite in its folder."""
    for name in [name for name in os.environ if name.startswith("LOVDV_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LOVDV_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("LOVDV_SECRET_KEY", SECRET)
    monkeypatch.setenv("LOVDV_PROXIES", "1")
    monkeypatch.setenv("LOVDV_ARGON2", '{"memory_cost": 8, "parallelism": 1}')

    def asked(*arguments: str) -> Answer:
        capsys.readouterr()
        code = run(arguments)
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return asked


@pytest.fixture
def ask_both(
    ask: Ask, template: Template, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ask]:
    """The same, over a migrated database of each kind."""
    url = template.clone()
    monkeypatch.setenv("LOVDV_DATABASE_URL", url)
    yield ask
    template.drop(url)


@pytest.fixture
def password(tmp_path: Path) -> str:
    file = tmp_path / "password"
    file.write_text("ett långt lösenord\n", "utf-8")
    return str(file)


def _ready(ask: Ask) -> None:
    assert ask("init-db", "--code", "9902", "--name", "Provkommun").code == DONE


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nix",), "Kommandot nix finns inte."),
        (("run", "--port", "många"), "Skriv ett heltal, 1–65535."),
        (("run", "--prot", "5000"), "Valet --prot finns inte. Menade du --port?"),
        (("create-admin",), "ANVÄNDARNAMN saknas."),
        (("create-admin", "a", "--password-file", "nix"), "Filen nix finns inte."),
        (("init-db", "--code", "9902"), "Ange både --code och --name"),
        (("init-db", "--code", "99", "--name", "N"), "Kommunkoden är fyra siffror"),
        (("audit",), "Kommandon:"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_use_is_told_in_swedish_and_ends_with_2(
    ask: Ask, arguments: tuple[str, ...], said: str
) -> None:
    answer = ask(*arguments)
    assert (answer.code, answer.out) == (MISUSE, "")
    assert said in answer.err


def test_without_a_command_the_help_is_shown(ask: Ask) -> None:
    answer = ask()
    assert answer.code == DONE
    assert answer.out.startswith("Användning: lovdv [VAL] KOMMANDO ...")


@pytest.mark.parametrize("english", ["Usage", "Options", "Commands", "Show this"])
def test_no_help_is_in_english(ask: Ask, english: str) -> None:
    helps = ask("--help").out + ask("run", "--help").out + ask("audit", "--help").out
    assert english not in helps


def test_without_a_secret_nothing_starts(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LOVDV_SECRET_KEY")
    with pytest.raises(SystemExit) as ended:
        ask("doctor")
    assert ended.value.code == MISUSE


def test_init_db_can_be_run_again(ask: Ask) -> None:
    _ready(ask)
    answer = ask("init-db", "--code", "9902", "--name", "Provkommun")
    assert answer.code == DONE
    assert "Kommunen fanns redan" in answer.err


def test_a_database_without_tables_is_sent_to_init_db(ask: Ask) -> None:
    answer = ask("audit", "verify")
    assert (answer.code, answer.out) == (MISUSE, "")
    assert "lovdv init-db" in answer.err


def test_an_admin_is_made_once(ask_both: Ask, password: str) -> None:
    _ready(ask_both)
    made = ask_both("create-admin", "Chefen", "--password-file", password)
    again = ask_both("create-admin", "chefen", "--password-file", password)
    assert (made.code, again.code) == (DONE, FAULT)
    assert "upptaget" in again.err


def test_a_short_password_is_refused(ask: Ask, tmp_path: Path) -> None:
    _ready(ask)
    file = tmp_path / "short"
    file.write_text("kort", "utf-8")
    answer = ask("create-admin", "chefen", "--password-file", str(file))
    assert answer.code == FAULT
    assert "minst 12 tecken" in answer.err


def test_an_admin_needs_a_municipality(ask: Ask, password: str) -> None:
    ask("init-db")
    answer = ask("create-admin", "chefen", "--password-file", password)
    assert answer.code == MISUSE
    assert "lovdv init-db --code KOD --name NAMN" in answer.err


def test_of_several_municipalities_one_must_be_named(ask: Ask, password: str) -> None:
    _ready(ask)
    ask("init-db", "--code", "9903", "--name", "Grannkommun")
    unnamed = ask("create-admin", "chefen", "--password-file", password)
    named = ask(
        *("create-admin", "chefen", "--password-file", password),
        *("--municipality", "9903"),
    )
    assert (unnamed.code, named.code) == (MISUSE, DONE)
    assert "9902 Provkommun, 9903 Grannkommun" in unnamed.err


def _states(answer: Answer) -> dict[str, str]:
    return {f["about"]: f["state"] for f in json.loads(answer.out)["findings"]}


def test_the_doctor_finds_a_sound_installation_sound(
    ask_both: Ask, password: str
) -> None:
    _ready(ask_both)
    ask_both("create-admin", "chefen", "--password-file", password)
    answer = ask_both("doctor", "--json")
    assert answer.code == DONE
    assert set(_states(answer).values()) == {"ok"}


def test_the_doctor_warns_when_nobody_can_add_users(ask: Ask) -> None:
    _ready(ask)
    answer = ask("doctor", "--json")
    assert (answer.code, _states(answer)["Administratör"]) == (DONE, "warning")


def test_the_doctor_warns_when_no_proxy_is_counted(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ready(ask)
    monkeypatch.delenv("LOVDV_PROXIES")
    answer = ask("doctor", "--json")
    assert (answer.code, _states(answer)["Proxyer"]) == (DONE, "warning")


def test_the_last_administrator_gets_a_new_password(
    ask: Ask, tmp_path: Path, password: str
) -> None:
    _ready(ask)
    ask("create-admin", "chefen", "--password-file", password)
    known = ask("set-password", "Chefen", "--password-file", password)
    unknown = ask("set-password", "chefn", "--password-file", password)
    assert (known.code, unknown.code) == (DONE, FAULT)
    assert "har fått ett nytt lösenord" in known.out
    assert "Det finns ingen chefn i kommunen" in unknown.err


def test_the_doctor_sees_keys_that_others_can_read(ask: Ask, tmp_path: Path) -> None:
    _ready(ask)
    (tmp_path / "instance" / "keys").chmod(stat.S_IRUSR | stat.S_IROTH)
    answer = ask("doctor")
    assert answer.code == FAULT
    assert "chmod 600" in answer.out


@pytest.mark.parametrize(
    ("variable", "value", "about"),
    [
        ("LOVDV_SECRET_KEY", "kort", "SECRET_KEY"),
        ("LOVDV_TODAY", '"2026-03-16"', "Klocka"),
        ("LOVDV_HTTPS", "false", "Läge"),
    ],
)
def test_the_doctor_sees_a_setting_that_is_wrong_in_production(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, about: str
) -> None:
    _ready(ask)
    monkeypatch.setenv(variable, value)
    answer = ask("doctor", "--json")
    assert (answer.code, _states(answer)[about]) == (FAULT, "fault")


def _at_the_database(tmp_path: Path, *statements: str) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'instance' / 'lovdv.sqlite3'}")
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_the_doctor_misses_a_guard_that_was_taken_away(
    ask: Ask, tmp_path: Path
) -> None:
    _ready(ask)
    _at_the_database(tmp_path, "DROP TRIGGER guard_audit_update")
    answer = ask("doctor", "--json")
    assert (answer.code, _states(answer)["Lås"]) == (FAULT, "fault")


def test_the_doctor_names_a_unit_without_a_permit(ask: Ask, tmp_path: Path) -> None:
    _ready(ask)
    _at_the_database(
        tmp_path,
        "INSERT INTO provider (id, public_id, name, organisation_number, counterpart,"
        " email, phone) VALUES (1, 'p', 'Solen', '402000-2004', 'company', '', '')",
        "INSERT INTO unit (id, public_id, provider_id, name, sort_key, permit_number,"
        " permit_maximum, manager, street, postcode, town, area, phone, email,"
        " first_day) VALUES (1, 'u', 1, 'Gläntan', 'glantan', ' ', 5, 'M', '', '',"
        " '', '', '', '', '2020-01-01')",
        "INSERT INTO contract (id, public_id, choice_system_id, provider_id, number,"
        " regi, signed_on, first_day, supplier_number, account, order_reference,"
        " vat_compensation, is_default) VALUES (1, 'c', 1, 1, 'A-1', 'extern',"
        " '2020-01-01', '2020-01-01', '', '', '', 0, 0)",
        "INSERT INTO contract_unit (id, public_id, contract_id, unit_id, first_day)"
        " VALUES (1, 'cu', 1, 1, '2020-01-01')",
    )
    answer = ask("doctor")
    assert answer.code == FAULT
    assert "Tillstånd: saknas för Gläntan" in answer.out


def test_the_log_is_whole_until_a_row_is_changed(ask: Ask, tmp_path: Path) -> None:
    _ready(ask)
    assert ask("audit", "verify").code == DONE
    _at_the_database(
        tmp_path,
        "DROP TRIGGER guard_audit_update",
        "UPDATE audit SET action = 'person.read' WHERE number = 1",
    )
    answer = ask("audit", "verify", "--json")
    assert answer.code == FAULT
    [fault] = json.loads(answer.out)["faults"]
    assert fault["message"] == "raden har ändrats efter att den skrevs"


def test_a_log_cut_at_its_end_is_seen_by_whoever_kept_its_head(
    ask: Ask, tmp_path: Path
) -> None:
    _ready(ask)
    first = _heads(ask)
    ask("init-db", "--code", "9903", "--name", "Grannkommun")
    ask("create-admin", "x", "--password-file", _file(tmp_path, "p", "a" * 12))
    kept = _heads(ask, *first)
    _at_the_database(
        tmp_path,
        "DROP TRIGGER guard_audit_delete",
        "DELETE FROM audit",
        "DELETE FROM audit_segment",
    )
    assert ask("audit", "verify").code == DONE
    answer = ask("audit", "verify", "--json", *_since(*kept))
    assert answer.code == FAULT
    assert json.loads(answer.out)["lost"] == kept


def _heads(ask: Ask, *since: str) -> list[str]:
    answer = ask("audit", "verify", "--json", *_since(*since))
    assert answer.code == DONE
    return [head["head"] for head in json.loads(answer.out)["heads"]]


def _since(*heads: str) -> list[str]:
    return [word for head in heads for word in ("--since", head)]


def test_a_busy_port_is_told_before_the_server_starts(ask: Ask) -> None:
    _ready(ask)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        answer = ask("run", "--port", str(other.getsockname()[1]))
    assert answer.code == MISUSE
    assert "porten är upptagen" in answer.err


def test_no_colour_is_sent_where_none_is_wanted(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ready(ask)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in ask("doctor").out


PRICES = """nivå;omfattning;regi;belopp_kr;enhet;giltig_från
1;heltid;alla;17 116;månad;2023-04-01
"""


def _file(tmp_path: Path, name: str, text: str) -> str:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return str(file)


def test_a_price_list_is_checked_without_a_database(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LOVDV_SECRET_KEY")
    answer = ask("prices", "check", _file(tmp_path, "p.csv", PRICES))
    assert answer.code == DONE
    assert "1 priser, gäller från 2023-04-01. Listan går att använda." in answer.out


def test_a_price_that_is_no_amount_is_told_by_row_and_column(
    ask: Ask, tmp_path: Path
) -> None:
    wrong = _file(tmp_path, "p.csv", PRICES.replace("17 116", "sjutton"))
    answer = ask("prices", "check", wrong, "--json")
    assert answer.code == FAULT
    [error] = json.loads(answer.out)["errors"]
    assert (error["row"], error["column"]) == (2, "belopp_kr")


def test_a_file_that_is_too_large_is_not_read(ask: Ask, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    answer = ask("prices", "check", str(large))
    assert answer.code == FAULT
    assert "Högst 8 MB" in answer.err


def _instrument() -> Path:
    return Path("assessment/instruments/exempel-5-1.json").resolve()


def test_a_shipped_instrument_is_found_usable(ask: Ask) -> None:
    answer = ask("instrument", "check", str(_instrument()))
    assert answer.code == DONE
    assert "nivåerna 1, 2, 3, 4, 5" in answer.out


def test_an_instrument_with_faults_is_refused(ask: Ask, tmp_path: Path) -> None:
    answer = ask("instrument", "check", _file(tmp_path, "i.json", "{}"), "--json")
    assert answer.code == FAULT
    assert json.loads(answer.out)["faults"]


def test_an_instrument_in_excel_is_checked_with_each_fault_at_its_cell(
    ask: Ask, tmp_path: Path
) -> None:
    document = json.loads(_instrument().read_text("utf-8"))
    book = tmp_path / "i.xlsx"
    book.write_bytes(workbook_file(document))
    assert ask("instrument", "check", str(book)).code == DONE
    document["scales"][0]["steps"][1]["points"] = "lite"
    book.write_bytes(workbook_file(document))
    answer = ask("instrument", "check", str(book), "--json")
    assert answer.code == FAULT
    (fault,) = json.loads(answer.out)["faults"]
    assert fault["place"] == "Bladet Skalor, rad 3, kolumnen Poäng"


def test_forty_faults_give_forty_messages(ask: Ask, tmp_path: Path) -> None:
    document = json.loads(_instrument().read_text("utf-8"))
    questions = [q for d in document["domains"] for q in d["questions"]]
    for question in questions:
        question["weight"] = "tung"
        question["text"] = ""
    for step in document["scales"][0]["steps"]:
        step["label"] = ""
    file = _file(tmp_path, "i.json", json.dumps(document))
    answer = ask("instrument", "check", file, "--json")
    faults = json.loads(answer.out)["faults"]
    assert len(faults) == 2 * len(questions) + 4 == 40
    assert all(fault["place"] and fault["remedy"] for fault in faults)


def test_answers_are_scored_to_a_file_and_gaps_are_named(
    ask: Ask, tmp_path: Path
) -> None:
    questions = [
        question["id"]
        for domain in json.loads(_instrument().read_text("utf-8"))["domains"]
        for question in domain["questions"]
    ]
    rows = [
        ["id", *questions],
        ["hel", *["1"] * len(questions)],
        ["=lucka", *["1"] * (len(questions) - 1), ""],
    ]
    answers = _file(tmp_path, "a.csv", "\n".join(";".join(row) for row in rows))
    out = tmp_path / "r.csv"
    answer = ask(
        *("instrument", "score", str(_instrument()), answers, "--out", str(out)),
    )
    assert answer.code == FAULT
    assert "1 ok, 1 ofullständig" in answer.out
    written = out.read_text("utf-8-sig").splitlines()
    assert written[1].startswith("hel;ok;2;")
    assert written[2].startswith("'=lucka;ofullständig;;")


PEOPLE = """ärendenummer;nummer;förnamn;efternamn;handläggare
DV-1;KOM-000001;Kim;Å;karin
"""
FAULTY = PEOPLE + "DV-2;123;Bo;Ek;karin\n"


@pytest.fixture
def staffed(ask_both: Ask) -> Ask:
    """A municipality with a caseworker called karin."""
    _ready(ask_both)
    with changing(None) as home:
        user = operations.register(login="karin", name="Karin", password=None)
        operations.grant(
            user=user,
            role=Role.CASEWORKER,
            municipality_id=home.id,
            first_day=date(2020, 1, 1),
        )
    return ask_both


def _counts(answer: Answer) -> dict[str, int]:
    return {k: n for k, n in json.loads(answer.out)["counts"].items() if n}


def test_people_are_read_in_once(staffed: Ask, tmp_path: Path) -> None:
    file = _file(tmp_path, "people.csv", PEOPLE)
    tried = staffed("import", "people", file, "--try", "--json")
    first = staffed("import", "people", file, "--json")
    again = staffed("import", "people", file)
    assert (_counts(tried), _counts(first)) == ({"new": 1}, {"new": 1})
    assert (tried.code, first.code, again.code) == (DONE, DONE, DONE)
    assert "Allt stämde redan. Ingenting har ändrats." in again.out


def test_faulty_rows_stop_the_file_and_come_back_in_another(
    staffed: Ask, tmp_path: Path
) -> None:
    file, out = _file(tmp_path, "people.csv", FAULTY), tmp_path / "fel.xlsx"
    stopped = staffed("import", "people", file, "--faults", str(out))
    assert stopped.code == FAULT
    assert "Ingenting har lästs in." in stopped.out
    heading, _, bad = excel.read(out.read_bytes(), out.name)
    assert heading[-1] == "Fel"
    assert bad[-1].startswith("nummer:")
    good = staffed("import", "people", file, "--only-good", "--json")
    assert (good.code, _counts(good)) == (FAULT, {"new": 1, "fault": 1})
    assert json.loads(good.out)["read_in"] is True


def test_attendance_asks_for_its_month(staffed: Ask, tmp_path: Path) -> None:
    file = _file(tmp_path, "a.csv", "placeringsnummer;dag;kod\nP-1;2026-03-03;A\n")
    assert staffed("import", "attendance", file).code == MISUSE
    answer = staffed("import", "attendance", file, "--month", "2026-03")
    assert answer.code == FAULT
    assert "finns inte bland dem" in answer.out


@pytest.mark.parametrize("name", ["people", "decisions", "placements", "attendance"])
def test_a_template_needs_no_file(ask: Ask, tmp_path: Path, name: str) -> None:
    out = tmp_path / "mall.xlsx"
    assert ask("import", name, "--template", str(out)).code == DONE
    assert excel.read(out.read_bytes(), out.name)[0]
    assert ask("import", name).code == MISUSE


def test_prices_are_decided_from_a_file_unless_only_tried(
    staffed: Ask, tmp_path: Path
) -> None:
    file = _file(tmp_path, "p.csv", PRICES)
    command = ("import", "prices", file, "--name", "2023", "--reference", "SN 1 § 2")
    day = ("--first-day", "2023-04-01")
    assert "Prov" in staffed(*command, *day, "--try").out
    assert staffed(*command, *day).out.startswith("2023: 1 priser från 2023-04-01.")
    assert staffed(*command, "--first-day", "2023-05-01").code == FAULT


def test_a_file_that_is_not_a_table_is_refused_whole(
    staffed: Ask, tmp_path: Path
) -> None:
    picture = tmp_path / "people.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    answer = staffed("import", "people", str(picture))
    assert answer.code == FAULT
    assert "inte en Excelarbetsbok" in answer.err


def test_an_instrument_is_run_over_everybody_without_changing_anything(
    ask_both: Ask, tmp_path: Path
) -> None:
    _ready(ask_both)
    answer = ask_both("instrument", "consequences", str(_instrument()), "--json")
    told = json.loads(answer.out)
    assert (answer.code, told["people"], told["moved"]) == (DONE, 0, 0)
    assert (
        "0 personer" in ask_both("instrument", "consequences", str(_instrument())).out
    )
    broken = _file(tmp_path, "i.json", "{}")
    assert ask_both("instrument", "consequences", broken).code == FAULT
