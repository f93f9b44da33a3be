"""Instruments to and from Excel and JSON: nothing is lost, every fault has a place."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import Instrument, canonical_text, read_instrument
from lovdv import excel
from lovdv.errors import Refused
from lovdv.needs import instrument_files
from lovdv.needs.editor_document import Draft
from lovdv.needs.instrument_sheets import HELP, template
from tests import small_instrument
from tests.engines.instrument_strategies import instruments

FILES = Path(__file__).parents[1] / "data" / "instruments"
PUBLISHED = sorted(FILES.glob("*.json"))
WIDE = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"], include_characters="\n"),
    max_size=60,
)


def document(instrument: Instrument) -> dict[str, object]:
    found: dict[str, object] = json.loads(canonical_text(instrument))
    return found


def through_excel(instrument: Instrument) -> Instrument:
    content = instrument_files.workbook_file(document(instrument))
    found = instrument_files.read(content, "instrument.xlsx")
    assert found.faults == ()
    return read_instrument(json.dumps(found.document))


def through_json(instrument: Instrument) -> Instrument:
    found = instrument_files.read(instrument_files.json_file(document(instrument)))
    return read_instrument(json.dumps(found.document))


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_published_instrument_is_the_same_after_excel_and_json(path: Path) -> None:
    instrument = read_instrument(path.read_bytes())
    assert through_excel(instrument) == instrument
    assert through_json(instrument) == instrument
    assert canonical_text(through_excel(instrument)) == canonical_text(instrument)


@settings(max_examples=25)
@given(instruments())
def test_any_instrument_is_the_same_after_excel_and_json(
    instrument: Instrument,
) -> None:
    assert through_excel(instrument) == instrument
    assert through_json(instrument) == instrument


@settings(max_examples=25)
@given(WIDE, WIDE)
def test_any_text_is_the_same_after_excel(one: str, other: str) -> None:
    """Also what a spreadsheet would take for a formula, a number or an escape."""
    small = json.loads(small_instrument.document())
    small["text"], small["levels"][0]["text"] = one, other
    instrument = read_instrument(json.dumps(small))
    assert through_excel(instrument) == instrument


@pytest.mark.parametrize(
    "text", ["=1+1", "0,5", "1e3", "_x000D_", "'a", "TRUE", "2026-01-01", " ", "\n"]
)
def test_a_text_that_looks_like_something_else_stays_a_text(text: str) -> None:
    small = json.loads(small_instrument.document())
    small["levels"][0]["text"] = text
    instrument = read_instrument(json.dumps(small))
    assert through_excel(instrument) == instrument


@given(instruments())
def test_opening_a_draft_changes_nothing_in_the_instrument(
    instrument: Instrument,
) -> None:
    draft = Draft.opened(Draft(document(instrument)).text())
    assert read_instrument(draft.document_text()) == instrument


def test_the_template_has_a_sheet_for_each_part_and_one_that_explains() -> None:
    sheets = excel.read_sheets(template())
    assert list(sheets)[:4] == ["Instrument", "Skalor", "Områden", "Frågor"]
    assert list(sheets)[-1] == HELP
    assert sheets["Gränser"][0] == [
        "Nivå",
        "Från",
        "Från räknas med",
        "Till",
        "Till räknas med",
    ]


def changed(sheet: str, row: int, column: str, value: str) -> bytes:
    """The small instrument as a workbook, with one cell changed."""
    sheets = excel.read_sheets(small_workbook())
    rows = sheets[sheet]
    rows[row - 1][rows[0].index(column)] = value
    return saved(sheets)


def small_workbook() -> bytes:
    return instrument_files.workbook_file(json.loads(small_instrument.document()))


def saved(sheets: dict[str, list[list[str]]]) -> bytes:
    return excel.workbook(
        [
            excel.Sheet(title, [excel.Column(name) for name in rows[0]], rows[1:])
            for title, rows in sheets.items()
            if rows and title != HELP
        ],
        title="prov",
    )


@pytest.mark.parametrize(
    ("cell", "value", "place", "problem"),
    [
        (
            ("Skalor", 3, "Poäng"),
            "lite",
            "Bladet Skalor, rad 3, kolumnen Poäng",
            "lite",
        ),
        (("Frågor", 3, "Skala"), "x", "Bladet Frågor, rad 3, kolumnen Skala", "”x”"),
        (("Frågor", 4, "Område"), "x", "Bladet Frågor, rad 4, kolumnen Område", "”x”"),
        (("Frågor", 2, "Måste besvaras"), "nja", "Bladet Frågor, rad 2", "nja"),
        (("Beskrivningar", 3, "Svar"), "7", "Bladet Beskrivningar, rad 3", "”7”"),
        (
            ("Frågor visas när", 2, "Minst"),
            "9",
            "Bladet Frågor visas när, rad 2",
            "svar",
        ),
        (("Nivåer", 2, "Nivå"), "2", "Bladet Nivåer, rad 1", "2 gånger"),
        (("Gränser", 3, "Till"), "2", "Bladet Gränser, rad 3", "hål"),
        (("Regler", 2, "Slag"), "tak", "Bladet Regler, rad 2, kolumnen Slag", "tak"),
        (("Regler när", 2, "Regel"), "x", "Bladet Regler när, rad 2", "”x”"),
        (("Instrument", 3, "Värde"), "", "Bladet Instrument, rad 3", "tomt"),
    ],
)
def test_a_fault_in_a_workbook_is_told_at_its_cell(
    cell: tuple[str, int, str], value: str, place: str, problem: str
) -> None:
    found = instrument_files.read(changed(*cell, value), "x.xlsx")
    told = [fault for fault in found.faults if fault.place.startswith(place)]
    assert any(problem in fault.problem for fault in told), found.faults
    assert all(fault.remedy for fault in found.faults)


def test_a_faulty_workbook_comes_back_with_its_faults_in_a_column() -> None:
    found = instrument_files.read(changed("Skalor", 3, "Poäng", "lite"), "x.xlsx")
    assert found.returned is not None
    rows = excel.read_sheets(found.returned)["Skalor"]
    assert rows[0][-1] == "Fel"
    assert rows[2][2] == "lite"
    assert rows[2][-1].startswith("Poäng: ”lite” är inte ett tal.")


def test_the_returned_file_is_right_again_when_the_cell_is() -> None:
    found = instrument_files.read(changed("Skalor", 3, "Poäng", "lite"), "x.xlsx")
    assert found.returned is not None
    sheets = excel.read_sheets(found.returned)
    sheets["Skalor"][2][2] = "1"
    again = instrument_files.read(saved(sheets), "x.xlsx")
    assert again.faults == ()
    assert read_instrument(json.dumps(again.document)) == read_instrument(
        small_instrument.document()
    )


def test_a_heading_that_is_missing_or_misspelt_is_told() -> None:
    sheets = excel.read_sheets(small_workbook())
    sheets["Frågor"][0][4] = "Tyngd"
    told = [str(f) for f in instrument_files.read(saved(sheets), "x.xlsx").faults]
    assert any("Kolumnen ”Vikt” saknas." in line for line in told)
    assert any("Kolumnen ”Tyngd” är okänd." in line for line in told)


def test_a_workbook_of_something_else_is_told_to_begin_from_the_template() -> None:
    other = excel.workbook(
        [excel.Sheet("Blad1", [excel.Column("a")], [["b"]])], title="annat"
    )
    found = instrument_files.read(other, "x.xlsx")
    assert "Börja från den tomma mallen." in str(found.faults[0])


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(Refused, match="större än 2 MB"):
        instrument_files.read(b" " * 2_000_001, "x.json")


def test_numbers_without_quotes_are_taken_in_exactly_and_still_told() -> None:
    bare = small_instrument.document().replace('"points": "1"', '"points": 1.10')
    found = instrument_files.read(bare.encode())
    assert found.faults
    assert found.document is not None
    assert found.document["scales"][0]["steps"][1]["points"] == "1.10"


def test_a_sheet_of_the_readers_own_comes_back_whatever_its_name() -> None:
    sheets = excel.read_sheets(small_workbook())
    sheets["Gränser"].pop()
    own = with_sheet_named(saved({**sheets, "Egna": [["Anteckning"], ["hej"]]}), "a/b")
    found = instrument_files.read(own)
    assert found.returned is not None
    assert excel.read_sheets(found.returned)["a_b"][1][0] == "hej"


def with_sheet_named(workbook: bytes, name: str) -> bytes:
    """The sheet Egna under a name that no program lets anybody write."""
    made = BytesIO()
    with ZipFile(BytesIO(workbook)) as old, ZipFile(made, "w") as new:
        for part in old.infolist():
            content = old.read(part).replace(b'"Egna"', f'"{name}"'.encode())
            new.writestr(part, content)
    return made.getvalue()


def test_a_text_that_excel_would_cut_is_refused_there_and_whole_in_json() -> None:
    long = {**json.loads(small_instrument.document()), "source": "x" * 32_768}
    with pytest.raises(Refused, match="hämta JSON-filen i stället"):
        instrument_files.workbook_file(long)
    assert instrument_files.read(instrument_files.json_file(long)).document == long
    fits = instrument_files.workbook_file({**long, "source": "x" * 32_767})
    assert instrument_files.read(fits).document["source"] == "x" * 32_767
