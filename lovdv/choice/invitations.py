"""Reading who may choose, who is invited and who supports them."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    exists,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased, joinedload, selectinload

from lovdv.access import Actor, Permission
from lovdv.choice.models import Choice, ContactAttempt, Invitation
from lovdv.choice.regrets import (
    ORDERED,
    newest,
    places_after,
    still_waits,
    to_undo,
)
from lovdv.choice.words import asked_after
from lovdv.clock import today
from lovdv.database import in_period
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.guides.queries import helped_by
from lovdv.people.models import HOLDING, Client, Decision, Mandate
from lovdv.people.scope import own_people, visible_people
from lovdv.people.three_months import months_after
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from lovdv.providers.queries import units_leaving
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import rule

COVERS_CHOICE = "sorja_for_person"
# How long a guide goes on seeing somebody after the choice.
FOLLOWED = timedelta(days=365)


def open_systems(on: date) -> Sequence[ChoiceSystem]:
    """The choice systems that anyone may compare in."""
    return db.session.scalars(
        select(ChoiceSystem)
        .where(in_period(on, ChoiceSystem.first_day, ChoiceSystem.end_day))
        .options(joinedload(ChoiceSystem.municipality))
        .order_by(ChoiceSystem.id)
    ).all()


def system_of_decision(decision: Decision) -> ChoiceSystem:
    return db.session.get_one(ChoiceSystem, decision.choice_system_id)


# People who choose


def own_persons(actor: Actor) -> Sequence[Client]:
    return db.session.scalars(own_people(actor).order_by(Client.sort_key)).all()


def decision_to_choose_for(
    client: Client, on: date, *, system: int | None = None
) -> Decision | None:
    """The decision in force, or the next one; in one choice system when it is named."""
    return db.session.scalars(
        select(Decision)
        .where(
            Decision.client_id == client.id,
            true() if system is None else Decision.choice_system_id == system,
            Decision.status.in_(HOLDING),
            or_(Decision.end_day.is_(None), Decision.end_day > on),
        )
        .order_by(Decision.first_day)
        .limit(1)
    ).first()


def covering_mandates(client_id: int, on: date) -> list[Mandate]:
    """Mandates in force that reach as far as choosing a daily activity."""
    rows = db.session.scalars(
        select(Mandate)
        .where(
            Mandate.client_id == client_id,
            in_period(on, Mandate.first_day, Mandate.end_day),
        )
        .order_by(Mandate.name)
    )
    return [mandate for mandate in rows if COVERS_CHOICE in mandate.scope]


def mandate_of(actor: Actor, client: Client) -> Mandate | None:
    """The actor's own mandate for the person that covers the choice, if any."""
    found = covering_mandates(client.id, today())
    return next((each for each in found if each.user_id == actor.user_id), None)


def may_choose(actor: Actor, client: Client) -> bool:
    """The person, or somebody whose mandate reaches as far as the choice."""
    return actor.client_id == client.id or mandate_of(actor, client) is not None


def require_may_choose(actor: Actor, client: Client) -> None:
    if not may_choose(actor, client):
        raise Refused(
            "Ditt uppdrag räcker inte för det här. Du kan läsa och hjälpa till. "
            "Ring kommunen om det är fel."
        )


def require_may_ask(actor: Actor, client: Client) -> None:
    """A short mandate may ask for help, but not begin a choice that has a last day."""
    if open_invitation(client.id) is None:
        require_may_choose(actor, client)


def placement_now(client_id: int, on: date) -> Placement | None:
    """Where the person has a place on the day, or the next place."""
    return db.session.scalars(_places(client_id, on).limit(1)).first()


def _places(client_id: int, on: date) -> Select[tuple[Placement]]:
    return (
        select(Placement)
        .where(
            Placement.client_id == client_id,
            Placement.annulled_at.is_(None),
            or_(Placement.end_day.is_(None), Placement.end_day > on),
        )
        .order_by(Placement.first_day)
    )


def standing_places(
    client_id: int, on: date, *, system: int | None = None
) -> list[Placement]:
    """Those that go on or begin later, by first day; not those said no to since.

    In one choice system when it is named.
    """
    undone = to_undo(client_id)
    places = db.session.scalars(
        _places(client_id, on)
        .where(true() if system is None else Placement.choice_system_id == system)
        .options(joinedload(Placement.unit))
    )
    return [place for place in places if place.id not in undone]


def placement_to_leave(client_id: int, unit: Unit, on: date) -> Placement | None:
    """The place at the unit, when the person has one there; else as placement_now.

    A place that waits to be undone, since its choice was taken back, is not left.
    """
    here = _places(client_id, on).where(Placement.unit_id == unit.id).limit(1)
    kept = standing_places(client_id, on)
    return db.session.scalars(here).first() or next(iter(kept), None)


def unit_named(unit_id: int) -> Unit:
    return db.session.get_one(Unit, unit_id, options=[joinedload(Unit.provider)])


# Invitations


def _open_invitations() -> Select[tuple[Invitation]]:
    return _invitations().where(Invitation.closed_on.is_(None))


def _just_now() -> Select[tuple[Invitation]]:
    """The open ones, and those answered while somebody may have their page open."""
    yesterday = today() - timedelta(days=1)
    recent = or_(Invitation.closed_on.is_(None), Invitation.closed_on >= yesterday)
    return _invitations().where(recent)


def _invitations() -> Select[tuple[Invitation]]:
    return (
        select(Invitation)
        .join(Client, Client.id == Invitation.client_id)
        .where(Client.died_on.is_(None))
        .options(
            joinedload(Invitation.client),
            joinedload(Invitation.guide),
            selectinload(Invitation.attempts).joinedload(ContactAttempt.by),
            selectinload(Invitation.attempts).joinedload(ContactAttempt.unit),
        )
        .order_by(Invitation.answer_by, Invitation.id)
    )


def open_invitation(client_id: int) -> Invitation | None:
    return db.session.scalars(
        _open_invitations().where(Invitation.client_id == client_id).limit(1)
    ).first()


def support_work(actor: Actor) -> Sequence[Invitation]:
    """Those who asked for support: the guide's own, and those nobody has taken."""
    return db.session.scalars(
        _open_invitations().where(
            Client.municipality_id == actor.municipality_id,
            Invitation.wants_support,
            or_(Invitation.guide_id.is_(None), helped_by(actor)),
        )
    ).all()


def invitation_to_take(actor: Actor, public_id: str) -> Invitation:
    """An open invitation that asks for support; else 404."""
    return db.session.scalars(
        _open_invitations().where(
            Client.municipality_id == actor.municipality_id,
            Invitation.wants_support,
            Invitation.public_id == public_id,
        )
    ).one()


def case_invitations(actor: Actor) -> Sequence[Invitation]:
    """Open invitations of the people whose cases the actor may read."""
    visible = visible_people(actor).with_only_columns(Client.id)
    return db.session.scalars(
        _open_invitations().where(Invitation.client_id.in_(visible))
    ).all()


def case_invitation(actor: Actor, public_id: str) -> Invitation:
    """One that the actor may read, which may just have been answered; else 404."""
    visible = visible_people(actor).with_only_columns(Client.id)
    return db.session.scalars(
        _just_now().where(
            Invitation.client_id.in_(visible), Invitation.public_id == public_id
        )
    ).one()


def invitation_to_register(actor: Actor, public_id: str) -> Invitation:
    """As caseworker of the case, or as the person's guide; else 404.

    It may just have been answered, so that what was typed meanwhile is not lost.
    """
    mine: ColumnElement[bool] = false()
    if actor.may(Permission.CHOICE_READ):
        visible = visible_people(actor).with_only_columns(Client.id)
        mine = Invitation.client_id.in_(visible)
    if actor.may(Permission.SUPPORT_WORK):
        mine = or_(mine, helped_by(actor))
    return db.session.scalars(
        _just_now().where(
            Client.municipality_id == actor.municipality_id,
            Invitation.public_id == public_id,
            mine,
        )
    ).one()


def unanswered(actor: Actor) -> list[Invitation]:
    """Those whose deadline has passed with no choice."""
    return [
        invitation
        for invitation in case_invitations(actor)
        if invitation.answer_by < today()
    ]


def without_answer(actor: Actor) -> list[Invitation]:
    """The list that the system prepares: no choice in time, and no place."""
    return [each for each in unanswered(actor) if not goes_on(each)]


def visits_booked(actor: Actor, first_day: date) -> Sequence[ContactAttempt]:
    """The visits of those whom the guide helps, from the first day on."""
    return db.session.scalars(
        select(ContactAttempt)
        .join(Invitation, Invitation.id == ContactAttempt.invitation_id)
        .join(Client, Client.id == Invitation.client_id)
        .where(
            *guided_by(actor),
            ContactAttempt.visit_day >= first_day,
        )
        .options(
            joinedload(ContactAttempt.invitation).joinedload(Invitation.client),
            joinedload(ContactAttempt.unit),
        )
        .order_by(ContactAttempt.visit_day, ContactAttempt.id)
    ).all()


def unchanged(actor: Actor) -> list[Invitation]:
    """Those who did not answer in time, and for whom all goes on as it was."""
    return [each for each in unanswered(actor) if goes_on(each)]


def goes_on(invitation: Invitation) -> bool:
    """Whether silence changes nothing: there is a place, or a choice that waits."""
    return keeps_place(invitation) or kept_choice(invitation) is not None


def kept_choice(invitation: Invitation) -> Choice | None:
    """The choice that stands by silence, in the invitation's choice system.

    Somebody who has chosen may ask for help, or be asked again.
    """
    found = choice_to_come(invitation.client_id)
    system = invitation.decision.choice_system_id
    return found if found and found.choice_system_id == system else None


def choice_to_come(client_id: int) -> Choice | None:
    """What was chosen, or arranged, and waits for its place at a unit that goes on."""
    latest = newest(client_id)
    if (
        latest is None
        or latest.kind not in ORDERED
        or (latest.unit_id, latest.choice_system_id) in units_leaving(today())
        or not still_waits(latest)
        or places_after(latest)
    ):
        return None
    return latest


def keeps_place(invitation: Invitation) -> bool:
    """Whether silence means staying: there is a place, and its provider goes on."""
    return kept_place(invitation) is not None


def kept_place(invitation: Invitation) -> Placement | None:
    """Where the person stays by silence; never where they have said no since.

    The place is in the invitation's choice system. When a unit stops, only one at
    another unit, without a last day, goes on.
    """
    system = invitation.decision.choice_system_id
    places = standing_places(invitation.client_id, today(), system=system)
    if invitation.kind == "provider_left":
        gone = units_leaving(today())
        places = [
            place
            for place in places
            if place.end_day is None
            and (place.unit_id, place.choice_system_id) not in gone
        ]
    return next(iter(places), None)


def decision_chosen_for(client: Client, on: date) -> Decision | None:
    """The open invitation's decision while it holds, else the one in force."""
    invitation = open_invitation(client.id)
    if invitation is not None and _holds(invitation.decision, on):
        return invitation.decision
    return decision_to_choose_for(client, on)


def _holds(decision: Decision, on: date) -> bool:
    ended = decision.end_day is not None and decision.end_day <= on
    return decision.status in HOLDING and not ended


def follow_ups(actor: Actor) -> list[tuple[Invitation, str, date]]:
    """Whom the guide should ask after 1 and 3 months at the new place."""
    rows = db.session.execute(
        select(Invitation, func.min(Placement.first_day))
        .join(Placement, Placement.client_id == Invitation.client_id)
        .join(Client, Client.id == Invitation.client_id)
        .where(
            *guided_by(actor),
            Invitation.closed_on.is_not(None),
            Placement.annulled_at.is_(None),
            Placement.first_day >= Invitation.closed_on,
        )
        .group_by(Invitation.id)
        .options(
            joinedload(Invitation.client),
            joinedload(Invitation.decision),
            selectinload(Invitation.attempts),
        )
    )
    return [
        (invitation, purpose, day)
        for invitation, start in rows
        for purpose, day in _due(invitation, start)
    ]


def _due(invitation: Invitation, start: date) -> list[tuple[str, date]]:
    """The questions whose day has come, by the choice system's months."""
    months = months_to_ask(invitation)
    done = {attempt.purpose for attempt in invitation.attempts}
    found = [(asked_after(count), months_after(start, count)) for count in months]
    return [each for each in found if each[0] not in done and each[1] <= today()]


def months_to_ask(invitation: Invitation) -> list[int]:
    """How long after the start the guide asks, by the choice system's rule."""
    system = invitation.decision.choice_system_id
    months = rule(system, "choice", today())["ask_again_months"]
    assert isinstance(months, list)
    return sorted(months)


def heard_by(actor: Actor, client_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """SQL about a client: the actor may write down what they answer.

    As caseworker of the case, or as the guide who supports the person.
    """
    in_case = as_guide = false()
    if actor.may(Permission.CHOICE_READ):
        visible = visible_people(actor).with_only_columns(Client.id)
        in_case = client_id.in_(visible)
    if actor.may(Permission.SUPPORT_WORK):
        as_guide = client_id.in_(guided_people(actor))
    return or_(in_case, as_guide)


def guided_people(actor: Actor) -> Select[tuple[int]]:
    """SQL: those whom the actor supports as guide, or lately has and nobody since."""
    later = aliased(Invitation)
    asked_since = exists().where(
        later.client_id == Invitation.client_id, later.id > Invitation.id
    )
    return (
        select(Invitation.client_id)
        .join(Client, Client.id == Invitation.client_id)
        .where(*guided_by(actor), ~asked_since)
    )


def guided_by(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """The living of the municipality whom the guide supports, or lately has."""
    lately = today() - FOLLOWED
    return (
        Client.municipality_id == actor.municipality_id,
        Client.died_on.is_(None),
        helped_by(actor),
        or_(Invitation.closed_on.is_(None), Invitation.closed_on > lately),
    )


def followed_by(actor: Actor) -> dict[int, Invitation]:
    """The latest invitation of each whom the guide supports, or lately has."""
    rows = db.session.scalars(
        select(Invitation)
        .join(Client, Client.id == Invitation.client_id)
        .where(*guided_by(actor))
        .options(joinedload(Invitation.client))
        .order_by(Invitation.id)
    )
    return {invitation.client_id: invitation for invitation in rows}


def followed(actor: Actor, public_id: str) -> Invitation:
    """An invitation that the guide supports, or lately has; else 404."""
    return db.session.scalars(
        select(Invitation)
        .join(Client, Client.id == Invitation.client_id)
        .where(*guided_by(actor), Invitation.public_id == public_id)
        .options(joinedload(Invitation.client), selectinload(Invitation.attempts))
    ).one()
