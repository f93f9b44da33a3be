"""Asking a unit for its statement, writing it, giving it, taking the question back."""

from collections.abc import Mapping
from datetime import date, timedelta

from lovdv import audit
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.needs import queries, statement_queries
from lovdv.needs.instruments import version_to_use
from lovdv.needs.saving import plain
from lovdv.needs.statement_models import Statement, StatementPart
from lovdv.people.models import Decision
from lovdv.placements.models import Placement

USUAL_DAYS = timedelta(days=14)
LONGEST_WAIT = timedelta(days=180)
LONGEST_PART = 4_000
GIVEN = "Yttrandet är lämnat och ändras inte mer."
CHANGED = (
    "Yttrandet har sparats i ett annat fönster sedan du öppnade sidan. "
    "Det du skrev står kvar. Jämför, och spara igen om det ska gälla."
)


def ask(
    *,
    decision: Decision,
    placement: Placement,
    due_on: date,
    question: str,
    by_id: int,
) -> Statement:
    """Ask a unit where the person is placed; one question at a time to each."""
    if not today() <= due_on <= today() + LONGEST_WAIT:
        raise Refused("Välj en dag från i dag och högst ett halvår fram.", "due_on")
    if statement_queries.waits_at(decision.id, placement.unit_id) is not None:
        raise Refused(
            f"{placement.unit.name} har redan fått frågan och har inte svarat än.",
            "placement",
        )
    draft = queries.open_draft(decision.id)
    version = (
        draft.instrument_version
        if draft
        else version_to_use(decision.choice_system_id, today())
    )
    new = Statement(
        client_id=decision.client_id,
        decision_id=decision.id,
        instrument_version_id=version.id,
        placement_id=placement.id,
        unit_id=placement.unit_id,
        question=question,
        due_on=due_on,
        asked_at=now(),
        asked_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change("statement.ask", about=[new.client_id], object=new.public_id)
    return new


def take_back(*, statement: Statement) -> None:
    """The question is not put any more; what is given stands."""
    _refuse_given(statement)
    statement.withdrawn_at = now()
    db.session.flush()
    audit.change(
        "statement.take_back", about=[statement.client_id], object=statement.public_id
    )


def seen(statement: Statement) -> str:
    """What a page was shown: how many times the parts have been written."""
    return str(sum(part.revision for part in statement.parts))


def write(*, statement: Statement, texts: Mapping[str, str], shown: str) -> None:
    """Keep the unit's draft; nobody else reads it before it is given."""
    _refuse_given(statement)
    stored = {part.domain: part for part in statement.parts}
    typed = {name: plain(text) for name, text in texts.items()}
    before = {name: stored[name].text if name in stored else "" for name in typed}
    if typed == before:
        return
    if shown != seen(statement):
        raise Refused(CHANGED)
    for name, text in typed.items():
        if text != before[name]:
            _put(statement, stored.get(name), name, text)
    db.session.flush()
    db.session.expire(statement, ["parts"])
    audit.change(
        "statement.write",
        about=[statement.client_id],
        object=statement.public_id,
        after=typed,
    )


def _put(
    statement: Statement, part: StatementPart | None, domain: str, text: str
) -> None:
    part = part or StatementPart(statement_id=statement.id, domain=domain, revision=0)
    part.text = text
    part.revision += 1
    part.updated_at = now()
    db.session.add(part)


def give(*, statement: Statement, by_id: int) -> None:
    """Send it to the municipality: from now on it stands as it is."""
    _refuse_given(statement)
    if not statement_queries.texts_of(statement):
        raise Refused("Skriv om minst ett område innan du lämnar yttrandet.")
    statement.given_at = now()
    statement.given_by_id = by_id
    db.session.flush()
    audit.change(
        "statement.give",
        about=[statement.client_id],
        object=statement.public_id,
        after={"digest": statement_queries.digest_of(statement)},
    )


def _refuse_given(statement: Statement) -> None:
    """Say that it is given, under the lock that keeps two people apart."""
    db.session.refresh(statement, ["given_at", "withdrawn_at"], with_for_update=True)
    for part in statement.parts:
        db.session.expire(part)
    db.session.expire(statement, ["parts"])
    if statement.given_at is not None:
        raise Refused(GIVEN)
    if statement.withdrawn_at is not None:
        raise Refused("Kommunen har tagit tillbaka frågan. Ring om du undrar.")
