"""lovdv prices check and import prices: what a list differs in from the one before."""

import json
from pathlib import Path

import pytest

from lovdv.cli import run
from lovdv.cli.shell import DONE, FAULT, MISUSE
from tests import make_payments

TYRESO = make_payments.PRICES / "tyreso-2020.csv"


@pytest.fixture
def raised(tmp_path: Path) -> str:
    """Tyresö's list with level 2, full time, external, at 700 kr."""
    file = tmp_path / "ny.csv"
    text = TYRESO.read_text("utf-8").replace("heltid;extern;626", "heltid;extern;700")
    file.write_text(text, "utf-8")
    return str(file)


def warnings(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [note["message"] for note in json.loads(capsys.readouterr().out)["warnings"]]


def test_a_jump_and_an_index_are_told_beside_the_pattern(
    raised: str, capsys: pytest.CaptureFixture[str]
) -> None:
    beside = ("--before", str(TYRESO))
    assert run(("prices", "check", raised, "--json")) == DONE
    alone = len(warnings(capsys))
    assert run(("prices", "check", raised, *beside, "--json")) == DONE
    assert len(warnings(capsys)) == alone + 1
    assert run(("prices", "check", raised, *beside, "--jump", "12", "--json")) == DONE
    assert len(warnings(capsys)) == alone
    assert run(("prices", "check", raised, *beside, "--index", "0", "--json")) == DONE
    assert len(warnings(capsys)) == alone + 2


@pytest.mark.parametrize(
    ("options", "answer"),
    [
        (("--index", "3,0"), (MISUSE, "--before")),
        (("--before", "TYRESO", "--index", "tre"), (MISUSE, "3,1")),
        (("--before", "WRONG"), (FAULT, "går inte att använda")),
    ],
    ids=["no list before", "no index", "a list with errors"],
)
def test_what_cannot_be_compared_is_refused(
    options: tuple[str, ...],
    answer: tuple[int, str],
    raised: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wrong = tmp_path / "fel.csv"
    wrong.write_text("nivå;omfattning\n1;heltid\n", "utf-8")
    named = {"TYRESO": str(TYRESO), "WRONG": str(wrong)}
    told = [named.get(option, option) for option in options]
    assert run(("prices", "check", raised, *told)) == answer[0]
    assert answer[1] in capsys.readouterr().err
