"""Making letters, marking them as sent, and setting how somebody wants to read."""

import json
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select

from lovdv import audit
from lovdv.choice import invitations, links, not_choosing, ordering
from lovdv.choice.models import Invitation
from lovdv.choice.supporting import log_attempt
from lovdv.clock import now, today
from lovdv.database import random_id
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.guides.queries import helper_of
from lovdv.leaving.queries import own_exit
from lovdv.letters import fitting, words
from lovdv.letters.models import Letter, LetterSent, ReadingWay
from lovdv.letters.queries import ToWrite, way_of
from lovdv.letters.words import KINDS, WAYS, Places, Told
from lovdv.people.holding import hold
from lovdv.people.models import Client
from lovdv.systems.queries import municipality, rule


def set_way(*, client: Client, way: str, by_id: int) -> None:
    """How the person wants letters from now on."""
    if way not in WAYS:
        raise Refused("Välj ett av sätten att läsa.", "way")
    db.session.add(
        ReadingWay(client_id=client.id, way=way, set_at=now(), set_by_id=by_id)
    )
    db.session.flush()
    audit.change("letter.way", about=[client.id], after={"way": way})


def make_all(*, asked: Sequence[ToWrite], by_id: int) -> list[Letter]:
    """A letter to each, made together; nobody gets the same one twice."""
    hold([each.invitation.client_id for each in asked])
    name = random_id()
    return [
        _make(each, name, by_id)
        for each in asked
        if not (_already(each) or _untrue(each) or each.client.protected)
    ]


def make(*, what: ToWrite, by_id: int) -> Letter:
    """One letter, on the caseworker's word; the same may be made again."""
    if what.kind not in KINDS:
        raise Refused("Välj vilket brev det gäller.", "kind")
    hold([what.invitation.client_id])
    untrue = _untrue(what)
    if untrue:
        raise Refused(untrue, "kind")
    if what.remind_day is not None and _already(what):
        raise Refused("Påminnelsen är redan gjord. Du hittar den bland breven.")
    return _make(what, random_id(), by_id)


def _already(what: ToWrite) -> bool:
    found = select(Letter.id).where(
        Letter.invitation_id == what.invitation.id,
        Letter.kind == what.kind,
        Letter.remind_day == what.remind_day
        if what.remind_day
        else Letter.remind_day.is_(None),
    )
    return db.session.scalar(found.limit(1)) is not None


def _untrue(what: ToWrite) -> str:
    """Why it no longer is true, as it stands when the person is held; '' if it is."""
    db.session.refresh(what.invitation, ["kind", "answer_by", "closed_on"])
    return fitting.why_not(what)


def _make(what: ToWrite, name: str, by_id: int) -> Letter:
    content = _content(what)
    new = Letter(
        client_id=what.invitation.client_id,
        invitation_id=what.invitation.id,
        choice_id=what.choice.id if what.choice else None,
        kind=what.kind,
        way=way_of(what.invitation.client_id),
        remind_day=what.remind_day,
        batch=name,
        content=content,
        digest=sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
        made_at=now(),
        made_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "letter.make",
        about=[new.client_id],
        object=new.public_id,
        after={"kind": new.kind, "digest": new.digest},
    )
    return new


def _content(what: ToWrite) -> dict[str, object]:
    told = _told(what)
    days = None if told.no_last_day else told.answer_by.isoformat()
    return {
        "title": words.title(told),
        "parts": [list(part) for part in words.parts(told)],
        "answer_by": days,
        "contact": told.contact,
        "link": _link(what.invitation),
    }


def _told(what: ToWrite) -> Told:
    invitation, client = what.invitation, what.client
    stops = own_exit(client.id)
    given = what.choice.unit if what.choice else None
    guide = helper_of(invitation)
    return Told(
        kind=what.kind,
        answer_by=invitation.answer_by,
        late=invitation.answer_by < today(),
        places=_places(invitation),
        leaves=stops.unit if stops else "",
        last_day=stops.last_day if stops and stops.has_place else None,
        given=given.name if given else "",
        guide=_helper(guide.name, guide.phone) if guide else "",
        waits_for_guide=invitation.wants_support,
        contact=municipality(client.municipality_id).contact,
        default_only=not_choosing.only_default(invitation.decision),
    )


def _places(invitation: Invitation) -> Places:
    """The place of today, one without a last day before others, and the next one."""
    system = invitation.decision.choice_system_id
    found = invitations.standing_places(invitation.client_id, today(), system=system)
    begun = [place for place in found if place.first_day <= today()]
    now = min(begun, key=lambda place: place.end_day is not None, default=None)
    coming = next((place for place in found if place.first_day > today()), None)
    return Places(
        now=now.unit.name if now else "",
        last_day=now.end_day - timedelta(days=1) if now and now.end_day else None,
        then=coming.unit.name if coming else "",
        begins=coming.first_day if coming else None,
    )


def _helper(name: str, phone: str) -> str:
    return f"{name}, telefon {phone}." if phone else f"{name}."


def _link(invitation: Invitation) -> str:
    """The key of a short link to the comparison, in the person's own order."""
    system = invitations.system_of_decision(invitation.decision)
    seed = ordering.seed_for(invitation.client.public_id)
    return links.keep(
        parameters=[("s", seed), ("system", system.public_id)],
        rule=rule(system.id, "link", today()),
        limited=False,
    ).key


def mark_sent(*, letter: Letter, by_id: int) -> None:
    """The letter has gone: a try to inform the person, once."""
    hold([letter.client_id])
    db.session.expire(letter, ["sent"])
    if letter.sent is not None:
        raise Refused("Brevet är redan markerat som skickat.")
    attempt = log_attempt(
        invitation=letter.invitation,
        by=by_id,
        at=now(),
        way="letter",
        result="sent",
        purpose="inform",
        note=KINDS[letter.kind],
    )
    db.session.add(
        LetterSent(letter_id=letter.id, attempt_id=attempt.id, at=now(), by_id=by_id)
    )
    db.session.flush()
    db.session.expire(letter, ["sent"])
    audit.change("letter.send", about=[letter.client_id], object=letter.public_id)
