"""What a unit may see of a level, by the rule "explanation"."""

from datetime import date

from lovdv.charts import BarChart
from lovdv.needs import explain
from lovdv.needs.instruments import instrument_of
from lovdv.placements.levels import level_of
from lovdv.placements.models import Placement
from lovdv.systems.queries import rule


def unit_profile(placement: Placement, on: date) -> BarChart | None:
    """Points per domain, where the municipality has decided that units see them."""
    if rule(placement.choice_system_id, "explanation", on)["unit_sees"] != "profile":
        return None
    level = level_of(placement, on)
    if level is None or level.assessment.signed is None:
        return None
    return explain.explanation(
        instrument_of(level.assessment.instrument_version),
        level.assessment.signed.document,
    ).chart
