"""Deciding rules; setting up a municipality and its choice systems."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.systems.models import ChoiceSystem, Municipality, Rule
from lovdv.systems.rules import DEFAULTS


def register_municipality(
    *, code: str, name: str, organisation_number: str = "", contact: str = ""
) -> Municipality:
    new = Municipality(
        code=code, name=name, organisation_number=organisation_number, contact=contact
    )
    db.session.add(new)
    db.session.flush()
    return new


def register_system(
    *, municipality: Municipality, name: str, first_day: date, service: str
) -> ChoiceSystem:
    new = ChoiceSystem(
        municipality_id=municipality.id, name=name, first_day=first_day, service=service
    )
    db.session.add(new)
    db.session.flush()
    return new


def decide_rule(
    *,
    choice_system_id: int,
    key: str,
    first_day: date,
    value: Mapping[str, object],
    reference: str = "",
    decided_by_id: int | None = None,
) -> Rule:
    """A new row; an earlier one for the same day is superseded, never changed."""
    if key not in DEFAULTS:
        raise Refused(f"Det finns ingen regel som heter {key}.", "key")
    revision = db.session.scalar(
        select(func.coalesce(func.max(Rule.revision), 0)).where(
            Rule.choice_system_id == choice_system_id,
            Rule.key == key,
            Rule.first_day == first_day,
        )
    )
    new = Rule(
        choice_system_id=choice_system_id,
        key=key,
        first_day=first_day,
        revision=(revision or 0) + 1,
        value=dict(value),
        reference=reference,
        decided_at=now(),
        decided_by_id=decided_by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change("rule.decide", object=new.public_id, after={"value": value})
    return new
