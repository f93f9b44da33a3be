"""Changing a draft part by part; two windows never overwrite each other unseen."""

from dataclasses import dataclass
from typing import Any

from lovdv import audit
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import instruments
from lovdv.needs.editor_document import KEY, Draft, PartGone, digest_of, text
from lovdv.needs.editor_forms import PartForm
from lovdv.needs.editor_shape import Part
from lovdv.needs.models import InstrumentVersion

CLOSED = (
    "Utkastet har publicerats eller tagits bort i ett annat fönster. Det du skrev står "
    "kvar här: kopiera det du vill spara och lägg in det i ett nytt utkast."
)
RENAMED = (
    "Namn eller ordning på raderna har ändrats i ett annat fönster sedan du öppnade "
    "sidan, och annat följer dem. Därför sparas inget härifrån. Det du skrev står "
    "kvar: öppna sidan på nytt i ett eget fönster och skriv in det där."
)
PUBLISHED = (
    "Versionen är publicerad och ändras aldrig. Kopiera den till ett nytt utkast."
)
GONE = (
    "Delen har tagits bort i ett annat fönster. Det du skrev står kvar här: "
    "kopiera det du vill spara och lägg det i en ny del."
)
CHANGED = (
    "Delen har ändrats i ett annat fönster sedan du öppnade den. Det du skrev står "
    "kvar här. Spara igen om det ska gälla."
)
MOVES = {"up": -1, "down": 1}


@dataclass(frozen=True)
class Other:
    """A field that another window has given another value."""

    field: str
    stored: object


class Conflict(Refused):
    """Another window has changed the part; what it holds now, and what differs.

    `seen` is what the page counts as seen from now on, so that it can be saved again.
    """

    def __init__(self, message: str, seen: str, others: tuple[Other, ...]) -> None:
        super().__init__(message)
        self.seen, self.others = seen, others


def opened(version: InstrumentVersion) -> Draft:
    if version.status != "draft":
        raise Refused(PUBLISHED)
    return instruments.draft_of(version)


def opened_to_change(version: InstrumentVersion) -> Draft:
    """The draft as it is now, held until the transaction ends."""
    instruments.hold(version)
    return opened(version)


def keep(version: InstrumentVersion, draft: Draft) -> None:
    before = version.digest
    instruments.keep(version, draft)
    db.session.flush()
    audit.change(
        "instrument.draft",
        object=version.public_id,
        before={"digest": before},
        after={"digest": version.digest},
    )


def change_part(
    *, version: InstrumentVersion, form: PartForm, key: str, domain_key: str = ""
) -> None:
    """Store a page of the editor, unless another window has changed that part."""
    draft = opened_to_change(version)
    try:
        stored = form.stored(draft, key)
    except PartGone as error:
        raise Refused(GONE) from error
    typed = form.typed(stored)
    if digest_of(stored) != form.seen.data:
        raise _conflict(form, stored, typed)
    draft.rename_levels(form.renamed_levels())
    if form.kind == "instrument":
        draft.value.update(typed)
        draft.name_instrument()
    else:
        draft.change(form.kind, key, typed)
    if domain_key:
        draft.move_to_domain(key, domain_key)
    keep(version, draft)


def _conflict(form: PartForm, stored: Part, typed: Part) -> Conflict:
    """Names that other parts follow are never guessed at: then the page is too old."""
    others = _others(stored, typed)
    if form.names_now(stored) != form.named.data:
        return Conflict(RENAMED, form.seen.data or "", others)
    return Conflict(CHANGED, digest_of(stored), others)


def _others(stored: Part, typed: Part) -> tuple[Other, ...]:
    return tuple(
        Other(name, value)
        for name, value in stored.items()
        if (value or "") != (typed.get(name) or "")
    )


def add_part(
    *, version: InstrumentVersion, kind: str, within: str = "", rule_kind: str = ""
) -> str:
    """A new part last in its list; its key."""
    draft = opened_to_change(version)
    part = draft.add(kind, _empty(draft, kind, within, rule_kind), within=within)
    keep(version, draft)
    return str(part[KEY])


def _empty(draft: Draft, kind: str, within: str, rule_kind: str) -> Part:
    new: dict[str, Any] = {"id": "", "text": ""}
    if kind == "scale":
        return {"id": "", "steps": []}
    if kind == "domain":
        return {**new, "title": "", "questions": []}
    if kind == "question":
        return {**new, **_like_the_last(draft, within)}
    if kind == "table":
        return {**new, "keys": [], "rows": []}
    rule = {**new, "when": [], "level": ""}
    return {**rule, "kind": rule_kind or "floor"} if kind == "rule" else rule


def _like_the_last(draft: Draft, within: str) -> Part:
    """A new question begins with the scale and weight of the one before it."""
    before = draft.part("domain", within).get("questions") or draft.parts("question")
    scales = draft.parts("scale")
    like = before[-1] if before else {"scale": text(scales[-1], "id") if scales else ""}
    return {
        "scale": text(like, "scale"),
        "weight": text(like, "weight") or "1",
        "required": like.get("required", True),
        "may_be_irrelevant": like.get("may_be_irrelevant", False),
        "descriptions": {},
        "shown_when": [],
    }


def arrange_part(*, version: InstrumentVersion, kind: str, key: str, deed: str) -> str:
    """Move a part up or down, or copy it; the key to go on with."""
    draft = opened_to_change(version)
    if deed == "copy":
        key = str(draft.copy(kind, key)[KEY])
    else:
        draft.move(kind, key, MOVES[deed])
    keep(version, draft)
    return key


def remove_part(*, version: InstrumentVersion, kind: str, key: str, seen: str) -> None:
    """Take a part away, if it is still the part that was shown."""
    draft = opened_to_change(version)
    if digest_of(draft.part(kind, key)) != seen:
        raise Refused(
            "Delen har ändrats i ett annat fönster. Titta på den igen innan du tar "
            "bort den."
        )
    draft.remove(kind, key)
    keep(version, draft)
