"""What users of the demo do in its last weeks, by the pages' own operations."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from lovdv.access import Actor
from lovdv.choice import invitations, supporting
from lovdv.choice import operations as choosing
from lovdv.choice.models import Choice, Invitation
from lovdv.clock import now
from lovdv.demo.cast import Times
from lovdv.demo.ground import Ground
from lovdv.demo.people import Rooted
from lovdv.demo.scored import Scored
from lovdv.demo.size import weekday_after
from lovdv.demo.units import Units
from lovdv.extensions import db
from lovdv.needs import operations as needs
from lovdv.needs import scoring
from lovdv.needs.models import Assessment
from lovdv.people.models import Client, Decision
from lovdv.placements import orders, reporting
from lovdv.placements.models import Order, Placement
from lovdv.placements.months import person_month
from lovdv.providers.models import Unit
from payments.calendar import ATTENDED
from payments.month import Month

WEEKDAYS: Times = [[*(["09:00", "15:00"] for _ in range(5)), None, None]]
HALF_DAYS = [f"{day}{half}" for day in range(5) for half in ("am", "pm")]
GOAL = "Komma ut varje dag och göra något tillsammans med andra."
Do = Callable[[Rooted, Actor], object]
CONTACT = "Karin Lindqvist, telefon 070-174 06 10"


@dataclass(frozen=True)
class Doing:
    """The demo's rows, and answers by the level that they give."""

    ground: Ground
    units: Units
    answers: dict[str, list[Scored]]

    def day(self, before: int) -> date:
        return self.ground.size.as_of - timedelta(days=before)

    def unit(self, name: str) -> Unit:
        names = [place.name for place in self.units.where]
        return db.session.get_one(Unit, self.units.ids[names.index(name)])

    def begin(self, one: Rooted, actor: Actor) -> Assessment:
        return scoring.begin(
            client=db.session.get_one(Client, one.client_id),
            decision=db.session.get_one(Decision, one.decision_id),
            kind="preliminary",
            held_on=self.day(8),
            took_part="Personen själv, en närstående och jag.",
            own_words="Jag vill träffa folk och ha något att göra.",
            by_id=actor.user_id,
        )

    def answer(self, draft: Assessment, scored: Scored, *, half: bool) -> None:
        questions = self.ground.instrument.questions()
        asked = questions[: len(questions) // 2] if half else questions
        typed = [
            scoring.Typed(
                question.id,
                dict(scored.answers)[question.id],
                "Personen berättade själv.",
                scoring.token(None),
            )
            for question in asked
        ]
        scoring.save_answers(assessment=draft, typed=typed)
        db.session.expire(draft, ["answers"])

    def draft(self, one: Rooted, actor: Actor) -> None:
        """Half-way: the first domain is scored, the rest is to do."""
        draft = self.begin(one, actor)
        self.answer(draft, self.answers["3"][0], half=True)
        domain = self.ground.instrument.domains[0].id
        scoring.close_domain(assessment=draft, domain=domain)

    def sign(self, one: Rooted, actor: Actor) -> None:
        draft = self.begin(one, actor)
        self.answer(draft, self.answers[one.resident.level][1], half=False)
        for domain in self.ground.instrument.domains:
            scoring.close_domain(assessment=draft, domain=domain.id)
        scoring.sign(assessment=draft, by_id=actor.user_id)

    def agree(self, one: Rooted, actor: Actor) -> None:
        signed = _assessment_of(one)
        needs.review(
            assessment=signed,
            verdict="agreed",
            comment="Jag ser det likadant.",
            by_id=actor.user_id,
        )

    def invite(self, one: Rooted, _actor: Actor) -> Invitation:
        return supporting.invite(
            client=db.session.get_one(Client, one.client_id),
            decision=db.session.get_one(Decision, one.decision_id),
        )

    def ask_support(self, one: Rooted, actor: Actor) -> None:
        supporting.ask_for_support(self.invite(one, actor))

    def support(self, one: Rooted, actor: Actor) -> None:
        invitation = _invitation_of(one)
        supporting.take(invitation, actor=actor)
        self.log(invitation, actor, "phone", reached="Vi bokade att ses på onsdag.")

    def write_to(self, one: Rooted, actor: Actor) -> None:
        self.log(_invitation_of(one), actor, "letter")

    def phone(self, one: Rooted, actor: Actor) -> None:
        self.log(_invitation_of(one), actor, "phone")

    def log(
        self, invitation: Invitation, actor: Actor, way: str, *, reached: str = ""
    ) -> None:
        supporting.log_attempt(
            invitation=invitation,
            by=actor.user_id,
            at=now(),
            way=way,
            result="reached" if reached else "not_reached",
            purpose="inform",
            note=reached or "Inget svar.",
        )

    def choose_at(self, unit: str) -> Do:
        return lambda one, actor: self.choose(one, actor, unit)

    def choose(
        self, one: Rooted, actor: Actor, unit: str, *, on_paper: bool = False
    ) -> Choice:
        waits = invitations.open_invitation(one.client_id)
        invitation = waits or self.invite(one, actor)
        return choosing.choose(
            client=db.session.get_one(Client, one.client_id),
            decision=db.session.get_one(Decision, one.decision_id),
            unit=self.unit(unit),
            made_by=choosing.MadeBy(),
            told=choosing.Told(
                channel="paper" if on_paper else "caseworker",
                shown=self.units.shown_to(one.public_id),
                support="Vi läste tillsammans och tittade på bilder.",
                registered_by=actor.user_id,
                confirmed="paper" if on_paper else "in_room",
            ),
            expecting=invitation.public_id,
        )

    def save(self, one: Rooted, _actor: Actor) -> None:
        client = db.session.get_one(Client, one.client_id)
        for name in ("Gröna gruppen", "Vågen"):
            supporting.save_unit(client=client, unit=self.unit(name))

    def order_at(self, unit: str) -> Do:
        return lambda one, actor: self.order(
            one, actor, unit, self.choose(one, actor, unit)
        )

    def order_again_at(self, unit: str) -> Do:
        return lambda one, actor: self.order(one, actor, unit, None)

    def order(
        self, one: Rooted, actor: Actor, unit: str, choice: Choice | None
    ) -> Order:
        return orders.send(
            client=db.session.get_one(Client, one.client_id),
            decision=db.session.get_one(Decision, one.decision_id),
            unit=self.unit(unit),
            goal=GOAL,
            extent="Fem dagar i veckan",
            half_days=HALF_DAYS,
            wanted_start=self.start(),
            contact=CONTACT,
            communication="Talar gärna. Korta meningar.",
            choice=choice,
            by_id=actor.user_id,
        )

    def start(self) -> date:
        return weekday_after(self.ground.size.as_of + timedelta(days=11))

    def accept(self, one: Rooted, actor: Actor) -> None:
        orders.confirm(
            order=_order_of(one),
            start_day=self.start(),
            times=WEEKDAYS,
            by_id=actor.user_id,
        )

    def decline(self, one: Rooted, actor: Actor) -> None:
        orders.decline(
            order=_order_of(one),
            reason="target_group",
            note="Vi har ingen lokal för det stöd som behövs.",
            by_id=actor.user_id,
        )

    def fewer_days(self, one: Rooted, actor: Actor) -> None:
        orders.send_change(
            placement=_placement_of(one),
            extent="Tre dagar i veckan",
            half_days=HALF_DAYS[:6],
            wanted_start=weekday_after(self.ground.size.as_of + timedelta(days=25)),
            by_id=actor.user_id,
        )

    def report_away(self, one: Rooted, _actor: Actor) -> None:
        """Two planned days of the open month, told in time and not told."""
        placement, month = _placement_of(one), Month.of(self.ground.size.history[-1])
        planned = [
            number
            for number, code in enumerate(person_month(placement, month).plan, 1)
            if code == ATTENDED
        ]
        changes = [
            reporting.DayChange(number, "", code)
            for number, code in zip(planned[4:6], "AO", strict=False)
        ]
        reporting.report(placement=placement, month=month, changes=changes)


def _assessment_of(one: Rooted) -> Assessment:
    return db.session.scalars(
        select(Assessment).where(Assessment.decision_id == one.decision_id)
    ).one()


def _invitation_of(one: Rooted) -> Invitation:
    found = invitations.open_invitation(one.client_id)
    assert found is not None
    return found


def _order_of(one: Rooted) -> Order:
    return db.session.scalars(
        select(Order).where(
            Order.decision_id == one.decision_id, Order.status == "sent"
        )
    ).one()


def _placement_of(one: Rooted) -> Placement:
    return db.session.scalars(
        select(Placement).where(Placement.decision_id == one.decision_id)
    ).one()
