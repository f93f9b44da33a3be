"""People from a file: new ones registered, known ones changed where they differ."""

from datetime import date

from lovdv.access import Permission, Role
from lovdv.accounts.models import User
from lovdv.accounts.queries import holders_of
from lovdv.clock import today
from lovdv.imports.finding import client_of
from lovdv.imports.running import Outcome, Scope, State
from lovdv.imports.tables import Field, Row, RowFault
from lovdv.people import numbers, operations, queries
from lovdv.people.models import Client
from lovdv.people.words import PROTECTIONS

name = "people"
title = "Personer"
fields = (
    Field(
        "ärendenummer", "Kommunens ärendenummer. Finns det redan ändras personen.", True
    ),
    Field("nummer", "Personnummer, samordningsnummer eller reservnummer.", True),
    Field("förnamn", "Tilltalsnamnet räcker.", True),
    Field("efternamn", "Ett eller flera efternamn.", True),
    Field("födelsedag", "Som 1990-12-31. Behövs bara för reservnummer.", kind="day"),
    Field("gatuadress", "Tom ruta ändrar inget, här och nedan."),
    Field("postnummer", "Som 123 45."),
    Field("ort", "Postort."),
    Field("telefon", "Så som det ska visas."),
    Field("e-post", "Personens egen adress."),
    Field("kommunikation", "Hur personen vill bli kontaktad och förstår bäst."),
    Field(
        "skydd",
        "Sekretessmarkering eller Skyddad folkbokföring.",
        choices=(
            "Sekretessmarkering",
            "Skyddad folkbokföring",
        ),
    ),
    Field("alias", "Vad enheten ska kalla den som har skydd."),
    Field("handläggare", "Användarnamnet för den som tar emot en ny person."),
)
CONTACT = {
    "street": "gatuadress",
    "postcode": "postnummer",
    "town": "ort",
    "phone": "telefon",
    "email": "e-post",
    "communication": "kommunikation",
}
PROTECTED = {code: word for code, word in PROTECTIONS.items() if code}


def key(row: Row) -> tuple[str, ...]:
    return (row.text("ärendenummer"),)


def carry_out(row: Row, scope: Scope) -> Outcome:
    number = _number(row)
    known = client_of(row.text("ärendenummer"), scope)
    if known is None:
        return _registered(row, number, scope)
    _require_identity(known, scope)
    return _changed(row, known, number, scope)


def _require_identity(client: Client, scope: Scope) -> None:
    """Before anything is compared, since a note of a difference tells what was."""
    reader = scope.actor
    if client.protected and reader and not reader.may(Permission.PERSON_PROTECTED):
        raise RowFault(
            "ärendenummer: personen har skyddade personuppgifter. Låt någon som har "
            "behörighet till dem läsa in raden."
        )


def _number(row: Row) -> numbers.Number:
    try:
        return numbers.read(row.text("nummer"), on=today())
    except numbers.NotANumber as error:
        raise RowFault(f"nummer: {error}") from error


def _registered(row: Row, number: numbers.Number, scope: Scope) -> Outcome:
    holder = _holder(row, scope)
    client = operations.register(
        municipality_id=scope.municipality_id,
        number=number,
        first_name=row.text("förnamn"),
        last_name=row.text("efternamn"),
        case_number=row.text("ärendenummer"),
        birth_date=row.day("födelsedag"),
        **{name: row.text(column) for name, column in CONTACT.items()},
    )
    operations.assign(client=client, first_day=today(), user_id=holder)
    _protected(row, client, scope)
    return Outcome(State.NEW, client.case_number)


def _holder(row: Row, scope: Scope) -> int:
    """Who takes a new person on: the one named, or whoever reads the file in."""
    login = row.text("handläggare").casefold()
    if not login and scope.user_id is not None:
        return scope.user_id
    if not login:
        raise RowFault("handläggare: ange vem som ska ha den nya personen.")
    staff: list[User] = [
        user
        for user in holders_of(scope.municipality_id, Role.CASEWORKER, today())
        if user.login == login
    ]
    if not staff:
        raise RowFault(f"handläggare: {login} är ingen handläggare här.")
    return staff[0].id


def _changed(row: Row, client: Client, number: numbers.Number, scope: Scope) -> Outcome:
    notes = [
        *_renumbered(client, number, scope),
        *_renamed(row, client, scope),
        *_edited(row, client),
        *_protected(row, client, scope),
    ]
    state = State.CHANGED if notes else State.SAME
    return Outcome(state, client.case_number, tuple(notes), client.id)


def _renumbered(client: Client, number: numbers.Number, scope: Scope) -> list[str]:
    holder = queries.holder_of(client.municipality_id, number.text)
    if holder is not None and holder.id == client.id:
        return []
    operations.change_number(
        client=client, number=number, first_day=today(), by_id=scope.user_id
    )
    return ["nytt nummer"]


def _renamed(row: Row, client: Client, scope: Scope) -> list[str]:
    before = (client.first_name, client.last_name)
    after = (row.text("förnamn"), row.text("efternamn"))
    if before == after:
        return []
    operations.rename(
        client=client,
        first_name=after[0],
        last_name=after[1],
        first_day=today(),
        by_id=scope.user_id,
    )
    return [f"namn: {' '.join(before)} → {' '.join(after)}"]


def _edited(row: Row, client: Client) -> list[str]:
    """Contact details that the file gives and that differ; empty cells change none."""
    told = {n: row.text(column) for n, column in CONTACT.items() if row.has(column)}
    different = {n: text for n, text in told.items() if getattr(client, n) != text}
    born = row.day("födelsedag") or client.birth_date
    notes = [
        f"{CONTACT[n]}: {getattr(client, n) or 'tomt'} → {text}"
        for n, text in different.items()
    ]
    if born != client.birth_date:
        notes.append(f"födelsedag: {_shown(client.birth_date)} → {_shown(born)}")
    if notes:
        now = {n: getattr(client, n) for n in CONTACT} | different
        operations.edit(client=client, birth_date=born, **now)
    return notes


def _shown(day: date | None) -> str:
    return "tom" if day is None else day.isoformat()


def _protected(row: Row, client: Client, scope: Scope) -> list[str]:
    code = row.one_of("skydd", PROTECTED) or client.protection
    alias = row.text("alias") or client.alias
    if not code or (code, alias) == (client.protection, client.alias):
        return []
    before = client.protection
    operations.protect(client=client, protection=code, alias=alias, by_id=scope.user_id)
    return ["nytt alias" if code == before else f"skydd: {PROTECTED[code]}"]
