"""The demo's statements: asked of a unit, one given and one still to write."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from lovdv.access import Actor
from lovdv.demo.doing import Doing
from lovdv.demo.people import Rooted
from lovdv.extensions import db
from lovdv.needs import scoring, statements
from lovdv.needs.statement_models import Statement
from lovdv.people.models import Client, Decision
from lovdv.placements.models import Placement

QUESTION = "Hur ser en vanlig förmiddag ut, och vilket stöd ger ni då?"
TEXTS = (
    "Kommer i tid de flesta dagar. Behöver påminnelse efter raster.",
    "Trivs i den lilla gruppen. Drar sig undan när det är många röster på en gång.",
)
ANSWER_DAYS = timedelta(days=14)


@dataclass(frozen=True)
class Stating:
    """What assessors ask units, and what the units write."""

    doing: Doing

    def ask(self, one: Rooted, actor: Actor) -> Statement:
        placement = db.session.scalars(
            select(Placement).where(
                Placement.decision_id == one.decision_id, Placement.end_day.is_(None)
            )
        ).one()
        return statements.ask(
            decision=db.session.get_one(Decision, one.decision_id),
            placement=placement,
            due_on=self.doing.day(7) + ANSWER_DAYS,
            question=QUESTION,
            by_id=actor.user_id,
        )

    def give(self, one: Rooted, actor: Actor) -> None:
        asked = db.session.scalars(
            select(Statement).where(Statement.decision_id == one.decision_id)
        ).one()
        domains = self.doing.ground.instrument.domains
        texts = {domain.id: text for domain, text in zip(domains, TEXTS, strict=False)}
        statements.write(statement=asked, texts=texts, shown=statements.seen(asked))
        statements.give(statement=asked, by_id=actor.user_id)

    def begin(self, one: Rooted, actor: Actor) -> None:
        """A draft that nothing is answered in yet, with the statement beside it."""
        scoring.begin(
            client=db.session.get_one(Client, one.client_id),
            decision=db.session.get_one(Decision, one.decision_id),
            kind="changed_need",
            held_on=self.doing.day(2),
            took_part="Personen själv, en från verksamheten och jag.",
            own_words="Jag vill ha mer att göra på förmiddagen.",
            by_id=actor.user_id,
        )
