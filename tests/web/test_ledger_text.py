"""Text files after a template: what is defined is what is written, or a named fault."""

import csv
import doctest
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lovdv.ledger import accounts, characters, sie, text_files, text_reading
from lovdv.ledger.text_examples import EXAMPLES
from lovdv.ledger.text_files import DoesNotFit, Template, written
from lovdv.ledger.text_reading import ENCODINGS, TemplateFaults, as_value, read
from lovdv.ledger.text_sources import ROW_SOURCES

ROW = {
    "placeringsnr": "P-1",
    "belopp": Decimal("626.00"),
    "belopp_öre": 62600,
    "konto": "04641",
    "avser_period": date(2026, 2, 1),
    "utförare": "Åkes café",
}
MINUS = {**ROW, "belopp": Decimal("-12.50"), "belopp_öre": -1250}
AMOUNT = {"source": "belopp"}

KEYS = (
    "layout",
    "fields",
    "header",
    "footer",
    "line_end",
    "separator",
    "encoding",
    "source",
    "width",
    "sign",
    "text",
)

kronor = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n).scaleb(-2))
rows_of_text = st.fixed_dictionaries(
    {"utförare": st.text(max_size=30), "belopp": kronor}
)


def template(*fields: dict[str, object], **told: object) -> Template:
    return read(
        {"layout": "fixed", "encoding": "utf-8", "fields": list(fields), **told}
    )


def csv_template(*fields: dict[str, object], **told: object) -> Template:
    return template(*fields, **{"layout": "delimited", **told})


def text(made: Template, *rows: dict[str, object], **about: object) -> str:
    return written(made, rows or [ROW], about).decode(made.encoding)


@pytest.mark.parametrize(
    "module",
    [accounts, characters, sie, text_files],
    ids=["accounts", "characters", "sie", "text_files"],
)
def test_the_worked_examples_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0


FIELDS = {
    "left": ({"source": "placeringsnr", "width": 6}, "P-1   "),
    "right": ({"source": "placeringsnr", "width": 6, "align": "right"}, "   P-1"),
    "zeros": (
        {"source": "belopp", "width": 9, "align": "right", "fill": "0", "decimal": ""},
        "000062600",
    ),
    "a leading zero in an account": ({"source": "konto", "width": 5}, "04641"),
    "a day": (
        {"source": "avser_period", "width": 6, "date_format": "YYMMDD"},
        "260201",
    ),
    "a period": (
        {"source": "avser_period", "width": 6, "date_format": "YYYYMM"},
        "202602",
    ),
    "a point": ({"source": "belopp", "width": 6, "decimal": "."}, "626.00"),
    "always a sign": ({"source": "belopp", "width": 7, "sign": "always"}, "+626,00"),
}


@pytest.mark.parametrize(("field", "expected"), FIELDS.values(), ids=FIELDS)
def test_a_field_is_as_wide_and_as_filled_as_told(
    field: dict[str, object], expected: str
) -> None:
    extra = [] if "belopp" in str(field["source"]) else [{**AMOUNT, "width": 9}]
    assert text(template(field, *extra)).startswith(expected)


SIGNS = {
    "leading": ({"align": "right", "fill": "0"}, "-000012,50"),
    "trailing": (
        {"align": "right", "fill": "0", "sign_place": "trailing"},
        "000012,50-",
    ),
    "spaces": ({"align": "right"}, "    -12,50"),
    "own words": ({"align": "right", "minus": "K"}, "    K12,50"),
}


@pytest.mark.parametrize(("told", "expected"), SIGNS.values(), ids=SIGNS)
def test_a_negative_amount_shows_its_sign(
    told: dict[str, object], expected: str
) -> None:
    made = template({**AMOUNT, "width": 10, **told})
    assert text(made, MINUS) == f"{expected}\r\n"


def test_the_sign_may_stand_in_a_field_of_its_own() -> None:
    made = template(
        {**AMOUNT, "width": 8, "align": "right", "fill": "0", "sign": "apart"},
        {**AMOUNT, "width": 1, "only_sign": True, "plus": "D", "minus": "K"},
    )
    assert text(made, ROW, MINUS) == "00626,00D\r\n00012,50K\r\n"


def test_an_unsigned_field_refuses_a_negative_amount() -> None:
    made = template({**AMOUNT, "width": 8, "sign": "none"})
    with pytest.raises(DoesNotFit) as found:
        written(made, [ROW, MINUS], {})
    [fault] = found.value.faults
    assert (fault.row, fault.field) == (2, "belopp")
    assert "är negativt" in fault.message


def test_what_does_not_fit_is_never_cut_and_every_one_is_listed() -> None:
    made = template({"source": "utförare", "width": 5}, {**AMOUNT, "width": 5})
    with pytest.raises(DoesNotFit) as found:
        written(made, [ROW, {**ROW, "utförare": "Ån"}], {})
    told = [(fault.row, fault.field) for fault in found.value.faults]
    assert told == [(1, "utförare"), (1, "belopp"), (2, "belopp")]
    assert "9 tecken och får inte plats på 5" in found.value.faults[0].message


def test_header_and_footer_count_and_sum() -> None:
    made = template(
        {**AMOUNT, "width": 8, "align": "right"},
        header=[[{"text": "H"}, {"source": "körning", "width": 4}]],
        footer=[
            [
                {"text": "S"},
                {"source": "antal_rader", "width": 3, "align": "right", "fill": "0"},
                {"source": "summa", "width": 8, "align": "right"},
            ]
        ],
        line_end="lf",
    )
    assert text(made, ROW, MINUS, körning="ab12") == (
        "Hab12\n  626,00\n  -12,50\nS002  613,50\n"
    )


def test_csv_has_titles_quotes_and_a_guard_against_formulas() -> None:
    made = csv_template({"source": "utförare"}, AMOUNT, titles=True, line_end="lf")
    rows = [{**ROW, "utförare": name} for name in ("=1+1", 'A;"B"', "-x")]
    assert text(made, *rows).splitlines() == [
        "utförare;belopp",
        "'=1+1;626,00",
        '"A;""B""";626,00',
        "'-x;626,00",
    ]


def test_csv_without_quotes_refuses_a_text_with_the_separator() -> None:
    made = csv_template({"source": "utförare"}, AMOUNT, quote="never")
    with pytest.raises(DoesNotFit):
        written(made, [{**ROW, "utförare": "A;B"}], {})


@given(rows=st.lists(rows_of_text, max_size=8), encoding=st.sampled_from(ENCODINGS))
def test_csv_in_any_encoding_is_read_back_by_the_standard_reader(
    rows: list[dict[str, object]], encoding: str
) -> None:
    made = csv_template(
        {"source": "utförare"}, AMOUNT, encoding=encoding, guard=False, line_end="lf"
    )
    content = written(made, rows, {}).decode(encoding)
    back = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
    assert [row[0] for row in back] == [
        characters.fitted(str(row["utförare"]), encoding) for row in rows
    ]
    assert [Decimal(row[1].replace(",", ".")) for row in back] == [
        row["belopp"] for row in rows
    ]


@given(
    rows=st.lists(rows_of_text, max_size=8),
    place=st.sampled_from(["leading", "trailing"]),
    fill=st.sampled_from([" ", "0"]),
)
def test_fixed_rows_are_all_as_wide_and_the_amounts_come_back(
    rows: list[dict[str, object]], place: str, fill: str
) -> None:
    made = template(
        {"source": "utförare", "width": 30},
        {**AMOUNT, "width": 14, "align": "right", "fill": fill, "sign_place": place},
        encoding="cp850",
        line_end="lf",
    )
    lines = written(made, rows, {}).decode("cp850").split("\n")[:-1]
    assert {len(line) for line in lines} <= {44}
    for line, row in zip(lines, rows, strict=True):
        told = line[30:].strip()
        back = f"-{told[:-1]}" if told.endswith("-") else told
        assert Decimal(back.replace(",", ".")) == row["belopp"]


BAD = {
    "no layout": ({"layout": "round"}, "layout ska vara delimited eller fixed"),
    "no fields": ({"fields": []}, "Mallen har inga fält"),
    "unknown setting": ({"colour": 1}, "”colour” är inget"),
    "unknown source": ({"fields": [{"source": "namn"}]}, "”namn” finns inte"),
    "a sum in a row": ({"fields": [{"source": "summa"}]}, "”summa” finns inte"),
    "no width": ({"fields": [{"source": "belopp"}]}, "behöver en bredd"),
    "a wide fill": ({"fields": [{"source": "belopp", "fill": "00"}]}, "ett tecken"),
    "text as width": ({"fields": [{"source": "belopp", "width": "8"}]}, "helt tal"),
    "true as width": ({"fields": [{"source": "belopp", "width": True}]}, "helt tal"),
    "encoding": ({"encoding": "ebcdic"}, "encoding ska vara"),
    "separator": ({"separator": '"'}, "separator ska vara ett tecken"),
    "a day": ({"fields": [{"source": "skapad", "date_format": "%Y"}]}, "datum skrivs"),
    "no amount": ({"fields": [{"source": "konto", "width": 4}]}, "saknar beloppet"),
    "no sign": (
        {"fields": [{"source": "belopp", "width": 9, "sign": "apart"}]},
        "tecknet ska stå i ett eget fält",
    ),
    "a line's own in a sum": (
        {"per": "account", "fields": [{"source": "placeringsnr", "width": 9}]},
        "bara när varje rad skrivs för sig",
    ),
    "header that is no list": ({"header": "H"}, "header ska vara en lista av rader"),
}


@pytest.mark.parametrize(("value", "words"), BAD.values(), ids=BAD)
def test_a_template_with_faults_says_each_in_swedish(
    value: dict[str, object], words: str
) -> None:
    whole = {"layout": "fixed", "fields": [{"source": "belopp", "width": 9}], **value}
    with pytest.raises(TemplateFaults, match=words):
        read(whole)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 500) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(value=anything)
def test_no_value_at_all_gets_past_the_reader_unseen(value: object) -> None:
    try:
        made = read(value)
    except TemplateFaults:
        return
    assert made.fields


LOST = {
    "no minus": {"minus": ""},
    "a minus that is a space": {"minus": " "},
    "no minus where both are written": {"sign": "always", "minus": ""},
    "plus and minus alike": {"sign": "always", "minus": "+"},
    "a digit as plus": {"sign": "always", "plus": "9"},
    "a digit as minus": {"minus": "1"},
    "a point as minus": {"minus": "."},
    "a digit as decimal mark": {"decimal": "5"},
    "zeros after the number": {"fill": "0"},
    "nines before the number": {"fill": "9", "align": "right"},
    "minus as fill": {"fill": "-", "align": "right"},
}


@pytest.mark.parametrize("told", LOST.values(), ids=LOST)
def test_a_template_that_would_change_an_amount_is_refused(
    told: dict[str, object],
) -> None:
    with pytest.raises(TemplateFaults, match="belopp: "):
        template({**AMOUNT, "width": 10, **told})
    with pytest.raises(TemplateFaults, match="summa: "):
        template(
            {**AMOUNT, "width": 10}, footer=[[{"source": "summa", "width": 9, **told}]]
        )


@pytest.mark.parametrize(
    "told",
    [{"plus": "", "minus": ""}, {"plus": "K", "minus": "K"}, {"minus": ""}],
    ids=["none", "alike", "no minus"],
)
def test_a_sign_of_its_own_that_says_nothing_is_refused(
    told: dict[str, object],
) -> None:
    with pytest.raises(TemplateFaults, match="tecknet i eget fält"):
        template(
            {**AMOUNT, "width": 8, "sign": "apart"},
            {**AMOUNT, "width": 1, "only_sign": True, **told},
        )


marks = st.sampled_from(["", "+", "-", " ", "D", "K", "0", "1", ".", ","])


@given(
    told=st.fixed_dictionaries(
        {
            "plus": marks,
            "minus": marks,
            "decimal": marks,
            "fill": marks.filter(bool),
            "sign": st.sampled_from(["minus", "always"]),
            "sign_place": st.sampled_from(["leading", "trailing"]),
            "align": st.sampled_from(["left", "right"]),
        }
    ),
    amount=kronor.filter(bool),
)
def test_no_template_that_is_taken_loses_a_sign_or_adds_a_digit(
    told: dict[str, object], amount: Decimal
) -> None:
    try:
        made = template({**AMOUNT, "width": 16, **told})
    except TemplateFaults:
        return
    shown = text(made, {**ROW, "belopp": amount})
    assert shown != text(made, {**ROW, "belopp": -amount})
    digits = "".join(mark for mark in shown if mark.isdigit())
    assert int(digits) == abs(amount) * 100


UNWRITABLE = {
    "separator": {"layout": "delimited", "separator": "→"},
    "fill": {"fields": [{**AMOUNT, "width": 9, "fill": "→"}]},
    "plus": {"fields": [{**AMOUNT, "width": 9, "plus": "＋"}]},
    "minus": {"fields": [{**AMOUNT, "width": 9, "minus": "\N{MINUS SIGN}"}]},
    "decimal": {"fields": [{**AMOUNT, "width": 9, "decimal": "٫"}]},
    "half a character": {"fields": [{**AMOUNT, "width": 9, "fill": "\ud800"}]},
    "half a title": {"fields": [{**AMOUNT, "width": 9, "title": "\ud800"}]},
}


@pytest.mark.parametrize("told", UNWRITABLE.values(), ids=UNWRITABLE)
def test_a_mark_that_the_encoding_lacks_is_refused(told: dict[str, object]) -> None:
    whole = {"layout": "fixed", "fields": [{**AMOUNT, "width": 9}], **told}
    with pytest.raises(TemplateFaults, match=r"finns inte i cp850|inte går att skriva"):
        read({**whole, "encoding": "cp850"})


def test_what_cannot_be_written_at_last_is_a_named_fault() -> None:
    made = Template(
        "fixed", (text_files.Field("belopp", minus="\u2212"),), encoding="latin-1"
    )
    with pytest.raises(DoesNotFit) as found:
        written(made, [MINUS], {})
    assert "finns inte i latin-1" in found.value.faults[0].message


@pytest.mark.parametrize(
    "inner", ["[" * 100_000, "1" * 5_000], ids=["too deep", "too long a number"]
)
def test_a_file_that_the_reader_gives_up_on_is_a_fault(inner: str) -> None:
    with pytest.raises(TemplateFaults, match="för långa tal"):
        text_reading.read_text(inner)


def test_a_file_that_is_not_json_says_where() -> None:
    with pytest.raises(TemplateFaults, match="rad 2, tecken"):
        text_reading.read_text('{"layout":\n}')


@pytest.mark.parametrize(
    "value", [e.value for e in EXAMPLES if e.kind == "text"], ids=lambda v: v["layout"]
)
def test_the_examples_are_whole_and_survive_a_round_as_files(
    value: dict[str, object],
) -> None:
    made = read(value)
    assert text_reading.read_text(text_reading.as_text(as_value(made))) == made
    assert all(each.source in ROW_SOURCES for each in made.fields if each.source)
