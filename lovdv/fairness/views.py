"""Requests in, pages out: the evidence that everyone may read, and the figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from flask import render_template
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, public, requires
from lovdv.choice.invitations import open_systems
from lovdv.choice.words import KINDS
from lovdv.clock import today
from lovdv.fairness import queries
from lovdv.fairness.blueprint import bp
from lovdv.fairness.counting import FirstPlaces, first_places, trial
from lovdv.followup.queries import PLACING
from lovdv.followup.small_counts import (
    LEAST,
    NOT_SHOWN,
    share,
    shown,
    shown_cells,
    shown_parts,
)
from lovdv.formats import swedish_key
from lovdv.providers.queries import offered
from lovdv.systems.queries import main_system, rule

YEAR = timedelta(days=365)
REGIS = {queries.OWN: "Egen regi", queries.EXTERNAL: "Externa utförare"}
ENOUGH = 20
"""Fewer orders than this say nothing about chance."""


@dataclass(frozen=True)
class Placed:
    """A unit's row, as the page shows it."""

    name: str
    counted: FirstPlaces


@bp.get("/sa-visas-verksamheterna")
@public
def order() -> ResponseReturnValue:
    system = next(iter(open_systems(today())), None)
    if system is None:
        return render_template("choice/nothing.html")
    names = {
        each.unit.public_id: each.unit.name for each in offered(system.id, today())
    }
    readers, tried = trial(tuple(sorted(names)))
    since = today() - YEAR
    count, real = _real(
        system.public_id, system.id, since, queries.newest_choice(system.id)
    )
    return render_template(
        "fairness/order.html",
        system=system,
        readers=readers,
        tried=_rows(tried, names),
        choices=shown(count),
        real=_rows(real, queries.names_of(list(real))) if count >= ENOUGH else [],
        enough=ENOUGH,
        since=since,
    )


@lru_cache(maxsize=8)
def _real(
    _system: str, choice_system_id: int, since: date, _newest: int
) -> tuple[int, Mapping[str, FirstPlaces]]:
    """Counted once a day, and when somebody has chosen: anyone may ask for the page."""
    orders = queries.orders_shown(choice_system_id, since)
    return len(orders), first_places(orders)


def _rows(found: Mapping[str, FirstPlaces], names: Mapping[str, str]) -> list[Placed]:
    rows = [Placed(names.get(unit, "Stängd enhet"), one) for unit, one in found.items()]
    return sorted(rows, key=lambda row: swedish_key(row.name))


@bp.get("/val-och-rattvisa")
@requires(Permission.FIGURES_READ)
def figures() -> ResponseReturnValue:
    system, since = main_system(actor().municipality_id), today() - YEAR
    units = queries.by_unit(system.id, since)
    reasons = rule(system.id, "order", today())["decline_reasons"]
    assert isinstance(reasons, Mapping)
    return render_template(
        "fairness/figures.html",
        kinds=[(KINDS[kind], "number") for kind in PLACING],
        units=_units(units),
        declines=[(r.unit.name, shown(r.orders), _declined(r)) for r in units],
        reasons=_told(queries.decline_reasons(system.id, since), reasons),
        regis=_table(
            {
                REGIS[regi]: kinds
                for regi, kinds in queries.by_regi(system.id, since).items()
            }
        ),
        levels=_table(
            {
                f"Nivå {level}" if level else "Ingen nivå ännu": kinds
                for level, kinds in queries.by_level(system.id, since).items()
            }
        ),
        guides=_guides(system.id, since, {r.unit.id: r.unit.name for r in units}),
        least=LEAST,
        since=since,
    )


def _units(units: Sequence[queries.UnitCounts]) -> list[tuple[str, list[str]]]:
    """The other tables tell what the units of each regi have in all."""
    names = {str(row.unit.id): row.unit.name for row in units}
    regis = [[str(row.unit.id) for row in units if row.regi == regi] for regi in REGIS]
    found = _table({str(row.unit.id): row.kinds for row in units}, groups=regis)
    return [(names[unit], counts) for unit, counts in found]


def _table(
    rows: Mapping[str, Mapping[str, int]], groups: Sequence[Sequence[str]] = ()
) -> list[tuple[str, list[str]]]:
    """A row's counts by kind, none so small, or so alone, that it points at somebody.

    What all rows have in all is known from the other tables, and so is what each
    group of rows has.
    """
    counts = {
        (row, kind): kinds.get(kind, 0)
        for row, kinds in rows.items()
        for kind in PLACING
    }
    across = [[(row, kind) for kind in PLACING] for row in rows]
    down = [
        [(row, kind) for row in group]
        for group in (list(rows), *groups)
        for kind in PLACING
    ]
    told = shown_cells(counts, [*across, *down])
    return [(row, [told[row, kind] for kind in PLACING]) for row in rows]


def _declined(row: queries.UnitCounts) -> str:
    return "0" if not row.declined else share(row.declined, row.orders)


def _told(counts: Mapping[str, int], words: Mapping[str, str]) -> Mapping[str, str]:
    told = {words.get(reason, reason): count for reason, count in counts.items()}
    return shown_parts(told)


def _guides(
    system_id: int, since: date, names: Mapping[int, str]
) -> list[tuple[str, str, str, str]]:
    """Per guide the unit chosen most, its share there, and with all the guides."""
    found = queries.by_guide(system_id, since)
    everybody: Counter[int] = Counter()
    for counts in found.values():
        everybody.update(counts)
    return [
        (guide, *_most(counts, everybody, names))
        for guide, counts in sorted(found.items())
    ]


def _most(
    counts: Mapping[int, int], everybody: Counter[int], names: Mapping[int, str]
) -> tuple[str, str, str]:
    unit, most = max(counts.items(), key=lambda each: (each[1], -each[0]))
    name = names.get(unit, "") if most >= LEAST else NOT_SHOWN
    here = share(most, sum(counts.values()))
    return name, here, share(everybody[unit], everybody.total())
