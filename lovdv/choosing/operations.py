"""Keeping the person's answers, and asking for help on the way."""

from collections.abc import Collection, Mapping
from typing import Any

from lovdv import audit
from lovdv.choice import supporting
from lovdv.choice.overview import Entry
from lovdv.choice.queries import saved_units
from lovdv.choosing.models import StepAnswers
from lovdv.choosing.queries import answers_of
from lovdv.choosing.steps import FIRST
from lovdv.clock import now
from lovdv.extensions import db
from lovdv.people.models import Client, Decision
from lovdv.providers.models import Unit


def keep(
    *, client: Client, decision: Decision, step: str, told: Mapping[str, Any]
) -> StepAnswers:
    """The answers of one step, and where to come back to; the others stay as they are.

    `told` may hold ticked (by question), area, visit and unit_id.
    """
    supporting.lock(decision)
    kept = answers_of(client.id) or _new(client)
    values = dict(told)
    kept.ticked = {**kept.ticked, **values.pop("ticked", {})}
    for name, value in values.items():
        setattr(kept, name, value)
    kept.step, kept.updated_at = step, now()
    db.session.flush()
    audit.change("choice.answer_step", about=[client.id], after={"step": step})
    return kept


def _new(client: Client) -> StepAnswers:
    new = StepAnswers(client_id=client.id, step=FIRST, ticked={}, updated_at=now())
    db.session.add(new)
    return new


def keep_favourites(
    *, client: Client, shown: Collection[Entry], chosen: Collection[str]
) -> None:
    """Hearts for those that were ticked, none for the others that were shown."""
    saved = set(saved_units(client.id))
    for entry in shown:
        ticked = entry.public_id in chosen
        if ticked != (entry.public_id in saved):
            unit = db.session.get_one(Unit, entry.id)
            act = supporting.save_unit if ticked else supporting.forget_unit
            act(client=client, unit=unit)


def begin_again(client: Client) -> None:
    """After a choice: the answers stay, and the questions begin from the first."""
    kept = answers_of(client.id)
    if kept is not None:
        kept.step, kept.unit_id = FIRST, None
        db.session.flush()
