"""Deviations from the plan from a file, a row for each day or part of a day."""

from datetime import date

from lovdv.imports.finding import placement_of
from lovdv.imports.running import Outcome, Scope, State
from lovdv.imports.tables import Field, Row, RowFault
from lovdv.placements import reporting
from lovdv.placements.models import Placement
from lovdv.placements.months import PersonMonth, person_month
from lovdv.placements.plans import minutes_of
from payments.month import Month

BY_PLAN = "plan"

name = "attendance"
title = "Närvaro"
fields = (
    Field("placeringsnummer", "Platsens nummer.", True),
    Field("dag", "Dagen, som 2026-11-22. Alla rader i samma månad.", True, "day"),
    Field("kod", f"Koden i närvaron, eller {BY_PLAN} för enligt planen.", True),
    Field("från", "Fylls i för en del av en dag, som 12:00."),
    Field("till", "Fylls i för en del av en dag, som 15:00."),
)


def key(row: Row) -> tuple[str, ...]:
    return (row.text("placeringsnummer"), row.text("dag"), row.text("från"))


def carry_out(row: Row, scope: Scope) -> Outcome:
    day = row.required_day("dag")
    if scope.month is not None and (day.year, day.month) != (
        scope.month.year,
        scope.month.month,
    ):
        raise RowFault(
            f"dag: {day} ligger inte i {scope.month:%Y-%m}. Välj rätt månad."
        )
    placement = placement_of(row.text("placeringsnummer"), scope)
    if placement is None:
        raise RowFault("placeringsnummer: finns inte bland dem du rapporterar för.")
    return _report(row, placement, day)


def _report(row: Row, placement: Placement, day: date) -> Outcome:
    month = person_month(placement, Month.of(day))
    before = reporting.day_words(month, day.day)
    code, parts = _wanted(row, month, day.day)
    if (code, parts) == (month.set_code(day.day), _parts(month, day.day)):
        return Outcome(State.SAME, placement.number, (), placement.client_id)
    reporting.report_day(
        placement=placement,
        day=day,
        had=reporting.day_mark(month, day.day),
        code=code,
        parts=parts,
    )
    after = reporting.day_words(person_month(placement, Month.of(day)), day.day)
    note = f"{day}: {before} → {after}"
    return Outcome(State.CHANGED, placement.number, (note,), placement.client_id)


def _wanted(
    row: Row, month: PersonMonth, number: int
) -> tuple[str, list[reporting.Part]]:
    """The day's letter and parts when the row has been reported."""
    code = "" if row.text("kod").casefold() == BY_PLAN else row.text("kod").upper()
    if not row.has("från") and not row.has("till"):
        return code, []
    part = reporting.Part(code, _minutes(row, "från"), _minutes(row, "till"))
    others = [one for one in _parts(month, number) if one.start != part.start]
    return month.set_code(number), sorted([*others, part], key=lambda one: one.start)


def _parts(month: PersonMonth, number: int) -> list[reporting.Part]:
    return [
        reporting.Part(part["code"], minutes_of(part["from"]), minutes_of(part["to"]))
        for part in month.parts(number)
    ]


def _minutes(row: Row, column: str) -> int:
    try:
        return minutes_of(row.text(column))
    except ValueError as error:
        raise RowFault(
            f"{column}: ”{row.text(column)}” är ingen tid. Skriv som 12:00."
        ) from error
