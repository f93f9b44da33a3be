"""Where each person stands after an exit, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lovdv.choice.invitations import goes_on
from lovdv.choice.models import Choice, Invitation
from lovdv.clock import today
from lovdv.leaving.models import ExitPerson, ProviderExit
from lovdv.leaving.outcomes import Known, known
from lovdv.leaving.words import STEPS
from lovdv.people.models import Client
from lovdv.placements.models import Order, Placement


@dataclass(frozen=True)
class Row:
    """A person: what they were invited to, what came of it, and what is left."""

    person: ExitPerson
    step: str
    due: date | None
    invitation: Invitation | None  # the latest
    choice: Choice | None
    order: Order | None
    place: Placement | None
    clock_ends: date | None  # the last day of the three months, when a clock will run

    @property
    def client(self) -> Client:
        return self.person.client

    @property
    def words(self) -> str:
        return STEPS[self.step][0]

    @property
    def kind(self) -> str:
        return STEPS[self.step][1]

    @property
    def open(self) -> bool:
        return self.step not in ("done", "over")

    @property
    def urgent(self) -> bool:
        return self.kind == "danger"

    @property
    def clock_left(self) -> int | None:
        """Days until the three months are over."""
        return None if self.clock_ends is None else (self.clock_ends - today()).days

    @property
    def rank(self) -> tuple[int, date, int]:
        when = self.due or self.clock_ends or date.max
        return list(STEPS).index(self.step), when, self.person.id


def rows(leaving: ProviderExit, people: Sequence[ExitPerson]) -> list[Row]:
    """The most urgent first."""
    what = known(leaving, people)
    return sorted((_row(person, what) for person in people), key=lambda row: row.rank)


def _row(person: ExitPerson, what: Known) -> Row:
    client_id = person.client_id
    choice = what.choices.get(client_id)
    order, place = what.orders.get(client_id), what.places.get(client_id)
    invitation = what.asked.get(client_id)
    step = _step(person, what)
    return Row(
        person,
        step,
        _due(invitation, step, order),
        invitation,
        choice,
        order,
        place,
        None if step in ("done", "over") else what.clocks.get(client_id),
    )


def _step(person: ExitPerson, what: Known) -> str:
    client_id = person.client_id
    if person.client.died_on is not None:
        return "over"
    place = what.places.get(client_id)
    if place is not None:
        return "late" if _begins_late(place, person, what) else "done"
    if client_id not in what.held:
        return "over" if _answered(person, what) else "no_decision"
    order = what.orders.get(client_id)
    if order is not None:
        return "unit" if order.status == "sent" else "declined"
    if client_id in what.queued:
        return "queue"
    choice = what.choices.get(client_id)
    if choice and choice.unit_id and (client_id, choice.unit_id) not in what.passing:
        return "order"
    return _asked(what.asked.get(client_id), what)


def _begins_late(place: Placement, person: ExitPerson, what: Known) -> bool:
    """The three months end first; when they had already, it is to begin at once."""
    ends = what.clocks.get(person.client_id)
    return ends is not None and place.first_day > max(
        ends, person.leaving.end_day, today()
    )


def _answered(person: ExitPerson, what: Known) -> bool:
    """The person wants no place, or has had the one that was chosen."""
    choice = what.choices.get(person.client_id)
    return choice is not None and (
        choice.unit_id is None or (person.client_id, choice.unit_id) in what.passing
    )


def _asked(invitation: Invitation | None, what: Known) -> str:
    if invitation is None:
        return "ask"
    if invitation.closed_on is not None:
        return "invite"
    if invitation.answer_by < today():
        return "keep" if goes_on(invitation) else "no_place"
    return "answer" if invitation.id in what.reached else "reach"


def _due(invitation: Invitation | None, step: str, order: Order | None) -> date | None:
    if step == "unit" and order is not None:
        return order.answer_by
    if step in ("answer", "reach", "no_place") and invitation is not None:
        return invitation.answer_by
    return None


def counted(found: Sequence[Row]) -> dict[str, int]:
    """How many stand where, by the words of the step, the most urgent first."""
    return {
        STEPS[step][0]: sum(row.step == step for row in found)
        for step in STEPS
        if any(row.step == step for row in found)
    }


def soonest(found: Sequence[Row]) -> date | None:
    """The first of the three months that end."""
    return min((row.clock_ends for row in found if row.clock_ends), default=None)
