"""Asking everyone who already has a place, in one transaction."""

from collections.abc import Collection

from lovdv import audit
from lovdv.access import Actor
from lovdv.choice.supporting import answer_day, invite
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.holding import hold
from lovdv.rounds.models import IntroductionRound, RoundInvitation
from lovdv.rounds.queries import preview
from lovdv.systems.models import ChoiceSystem

NOBODY = (
    "Det finns ingen att bjuda in. Alla med plats är redan inbjudna, eller står "
    "utanför rundan."
)


def begin(
    *, actor: Actor, system: ChoiceSystem, units: Collection[str]
) -> IntroductionRound:
    """Invite all whom the preview asks. Two at once make one invitation each."""
    hold([row.client.id for row in preview(actor, system, units).asked])
    asked = preview(actor, system, units).asked
    if not asked:
        raise Refused(NOBODY)
    names = sorted({row.unit.name for row in asked}) if units else []
    new = IntroductionRound(
        choice_system_id=system.id,
        units=names,
        answer_by=answer_day(system.id),
        begun_at=now(),
        begun_by_id=actor.user_id,
    )
    db.session.add(new)
    db.session.flush()
    for row in sorted(asked, key=lambda one: one.client.id):
        assert row.decision is not None
        sent = invite(
            client=row.client,
            decision=row.decision,
            kind="introduction",
            answer_by=new.answer_by,
        )
        db.session.add(RoundInvitation(round_id=new.id, invitation_id=sent.id))
    db.session.flush()
    audit.change(
        "round.begin",
        about=[row.client.id for row in asked],
        object=new.public_id,
        after={"asked": len(asked)},
    )
    return new
