"""Reading municipalities, choice systems and the rules in force."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select

from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.systems.models import ChoiceSystem, Municipality, Rule
from lovdv.systems.rules import DEFAULTS


def municipality(municipality_id: int) -> Municipality:
    return db.session.get_one(Municipality, municipality_id)


def municipalities() -> Sequence[Municipality]:
    return db.session.scalars(select(Municipality).order_by(Municipality.code)).all()


def responsible() -> tuple[str, str]:
    """Whose site this is, and how to reach them."""
    found = municipalities()
    return (found[0].name, found[0].contact) if len(found) == 1 else ("Kommunen", "")


def systems_of(municipality_id: int) -> Sequence[ChoiceSystem]:
    return db.session.scalars(
        select(ChoiceSystem)
        .where(ChoiceSystem.municipality_id == municipality_id)
        .order_by(ChoiceSystem.id)
    ).all()


def system_of(municipality_id: int, public_id: str) -> ChoiceSystem:
    return db.session.scalars(
        select(ChoiceSystem).where(
            ChoiceSystem.municipality_id == municipality_id,
            ChoiceSystem.public_id == public_id,
        )
    ).one()


def system_with(choice_system_id: int) -> ChoiceSystem:
    """The choice system that a row of the reader's own names."""
    return db.session.get_one(ChoiceSystem, choice_system_id)


def main_system(municipality_id: int) -> ChoiceSystem:
    """The municipality's first choice system; the pages' default."""
    return db.session.scalars(
        select(ChoiceSystem)
        .where(ChoiceSystem.municipality_id == municipality_id)
        .order_by(ChoiceSystem.id)
        .limit(1)
    ).one()


def rule(
    choice_system_id: int, key: str, on: date, known: datetime | None = None
) -> Mapping[str, object]:
    """The rule in force on a day, as known at a moment (None: all that is decided).

    What the decided rule does not say is filled in from the defaults.
    """
    query = select(Rule).where(
        Rule.choice_system_id == choice_system_id,
        Rule.key == key,
        Rule.first_day <= on,
    )
    if known is not None:
        query = query.where(Rule.decided_at <= known)
    found = db.session.scalars(
        query.order_by(Rule.first_day.desc(), Rule.revision.desc()).limit(1)
    ).first()
    return {**DEFAULTS[key], **(found.value if found else {})}


def rules_of(choice_system_id: int, key: str | None = None) -> Sequence[Rule]:
    """Every decided row, latest first."""
    query = select(Rule).where(Rule.choice_system_id == choice_system_id)
    if key is not None:
        query = query.where(Rule.key == key)
    return db.session.scalars(
        query.order_by(Rule.key, Rule.first_day.desc(), Rule.revision.desc())
    ).all()


def rules_after(choice_system_id: int, key: str, on: date) -> Sequence[Rule]:
    """What is decided for later days than that, the next first."""
    coming = [rule for rule in rules_of(choice_system_id, key) if rule.first_day > on]
    return coming[::-1]


def history_of(choice_system_id: int) -> Sequence[tuple[Rule, str]]:
    """Every decided row, the latest decision first, with who decided it."""
    rows = db.session.execute(
        select(Rule, User.name)
        .outerjoin(User, User.id == Rule.decided_by_id)
        .where(Rule.choice_system_id == choice_system_id)
        .order_by(Rule.decided_at.desc(), Rule.id.desc())
    )
    return [(rule, name or "") for rule, name in rows]
