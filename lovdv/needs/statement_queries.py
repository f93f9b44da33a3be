"""Reading statements: what a unit is asked, what it wrote, what is late."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from assessment import Domain, digest
from lovdv.access import Actor
from lovdv.clock import today
from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.needs.instruments import instrument_of
from lovdv.needs.models import Assessment, SignedAssessment
from lovdv.needs.statement_models import Statement
from lovdv.people import renewals
from lovdv.people.models import Client
from lovdv.people.scope import visible_people
from lovdv.placements.models import Placement
from lovdv.placements.scope import placements_at_unit

SOON = timedelta(days=3)


def _statements() -> Select[tuple[Statement]]:
    return select(Statement).options(
        joinedload(Statement.client),
        joinedload(Statement.unit),
        joinedload(Statement.asked_by),
        joinedload(Statement.instrument_version),
        selectinload(Statement.parts),
    )


def _at_unit(actor: Actor) -> ColumnElement[bool]:
    """SQL: asked of the actor's own unit, about somebody who is placed there."""
    own = select(Placement.id).where(placements_at_unit(actor))
    return and_(
        Statement.unit_id == actor.unit_id,
        Statement.placement_id.in_(own),
        Statement.withdrawn_at.is_(None),
    )


def at_unit(actor: Actor, public_id: str) -> Statement:
    """A statement that the actor's unit writes or has written; otherwise 404."""
    return db.session.scalars(
        _statements().where(_at_unit(actor), Statement.public_id == public_id)
    ).one()


def asked_of(actor: Actor) -> Sequence[Statement]:
    """What the actor's unit is asked, the unwritten first, by day."""
    return db.session.scalars(
        _statements()
        .where(_at_unit(actor))
        .order_by(Statement.given_at.is_not(None), Statement.due_on, Statement.id)
    ).all()


def unwritten(actor: Actor) -> Sequence[Statement]:
    """What the actor's unit has still to write, by day."""
    return [found for found in asked_of(actor) if found.given_at is None]


def of_person(client_id: int) -> Sequence[Statement]:
    """Every statement about a person, the latest asked first."""
    return db.session.scalars(
        _statements()
        .where(Statement.client_id == client_id)
        .order_by(Statement.asked_at.desc(), Statement.id.desc())
    ).all()


def of_case(actor: Actor, public_id: str) -> Statement:
    """A statement about a person whose case the actor may read; otherwise 404."""
    seen = visible_people(actor).with_only_columns(Client.id)
    return db.session.scalars(
        _statements().where(
            Statement.client_id.in_(seen), Statement.public_id == public_id
        )
    ).one()


def late(actor: Actor) -> Sequence[Statement]:
    """What the actor has asked for, and that is not written on its day."""
    return [found for found in awaited(actor) if found.due_on < today()]


def awaited(actor: Actor) -> Sequence[Statement]:
    """What the actor has asked for and that is not written yet, by day."""
    seen = visible_people(actor).with_only_columns(Client.id)
    return db.session.scalars(
        _statements()
        .where(
            Statement.client_id.in_(seen),
            Statement.asked_by_id == actor.user_id,
            Statement.given_at.is_(None),
            Statement.withdrawn_at.is_(None),
        )
        .order_by(Statement.due_on, Statement.id)
    ).all()


def given_for(assessment: Assessment) -> Sequence[Statement]:
    """What units have stated for this assessment: given after the one before it."""
    return [one for one in asked_for(assessment) if one.given_at is not None]


def asked_for(assessment: Assessment) -> Sequence[Statement]:
    """What units are asked for this assessment, or have given since the one before."""
    before = _signed_before(assessment)
    query = _statements().where(
        Statement.decision_id.in_(renewals.carried(assessment.decision_id)),
        Statement.withdrawn_at.is_(None),
    )
    if before is not None:
        query = query.where(
            or_(Statement.given_at.is_(None), Statement.given_at > before.signed_at)
        )
    if assessment.signed_at is not None:
        query = query.where(Statement.given_at <= assessment.signed_at)
    return db.session.scalars(query.order_by(Statement.asked_at, Statement.id)).all()


def _signed_before(assessment: Assessment) -> SignedAssessment | None:
    """The last assessment signed before this one, in the decisions it carries on."""
    query = (
        select(SignedAssessment)
        .join(Assessment, Assessment.id == SignedAssessment.assessment_id)
        .where(
            Assessment.decision_id.in_(renewals.carried(assessment.decision_id)),
            Assessment.id != assessment.id,
        )
    )
    if assessment.signed_at is not None:
        query = query.where(SignedAssessment.signed_at < assessment.signed_at)
    return db.session.scalars(
        query.order_by(SignedAssessment.signed_at.desc()).limit(1)
    ).first()


def placements_to_ask(decision_ids: Collection[int]) -> Sequence[Placement]:
    """Where the person has a place now: those units may be asked.

    A place that an earlier decision has given goes on in the one that follows on it.
    """
    earlier = renewals.before(decision_ids).values()
    held = {*decision_ids, *(one for chain in earlier for one in chain)}
    return db.session.scalars(
        select(Placement)
        .where(
            Placement.decision_id.in_(held),
            Placement.annulled_at.is_(None),
            in_period(today(), Placement.first_day, Placement.end_day),
        )
        .options(joinedload(Placement.unit))
        .order_by(Placement.first_day)
    ).all()


def waits_at(decision_id: int, unit_id: int) -> Statement | None:
    return db.session.scalars(
        select(Statement).where(
            Statement.decision_id == decision_id,
            Statement.unit_id == unit_id,
            Statement.given_at.is_(None),
            Statement.withdrawn_at.is_(None),
        )
    ).first()


def domains_of(statement: Statement) -> Sequence[Domain]:
    """The domains that the unit is asked about."""
    return instrument_of(statement.instrument_version).domains


def texts_of(statement: Statement) -> dict[str, str]:
    """What stands of each domain."""
    return {part.domain: part.text for part in statement.parts if part.text}


def told(statement: Statement) -> list[tuple[str, str]]:
    """What a unit has given, each domain by its title."""
    texts = texts_of(statement) if statement.given_at is not None else {}
    return [(d.title, texts[d.id]) for d in domains_of(statement) if d.id in texts]


def digest_of(statement: Statement) -> str:
    """A digest of all that the unit wrote."""
    parts = sorted(texts_of(statement).items())
    return digest("\n".join(f"{domain}\n{text}" for domain, text in parts))


def stated_by_domain(
    statements: Collection[Statement], shown: Callable[[str], str] = str
) -> dict[str, list[tuple[Statement, str]]]:
    """What each unit says of each domain, as the reader sees it."""
    found: dict[str, list[tuple[Statement, str]]] = {}
    for statement in statements:
        for domain, text in texts_of(statement).items():
            found.setdefault(domain, []).append((statement, shown(text)))
    return found
