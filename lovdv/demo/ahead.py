"""What the demo's finance officer looks ahead with: budget, what if, next prices."""

from datetime import date

from lovdv.clock import today
from lovdv.demo.acting import acting_as
from lovdv.demo.ground import REFERENCE, Ground
from lovdv.demo.size import PEOPLE
from lovdv.forecast import baselines, budgeting, scenarios
from lovdv.forecast.changing import Changes
from lovdv.forecast.queries import latest_paid
from lovdv.prices import proposing, queries
from lovdv.prices.opi import PUBLISHED
from lovdv.prices.proposing import Edited
from lovdv.systems.queries import system_with
from payments import rounded

FINANCE = "ekonom"
BUDGET = 6_600_000_000
"""Öre, for the demo's usual number of people."""

EVEN = 10_000_000
"""Öre that a budget is rounded to."""

WHY = "Nämnden ville ha ett jämnt pris."
TRIED = {
    "Priserna upp 3,1 %": Changes(price_index=310),
    "Hälften väljer externt": Changes(external_share=50),
}


def look_ahead(ground: Ground) -> None:
    """A budget, a baseline of the first month, two scenarios and next year's prices."""
    with acting_as(ground, FINANCE) as finance:
        system, by = system_with(ground.system_id), finance.user_id
        budgeting.decide_budget(
            system=system,
            year=today().year,
            amount=rounded(BUDGET * ground.size.people, PEOPLE, to=EVEN),
            reference=REFERENCE,
            by_id=by,
        )
        baselines.take(
            system=system,
            name="När demon började",
            day=ground.size.history[0],
            note="Påhittade personer och platser.",
            by_id=by,
        )
        if latest_paid(ground.system_id) is not None:
            for name, changes in TRIED.items():
                scenarios.keep(system=system, name=name, changes=changes, by_id=by)
        _propose(ground.system_id, by)


def _propose(system_id: int, by_id: int | None) -> None:
    """Next year's prices by the latest published index, one of them made even."""
    before = queries.list_in_force(system_id, today())
    assert before is not None
    draft = proposing.propose(
        before=before,
        index_name=PUBLISHED[0].name,
        hundredths=PUBLISHED[0].hundredths,
        first_day=date(today().year + 1, 1, 1),
        by_id=by_id,
    )
    first, *others = proposing.proposed_rows(draft)
    even = rounded(first.proposed, to=1_000)
    reason = WHY if even != first.proposed else ""
    cells = [Edited(even, reason), *(Edited(one.proposed, "") for one in others)]
    proposing.edit(draft, cells, seen=proposing.seal(draft))
