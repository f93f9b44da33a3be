"""Changing picture sets: keep what was understood, put in use, throw away."""

from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.reading import queries
from lovdv.reading.models import Symbol, SymbolSet
from lovdv.reading.zipped import Understood


def keep(
    *, municipality_id: int, name: str, found: Understood, by_id: int
) -> SymbolSet:
    """A draft with the pictures that could be understood, to be looked through."""
    made = SymbolSet(
        municipality_id=municipality_id,
        name=name,
        faults=found.faults,
        read_at=now(),
        read_by_id=by_id,
        symbols=[
            Symbol(
                key=each.key,
                word=each.word,
                kind=each.kind,
                content=each.content,
                licence=each.licence,
                author=each.author,
                source=each.source,
            )
            for each in found.pictures
        ],
    )
    db.session.add(made)
    db.session.flush()
    audit.change("pictures.draft", object=made.public_id)
    return made


def use(chosen: SymbolSet) -> None:
    """The set that the pages show from now on; the one before is kept."""
    if not chosen.symbols:
        raise Refused("Uppsättningen har inga bilder. Rätta felen och läs in den igen.")
    use_default(chosen.municipality_id)
    chosen.status, chosen.faults = "used", []
    db.session.flush()
    audit.change("pictures.use", object=chosen.public_id)


def use_default(municipality_id: int) -> None:
    """Only the pictures that lovdv has from the start."""
    before = queries.set_used(municipality_id)
    if before is not None:
        before.status = "ready"
        db.session.flush()
        audit.change("pictures.rest", object=before.public_id)


def throw_away(draft: SymbolSet) -> None:
    if draft.status != "draft":
        raise Refused("Bilderna är redan inlästa. De går att byta, inte att kasta.")
    audit.change("pictures.throw", object=draft.public_id)
    db.session.delete(draft)
    db.session.flush()
