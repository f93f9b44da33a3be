"""Scoring of an answers file: a status and a message per row."""

import pytest

from assessment import RowScore, RowStatus, UnusableTableError, score_rows
from tests.engines import published_instruments as make

HEADER = ["id", "a", "b"]


def rows(*table: list[str]) -> list[RowScore]:
    return list(score_rows(make.instrument(), HEADER, table))


def test_a_whole_row_gives_its_level_and_points() -> None:
    assert rows(["1", "3", "2"]) == [
        RowScore("1", RowStatus.OK, "", "2", "2", "5", "6")
    ]


@pytest.mark.parametrize(
    ("row", "status", "message"),
    [
        (["1", "3", ""], RowStatus.INCOMPLETE, "Frågan ”b” är inte besvarad."),
        (["1", "3", "Ej bedömd"], RowStatus.INCOMPLETE, "Frågan ”b” är inte besvarad."),
        (["1", "3", "4"], RowStatus.FAULT, "Svaret ”4” finns inte på frågan ”b”."),
        (["1", "", "4"], RowStatus.FAULT, "Frågan ”a” är inte besvarad."),
        (["1", "3"], RowStatus.FAULT, "Raden har 2 kolumner men rubrikraden 3."),
        (["", "3", "1"], RowStatus.FAULT, "Raden saknar id."),
        (["1", "3", "EJ RELEVANT"], RowStatus.FAULT, "Frågan ”b” kan inte besvaras"),
    ],
)
def test_a_faulty_row_never_has_a_level(
    row: list[str], status: RowStatus, message: str
) -> None:
    (scored,) = rows(row)
    assert scored.status is status
    assert scored.message.startswith(message)
    assert (scored.level, scored.price_level, scored.points) == ("", "", "")


def test_a_repeated_id_is_a_fault_on_the_later_row() -> None:
    first, second = rows(["1", "0", "0"], ["1", "3", "3"])
    assert (first.status, second.status) == (RowStatus.OK, RowStatus.FAULT)


def test_an_answer_to_a_hidden_question_is_said() -> None:
    hidden = make.instrument(
        questions=[
            make.question("a"),
            make.question("b", shown_when=(make.at_least("a", "3"),)),
        ]
    )
    (scored,) = score_rows(hidden, HEADER, [["1", "0", "2"]])
    assert scored.status is RowStatus.OK
    assert scored.message.startswith("Frågan ”b” räknas inte")


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (["a", "b"], "Kolumnen ”id” saknas."),
        (["id", "a", "a", "b"], "Kolumnen ”a” finns 2 gånger."),
        (["id", "a", "b", "c"], "Kolumnen ”c” är ingen fråga i instrumentet."),
    ],
)
def test_a_wrong_header_is_refused_before_any_row(
    header: list[str], problem: str
) -> None:
    with pytest.raises(UnusableTableError) as caught:
        score_rows(make.instrument(), header, [])
    assert problem in str(caught.value)
