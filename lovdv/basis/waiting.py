"""What waits on the start page: objections to answer, and answers to read."""

from lovdv.access import Actor, Permission
from lovdv.basis import objection_queries
from lovdv.basis.models import BasisObjection
from lovdv.formats import month as month_name
from lovdv.start import Waiting


def waiting(actor: Actor) -> list[Waiting]:
    if actor.may(Permission.BASIS_ANSWER):
        found = objection_queries.to_answer(actor)
        return [_to_answer(objection) for objection in found]
    if actor.may(Permission.BASIS_OBJECT):
        found = objection_queries.newly_answered(actor)
        return [_answered(objection) for objection in found]
    return []


def _to_answer(objection: BasisObjection) -> Waiting:
    return Waiting(
        f"Invändning från {objection.unit.name}",
        "basis.answer",
        text=f"Ersättningen för {month_name(objection.month)}.",
        due=objection.answer_by,
        values=(("public_id", objection.public_id),),
    )


def _answered(objection: BasisObjection) -> Waiting:
    return Waiting(
        "Svar på er invändning",
        "basis.objection",
        text=f"Ersättningen för {month_name(objection.month)}.",
        values=(("public_id", objection.public_id),),
    )
