"""Reading which choices have been taken back, and which still can be."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import joinedload

from lovdv.access import Actor
from lovdv.choice.models import Choice, ChoiceRegret
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.people.models import Client
from lovdv.people.scope import visible_people
from lovdv.placements.models import Order, OrderChange, Placement

CHOSEN = ("chosen", "rechoice", "stay")
ORDERED = ("chosen", "rechoice", "no_choice")
"""What comes to an order of a place."""


def regretted() -> Select[tuple[int]]:
    """SQL: the ids of the choices that were taken back."""
    return select(ChoiceRegret.choice_id)


def regretted_among(choice_ids: Collection[int]) -> set[int]:
    found = regretted().where(ChoiceRegret.choice_id.in_(choice_ids))
    return set(db.session.scalars(found))


def is_regretted(choice: Choice) -> bool:
    return bool(regretted_among([choice.id]))


def regrets_of(client_id: int) -> Mapping[int, ChoiceRegret]:
    """What the person has taken back, by choice."""
    rows = db.session.scalars(
        select(ChoiceRegret).where(ChoiceRegret.client_id == client_id)
    )
    return {row.choice_id: row for row in rows}


def choice_of(client: Client, public_id: str) -> Choice:
    """A choice that the person has made; else NoResultFound (404)."""
    return db.session.scalars(
        select(Choice)
        .where(
            Choice.client_id == client.id,
            Choice.public_id == public_id,
            Choice.kind.in_(CHOSEN),
        )
        .options(
            joinedload(Choice.unit),
            joinedload(Choice.mandate),
            joinedload(Choice.registered_by),
        )
    ).one()


def newest(client_id: int, kinds: Collection[str] = ()) -> Choice | None:
    """What became of the person's latest choice, of any kind or of some."""
    which = Choice.kind.in_(kinds) if kinds else true()
    return db.session.scalars(
        select(Choice)
        .where(Choice.client_id == client_id, which)
        .options(joinedload(Choice.unit))
        .order_by(Choice.registered_at.desc(), Choice.id.desc())
        .limit(1)
    ).first()


def state_of(choice: Choice) -> str:
    """open: it can be taken back; ahead: so too, but a unit has said yes to a day.

    Else why not: regretted, later (chosen again since), none (there was no time to
    regret), over (the time is out) or begun (the person has started).
    """
    if is_regretted(choice):
        return "regretted"
    latest = newest(choice.client_id)
    if latest is None or latest.id != choice.id:
        return "later"
    if choice.regret_by is None:
        return "none"
    if choice.regret_by < today():
        return "over"
    places = places_after(choice)
    if any(place.first_day <= today() for place in places):
        return "begun"
    return "ahead" if places else "open"


def still_waits(choice: Choice) -> bool:
    """Whether it waits for its order or place, or the place has not ended."""
    if is_regretted(choice):
        return False
    orders = db.session.scalars(select(Order).where(Order.choice_id == choice.id)).all()
    if not orders:
        return choice.kind != "stay"
    going = or_(Placement.end_day.is_(None), Placement.end_day > today())
    placed = select(Placement.order_id).where(Placement.annulled_at.is_(None), going)
    held = set(
        db.session.scalars(placed.where(Placement.client_id == choice.client_id))
    )
    return any(each.status == "sent" or each.id in held for each in orders)


def may_be_regretted(choice: Choice) -> bool:
    return state_of(choice) in ("open", "ahead")


def to_take_back(client_id: int) -> Choice | None:
    """The person's latest choice, while it may be regretted."""
    latest = newest(client_id)
    chosen = latest is not None and latest.kind in CHOSEN
    return (
        latest if latest is not None and chosen and may_be_regretted(latest) else None
    )


def places_after(choice: Choice) -> Sequence[Placement]:
    """What the choice has led to: places recorded since, that stand.

    Up to when it was taken back: what came later is of another choice.
    """
    if choice.kind == "stay":
        return ()
    return db.session.scalars(
        _standing()
        .where(
            Placement.client_id == choice.client_id,
            Placement.recorded_at >= choice.registered_at,
            _before_regret(choice),
        )
        .order_by(Placement.first_day)
    ).all()


def _before_regret(choice: Choice) -> ColumnElement[bool]:
    regret = regrets_of(choice.client_id).get(choice.id)
    return true() if regret is None else Placement.recorded_at <= regret.regretted_at


def _standing() -> Select[tuple[Placement]]:
    return (
        select(Placement)
        .where(Placement.annulled_at.is_(None))
        .options(joinedload(Placement.unit))
    )


def orders_waiting(choice: Choice) -> Sequence[Order]:
    """Orders that carry out the choice and that no unit has answered."""
    about_times = select(OrderChange.order_id).where(OrderChange.kind == "plan")
    return db.session.scalars(
        select(Order)
        .where(
            Order.client_id == choice.client_id,
            Order.status == "sent",
            or_(
                Order.choice_id == choice.id,
                Order.choice_id.is_(None)
                & (Order.sent_at >= choice.registered_at)
                & Order.id.not_in(about_times),
            ),
        )
        .order_by(Order.id)
    ).all()


def to_handle(actor: Actor) -> list[tuple[ChoiceRegret, Sequence[Placement]]]:
    """The task: taken back after a unit said yes, and the place is not yet undone.

    A place that began after all, since nobody undid it in time, stays in the list.
    Only to choose that unit again settles it.
    """
    people = visible_people(actor).with_only_columns(Client.id)
    rows = db.session.scalars(
        select(ChoiceRegret)
        .join(Client, Client.id == ChoiceRegret.client_id)
        .where(ChoiceRegret.client_id.in_(people), Client.died_on.is_(None))
        .options(
            joinedload(ChoiceRegret.client),
            joinedload(ChoiceRegret.choice).joinedload(Choice.unit),
        )
        .order_by(ChoiceRegret.regretted_at)
    ).all()
    found = [(row, _left_standing(row)) for row in rows]
    return [(row, places) for row, places in found if places]


def to_undo(client_id: int) -> set[int]:
    """The places, by id, that choices taken back have left for somebody to undo."""
    rows = regrets_of(client_id).values()
    return {place.id for row in rows for place in _left_standing(row)}


def _left_standing(regret: ChoiceRegret) -> list[Placement]:
    """Made before it was taken back, and neither annulled, ended nor chosen again."""
    latest = newest(regret.client_id, CHOSEN)
    again = latest.unit_id if latest is not None and not is_regretted(latest) else None
    return [
        place
        for place in places_after(regret.choice)
        if place.unit_id != again and (place.end_day is None or place.end_day > today())
    ]
