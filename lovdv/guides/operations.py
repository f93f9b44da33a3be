"""Naming substitutes, declaring conflicts, handing over, keeping answers."""

from datetime import date

from sqlalchemy import ColumnElement, select, update

from lovdv import audit
from lovdv.accounts.models import User
from lovdv.choice import invitations, supporting
from lovdv.choice.models import ContactAttempt, Invitation
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.guides import queries
from lovdv.guides.models import (
    GuideConflict,
    GuideDeclaration,
    GuideHandover,
    GuideSubstitute,
    StartAnswer,
)
from lovdv.providers.models import Provider, Unit


def name_substitute(
    *,
    guide: User,
    substitute: User,
    municipality_id: int,
    first_day: date,
    end_day: date,
    by_id: int,
) -> GuideSubstitute:
    """From the first day up to the end, the substitute sees and does the work."""
    if substitute.id == guide.id:
        raise Refused("Välj någon annan än lotsen själv.", "substitute")
    if first_day < today():
        raise Refused("Dagen har redan varit. Börja i dag eller senare.", "first_day")
    _lock(guide, substitute)
    if _away(guide.id, first_day, end_day):
        raise Refused(
            f"{guide.name} har redan en ersättare någon av dagarna. Ta bort den "
            "först, eller välj andra dagar.",
            "first_day",
        )
    if _away(substitute.id, first_day, end_day):
        raise Refused(
            f"{substitute.name} är själv borta någon av dagarna. Välj någon annan.",
            "substitute",
        )
    if _stands_in(guide.id, first_day, end_day):
        raise Refused(
            f"{guide.name} är ersättare åt någon annan då. Ändra det först.",
            "first_day",
        )
    new = GuideSubstitute(
        municipality_id=municipality_id,
        guide_id=guide.id,
        substitute_id=substitute.id,
        first_day=first_day,
        end_day=end_day,
        named_by_id=by_id,
        named_at=now(),
    )
    db.session.add(new)
    db.session.flush()
    audit.change("guide.substitute", object=new.public_id)
    return new


def _lock(*users: User) -> None:
    """Both rows, always in the same order, so that two namings are one at a time."""
    ids = sorted(user.id for user in users)
    rows = select(User.id).where(User.id.in_(ids)).order_by(User.id)
    db.session.execute(rows.with_for_update())


def _away(user_id: int, first_day: date, end_day: date) -> bool:
    return _named(GuideSubstitute.guide_id == user_id, first_day, end_day)


def _stands_in(user_id: int, first_day: date, end_day: date) -> bool:
    return _named(GuideSubstitute.substitute_id == user_id, first_day, end_day)


def _named(whose: ColumnElement[bool], first_day: date, end_day: date) -> bool:
    found = select(GuideSubstitute.id).where(
        whose,
        GuideSubstitute.withdrawn_at.is_(None),
        GuideSubstitute.first_day < end_day,
        GuideSubstitute.end_day > first_day,
    )
    return db.session.scalars(found.limit(1)).first() is not None


def withdraw_substitute(*, named: GuideSubstitute, by_id: int) -> None:
    """From now on the guide's own again; what the substitute did stands."""
    if named.withdrawn_at is None:
        named.withdrawn_at, named.withdrawn_by_id = now(), by_id
        db.session.flush()
        audit.change("guide.substitute_end", object=named.public_id)


def declare_conflict(
    *,
    user_id: int,
    municipality_id: int,
    provider: Provider | None,
    unit: Unit | None,
    reason: str,
    first_day: date,
) -> GuideConflict:
    """The guide's own word: from that day no choices of those units through them."""
    new = GuideConflict(
        municipality_id=municipality_id,
        user_id=user_id,
        provider_id=provider.id if provider else None,
        unit_id=unit.id if unit else None,
        reason=reason,
        first_day=first_day,
        declared_by_id=user_id,
        declared_at=now(),
    )
    db.session.add(new)
    db.session.flush()
    audit.change("guide.conflict", object=new.public_id)
    return new


def end_conflict(*, conflict: GuideConflict) -> None:
    """It ends today, and stands in the list as it was."""
    if conflict.end_day is None:
        conflict.end_day = max(today(), conflict.first_day)
        db.session.flush()
        audit.change("guide.conflict_end", object=conflict.public_id)


def declare(*, user_id: int, municipality_id: int) -> GuideDeclaration:
    """Nothing but what is declared stands in the way."""
    new = GuideDeclaration(
        municipality_id=municipality_id, user_id=user_id, declared_at=now()
    )
    db.session.add(new)
    db.session.flush()
    audit.change("guide.declare", object=new.public_id)
    return new


def hand_over(
    *, invitation: Invitation, to: User, reason: str, by_id: int
) -> GuideHandover:
    """Another guide helps from now on; only one of two at once succeeds."""
    client = invitation.client
    if to not in queries.could_take_over(invitation, client.municipality_id):
        raise Refused(
            f"{to.name} kan inte ta över. Lotsen handlägger ärendet, har anmält jäv "
            "eller är inte lots längre. Välj någon annan.",
            "to",
        )
    before = invitation.guide_id
    moved = db.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.guide_id == before)
        .values(guide_id=to.id)
    )
    if before is None or moved.rowcount == 0:
        raise Refused("Någon hann före och har redan lämnat över personen.")
    new = GuideHandover(
        invitation_id=invitation.id,
        from_id=before,
        to_id=to.id,
        reason=reason,
        by_id=by_id,
        at=now(),
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "guide.hand_over",
        about=[invitation.client_id],
        object=invitation.public_id,
        before={"guide": before},
        after={"guide": to.id},
    )
    return new


def keep_answer(
    *,
    attempt: ContactAttempt,
    invitation: Invitation,
    feeling: str,
    wants_rechoice: bool,
) -> StartAnswer:
    """How it goes at the place; who wants to choose again is invited at once."""
    place = invitations.placement_now(invitation.client_id, today())
    if place is None:
        raise Refused("Personen har ingen plats nu. Svaret kan inte sparas.", "feeling")
    new = StartAnswer(
        attempt_id=attempt.id,
        client_id=invitation.client_id,
        choice_system_id=invitation.decision.choice_system_id,
        unit_id=place.unit_id,
        feeling=feeling,
        wants_rechoice=wants_rechoice,
        at=now(),
    )
    db.session.add(new)
    db.session.flush()
    audit.change("guide.answer", about=[new.client_id], object=new.public_id)
    if wants_rechoice:
        _invite_again(invitation)
    return new


def _invite_again(before: Invitation) -> None:
    """A new informed choice, with the same guide; one that is open goes on."""
    client = before.client
    if invitations.open_invitation(client.id) is not None:
        return
    decision = invitations.decision_to_choose_for(client, today())
    if decision is None:
        raise Refused(
            "Personen har inget beslut som gäller, och kan inte välja om än. "
            "Säg till handläggaren.",
            "choose_again",
        )
    new = supporting.invite(client=client, decision=decision, kind="rechoice")
    supporting.ask_for_support(new)
    new.guide_id = before.guide_id
    db.session.flush()
