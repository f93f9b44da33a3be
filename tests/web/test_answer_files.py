"""Scoring of an answers file: never a level on a faulty row."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from assessment import Instrument, RowStatus, read_instrument
from lovdv.cli.files import score
from lovdv.errors import Refused
from lovdv.needs.answer_files import instrument_from, score_file
from tests import small_instrument

Rows = list[dict[str, str]]
Score = Callable[[str | bytes], Rows]


@pytest.fixture
def small() -> Instrument:
    return read_instrument(small_instrument.document())


@pytest.fixture
def scored(small: Instrument, tmp_path: Path) -> Score:
    """Score the content of an answers file; return the rows that came out."""

    def score(answers: str | bytes) -> Rows:
        source, out = tmp_path / "svar.csv", tmp_path / "resultat.csv"
        content = answers.encode() if isinstance(answers, str) else answers
        source.write_bytes(content)
        score_file(small, source, out)
        with out.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, delimiter=";"))

    return score


def test_each_row_has_its_status_and_only_ok_a_level(scored: Score) -> None:
    rows = scored(
        "id;mat;resa;oro;ofta\n"
        "1;2;2;1;1\n"
        "2;2;;0;\n"
        "3;9;0;0;\n"
        "4;ej relevant;2;0;2\n"
        "4;0;0;0;0\n"
    )
    assert [(row["id"], row["status"], row["nivå"]) for row in rows] == [
        ("1", "ok", "4"),
        ("2", "ofullständig", ""),
        ("3", "fel", ""),
        ("4", "ok", "2"),
        ("4", "fel", ""),
    ]
    assert rows[1]["meddelande"] == "Frågan ”resa” är inte besvarad. Välj ett svar."
    assert "Frågan ”ofta” räknas inte" in rows[3]["meddelande"]


def test_a_file_where_every_row_is_ok_is_done(scored: Score) -> None:
    rows = scored("id,mat,resa,oro\na,0,0,0\n")
    assert (rows[0]["poäng"], rows[0]["högst"]) == ("0", "6")


def test_excels_swedish_csv_is_read(scored: Score) -> None:
    rows = scored("id;mat;resa;oro\nÅsa;0;0;0\n\n".encode("cp1252"))
    assert [row["id"] for row in rows] == ["Åsa"]


def test_an_id_never_becomes_a_formula(scored: Score) -> None:
    rows = scored("id;mat;resa;oro\n=1+1;0;0;0\n")
    assert rows[0]["id"] == "'=1+1"


@pytest.mark.parametrize(
    "answers",
    ["", "mat;resa\n1;1\n", "id;mat;mat\n", "id;annat\n1;1\n"],
    ids=["empty", "no id", "twice", "unknown"],
)
def test_a_wrong_header_leaves_no_file_at_all(
    scored: Score, tmp_path: Path, answers: str
) -> None:
    with pytest.raises(Refused, match=r"fel i svar\.csv"):
        scored(answers)
    assert [path.name for path in tmp_path.iterdir()] == ["svar.csv"]


def test_the_answers_are_not_overwritten(small: Instrument, tmp_path: Path) -> None:
    answers = tmp_path / "svar.csv"
    answers.write_text("id;mat;resa;oro\n1;0;0;0\n", encoding="utf-8")
    with pytest.raises(Refused, match="Välj en annan fil"):
        score_file(small, answers, answers)
    assert answers.read_text(encoding="utf-8").startswith("id;mat")


def test_long_work_tells_how_far_it_has_come(small: Instrument, tmp_path: Path) -> None:
    answers, out, told = tmp_path / "svar.csv", tmp_path / "ut.csv", []
    lines = "".join(f"{number};0;0;0\n" for number in range(20_001))
    answers.write_text(f"id;mat;resa;oro\n{lines}", encoding="utf-8")
    counts = score_file(small, answers, out, told.append)
    assert counts == {RowStatus.OK: 20_001}
    assert told == [10_000, 20_000]


def test_a_faulty_instrument_is_refused_with_every_fault(tmp_path: Path) -> None:
    sheet = tmp_path / "instrument.json"
    spoiled = small_instrument.document().replace('"to": "3"', '"to": "2"')
    sheet.write_text(spoiled.replace('"text": "Resa"', '"text": ""'), "utf-8")
    with pytest.raises(Refused, match=r"^2 fel i instrument\.json") as caught:
        instrument_from(sheet)
    assert "hål mellan 2 och 4" in caught.value.message


def test_only_the_result_is_written_in_the_folder(
    small: Instrument, tmp_path: Path
) -> None:
    answers, out = tmp_path / "ut.csv.part", tmp_path / "ut.csv"
    answers.write_text("id;mat;resa;oro\n1;0;0;0\n", encoding="utf-8")
    assert score_file(small, answers, out) == {RowStatus.OK: 1}
    assert sorted(path.name for path in tmp_path.iterdir()) == [out.name, answers.name]
    assert answers.read_text(encoding="utf-8").startswith("id;mat")


def test_the_result_can_be_read_by_those_who_may_read_new_files(
    small: Instrument, tmp_path: Path
) -> None:
    answers, out = tmp_path / "svar.csv", tmp_path / "ut.csv"
    answers.write_text("id;mat;resa;oro\n1;0;0;0\n", encoding="utf-8")
    score_file(small, answers, out)
    assert out.stat().st_mode == answers.stat().st_mode


def test_the_instrument_is_not_overwritten(tmp_path: Path) -> None:
    sheet, answers = tmp_path / "i.json", tmp_path / "svar.csv"
    sheet.write_text(small_instrument.document(), "utf-8")
    answers.write_text("id;mat;resa;oro\n1;0;0;0\n", encoding="utf-8")
    sent = [str(path) for path in (sheet, answers, "--out", sheet)]
    result = CliRunner().invoke(score, sent)
    assert result.exit_code != 0
    assert sheet.read_text("utf-8") == small_instrument.document()
