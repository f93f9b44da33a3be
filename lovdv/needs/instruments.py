"""Instrument versions as engine values; adding, publishing and checking them."""

from datetime import date
from functools import lru_cache

from assessment import (
    Instrument,
    UnreadableInstrumentError,
    canonical_text,
    digest,
    read_instrument,
)
from lovdv import audit
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import queries
from lovdv.needs.models import InstrumentVersion


@lru_cache(maxsize=64)
def _read(document: str) -> Instrument:
    return read_instrument(document)


def instrument_of(version: InstrumentVersion) -> Instrument:
    """The engine's value of a stored version; reading is kept by its text."""
    return _read(version.document)


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


def add_draft(*, choice_system_id: int, content: str | bytes) -> InstrumentVersion:
    """Keep an instrument as a draft; a file with faults is refused with all of them."""
    try:
        instrument = read_instrument(content)
    except UnreadableInstrumentError as error:
        raise Refused(
            " ".join(("Instrumentet går inte att läsa.", *map(str, error.faults))),
            "document",
        ) from error
    text = canonical_text(instrument)
    new = InstrumentVersion(
        choice_system_id=choice_system_id,
        code=instrument.id,
        version=instrument.version,
        name=instrument.title,
        document=text,
        digest=digest(text),
        created_at=now(),
    )
    db.session.add(new)
    db.session.flush()
    audit.change("instrument.add", object=new.public_id, after={"digest": new.digest})
    return new


def publish(
    *, version: InstrumentVersion, first_day: date, by_id: int | None = None
) -> InstrumentVersion:
    """From the first day every new assessment uses it; it never changes again."""
    if version.status == "published":
        raise Refused("Versionen är redan publicerad och ändras inte.")
    if first_day < today() and queries.version_on(version.choice_system_id, today()):
        raise Refused(
            "Det finns redan ett instrument som gäller. "
            "Välj en första dag från och med i dag.",
            "first_day",
        )
    version.status = "published"
    version.first_day = first_day
    version.published_at = now()
    version.published_by_id = by_id
    db.session.flush()
    audit.change(
        "instrument.publish",
        object=version.public_id,
        after={"first_day": first_day},
    )
    return version
