"""What units, readers and the municipality tell in the demo's last weeks."""

from dataclasses import dataclass

from lovdv.access import Actor
from lovdv.accessibility import operations as accessibility
from lovdv.clock import today
from lovdv.demo import drawn
from lovdv.demo.doing import Doing
from lovdv.demo.people import Rooted
from lovdv.demo.places import UnitPlan
from lovdv.providers import capacity_changes, profile_photos, profile_quality, profiling
from lovdv.providers import queries as providers
from lovdv.providers.capacity import ceilings_of

SENDS_IN = "Solhöjden Centrum"
SOURCE = "Kommunens brukarundersökning"
ASKED = (
    "Trivs du här? Andel som svarade ja.",
    "Får du vara med och bestämma? Andel som svarade ja.",
)
FEW_ANSWERS, NO_RESULT = "Lyktan", "Medialabbet"
BARRIER = (
    "Jag hittar inte hur man slår på uppläsning när jag står på kartan. "
    "Jag använder bara tangentbordet."
)
MORE_PLACES = 2
REPAINTED = 3
"""The palette of a room that has other colours now."""


@dataclass(frozen=True)
class Telling:
    """What is told about units, by the pages' own operations."""

    doing: Doing

    def send_profile(self, _one: Rooted, actor: Actor) -> None:
        """A presentation that waits for review, with words to look at twice."""
        unit, by = self.doing.unit(SENDS_IN), actor.user_id
        newest = providers.newest_profile(unit)
        assert newest is not None
        [_, room, *_] = drawn.pictures(self._plan(), REPAINTED)
        draft = profiling.save_draft(
            unit=unit,
            facts={**newest.facts, "group_size": "6", "lunch_price": "60"},
            text=f"{newest.text} På fredagar är vårt populära kafé öppet för alla.",
            easy_text=f"{newest.easy_text}\nPå fredag är kaféet öppet för alla.",
            by=by,
        )
        profile_photos.put(
            unit=unit,
            slot=room.slot,
            content=room.content,
            alt=room.alt,
            consented=True,
            by=by,
        )
        profiling.submit(draft)

    def raise_ceiling(self, _one: Rooted, actor: Actor) -> None:
        """Two more on every half-day, from the first day that the rule lets it be."""
        unit, system = self.doing.unit(SENDS_IN), self.doing.ground.system_id
        capacity_changes.notify(
            unit=unit,
            choice_system_id=system,
            ceilings={
                half: count + MORE_PLACES
                for half, count in ceilings_of([unit], today())[unit.id].items()
            },
            first_day=capacity_changes.earliest_from(system, today()),
            by_id=actor.user_id,
        )

    def measure(self, _one: Rooted, _actor: Actor) -> None:
        """One unit has few answers and one has none: neither shows a result."""
        rng = self.doing.ground.size.random("quality")
        for words in ASKED:
            measure = profile_quality.add_measure(
                choice_system_id=self.doing.ground.system_id,
                words=words,
                source=SOURCE,
                year=today().year,
            )
            results = {
                self.doing.unit(place.name).id: (
                    rng.randint(66, 94),
                    3 if place.name == FEW_ANSWERS else rng.randint(9, 31),
                )
                for place in self.doing.units.where
                if place.name != NO_RESULT
            }
            profile_quality.set_results(measure, results)

    def report_barrier(self, _one: Rooted, _actor: Actor) -> None:
        accessibility.tell(
            kind="hindrance",
            text=BARRIER,
            page="Kartan över verksamheterna",
            contact="lasare@exempel.invalid",
        )

    def _plan(self) -> UnitPlan:
        return next(p.plan for p in self.doing.units.where if p.name == SENDS_IN)
