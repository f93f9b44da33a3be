"""lovdv pay: the page about its files says what happens, and faults are named."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from lovdv import excel
from lovdv.cli import run
from tests.kit_payouts import plain

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "payment-files.md").read_text("utf-8")
DONE, FAULT, MISUSE = 0, 1, 2
FILES = re.compile(r"^`([\w.-]+)`[^\n]*:\n\n```csv\n(.*?)```", re.MULTILINE | re.DOTALL)
RUNS = re.compile(r"```sh\nlovdv (.*?)\n```\n\n```text\n(.*?)\n```", re.DOTALL)
COMMANDS = [found[0].replace("\\\n", " ").split() for found in RUNS.findall(PAGE)]
ANSWERS = [found[1] for found in RUNS.findall(PAGE)]
TYRESO, APRIL, GOTEBORG = range(3)


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
    """Run a command of the page among its files, some of them changed."""
    for name, text in FILES.findall(PAGE):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "payments").symlink_to(ROOT / "payments")
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    monkeypatch.chdir(tmp_path)

    def asked(number: int, *more: str, without: str = "", **texts: str) -> Answer:
        for name, text in texts.items():
            Path(f"{name}.csv").write_text(text, encoding="utf-8")
        arguments = _without(COMMANDS[number], without)
        capsys.readouterr()
        code = run([*arguments, *more])
        said = capsys.readouterr()
        return Answer(code, plain(said.out), plain(said.err))

    return asked


def _without(arguments: list[str], option: str) -> list[str]:
    if not option:
        return list(arguments)
    at = arguments.index(option)
    return arguments[:at] + arguments[at + 2 :]


def _file(name: str) -> str:
    return dict(FILES.findall(PAGE))[name]


def _changed(name: str, before: str, after: str) -> str:
    text = _file(name)
    assert before in text
    return text.replace(before, after, 1)


def _rows(name: str) -> list[dict[str, str]]:
    with Path(name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def _amounts(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in _rows(name):
        found.setdefault(row["placeringsnummer"], []).append(row["belopp_kr"])
    return found


def test_the_page_about_the_files_tells_what_the_command_answers(ask: Ask) -> None:
    told = [ask(number).out.strip() for number in range(len(COMMANDS))]
    assert told == ANSWERS
    assert len(told) == 3


def test_tyresos_month_is_paid_by_the_day(ask: Ask) -> None:
    assert ask(TYRESO).code == DONE
    assert _amounts("mars.csv") == {
        "P-1001": ["12520,00"],
        "P-1002": ["5472,00"],
        "P-1003": ["248,00", "870,00", "1956,00"],
    }


def test_goteborgs_month_is_paid_by_the_part_of_it(ask: Ask) -> None:
    ask(GOTEBORG, "--out", "maj.csv")
    assert _amounts("maj.csv") == {"G-1": ["17116,00"], "G-2": ["13913,52"]}
    [held] = _rows("maj-stoppat.csv")
    assert (held["placeringsnummer"], held["orsak"]) == ("G-3", "NoExtentClass")


def test_every_line_says_in_words_how_it_came_to_its_amount(ask: Ask) -> None:
    ask(TYRESO)
    told = [plain(row["förklaring"]) for row in _rows("mars.csv")]
    assert told[1].endswith("6 dagar × 912,00 kr = 5 472,00 kr.")


def test_excel_and_csv_say_the_same(ask: Ask, tmp_path: Path) -> None:
    ask(TYRESO)
    ask(TYRESO, "--out", "mars.xlsx")
    sheet = excel.read((tmp_path / "mars.xlsx").read_bytes(), "mars.xlsx")
    amounts = [row[sheet[0].index("belopp_kr")] for row in sheet[1:]]
    assert amounts == ["12520", "5472", "248", "870", "1956"]


def test_files_in_excel_are_read_as_those_in_csv(ask: Ask, tmp_path: Path) -> None:
    rows = [line.split(";") for line in _file("placeringar.csv").splitlines()]
    columns = [excel.Column(name) for name in reversed(rows[0])]
    turned = [list(reversed(row)) for row in rows[1:]]
    book = excel.workbook([excel.Sheet("Rader", columns, turned)], title="Placeringar")
    (tmp_path / "placeringar.xlsx").write_bytes(book)
    assert ask(TYRESO, "--placements", "placeringar.xlsx").out.strip() == ANSWERS[0]


def test_a_correction_reverses_what_was_booked_and_books_anew(ask: Ask) -> None:
    ask(TYRESO)
    ask(APRIL)
    told = [
        (row["radtyp"], row["rättar_rad"], row["belopp_kr"])
        for row in _rows("april.csv")
    ]
    assert told[0] == ("återföring", "2020-03-00001", "-12520,00")
    assert [kind for kind, _, _ in told[1:]] == ["rättelse", "rättelse"]


def test_without_any_change_there_is_nothing_to_correct(ask: Ask) -> None:
    ask(TYRESO)
    ask(APRIL, "--levels", "nivaer.csv")
    assert _rows("april.csv") == []


def test_the_excel_that_was_written_can_be_booked_from(ask: Ask) -> None:
    ask(TYRESO, "--out", "mars.xlsx")
    ask(TYRESO)
    ask(APRIL, "--booked", "mars.xlsx", without="--booked")
    by_excel = _rows("april.csv")
    ask(APRIL)
    assert _rows("april.csv") == by_excel


def test_attendance_that_the_rules_count_must_be_given(ask: Ask) -> None:
    answer = ask(TYRESO, without="--attendance")
    assert (answer.code, answer.err) == (
        MISUSE,
        "Reglerna räknar på närvaron. Ange den med --attendance.\n",
    )


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--decisions", "Besluten är inte med"),
        ("--contracts", "Avtalen är inte med"),
        ("--closed", "Stängda dagar är inte med"),
    ],
)
def test_what_a_file_left_out_means_is_told_and_written(
    ask: Ask, option: str, words: str
) -> None:
    assert words in ask(TYRESO, without=option).out
    left_out = [r["text"] for r in _rows("mars-las-mig.csv") if r["vad"] == "utelämnat"]
    assert any(text.startswith(words) for text in left_out)


WHOLE = {
    "a column is missing": (
        {"nivaer": _changed("nivaer.csv", "nivå;", "grad;")},
        "nivaer.csv, rad 1, nivå: Kolumnen ”nivå” saknas.",
    ),
    "attendance of another month": (
        {"narvaro": _file("narvaro.csv").replace("2020-03", "2020-02")},
        "Närvarofilen gäller 2020-02, inte 2020-03.",
    ),
    "a closed day that is no day": (
        {"stangt": "dag;namn\nlångfredagen;"},
        "stangt.csv, rad 2, dag: ”långfredagen” är ingen dag.",
    ),
}


@pytest.mark.parametrize(("texts", "words"), WHOLE.values(), ids=WHOLE.keys())
def test_what_is_wrong_for_everybody_stops_everything(
    ask: Ask, texts: dict[str, str], words: str
) -> None:
    answer = ask(TYRESO, **texts)
    assert answer.code == FAULT
    assert words in answer.err
    assert not Path("mars.csv").exists()


LEVEL = _file("nivaer.csv")
FAULTS = {
    "a level from a day that does not exist": (
        {"nivaer": LEVEL.replace("4;2020-03-16", "4;2020-03-32")},
        "nivaer.csv, rad 3, första_dag: ”2020-03-32” är ingen dag.",
    ),
    "two levels on the same days": (
        {"nivaer": LEVEL + "DV-2;5;2020-03-20;;\nDV-2;4;2020-03-20;;\n"},
        "nivaer.csv, rad 7, första_dag: Nivån går in i det på rad 6.",
    ),
    "times that are none": (
        {"placeringar": _changed("placeringar.csv", "16;;;9-15", "16;;;9-9")},
        "placeringar.csv, rad 3, måndag: ”9-9” är inga tider.",
    ),
    "a last day before the first": (
        {"placeringar": _changed("placeringar.csv", "03-16;;", "03-16;2020-03-15;")},
        "placeringar.csv, rad 3, sista_dag: Sista dagen 2020-03-15 är före",
    ),
    "a code that is none": (
        {"narvaro": _changed("narvaro.csv", "S", "Q")},
        "narvaro.csv, rad 3, 20: ”Q” är ingen kod.",
    ),
    "a month reported twice": (
        {"narvaro": _file("narvaro.csv") + "P-1002;2020-03;N\n"},
        "narvaro.csv, rad 5, månad: Placeringens månad står redan",
    ),
    "a month after the one that is paid": (
        {"narvaro": _file("narvaro.csv") + "P-1002;2020-04;N\n"},
        "narvaro.csv, rad 5, månad: Raden gäller 2020-04, efter månaden",
    ),
}


@pytest.mark.parametrize(("texts", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_faulty_row_stops_its_person_and_nobody_else(
    ask: Ask, texts: dict[str, str], words: str
) -> None:
    answer = ask(TYRESO, **texts)
    assert answer.code == FAULT
    assert words in answer.out
    assert set(_amounts("mars.csv")) == {"P-1001", "P-1003"}
    [held] = _rows("mars-stoppat.csv")
    assert (held["placeringsnummer"], held["orsak"]) == ("P-1002", "BadRow")


def _prices(before: str, after: str) -> str:
    text = (ROOT / "tests/data/prices/tyreso-2020.csv").read_text("utf-8")
    assert before in text
    return text.replace(before, after, 1)


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        ("4;halvtid;extern;912;", "4;halvtid;extern;912.0000001;", "MissingRate"),
        ("4;halvtid;extern;912;dygn;2020-01-01\n", "", "MissingRate"),
        (
            "4;halvtid;extern;912;dygn;2020-01-01\n",
            "4;halvtid;extern;912;dygn;2020-01-01\n" * 2,
            "AmbiguousRate",
        ),
    ],
    ids=["float-like", "missing", "twice"],
)
def test_a_price_that_is_not_there_once_stops_only_what_needs_it(
    ask: Ask, before: str, after: str, error: str
) -> None:
    answer = ask(
        TYRESO, "--prices", "egna.csv", without="--prices", egna=_prices(before, after)
    )
    assert answer.code == FAULT
    assert set(_amounts("mars.csv")) == {"P-1001", "P-1003"}
    [held] = _rows("mars-stoppat.csv")
    assert (held["placeringsnummer"], held["orsak"]) == ("P-1002", error)


def test_two_price_lists_from_the_same_day_are_refused(ask: Ask) -> None:
    answer = ask(TYRESO, "--prices", "egna.csv", egna=_prices("912", "913"))
    assert answer.code == FAULT
    assert "Två prislistor gäller från 2020-01-01." in answer.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[" * 100_000, "inte en JSON-fil med regler"),
        ("1" * 5_000, "inte en JSON-fil med regler"),
        ('{"basis":\n}', "inte JSON: rad 2, tecken"),
    ],
    ids=["too deep", "too long a number", "not JSON"],
)
def test_rules_that_cannot_be_read_are_a_fault(
    ask: Ask, tmp_path: Path, content: str, words: str
) -> None:
    (tmp_path / "egna.json").write_text(content)
    answer = ask(TYRESO, "--rules", "egna.json", without="--rules")
    assert answer.code == FAULT
    assert words in answer.err


def test_numbers_without_quotes_in_the_rules_are_refused(
    ask: Ask, tmp_path: Path
) -> None:
    text = (ROOT / "payments/rulesets/tyreso-2020.json").read_text("utf-8")
    (tmp_path / "egna.json").write_text(text.replace('"0.01"', "0.01"))
    answer = ask(TYRESO, "--rules", "egna.json", without="--rules")
    assert answer.code == FAULT
    assert "egna.json: Regeln ”rounding”: ska vara en text" in answer.err


def test_a_month_that_is_booked_is_not_paid_again(ask: Ask) -> None:
    ask(TYRESO)
    answer = ask(TYRESO, "--booked", "mars.csv", "--out", "igen.csv")
    assert answer.code == FAULT
    assert "2020-03 är redan bokförd, se rad 2020-03-00001" in answer.err


def test_a_month_is_not_paid_over_one_that_is_not_booked(ask: Ask) -> None:
    ask(TYRESO)
    answer = ask(APRIL, "--month", "2020-05")
    assert answer.code == FAULT
    assert "2020-04 är inte bokförd." in answer.err


def test_a_month_left_out_among_the_booked_is_not_paid_a_second_time(
    ask: Ask,
) -> None:
    ask(TYRESO)
    text = Path("mars.csv").read_text("utf-8-sig")
    head, first, *_ = text.splitlines()
    before = first.replace("2020-03-0", "2020-01-0").replace("2020-03", "2020-01")
    answer = ask(APRIL, mars=f"{text.rstrip()}\n{before}\n")
    assert (answer.code, head.split(";")[0]) == (FAULT, "rad")
    assert "2020-02 är inte bokförd." in answer.err


def test_a_booked_amount_that_does_not_follow_from_its_row_is_refused(
    ask: Ask,
) -> None:
    ask(TYRESO)
    text = Path("mars.csv").read_text("utf-8-sig").replace("12520,00", "12521,00")
    answer = ask(APRIL, mars=text)
    assert "mars.csv, rad 2, belopp_kr: Raden räknas till 12 520,00 kr" in answer.out
    assert _rows("april.csv") == []


def test_a_day_that_is_not_reported_is_not_paid_as_attended(ask: Ask) -> None:
    cells = _changed("narvaro.csv", "N;;N;;S", "N;;;;S")
    ask(TYRESO, narvaro=cells)
    assert set(_amounts("mars.csv")) == {"P-1001", "P-1003"}
    [held] = _rows("mars-stoppat.csv")
    assert held["orsak"] == "MissingAttendance"


def test_outside_contract_nothing_is_paid_and_outside_decision_it_is_told(
    ask: Ask,
) -> None:
    contract = _changed("avtal.csv", "Ateljén;2019-01-01;2021-12-31\n", "")
    decision = _changed(
        "beslut.csv", "DV-3;SN 2018-77;2019-01-07;", "DV-3;x;2020-03-17;"
    )
    answer = ask(TYRESO, avtal=contract, beslut=decision)
    assert set(_amounts("mars.csv")) == {"P-1003"}
    assert answer.out.count("beslutet täcker inte alla dagar.") == 3


def test_a_column_that_nothing_reads_is_named(ask: Ask) -> None:
    spelt = _changed("placeringar.csv", "sista_dag", "slutdag")
    assert (
        "placeringar.csv: används inte: slutdag." in ask(TYRESO, placeringar=spelt).out
    )


def test_a_file_that_is_neither_excel_nor_csv_is_wrong_use(ask: Ask) -> None:
    assert ask(TYRESO, "--out", "mars.pdf").code == MISUSE


def test_an_annulled_placement_is_taken_back(ask: Ask) -> None:
    ask(TYRESO)
    text = _file("placeringar.csv").splitlines()
    rows = [f"{text[0]};annullerad", text[1], f"{text[2]};ja", *text[3:]]
    ask(APRIL, "--levels", "nivaer.csv", placeringar="\n".join(rows))
    assert _amounts("april.csv") == {"P-1002": ["-5472,00"]}


def _rules(**more: object) -> str:
    told = json.loads((ROOT / "payments/rulesets/tyreso-2020.json").read_text("utf-8"))
    Path("egna.json").write_text(json.dumps(told | more), encoding="utf-8")
    return "egna.json"


HSL = {"code": "hsl", "name": "Egen HSL", "per": "day", "counted": "attended"}
WITH_HSL = [HSL | {"amounts": [{"from": "2020-01-01", "amount": "9"}]}]


def test_supplements_are_lines_of_their_own(ask: Ask) -> None:
    head = "placeringsnummer;tillägg;första_dag;sista_dag\n"
    ask(
        TYRESO,
        *("--rules", _rules(supplements=WITH_HSL), "--supplements", "tillagg.csv"),
        without="--rules",
        tillagg=f"{head}P-1002;hsl;2020-03-01;2020-03-20\n",
    )
    rows = [r for r in _rows("mars.csv") if r["slag"] == "supplement:hsl"]
    assert [(r["placeringsnummer"], r["belopp_kr"]) for r in rows] == [
        ("P-1002", "18,00")
    ]


def test_supplements_that_are_left_out_are_told_when_the_rules_have_them(
    ask: Ask,
) -> None:
    rules = _rules(supplements=WITH_HSL)
    told = ask(TYRESO, "--rules", rules, without="--rules").out
    assert "Tilläggen är inte med: inga extra belopp betalas." in told
    assert "Tilläggen är inte med" not in ask(TYRESO).out


def test_days_after_an_end_are_paid_and_read_back_without_correction(ask: Ask) -> None:
    text = _file("placeringar.csv").splitlines()
    rows = [f"{text[0]};avslutsorsak", *text[1:3], f"{text[3]};annat", text[4]]
    Path("placeringar.csv").write_text("\n".join(rows), encoding="utf-8")
    after = [{"reason": "annat", "days": "5", "share": "100"}]
    rules = "--rules", _rules(after_end=after)
    ask(TYRESO, *rules, without="--rules")
    [tail] = [r for r in _rows("mars.csv") if r["slag"] == "after_end"]
    assert (tail["första_dag"], tail["belopp_kr"]) == ("2020-03-21", "1956,00")
    ask(APRIL, *rules, "--levels", "nivaer.csv", without="--rules")
    assert _rows("april.csv") == []
