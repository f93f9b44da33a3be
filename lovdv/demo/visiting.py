"""Who in the demo asks to visit before choosing, and what the units answer."""

from dataclasses import dataclass
from datetime import date, timedelta

from lovdv.access import Actor
from lovdv.choice import invitations
from lovdv.choice.made_by import MadeBy
from lovdv.choosing import operations as steps
from lovdv.clock import today
from lovdv.demo.doing import Doing
from lovdv.demo.people import Rooted
from lovdv.extensions import db
from lovdv.people.models import Client, Decision
from lovdv.visits import operations
from lovdv.visits.models import VisitRequest
from lovdv.visits.opening import hindered
from lovdv.visits.queries import requests_of

AHEAD = timedelta(days=5)


@dataclass(frozen=True)
class Visiting:
    """What is asked and answered, by the pages' own operations."""

    doing: Doing
    unit: str

    def answer_questions(self, one: Rooted, _actor: Actor) -> None:
        """The person has come as far as to which ones to think about."""
        client, decision = self._rows(one)
        for step, told in (
            ("gora", {"ticked": {"activities": ["cafe", "garden"]}}),
            ("tanka", {}),
        ):
            steps.keep(client=client, decision=decision, step=step, told=told)

    def ask(self, one: Rooted, actor: Actor) -> None:
        """A visit; the person lets the unit know the first name."""
        self._ask(one, actor, "visit", MadeBy(), consents=True)

    def try_out(self, one: Rooted, actor: Actor) -> None:
        """Two days to try, asked for by the representative."""
        client, _ = self._rows(one)
        mandate = invitations.mandate_of(actor, client)
        made_by = MadeBy("representative", mandate, "agrees", "Vi såg på bilder.")
        self._ask(one, actor, "try_out", made_by, consents=False)

    def answer(self, one: Rooted, actor: Actor) -> None:
        [asked, *_] = requests_of(one.client_id)
        operations.answer(
            request=asked,
            days=[self._open_day(asked)],
            clock="9.30",
            words="Siv möter dig vid dörren. Vi fikar ihop.",
            by_id=actor.user_id,
        )

    def _open_day(self, asked: VisitRequest) -> date:
        day = today() + AHEAD
        while hindered(asked, day):
            day += timedelta(days=1)
        return day

    def _ask(
        self, one: Rooted, actor: Actor, kind: str, made_by: MadeBy, *, consents: bool
    ) -> None:
        client, decision = self._rows(one)
        operations.ask(
            client=client,
            decision=decision,
            unit=self.doing.unit(self.unit),
            kind=kind,
            days=2,
            weekdays=("mon", "wed"),
            consents=consents,
            made_by=made_by,
            by_id=actor.user_id,
        )

    def _rows(self, one: Rooted) -> tuple[Client, Decision]:
        client = db.session.get_one(Client, one.client_id)
        return client, db.session.get_one(Decision, one.decision_id)
