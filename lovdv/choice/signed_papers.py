"""Signed papers: read in, kept with the choice, removed when nothing came of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, select

from lovdv import audit
from lovdv.access import Actor
from lovdv.choice.models import Choice
from lovdv.choice.paper_models import ChoicePaper
from lovdv.choice.scans import Scan
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.models import Client
from lovdv.people.scope import visible_people
from lovdv.systems.queries import rule

UNLINKED = timedelta(days=7)
"""How long a paper waits for its choice."""

NEEDED = {
    "required": "Lägg till papperet, inläst eller fotograferat.",
    "reason": "Lägg till papperet, inläst eller fotograferat, eller skriv varför det "
    "inte finns.",
}
NOT_YOURS = (
    "Papperet hör inte till det här valet, eller har tagits bort. Välj det igen."
)


@dataclass(frozen=True)
class Asked:
    """What the choice system wants of a choice on paper: required, reason or not."""

    scan: str
    most_megabytes: int


def asked(choice_system_id: int) -> Asked:
    found = rule(choice_system_id, "choice", today())
    most = found["paper_megabytes"]
    assert isinstance(most, int)
    return Asked(str(found["paper_scan"]), most)


def keep(*, client: Client, scan: Scan, by: int) -> ChoicePaper:
    """Keep the paper until the choice is read through; sent twice it is kept once."""
    same = _waiting(client.id, by).where(ChoicePaper.sha256 == scan.digest)
    found = db.session.scalars(same.limit(1)).first()
    if found is not None:
        return found
    new = ChoicePaper(
        client_id=client.id,
        media=scan.media,
        sha256=scan.digest,
        size=len(scan.content),
        content=scan.content,
        uploaded_by_id=by,
        uploaded_at=now(),
    )
    db.session.add(new)
    db.session.flush()
    audit.change("choice.paper", about=[client.id], object=new.public_id)
    return new


def _waiting(client_id: int, by: int) -> Select[tuple[ChoicePaper]]:
    return select(ChoicePaper).where(
        ChoicePaper.client_id == client_id,
        ChoicePaper.uploaded_by_id == by,
        ChoicePaper.choice_id.is_(None),
    )


def sent_before(client_id: int, public_id: str, *, by: int) -> ChoicePaper | None:
    """The paper that the user read in for the person, while it waits."""
    found = _waiting(client_id, by).where(ChoicePaper.public_id == public_id)
    return db.session.scalars(found).one_or_none()


def attach(
    choice: Choice, *, paper: str, reason: str, wanted: Asked, by: int
) -> ChoicePaper | None:
    """The paper that was read in, or why there is none, with the choice."""
    if paper:
        found = sent_before(choice.client_id, paper, by=by)
        if found is None:
            raise Refused(NOT_YOURS, "file")
        found.choice_id = choice.id
    elif wanted.scan == "required" or (wanted.scan == "reason" and not reason):
        raise Refused(NEEDED[wanted.scan], "file")
    elif not reason:
        return None
    else:
        found = ChoicePaper(
            client_id=choice.client_id,
            choice_id=choice.id,
            reason=reason,
            uploaded_by_id=by,
            uploaded_at=now(),
        )
        db.session.add(found)
    db.session.flush()
    audit.change("choice.paper_kept", about=[choice.client_id], object=found.public_id)
    return found


def forget_unlinked(municipality_id: int) -> None:
    """Papers that never came to a choice are removed, and that is logged."""
    old = db.session.scalars(
        select(ChoicePaper)
        .join(Client, Client.id == ChoicePaper.client_id)
        .where(
            Client.municipality_id == municipality_id,
            ChoicePaper.choice_id.is_(None),
            ChoicePaper.uploaded_at < now() - UNLINKED,
        )
        .with_for_update(of=ChoicePaper, skip_locked=True)
    ).all()
    for paper in old:
        audit.change(
            "choice.paper_forget", about=[paper.client_id], object=paper.public_id
        )
        db.session.delete(paper)
    db.session.flush()


def papers_of(client_id: int) -> Mapping[int, ChoicePaper]:
    """By choice, the paper it was made on, or why there is none."""
    rows = db.session.scalars(
        select(ChoicePaper).where(
            ChoicePaper.client_id == client_id, ChoicePaper.choice_id.is_not(None)
        )
    )
    return {paper.choice_id: paper for paper in rows if paper.choice_id}


def paper_in_case(actor: Actor, public_id: str) -> ChoicePaper:
    """A paper with a choice of somebody whose case the actor may read; else 404."""
    visible = visible_people(actor).with_only_columns(Client.id)
    return db.session.scalars(
        select(ChoicePaper).where(
            ChoicePaper.public_id == public_id,
            ChoicePaper.choice_id.is_not(None),
            ChoicePaper.content.is_not(None),
            ChoicePaper.client_id.in_(visible),
        )
    ).one()
