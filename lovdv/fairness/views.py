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
from lovdv.choice.words import FEELINGS, KINDS
from lovdv.clock import today
from lovdv.fairness import queries
from lovdv.fairness.blueprint import bp
from lovdv.fairness.counting import FirstPlaces, first_places, trial
from lovdv.followup.queries import PLACING
from lovdv.followup.small_counts import (
    LEAST,
    NOT_SHOWN,
    compared,
    share,
    shown,
    shown_cells,
    shown_parts,
)
from lovdv.formats import swedish_key
from lovdv.providers.queries import offered
from lovdv.systems.models import ChoiceSystem
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


@dataclass(frozen=True)
class GuideRow:
    """A guide, beside all the guides: facts to talk about, no proof of anything."""

    name: str
    unit: str
    mine: str
    everybody: str
    words: str
    tied: str


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
    names = {row.unit.id: row.unit.name for row in units}
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
        guides=_guides(system, since, names),
        feelings=[(words, "number") for words in FEELINGS.values()],
        answers=_after_start(queries.after_start(system.id, since), names),
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
    rows: Mapping[str, Mapping[str, int]],
    groups: Sequence[Sequence[str]] = (),
    columns: Sequence[str] = PLACING,
) -> list[tuple[str, list[str]]]:
    """A row's counts by kind, none so small, or so alone, that it points at somebody.

    What all rows have in all is known from the other tables, and so is what each
    group of rows has.
    """
    counts = {
        (row, kind): kinds.get(kind, 0)
        for row, kinds in rows.items()
        for kind in columns
    }
    across = [[(row, kind) for kind in columns] for row in rows]
    down = [
        [(row, kind) for row in group]
        for group in (list(rows), *groups)
        for kind in columns
    ]
    told = shown_cells(counts, [*across, *down])
    return [(row, [told[row, kind] for kind in columns]) for row in rows]


def _declined(row: queries.UnitCounts) -> str:
    return "0" if not row.declined else share(row.declined, row.orders)


def _told(counts: Mapping[str, int], words: Mapping[str, str]) -> Mapping[str, str]:
    told = {words.get(reason, reason): count for reason, count in counts.items()}
    return shown_parts(told)


def _guides(
    system: ChoiceSystem, since: date, names: Mapping[int, str]
) -> list[GuideRow]:
    """Every guide whose people have chosen, and every one with a conflict."""
    found = queries.by_guide(system.id, since)
    tied = queries.tied(system.id, system.municipality_id, since)
    everybody: Counter[int] = Counter()
    for counts in found.values():
        everybody.update(counts)
    users = queries.users_named({*found, *tied})
    return [
        GuideRow(
            name,
            *_most(found.get(user_id, {}), everybody, names),
            shown(tied[user_id]) if user_id in tied else "inget anmält",
        )
        for user_id, name in sorted(users.items(), key=lambda row: swedish_key(row[1]))
    ]


def _most(
    counts: Mapping[int, int], everybody: Counter[int], names: Mapping[int, str]
) -> tuple[str, str, str, str]:
    if not counts:
        return "inga val", "–", "–", "–"
    unit, most = max(counts.items(), key=lambda each: (each[1], -each[0]))
    mine = (most, sum(counts.values()))
    all_of_them = (everybody[unit], everybody.total())
    name = names.get(unit, "") if most >= LEAST else NOT_SHOWN
    return name, share(*mine), share(*all_of_them), compared(mine, all_of_them)


def _after_start(
    found: Mapping[int, Mapping[str, int]], names: Mapping[int, str]
) -> list[tuple[str, list[str]]]:
    rows = {str(unit): found[unit] for unit in names if unit in found}
    told = _table(rows, columns=list(FEELINGS))
    return [(names[int(unit)], counts) for unit, counts in told]
