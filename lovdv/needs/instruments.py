"""Instrument versions: as engine values, as drafts, and published for good."""

import re
from datetime import date
from functools import lru_cache

from sqlalchemy.exc import IntegrityError, InvalidRequestError

from assessment import (
    Advice,
    Fault,
    Instrument,
    UnreadableInstrumentError,
    advice,
    canonical_text,
    digest,
    read_instrument,
)
from lovdv import audit
from lovdv.clock import now, today
from lovdv.database import random_id
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import editor_queries, queries
from lovdv.needs.editor_document import Draft, text
from lovdv.needs.editor_shape import Part
from lovdv.needs.instrument_files import FileRead, read_json
from lovdv.needs.models import InstrumentVersion

LONGEST = 40
LARGEST_DRAFT = 2_000_000


@lru_cache(maxsize=64)
def _read(document: str) -> Instrument:
    return read_instrument(document)


@lru_cache(maxsize=64)
def faults_in_text(document: str) -> tuple[Fault, ...]:
    """Every fault in an instrument's JSON form, in reading order."""
    try:
        _read(document)
    except UnreadableInstrumentError as error:
        return error.faults
    return ()


@lru_cache(maxsize=64)
def _advice(document: str) -> tuple[Advice, ...]:
    return advice(_read(document))


def advice_on(version: InstrumentVersion) -> tuple[Advice, ...]:
    """What is odd in a version; nothing while it has faults."""
    return () if faults_in_text(version.document) else _advice(version.document)


def instrument_of(version: InstrumentVersion) -> Instrument:
    """The engine's value of a stored version; a draft with faults raises them."""
    return _read(version.document)


def readable(version: InstrumentVersion) -> Instrument | None:
    """The engine's value, or None while a draft has faults."""
    return None if faults_in_text(version.document) else _read(version.document)


def version_to_use(choice_system_id: int, on: date) -> InstrumentVersion:
    """The version to score with on a day, or a refusal that says what to do."""
    found = queries.version_on(choice_system_id, on)
    if found is None:
        raise Refused(
            "Det finns inget bedömningsinstrument som gäller den dagen. "
            "Be systemledaren att publicera ett.",
            "held_on",
        )
    return found


def hold(version: InstrumentVersion) -> None:
    """The version as it is now, held until the transaction ends."""
    try:
        db.session.refresh(version, with_for_update=True)
    except InvalidRequestError as error:
        raise Refused(
            "Utkastet har tagits bort i ett annat fönster. Det finns inget att ändra."
        ) from error


def draft_of(version: InstrumentVersion) -> Draft:
    """The working form of a draft; one from before the editor gets its own now."""
    return Draft.opened(version.draft or version.document)


def add_draft(*, choice_system_id: int, content: str | bytes) -> InstrumentVersion:
    """Keep a JSON file as a new draft; what the editor cannot show is refused."""
    return keep_file(choice_system_id=choice_system_id, found=read_json(content))


def keep_file(*, choice_system_id: int, found: FileRead) -> InstrumentVersion:
    if found.document is None:
        raise Refused(
            " ".join(("Instrumentet går inte att läsa.", *map(str, found.faults))),
            "document",
        )
    return keep_draft(choice_system_id=choice_system_id, document=found.document)


def keep_draft(
    *, choice_system_id: int, document: Part, copied: InstrumentVersion | None = None
) -> InstrumentVersion:
    """Keep an instrument's JSON form as a new draft, with the faults it may have."""
    new = InstrumentVersion(
        public_id=random_id(),
        choice_system_id=choice_system_id,
        created_at=now(),
        status="draft",
        revision=0,
    )
    keep(new, Draft(document))
    db.session.add(new)
    db.session.flush()
    after = {"digest": new.digest}
    if copied is not None:
        after["copied"] = copied.public_id
    audit.change("instrument.add", object=new.public_id, after=after)
    return new


def copy_to_draft(version: InstrumentVersion) -> InstrumentVersion:
    """A new draft from any version, under the next free version name."""
    document = draft_of(version).document()
    taken = editor_queries.version_names(version.choice_system_id, text(document, "id"))
    document["version"] = next_version(text(document, "version"), taken)
    return keep_draft(
        choice_system_id=version.choice_system_id, document=document, copied=version
    )


def next_version(version: str, taken: frozenset[str]) -> str:
    """'1' becomes '2', '2.9' becomes '2.10', 'prov' becomes 'prov-2'."""
    found = re.fullmatch(r"(.*?)([0-9]+)", version)
    stem, number = (found[1], int(found[2])) if found else (f"{version}-", 1)
    stem = stem[: LONGEST - 12]
    while True:
        number += 1
        if f"{stem}{number}" not in taken:
            return f"{stem}{number}"


def keep(version: InstrumentVersion, draft: Draft) -> None:
    """Store the draft as it stands; its document is canonical when it has no fault."""
    stored = draft.text()
    if len(stored) > LARGEST_DRAFT:
        raise Refused("Utkastet är större än 2 MB. Korta texterna innan du sparar.")
    document = draft.document_text()
    if not faults_in_text(document):
        document = canonical_text(_read(document))
    version.draft, version.document = stored, document
    version.digest = digest(document)
    version.revision += 1
    version.name = (text(draft.value, "title") or "Utan namn")[:200]
    _label(version, draft)


def _label(version: InstrumentVersion, draft: Draft) -> None:
    """A draft is called what it says; a name that is taken gets a mark."""
    code = text(draft.value, "id")[:LONGEST] or "utkast"
    name = text(draft.value, "version")[:LONGEST] or "–"
    with db.session.no_autoflush:
        taken = editor_queries.version_names(version.choice_system_id, code, version.id)
    if name in taken:
        name = f"{name[:20]} (utkast {version.public_id[:6]})"
    if (version.code, version.version) != (code, name):
        version.code, version.version = code, name


def publishing_faults(version: InstrumentVersion) -> tuple[Fault, ...]:
    """Everything that must be put right before the draft can be published."""
    faults = faults_in_text(version.document)
    if faults or version.status == "published":
        return faults
    instrument = _read(version.document)
    taken = editor_queries.version_names(
        version.choice_system_id, instrument.id, version.id
    )
    if instrument.version not in taken:
        return ()
    return (
        Fault(
            "fältet version",
            f"Versionen ”{instrument.version}” finns redan.",
            "Ge utkastet en annan version.",
        ),
    )


def publish(
    *, version: InstrumentVersion, first_day: date, by_id: int | None = None
) -> InstrumentVersion:
    """From the first day every new assessment uses it; it never changes again."""
    if version.status == "published":
        raise Refused("Versionen är redan publicerad och ändras inte.")
    faults = publishing_faults(version)
    if faults:
        raise Refused(
            " ".join(("Utkastet har fel som måste rättas först.", *map(str, faults)))
        )
    if first_day < today() and queries.version_on(version.choice_system_id, today()):
        raise Refused(
            "Det finns redan ett instrument som gäller. "
            "Välj en första dag från och med i dag.",
            "first_day",
        )
    _freeze(version, _read(version.document))
    version.first_day = first_day
    version.published_at = now()
    version.published_by_id = by_id
    db.session.flush()
    audit.change(
        "instrument.publish",
        object=version.public_id,
        after={"first_day": first_day, "digest": version.digest},
    )
    return version


def _freeze(version: InstrumentVersion, instrument: Instrument) -> None:
    version.document = canonical_text(instrument)
    version.digest = digest(version.document)
    version.code, version.version = instrument.id, instrument.version
    version.name = instrument.title
    version.draft = ""
    version.status = "published"


def delete_draft(version: InstrumentVersion) -> None:
    """Take a draft away; a published version stays for ever."""
    if version.status == "published":
        raise Refused("Versionen är publicerad och kan inte tas bort.")
    audit.change(
        "instrument.delete", object=version.public_id, before={"digest": version.digest}
    )
    try:
        db.session.delete(version)
        db.session.flush()
    except IntegrityError as error:
        raise Refused(
            "Utkastet används av något som är sparat, till exempel en beräkning av "
            "konsekvenser. Därför finns det kvar."
        ) from error
