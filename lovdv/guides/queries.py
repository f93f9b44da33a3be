"""Reading who helps whom today, what is in the way, and who could take over."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from lovdv.access import Actor, Permission, Role
from lovdv.accounts.models import RoleGrant, TeamMember, User
from lovdv.choice.models import Invitation
from lovdv.clock import local_day, now, today
from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.guides.models import (
    GuideConflict,
    GuideDeclaration,
    GuideHandover,
    GuideSubstitute,
)
from lovdv.people.models import Assignment, Client, Opening
from lovdv.people.scope import assigned_to, opened_by
from lovdv.people.three_months import months_after
from lovdv.placements.models import Placement
from lovdv.providers.models import Provider, Unit
from lovdv.providers.queries import offered
from lovdv.start import Waiting
from lovdv.systems.queries import main_system, rule

# Who helps whom


def _substituted_by(user_id: int, municipality_id: int, on: date) -> Select[tuple[int]]:
    return select(GuideSubstitute.guide_id).where(
        GuideSubstitute.substitute_id == user_id,
        GuideSubstitute.municipality_id == municipality_id,
        GuideSubstitute.withdrawn_at.is_(None),
        in_period(on, GuideSubstitute.first_day, GuideSubstitute.end_day),
    )


def helped_by(actor: Actor) -> ColumnElement[bool]:
    """SQL about an invitation and its client: the actor's own, or one stood in for.

    A substitute never helps somebody whose case they handle or have opened, nor
    somebody with a place where they are tied themselves.
    """
    whose = _substituted_by(actor.user_id, actor.municipality_id, today())
    stands_in = and_(
        Invitation.guide_id.in_(whose),
        ~assigned_to(actor),
        ~opened_by(actor),
        Client.id.not_in(_placed_where_tied(actor.user_id, today())),
    )
    return or_(Invitation.guide_id == actor.user_id, stands_in)


def _placed_where_tied(user_id: int, on: date) -> Select[tuple[int]]:
    """SQL: those with a place, now or soon, where the user has a conflict."""
    return (
        select(Placement.client_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .join(
            GuideConflict,
            or_(
                GuideConflict.unit_id == Unit.id,
                GuideConflict.provider_id == Unit.provider_id,
            ),
        )
        .where(
            GuideConflict.user_id == user_id,
            in_period(on, GuideConflict.first_day, GuideConflict.end_day),
            Placement.annulled_at.is_(None),
            or_(Placement.end_day.is_(None), Placement.end_day > on),
        )
    )


def stands_in_for(actor: Actor, on: date) -> set[int]:
    """The guides whose work the actor does on the day."""
    whose = _substituted_by(actor.user_id, actor.municipality_id, on)
    return set(db.session.scalars(whose))


def helper_of(invitation: Invitation) -> User | None:
    """Who helps the person today: the guide, or who stands in for the guide."""
    if invitation.guide_id is None:
        return None
    named = db.session.scalars(
        select(User)
        .join(GuideSubstitute, GuideSubstitute.substitute_id == User.id)
        .where(
            GuideSubstitute.guide_id == invitation.guide_id,
            GuideSubstitute.municipality_id == invitation.client.municipality_id,
            GuideSubstitute.withdrawn_at.is_(None),
            in_period(today(), GuideSubstitute.first_day, GuideSubstitute.end_day),
            User.id.not_in(handlers(invitation.client_id)),
        )
    ).first()
    if named is None or conflict_at_place(named.id, invitation.client_id, today()):
        return invitation.guide
    return named


def handlers(client_id: int) -> Select[tuple[int]]:
    """SQL: those who handle the person's case today, or have it open."""
    held = select(Assignment.user_id).where(
        Assignment.client_id == client_id,
        Assignment.user_id.is_not(None),
        in_period(today(), Assignment.first_day, Assignment.end_day),
    )
    teams = (
        select(TeamMember.user_id)
        .join(Assignment, Assignment.team_id == TeamMember.team_id)
        .where(
            Assignment.client_id == client_id,
            in_period(today(), Assignment.first_day, Assignment.end_day),
            in_period(today(), TeamMember.first_day, TeamMember.end_day),
        )
    )
    opened = select(Opening.user_id).where(
        Opening.client_id == client_id, Opening.until > now()
    )
    every = held.union(teams, opened).subquery()
    return select(every.c.user_id)


def guides_of(municipality_id: int, on: date) -> Sequence[User]:
    """Those who are guides on the day, by name."""
    granted = select(RoleGrant.user_id).where(
        RoleGrant.role == Role.GUIDE,
        RoleGrant.municipality_id == municipality_id,
        in_period(on, RoleGrant.first_day, RoleGrant.end_day),
    )
    return db.session.scalars(
        select(User).where(User.id.in_(granted), User.active).order_by(User.name)
    ).all()


def guide_in(municipality_id: int, public_id: str) -> User:
    """A guide of the municipality; 404 otherwise."""
    granted = select(RoleGrant.user_id).where(
        RoleGrant.role == Role.GUIDE, RoleGrant.municipality_id == municipality_id
    )
    return db.session.scalars(
        select(User).where(User.id.in_(granted), User.public_id == public_id)
    ).one()


def could_take_over(
    invitation: Invitation, municipality_id: int, unit: Unit | None = None
) -> list[User]:
    """Other guides with nothing in the way: no case, no conflict with the place."""
    handling = set(db.session.scalars(handlers(invitation.client_id)))
    return [
        user
        for user in guides_of(municipality_id, today())
        if user.id not in handling
        and user.id != invitation.guide_id
        and conflict_at_place(user.id, invitation.client_id, today()) is None
        and (unit is None or conflict_with(user.id, unit, today()) is None)
    ]


def not_covered(guide_id: int, substitute: User) -> int:
    """How many of the guide's people the substitute may not help.

    The substitute handles their case, or is tied to where they have a place.
    """
    clients = db.session.scalars(
        select(Invitation.client_id).where(
            Invitation.guide_id == guide_id, Invitation.closed_on.is_(None)
        )
    )
    return sum(
        1
        for each in set(clients)
        if substitute.id in set(db.session.scalars(handlers(each)))
        or conflict_at_place(substitute.id, each, today()) is not None
    )


# Substitutes


def substitutes(
    municipality_id: int, guide_id: int | None = None
) -> Sequence[GuideSubstitute]:
    """Those named for today and later, the next first; of one guide or of all."""
    query = select(GuideSubstitute).where(
        GuideSubstitute.municipality_id == municipality_id,
        GuideSubstitute.withdrawn_at.is_(None),
        GuideSubstitute.end_day > today(),
    )
    if guide_id is not None:
        query = query.where(GuideSubstitute.guide_id == guide_id)
    return db.session.scalars(
        query.options(
            joinedload(GuideSubstitute.guide), joinedload(GuideSubstitute.substitute)
        ).order_by(GuideSubstitute.first_day, GuideSubstitute.id)
    ).all()


def substitute_named(
    municipality_id: int, public_id: str, guide_id: int | None = None
) -> GuideSubstitute:
    """One naming, of that guide when one is said; 404 otherwise."""
    query = select(GuideSubstitute).where(
        GuideSubstitute.municipality_id == municipality_id,
        GuideSubstitute.public_id == public_id,
    )
    if guide_id is not None:
        query = query.where(GuideSubstitute.guide_id == guide_id)
    return db.session.scalars(query).one()


# Conflicts of interest


def conflicts(
    municipality_id: int, user_id: int | None = None
) -> Sequence[GuideConflict]:
    """All that has been declared, what holds now first; of one guide or of all."""
    query = select(GuideConflict).where(
        GuideConflict.municipality_id == municipality_id
    )
    if user_id is not None:
        query = query.where(GuideConflict.user_id == user_id)
    return db.session.scalars(
        query.options(
            joinedload(GuideConflict.user),
            joinedload(GuideConflict.provider),
            joinedload(GuideConflict.unit),
        ).order_by(GuideConflict.end_day.is_not(None), GuideConflict.first_day.desc())
    ).all()


def own_conflict(actor: Actor, public_id: str) -> GuideConflict:
    return db.session.scalars(
        select(GuideConflict).where(
            GuideConflict.user_id == actor.user_id,
            GuideConflict.municipality_id == actor.municipality_id,
            GuideConflict.public_id == public_id,
        )
    ).one()


def conflict_with(user_id: int, unit: Unit, on: date) -> GuideConflict | None:
    """What ties the user to the unit, or to its provider, on the day."""
    return db.session.scalars(
        select(GuideConflict)
        .where(
            GuideConflict.user_id == user_id,
            in_period(on, GuideConflict.first_day, GuideConflict.end_day),
            or_(
                GuideConflict.unit_id == unit.id,
                GuideConflict.provider_id == unit.provider_id,
            ),
        )
        .order_by(GuideConflict.id)
        .limit(1)
    ).first()


def conflict_at_place(user_id: int, client_id: int, on: date) -> GuideConflict | None:
    """What ties the user to where the person has a place, now or soon."""
    units = db.session.scalars(
        select(Unit)
        .join(Placement, Placement.unit_id == Unit.id)
        .where(
            Placement.client_id == client_id,
            Placement.annulled_at.is_(None),
            or_(Placement.end_day.is_(None), Placement.end_day > on),
        )
    )
    found = (conflict_with(user_id, unit, on) for unit in units)
    return next((each for each in found if each is not None), None)


def may_be_tied_to(choice_system_id: int) -> tuple[list[Provider], list[Unit]]:
    """The providers and units that may be chosen, by name."""
    units = sorted(
        (each.unit for each in offered(choice_system_id, today())),
        key=lambda unit: unit.sort_key,
    )
    providers = {unit.provider_id: unit.provider for unit in units}
    return sorted(providers.values(), key=lambda each: each.name), units


def declared_at(user_id: int, municipality_id: int) -> datetime | None:
    """When the guide last said something about conflicts, or that there are none."""
    said = [
        db.session.scalar(
            select(func.max(model.declared_at)).where(
                model.user_id == user_id, model.municipality_id == municipality_id
            )
        )
        for model in (GuideDeclaration, GuideConflict)
    ]
    return max((each for each in said if each is not None), default=None)


def declare_again_on(user_id: int, municipality_id: int) -> date:
    """The day on which the guide's word is to be given again; today if never given."""
    said = declared_at(user_id, municipality_id)
    if said is None:
        return today()
    system = main_system(municipality_id)
    months = rule(system.id, "guide", today())["declare_months"]
    assert isinstance(months, int)
    return months_after(local_day(said), months)


# Handing over


def handovers_of(invitation: Invitation) -> Sequence[GuideHandover]:
    return db.session.scalars(
        select(GuideHandover)
        .where(GuideHandover.invitation_id == invitation.id)
        .options(
            joinedload(GuideHandover.from_guide), joinedload(GuideHandover.to_guide)
        )
        .order_by(GuideHandover.at)
    ).all()


# The start page


def waiting(actor: Actor) -> Sequence[Waiting]:
    if not actor.may(Permission.SUPPORT_WORK):
        return []
    due = declare_again_on(actor.user_id, actor.municipality_id)
    if due > today():
        return []
    return [Waiting("Anmäl jäv, eller att du inte har något", "guides.own_conflicts")]
