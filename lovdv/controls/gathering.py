"""The facts of one run's controls, each read once and only when it is asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from lovdv.controls import amount_facts, facts
from lovdv.controls.attendance_facts import Reported
from lovdv.controls.settings import Settings
from lovdv.payouts import line_queries
from lovdv.payouts.models import PaymentRun
from payments import Month, Ref, Span, controls
from payments.amount_controls import Limits

PER_KRONA = 100


class Gathered:
    """The facts of one run, each read when a control first asks for it."""

    def __init__(self, run: PaymentRun, settings: Settings) -> None:
        self.run = run
        self.month = Month.of(run.month)
        self._settings = settings
        self.reported = Reported(run)

    def knob(self, control: str, name: str) -> int:
        return self._settings[control].knobs[name]

    def limits(self, control: str) -> Limits:
        return Limits(
            self.knob(control, "spreads"),
            self.knob(control, "percent"),
            self.knob(control, "least") * PER_KRONA,
        )

    @cached_property
    def suspects(self) -> list[facts.PaidLine]:
        return facts.suspects(self.run)

    @cached_property
    def placements(self) -> Mapping[Ref, facts.PlacementFacts]:
        """Those of the suspects."""
        ids = (line.placement for line in self.suspects)
        return facts.placements(self.run, ids)

    @cached_property
    def amounts(self) -> Mapping[Ref, int]:
        return amount_facts.amounts(self.run)

    @cached_property
    def units(self) -> Mapping[Ref, int]:
        return amount_facts.by_unit(self.run, self.run.month)

    @cached_property
    def contracts(self) -> Mapping[Ref, int]:
        return amount_facts.by_contract(self.run)

    @cached_property
    def every_reported(self) -> list[Reported]:
        """The run's month and the earlier ones that it pays: reported late, say."""
        months = line_queries.months_of(self.run)
        earlier = [day for day in months if day != self.run.month]
        seen = facts.held_by_a_control(self.run) if earlier else {}
        return [
            self.reported,
            *(Reported(self.run, Month.of(day), seen.get(day, ())) for day in earlier),
        ]

    @cached_property
    def last_booked(self) -> PaymentRun | None:
        return facts.last_booked(self.run)

    def by_unit(self, spans: Mapping[Ref, list[Span]]) -> Mapping[Ref, list[Span]]:
        """A placement's spans are its unit's."""
        nothing: list[Span] = []
        return {
            ref: spans.get(one.unit, nothing) for ref, one in self.placements.items()
        }

    def with_amounts(
        self, found: Sequence[controls.Finding]
    ) -> Iterator[controls.Finding]:
        """Each finding with the money at stake, where its control says none."""
        bare = {one.placement for one in found if not one.amount} - {None}
        sums = amount_facts.by_month(self.run, bare)
        units = {
            month: amount_facts.by_unit(self.run, month)
            for month in {one.month.first for one in found if _of_unit(one)}
        }
        for one in found:
            at_stake = (
                units.get(one.month.first, {}).get(one.unit, 0)
                if one.unit is not None
                else sums.get((one.placement, one.month.first), 0)
            )
            yield one if one.amount else replace(one, amount=at_stake)


def _of_unit(found: controls.Finding) -> bool:
    return found.unit is not None and not found.amount
