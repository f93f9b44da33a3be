"""Booked lines written as rows and read back whole, to the öre."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments import Line, amount_of
from payments.booked_rows import BOOKED_COLUMNS, Entry, as_row, read_booked, standing_of
from payments.files import Notes
from tests.engines.pay_rows import EMPTY, NO_AMOUNT, NO_DAY, PLACE, faults
from tests.engines.payfacts import MARCH, due, placement


def texts(entry: Entry) -> list[str]:
    return [str(value) for value in as_row(entry, PLACE)]


def booked(entry: Entry, **changed: str) -> tuple[Sequence[Entry], Notes]:
    told = dict(zip(BOOKED_COLUMNS, texts(entry), strict=True)) | changed
    return read_booked([list(told), list(told.values())])


def known_line() -> Line:
    [line] = due(placement("P1")).lines
    cells = tuple(f"rad {ref}" for ref in line.cells)
    told = line._replace(levels=("rad 2", "rad 3"), decisions=("B 1", "B 2"))
    return _line(told, cells=cells)


def _line(known: Line, **told: object) -> Line:
    return known._replace(priced=replace(known.priced, **told))


def test_a_line_is_written_with_everything_that_made_it() -> None:
    line = known_line()
    told = dict(zip(BOOKED_COLUMNS, texts(Entry("7", MARCH, line)), strict=True))
    assert told == {
        "rad": "7",
        "bokföringsperiod": "2020-03",
        "avser_period": "2020-03",
        "utförare": "Bolaget",
        "enhet": "Enheten",
        "placeringsnummer": "P1",
        "ärendenummer": "K1",
        "radtyp": "ersättning",
        "rättar_rad": "",
        "slag": "place",
        "första_dag": "2020-03-01",
        "sista_dag": "2020-03-31",
        "nivå": "2",
        "omfattning": "heltid",
        "regi": "extern",
        "prisenhet": "dag",
        "à_pris_kr": "626.00",
        "hundradelar": "2200",
        "av_dagar": "1",
        "andel_procent": "100",
        "avrundning_öre": "1",
        "dagar": "22",
        "belopp_kr": "13772.00",
        "räknade": "N:22",
        "beslut": "B 1 | B 2",
        "nivåer": "rad 2 | rad 3",
        "prisrader": "rad 5",
        "regler": "planerade dagar minus obetald frånvaro",
        "förklaring": told["förklaring"],
    }
    assert told["förklaring"].startswith(
        "Perioden 2020-03-01 till och med 2020-03-31. Nivå 2, heltid, extern regi"
    )
    kinds = [
        Entry("8", MARCH.next, line).kind,
        Entry("8", MARCH.next, line, "7").kind,
        Entry("8", MARCH, line, "7").kind,
    ]
    assert kinds == ["rättelse", "återföring", "återföring"]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"unit": "month", "cells": (), "rules": ("regel 1", "regel 2")},
        {"unit": "hour", "level": "", "extent_class": "", "counted": ""},
        {"unit": "schablon", "kind": "after_end"},
        {"unit": "piece", "kind": "supplement:hsl"},
        {"unit": "amount", "kind": "vat"},
    ],
)
@pytest.mark.parametrize("corrects", ["", "3"])
def test_an_entry_is_read_back_as_it_was(
    told: dict[str, object], corrects: str
) -> None:
    entry = Entry("7", MARCH.next, _line(known_line(), **told), corrects)
    found, notes = booked(entry)
    assert (found, notes) == ((entry,), Notes(()))
    [one] = standing_of(found)
    assert (one.ref, one.line, one.corrects) == ("7", entry.line, corrects or None)


@settings(max_examples=50)
@given(
    price=st.integers(1, 10**7),
    hundredths=st.integers(-3100, 3100),
    of=st.integers(1, 31),
    share=st.integers(0, 100),
    rounding=st.sampled_from([1, 100]),
)
def test_every_line_is_read_back_to_the_ore(
    price: int, hundredths: int, of: int, share: int, rounding: int
) -> None:
    told = {"price": price, "hundredths": hundredths, "of": of, "share": share}
    amount = amount_of(price, hundredths, of, share, rounding)
    line = _line(known_line(), **told, rounding=rounding, amount=amount)
    found, notes = booked(Entry("1", MARCH, line))
    assert (found, notes.notes) == ((Entry("1", MARCH, line),), ())


UNITS = "Ange dag, månad, timme, schablonmånad, gång eller belopp."
OTHER_AMOUNT = (
    "Raden räknas till 13\xa0772,00\xa0kr men säger 1,00\xa0kr. Ta in filen som den "
    "skrevs."
)
AT_LEAST = "av_dagar: Delaren och avrundningen ska vara minst 1."
BOOKED = [
    ("rad", "", f"rad: {EMPTY}"),
    ("bokföringsperiod", "", f"bokföringsperiod: {EMPTY}"),
    (
        "bokföringsperiod",
        "mars",
        "bokföringsperiod: ”mars” är inte en månad. Skriv till exempel 2026-11.",
    ),
    ("avser_period", "", f"avser_period: {EMPTY}"),
    ("placeringsnummer", "", f"placeringsnummer: {EMPTY}"),
    ("slag", "", f"slag: {EMPTY}"),
    ("regi", "", f"regi: {EMPTY}"),
    ("första_dag", "x", f"första_dag: ”x” {NO_DAY}"),
    ("sista_dag", "x", f"sista_dag: ”x” {NO_DAY}"),
    ("sista_dag", "", f"sista_dag: {EMPTY}"),
    ("prisenhet", "vecka", f"prisenhet: {UNITS}"),
    ("prisenhet", "", f"prisenhet: {UNITS}"),
    ("à_pris_kr", "x", f"à_pris_kr: {NO_AMOUNT.format('x')}"),
    ("belopp_kr", "1,234", f"belopp_kr: {NO_AMOUNT.format('1,234')}"),
    ("hundradelar", "2200,5", "hundradelar: ”2200,5” ska vara ett helt tal."),
    ("dagar", "²", "dagar: ”²” ska vara ett helt tal."),
    ("andel_procent", "--1", "andel_procent: ”--1” ska vara ett helt tal."),
    ("av_dagar", "0", AT_LEAST),
    ("avrundning_öre", "0", AT_LEAST),
    (
        "belopp_kr",
        "1,00",
        f"belopp_kr: {OTHER_AMOUNT}",
    ),
]


@pytest.mark.parametrize(("column", "text", "message"), BOOKED)
def test_a_faulty_booked_row_is_named_and_left_out(
    column: str, text: str, message: str
) -> None:
    found, notes = booked(Entry("7", MARCH, known_line()), **{column: text})
    assert (found, faults(notes)) == ((), [f"2 {message}"])
    about = {} if column == "placeringsnummer" else {"P1": 2}
    assert (notes.about, notes.of_nobody) == (about, () if about else (2,))


def test_units_and_months_are_read_as_excel_may_have_changed_them() -> None:
    entry = Entry("7", MARCH, known_line())
    changed = {"prisenhet": "DAG", "avser_period": "2020-03-01", "à_pris_kr": "626"}
    assert booked(entry, **changed)[0] == (entry,)


def test_what_booked_rows_must_have_in_their_heading_is_named() -> None:
    _, notes = read_booked([["utförare", "förklaring", "ny"]])
    left_out = {"utförare", "enhet", "ärendenummer", "radtyp", "förklaring"}
    assert [note.column for note in notes.notes] == [
        name for name in BOOKED_COLUMNS if name not in left_out
    ]
    assert notes.unused == ("ny",)
