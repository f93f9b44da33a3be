"""Placements from a file: new ones begun, known ones ended or given another plan."""

from lovdv.clock import today
from lovdv.formats import short_last_day
from lovdv.imports.finding import decision_of, known_client, placement_of, unit_of
from lovdv.imports.running import Outcome, Scope, State
from lovdv.imports.tables import Field, Row, RowFault
from lovdv.placements import operations, planning, queries
from lovdv.placements.models import Placement
from lovdv.placements.plans import Times, clock_text, minutes_of
from lovdv.placements.settings import end_reasons

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")

name = "placements"
title = "Placeringar"
fields = (
    Field("placeringsnummer", "Kommunens nummer på platsen.", True),
    Field("ärendenummer", "Personens ärendenummer.", True),
    Field("beslutsreferens", "Beslutet som platsen vilar på.", True),
    Field("enhet", "Enhetens namn som det står i lovdv.", True),
    Field("första_dag", "Första dagen hos enheten.", True, "day"),
    Field("sista_dag", "Till och med. Tomt: tills vidare.", kind="day"),
    Field("avslutsorsak", "När en känd placering slutar. Orsakerna står i lovdv."),
    Field("betalas_från", "Första dagen som betalas i lovdv, om senare.", kind="day"),
    Field("plan_från", "Första dagen för tiderna. Annars första dagen.", kind="day"),
    *(
        Field(day, "Tider som 9-15 eller 09:00-14:30. Tomt: inte där.")
        for day in WEEKDAYS
    ),
)


def key(row: Row) -> tuple[str, ...]:
    return (row.text("placeringsnummer"),)


def carry_out(row: Row, scope: Scope) -> Outcome:
    client = known_client(row.text("ärendenummer"), scope)
    known = placement_of(row.text("placeringsnummer"), scope)
    if known is None:
        _begin(row, scope)
        return Outcome(State.NEW, row.text("placeringsnummer"), (), client.id)
    _require_the_same(row, known, scope)
    notes = (*_ended(row, known), *_planned(row, known, scope))
    state = State.CHANGED if notes else State.SAME
    return Outcome(state, known.number, notes, client.id)


def _begin(row: Row, scope: Scope) -> None:
    decision = decision_of(row.text("beslutsreferens"), scope)
    if decision is None:
        raise RowFault("beslutsreferens: finns inte. Läs in beslutet först.")
    first_day, times = row.required_day("första_dag"), _times(row)
    if times is None:
        raise RowFault("Fyll i tider för minst en veckodag.")
    if first_day >= today():
        raise RowFault(
            "första_dag: en plats som börjar i dag eller senare beställs, så att "
            "enheten kan svara. Läs in bara dem som redan går där."
        )
    new = operations.place(
        client=known_client(row.text("ärendenummer"), scope),
        decision=decision,
        unit=unit_of(row.text("enhet"), scope),
        first_day=first_day,
        end_day=row.end_day("sista_dag"),
        number=row.text("placeringsnummer"),
    )
    new.paid_first_day = max(new.paid_first_day, row.day("betalas_från") or first_day)
    plan_from = row.day("plan_från") or first_day
    planning.set_plan(
        placement=new, first_day=plan_from, times=times, by_id=scope.user_id
    )


def _require_the_same(row: Row, known: Placement, scope: Scope) -> None:
    told = {
        "ärendenummer": known.client.case_number == row.text("ärendenummer"),
        "enhet": known.unit_id == unit_of(row.text("enhet"), scope).id,
        "första_dag": known.first_day == row.required_day("första_dag"),
    }
    differing = [column for column, same in told.items() if not same]
    if differing:
        raise RowFault(
            f"Placeringen finns redan med annat innehåll i {', '.join(differing)}. "
            "Avsluta den och läs in en ny med eget nummer."
        )


def _ended(row: Row, known: Placement) -> tuple[str, ...]:
    told = row.end_day("sista_dag")
    if told is None or told == known.end_day:
        return ()
    reasons = end_reasons(known.choice_system_id)
    reason = row.one_of("avslutsorsak", reasons)
    if not reason:
        raise RowFault(f"avslutsorsak: skriv något av: {', '.join(reasons.values())}.")
    before = short_last_day(known.end_day) or "tills vidare"
    operations.end(placement=known, end_day=told, reason=reason)
    return (f"sista dag: {before} → {short_last_day(told)}",)


def _planned(row: Row, known: Placement, scope: Scope) -> tuple[str, ...]:
    """Other times than those in force from the day that the file gives."""
    times = _times(row)
    first_day = row.day("plan_från") or known.first_day
    current = queries.plan_on(known, first_day)
    if times is None or (current is not None and current.times == times):
        return ()
    planning.set_plan(
        placement=known, first_day=first_day, times=times, by_id=scope.user_id
    )
    return (f"nya tider från {first_day}",)


def _times(row: Row) -> Times | None:
    """One week of times; None when no day has any."""
    week = [_hours(row, day) for day in WEEKDAYS]
    return [week] if any(week) else None


def _hours(row: Row, day: str) -> list[str] | None:
    text = row.text(day).replace("\N{EN DASH}", "-")
    if not text:
        return None
    start, mark, end = text.partition("-")
    try:
        hours = minutes_of(start), minutes_of(end)
    except ValueError as error:
        raise RowFault(
            f"{day}: ”{text}” är inga tider. Skriv som 09:00-15:00."
        ) from error
    if not mark or hours[0] >= hours[1]:
        raise RowFault(f"{day}: tiden ska gå från en tidigare till en senare.")
    return [clock_text(minutes) for minutes in hours]
