"""Decisions from a file: new ones kept, known ones ended when the file says so."""

from lovdv.formats import short_last_day
from lovdv.imports.finding import decision_of, known_client
from lovdv.imports.running import Outcome, Scope, State
from lovdv.imports.tables import Field, Row, RowFault
from lovdv.people import decision_operations as operations
from lovdv.people import event_operations, events
from lovdv.people.models import Client, Decision
from lovdv.people.words import END_REASONS

LAWS = {"LSS": "LSS", "SoL": "SoL"}

name = "decisions"
title = "Beslut"
fields = (
    Field("beslutsreferens", "Beslutets nummer i verksamhetssystemet.", True),
    Field("ärendenummer", "Personens ärendenummer.", True),
    Field("lag", "LSS eller SoL.", True, choices=tuple(LAWS)),
    Field("personkrets", "1 eller 2 för LSS, tomt för SoL.", choices=("1", "2")),
    Field("omfattning", "Om beslutet anger någon."),
    Field("beslutsdag", "Som 2026-11-22.", True, "day"),
    Field("första_dag", "Första dagen beslutet gäller.", True, "day"),
    Field("sista_dag", "Till och med. Tomt: tills vidare.", kind="day"),
    Field("begärd_av", "Vem som begärde insatsen."),
    Field("mål", "Målet med insatsen."),
    Field(
        "ersätter",
        "Beslutsreferensen för ett beslut som det här tar över från sin första dag.",
    ),
    Field(
        "avslutsorsak",
        "När ett känt beslut slutar tidigare än förut.",
        choices=tuple(END_REASONS.values()),
    ),
)
STANDS = {
    "law": "lag",
    "personkrets": "personkrets",
    "decided_on": "beslutsdag",
    "first_day": "första_dag",
}

WORDED = {"extent": "omfattning", "goal": "mål", "requested_by": "begärd_av"}


def key(row: Row) -> tuple[str, ...]:
    return (row.text("beslutsreferens"),)


def carry_out(row: Row, scope: Scope) -> Outcome:
    client = known_client(row.text("ärendenummer"), scope)
    known = decision_of(row.text("beslutsreferens"), scope)
    if known is None:
        made = operations.decide(
            client=client,
            choice_system_id=scope.system.id,
            reference=row.text("beslutsreferens"),
            end_day=row.end_day("sista_dag"),
            extent=row.text("omfattning"),
            goal=row.text("mål"),
            requested_by=row.text("begärd_av"),
            replaces=_replaced(row, client, scope),
            **_fixed(row),
        )
        return Outcome(State.NEW, made.reference, (), client.id)
    if known.client_id != client.id:
        raise RowFault("beslutsreferens: hör till en annan person. Rätta numret.")
    _require_the_same(row, known)
    notes = _ended(row, client, known, scope)
    state = State.CHANGED if notes else State.SAME
    return Outcome(state, known.reference, notes, client.id)


def _replaced(row: Row, client: Client, scope: Scope) -> Decision | None:
    if not row.has("ersätter"):
        return None
    found = decision_of(row.text("ersätter"), scope)
    if found is None or found.client_id != client.id:
        raise RowFault(
            f"ersätter: personen har inget beslut {row.text('ersätter')}. Rätta "
            "numret, eller lämna rutan tom."
        )
    return found


def _fixed(row: Row) -> dict[str, object]:
    """What a decision never changes once it is kept."""
    krets = row.text("personkrets")
    if krets not in ("", "1", "2"):
        raise RowFault(f"personkrets: ”{krets}” går inte. Skriv 1 eller 2.")
    law = row.one_of("lag", LAWS)
    return {
        "law": law,
        "personkrets": int(krets) if krets and law == "LSS" else None,
        "decided_on": row.required_day("beslutsdag"),
        "first_day": row.required_day("första_dag"),
    }


def _require_the_same(row: Row, known: Decision) -> None:
    differing = [
        f"{STANDS[name]} ({getattr(known, name)} i lovdv)"
        for name, told in _fixed(row).items()
        if getattr(known, name) != told
    ]
    if differing:
        raise RowFault(
            f"Beslutet finns redan med annat innehåll: {', '.join(differing)}. "
            "Ett ändrat beslut är ett nytt beslut med egen referens."
        )
    reworded = [
        column
        for name, column in WORDED.items()
        if row.has(column) and getattr(known, name) != row.text(column)
    ]
    if reworded:
        raise RowFault(
            f"Beslutet finns redan med annan text i {', '.join(reworded)}. Lämna rutan "
            "tom för att behålla den. Ett ändrat beslut är ett nytt beslut med egen "
            "referens."
        )


def _ended(row: Row, client: Client, known: Decision, scope: Scope) -> tuple[str, ...]:
    """An earlier end with its reason, and all that it takes with it, as on the page.

    An empty cell changes nothing.
    """
    told = row.end_day("sista_dag")
    if told is None or told == known.end_day:
        return ()
    reason = row.one_of("avslutsorsak", END_REASONS)
    if not reason:
        raise RowFault("avslutsorsak: fyll i varför beslutet slutar tidigare.")
    before = short_last_day(known.end_day) or "tills vidare"
    operations.require_endable(known, told)
    what = events.end_of_decision(client, known, told, reason)
    follows = what.lines[len(what.decisions) :]
    event_operations.end_everything(client=client, what=what, by_id=scope.user_id)
    return (f"sista dag: {before} → {short_last_day(told)}", *follows)
