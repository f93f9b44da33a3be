"""Who the demo asks anew: where a unit stops, in a round, by letter, after a regret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lovdv.access import Actor
from lovdv.choice import invitations, regrets, regretting
from lovdv.choice.made_by import MadeBy
from lovdv.demo.cast import Story
from lovdv.demo.doing import Do, Doing
from lovdv.demo.people import Rooted
from lovdv.demo.placed import Placed
from lovdv.demo.size import first_of
from lovdv.extensions import db
from lovdv.leaving import operations as leaving
from lovdv.letters import operations as letters
from lovdv.letters.models import Letter
from lovdv.letters.queries import ToWrite, letter_kind
from lovdv.providers.queries import contracts_for
from lovdv.rounds import operations as rounds
from lovdv.systems.models import ChoiceSystem

MAY_STOP = ("Lyktan", "Medialabbet", "Solhöjden Trädgård")
MAY_BE_ASKED = ("Ateljén", "Linden", "Ute på jobb")
INSTEAD = "Gröna gruppen"
STAYING = {Story.PLACED, Story.RAISED, Story.MORE_DAYS, Story.JOINED, Story.RECHOSE}
MONTHS_LEFT = 3
NOTE = "Huset säljs och ägaren har inte hittat något annat."


@dataclass(frozen=True)
class Asking:
    """What users do when people are to choose anew, by the pages' own operations."""

    doing: Doing

    def there(self, placed: Sequence[Placed], unit: str) -> list[Rooted]:
        """Those with a place at the unit and nothing special ahead of them."""
        return [
            one.rooted
            for one in placed
            if self.doing.units.where[one.stay.unit].name == unit
            and one.stay.end_day is None
            and one.rooted.resident.story in STAYING
        ]

    @property
    def gone_from(self) -> date:
        return first_of(self.doing.ground.size.as_of, MONTHS_LEFT)

    def stop(self, unit: str) -> Do:
        return lambda _one, actor: self._stop(unit, actor)

    def _stop(self, name: str, actor: Actor) -> None:
        unit = self.doing.unit(name)
        [cover, *_] = contracts_for(actor.municipality_id, unit)
        leaving.begin(
            contract=cover.contract,
            units=[unit.public_id],
            end_day=self.gone_from,
            reason="closes",
            note=NOTE,
            by_id=actor.user_id,
        )

    def ask_all_at(self, unit: str) -> Do:
        return lambda _one, actor: rounds.begin(
            actor=actor,
            system=db.session.get_one(ChoiceSystem, self.doing.ground.system_id),
            units=[self.doing.unit(unit).public_id],
        )

    def write(self, one: Rooted, actor: Actor) -> Letter:
        """A letter about what the person is asked now, to be sent."""
        invitation = invitations.open_invitation(one.client_id)
        assert invitation is not None
        return letters.make(
            what=ToWrite(invitation, letter_kind(invitation)), by_id=actor.user_id
        )

    def send(self, one: Rooted, actor: Actor) -> None:
        letters.mark_sent(letter=self.write(one, actor), by_id=actor.user_id)

    def regret(self, one: Rooted, actor: Actor) -> None:
        made = regrets.newest(one.client_id)
        assert made is not None
        regretting.regret(choice=made, made_by=MadeBy(), registered_by=actor.user_id)
