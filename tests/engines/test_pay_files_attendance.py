"""Attendance from rows of days and months: what it means, and each fault by its row."""

from datetime import date, datetime

import pytest

from payments import Part
from payments.attendance_rows import attendance_of, read_attendance, told_in_vain
from tests.engines.pay_rows import EMPTY, NO_DAY, PLACE, faults, rows
from tests.engines.payfacts import MARCH


def attended(*cells: str, closed: tuple[date, ...] = ()) -> str:
    """March 2020 with what the first days say; the rest is left empty."""
    head = ["placeringsnummer", "månad", *(str(day) for day in range(1, 32))]
    found, notes = read_attendance([head, ["P1", "2020-03", *cells]], MARCH)
    assert not notes.notes
    return attendance_of(found["P1", MARCH], MARCH, PLACE, closed).codes


def test_what_is_left_empty_is_not_reported_and_never_attended() -> None:
    assert attended("", "N", "", "A 9-12") == "-N?N??--?????--?????--?????--??"
    assert attended(*("n" for _ in range(31))) == "N" * 31


def test_a_closed_day_left_empty_is_closed() -> None:
    days = date(2020, 3, 1), date(2020, 3, 3), date(2020, 3, 4)
    assert attended("", "", "", "N", closed=days)[:5] == "-?KN?"
    assert attended("", "", "A 9-12", closed=days)[:5] == "-?KK?"


MONTHS = "placeringsnummer;månad;2;3;rapporterad_dag"
DAYS = "placeringsnummer;dag;kod;från;till;anmäld;rapporterad_dag"


def test_day_rows_and_month_rows_say_the_same() -> None:
    days = rows(
        DAYS,
        "P1;2020-03-02;n;;;;",
        "P1;2020-03-02;a;12:00;15:00;;2020-04-02",
        "P1;2020-03-02;s;8:30;12;;2020-04-01",
        "P1;2020-03-03;-;;;;",
        "P2;2020-02-29;X;9;15;;",
    )
    months = rows(
        MONTHS.replace("2;3", "2;3;29"),
        "P1;2020-03;N, a 12-15 ,S 8:30-12;-;;2020-04-02",
        "P2;2020-02-01;;;X 9-15;",
    )
    found, notes = read_attendance(days, MARCH)
    assert found == read_attendance(months, MARCH)[0]
    assert (set(found), notes.notes) == (
        {("P1", MARCH), ("P2", MARCH.previous)},
        (),
    )
    told = found["P1", MARCH]
    assert (told.codes, told.reported) == ({2: "N", 3: "-"}, date(2020, 4, 2))
    assert told.parts == {2: (Part("S", 510, 720), Part("A", 720, 900))}
    assert found["P2", MARCH.previous].reported is None


LETTERS_KNOWN = "- ? A K L N O P S U X"
ATTENDANCE = {
    "a day that the month does not have": (
        "placeringsnummer;månad;29;30",
        "P1;2020-02;N;N",
        "30: 2020-02 har 29 dagar. Töm rutan.",
    ),
    "no such code": (
        MONTHS,
        "P1;2020-02;Z;",
        f"2: ”Z” är ingen kod. Välj bland {LETTERS_KNOWN}.",
    ),
    "two codes": (MONTHS, "P1;2020-02;;N,A", "3: Dag 3 står redan med N. Ta bort en."),
    "times that are none": (
        MONTHS,
        "P1;2020-02;A 15-12;",
        "2: ”A 15-12” går inte att läsa. Skriv som A 12-15.",
    ),
    "a part of what is not reported": (
        MONTHS,
        "P1;2020-02;? 9-12;",
        "2: ”? 9-12” går inte att läsa. Skriv som A 12-15.",
    ),
    "parts that meet": (
        MONTHS,
        "P1;2020-02;A 9-12, S 11-13;",
        "2: Två delar av dag 2 har samma timmar. Rätta den ena.",
    ),
    "parts that meet the other way": (
        MONTHS,
        "P1;2020-02;A 9-12, S 8-10;",
        "2: Två delar av dag 2 har samma timmar. Rätta den ena.",
    ),
    "no month": (
        MONTHS,
        "P1;feb 2020;N;",
        "månad: ”feb 2020” är inte en månad. Skriv till exempel 2026-11.",
    ),
    "more than a month": (
        MONTHS,
        "P1;2020-02 ny;N;",
        "månad: ”2020-02 ny” är inte en månad. Skriv till exempel 2026-11.",
    ),
    "month left out": (MONTHS, "P1;;N;", f"månad: {EMPTY}"),
    "number left out": (MONTHS, ";2020-02;N;", f"placeringsnummer: {EMPTY}"),
    "a later month": (
        MONTHS,
        "P1;2020-04;N;",
        "månad: Raden gäller 2020-04, efter månaden som räknas, 2020-03.",
    ),
    "reported on no day": (
        MONTHS,
        "P1;2020-03;N;;i tid",
        f"rapporterad_dag: ”i tid” {NO_DAY}",
    ),
    "a later day": (
        DAYS,
        "P1;2020-04-01;N;;;;",
        "dag: Raden gäller 2020-04, efter månaden som räknas, 2020-03.",
    ),
    "no day": (DAYS, "P1;mars;N;;;;", f"dag: ”mars” {NO_DAY}"),
    "day left out": (DAYS, "P1;;N;;;;", f"dag: {EMPTY}"),
    "code left out": (DAYS, "P1;2020-03-02;;9;12;;", f"kod: {EMPTY}"),
    "number left out of a day": (
        DAYS,
        ";2020-03-02;N;;;;",
        f"placeringsnummer: {EMPTY}",
    ),
    "a day reported on no day": (
        DAYS,
        "P1;2020-03-02;N;;;;x",
        f"rapporterad_dag: ”x” {NO_DAY}",
    ),
    "from without to": (
        DAYS,
        "P1;2020-03-02;a;9;;;",
        "kod: ”A 9-” går inte att läsa. Skriv som A 12-15.",
    ),
    "to without from": (
        DAYS,
        "P1;2020-03-02;a;;12;;",
        "kod: ”A -12” går inte att läsa. Skriv som A 12-15.",
    ),
    **{
        f"told wrongly over {hours}": (
            DAYS,
            f"P1;2020-03-02;A;{hours};{text};",
            f"anmäld: ”{text}” är ingen tid. Skriv som 2026-03-05 14:30.",
        )
        for hours, text in {
            "9;12": "i går",
            "9;15": "2020-03-01",
            ";": "2020-02-30 14:30",
            "9;13": "2020-W10-1 14:30",
            "9;14": "2020-03-01 14:30Z",
            "10;14": "2020-03-01 25:00",
        }.items()
    },
    **{
        f"told of {code} {hours}": (
            DAYS,
            f"P1;2020-03-02;{code};{hours};{at};",
            f"anmäld: {code} anmäls inte, bara A O S. Töm rutan eller ändra kod.",
        )
        for code in "NXLKPU"
        for hours, at in {";": "2020-03-01 14:30", "9;12": "i går"}.items()
    },
    **{
        f"told of {code}": (
            DAYS,
            f"P1;2020-03-02;{code};;;2020-03-01 14:30;",
            f"anmäld: {code} anmäls inte, bara A O S. Töm rutan eller ändra kod.",
        )
        for code in "-?"
    },
    "told of no such code": (
        DAYS,
        "P1;2020-03-02;Z;;;2020-03-01 14:30;",
        f"kod: ”Z” är ingen kod. Välj bland {LETTERS_KNOWN}.",
    ),
}


@pytest.mark.parametrize(
    ("head", "row", "message"), ATTENDANCE.values(), ids=ATTENDANCE
)
def test_attendance_that_cannot_be_right_is_named(
    head: str, row: str, message: str
) -> None:
    found, notes = read_attendance(rows(head, row), MARCH)
    assert faults(notes) == [f"2 {message}"]
    assert notes.about == ({"P1": 2} if row.startswith("P1") else {})
    assert ("", MARCH) not in found
    assert all(month <= MARCH for _, month in found)


def test_a_month_or_a_day_that_stands_twice_is_refused() -> None:
    row = "P1;2020-03;N;;"
    found, notes = read_attendance(rows(MONTHS, row, row.replace("N", "A")), MARCH)
    why = "Placeringens månad står redan på en annan rad. Ta bort en."
    assert faults(notes) == [f"3 månad: {why}"]
    assert found["P1", MARCH].codes == {2: "N"}
    day = "P1;2020-03-02;N;;;;"
    found, notes = read_attendance(rows(DAYS, day, day.replace("N", "A")), MARCH)
    assert faults(notes) == ["3 kod: Dag 2 står redan med N. Ta bort en."]
    assert found["P1", MARCH].codes == {2: "N"}


def test_what_attendance_must_have_in_its_heading_is_named() -> None:
    told = {
        ("x",): ["placeringsnummer", "månad"],
        ("månad", "dag"): ["placeringsnummer", "kod"],
        (" Dag ", "kod", "från"): ["placeringsnummer"],
    }
    for head, missing in told.items():
        _, notes = read_attendance([list(head)], MARCH)
        assert faults(notes) == [
            f"1 {name}: Kolumnen ”{name}” saknas. Lägg till den." for name in missing
        ]
    _, notes = read_attendance(rows(f"{MONTHS};anmäld;32"), MARCH)
    assert notes.unused == ("anmäld", "32")
    assert read_attendance(rows(f"{DAYS};månad"), MARCH)[1].unused == ("månad",)


TOLD = datetime.fromisoformat("2020-03-01 14:30")
DAY_OF_PARTS: dict[str, tuple[list[str], list[Part]]] = {
    "a whole day": (["S;;"], [Part("S", 540, 900, TOLD)]),
    "a part": (["A;9;12"], [Part("A", 540, 720, TOLD)]),
    "what parts leave of the day": (
        ["N;9:30;11", "X;15;17", "O;;", "X;8;9:30", "A;12;13"],
        [
            Part("X", 480, 570),
            Part("N", 570, 660),
            Part("O", 660, 720, TOLD),
            Part("A", 720, 780, TOLD),
            Part("O", 780, 900, TOLD),
            Part("X", 900, 1020),
        ],
    ),
}


@pytest.mark.parametrize(("told", "parts"), DAY_OF_PARTS.values(), ids=DAY_OF_PARTS)
@pytest.mark.parametrize("at", ["2020-03-01 14:30", "2020-03-01T14:30:00"])
def test_when_an_absence_was_told_is_kept_with_the_hours_that_it_was(
    told: list[str], parts: list[Part], at: str
) -> None:
    lines = [f"P1;2020-03-02;{one};{at if one[0] in 'AOS' else ''};" for one in told]
    found, notes = read_attendance(rows(DAYS, *lines), MARCH)
    known = attendance_of(found["P1", MARCH], MARCH, PLACE, ())
    assert (notes.notes, known.parts) == ((), {2: tuple(parts)} if parts else {})


def test_a_day_that_is_not_planned_has_no_hours_to_tell_of() -> None:
    lines = rows(DAYS, "P1;2020-03-01;A;;;2020-03-01 14:30;2020-04-02")
    found, _ = read_attendance(lines, MARCH)
    known = attendance_of(found["P1", MARCH], MARCH, PLACE, ())
    assert (known.codes[0], known.parts, known.reported) == (
        "A",
        {},
        date(2020, 4, 2),
    )


@pytest.mark.parametrize(("before", "kept"), [("N;;;", {}), (f"A;;;{TOLD}", {2: TOLD})])
def test_what_a_faulty_row_says_of_notice_is_not_kept(
    before: str, kept: dict[int, datetime]
) -> None:
    days = [f"P1;2020-03-02;{what};" for what in (before, "S;;;2020-03-01 16:00")]
    found, notes = read_attendance(rows(DAYS, *days), MARCH)
    assert [note.column for note in notes.notes] == ["kod"]
    told = found["P1", MARCH]
    assert (told.told, told.told_on) == (kept, dict.fromkeys(kept, 2))


VAIN: dict[str, tuple[list[str], list[tuple[int, int]]]] = {
    "a planned day": (["2;A;;"], []),
    "a part of one": (["2;A;9;12"], []),
    "a part of an attended day": (["2;N;;", "2;A;9;12"], []),
    "days that are not planned": (["1;A;;", "7;S;9;12"], [(2, 1), (3, 7)]),
    "a part of a day off": (["2;-;;", "2;O;9;12"], [(3, 2)]),
    "a part of a day attended outside the plan": (["1;X;;", "1;O;9;12"], []),
    "a day with all its hours told": (["2;A;;", "2;N;8;15"], [(2, 2)]),
    "a day twice": (["1;S;9;12", "1;A;12;15"], [(2, 1)]),
}


@pytest.mark.parametrize(("told", "vain"), VAIN.values(), ids=VAIN)
def test_absence_told_of_a_day_without_hours_is_found(
    told: list[str], vain: list[tuple[int, int]]
) -> None:
    at = "2020-02-28 09:00"
    lines = [f"P1;2020-03-0{one};{at if one[2] in 'AOS' else ''};" for one in told]
    found, notes = read_attendance(rows(DAYS, *lines), MARCH)
    expected = [(row, date(2020, 3, day)) for row, day in vain]
    assert notes.notes == ()
    assert list(told_in_vain(found["P1", MARCH], MARCH, PLACE)) == expected


@pytest.mark.parametrize(
    ("start", "end", "is_found"),
    [
        (date(2020, 3, 7), date(2020, 3, 8), True),
        (date(2020, 3, 8), None, False),
        (date(2020, 1, 1), date(2020, 3, 7), False),
        (date(2020, 3, 7), date(2020, 3, 7), False),
    ],
    ids=["the day alone", "begins after", "ended before", "annulled"],
)
def test_what_is_told_of_days_outside_the_placement_counts_for_nothing(
    start: date, end: date | None, *, is_found: bool
) -> None:
    lines = rows(DAYS, "P1;2020-03-07;A;;;2020-03-01 14:30;")
    told = read_attendance(lines, MARCH)[0]["P1", MARCH]
    placed = PLACE._replace(start=start, end=end)
    expected = [(2, date(2020, 3, 7))] if is_found else []
    assert list(told_in_vain(told, MARCH, placed)) == expected


def test_months_do_not_read_when_absence_was_told() -> None:
    lines = rows(f"{MONTHS};anmäld", "P1;2020-03;N, A 9-12;;;2020-03-01 14:30")
    found, notes = read_attendance(lines, MARCH)
    assert (notes.notes, notes.unused) == ((), ("anmäld",))
    assert found["P1", MARCH].parts == {2: (Part("A", 540, 720),)}
