"""What a scenario changes in a month's facts and terms; the engine does the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from hashlib import sha256

from lovdv.errors import Refused
from lovdv.forecast.months import Place, WholeMonth
from lovdv.payouts.facts import Terms
from payments import (
    Attendance,
    ClientMonth,
    Hours,
    Month,
    PaymentError,
    PlacementMonth,
    PlanSpan,
    PriceCell,
    PriceList,
    PriceSpan,
    WeekPlan,
    in_force,
    read_rules,
    rounded,
)
from payments.calendar import ATTENDED, CLOSED, NOT_PLANNED, Week, hours_on
from payments.indexing import proposal

EXTERNAL, OWN = "extern", "intern"
MOVED = {EXTERNAL: "Nya val, externa", OWN: "Nya val, egen regi"}
DECIDED = ("first_day", "revision", "decided_at")
HUNDRED = 100
WEEKDAYS = 5


@dataclass(frozen=True)
class Changes:
    """What is another way than in the month; the defaults change nothing."""

    price_index: int | None = None
    """Hundredths of a per cent on every price."""
    price_cells: Sequence[PriceCell] = ()
    """A list of its own, from a draft."""
    price_name: str = ""
    rules: Mapping[str, object] | None = None
    rules_name: str = ""
    extent_days: int = 0
    """Planned days a week more or less, for a share of the placements."""
    extent_share: int = 0
    more_percent: Mapping[str, int] = field(default_factory=dict)
    """By level: hundredths of a per cent more people."""
    more_people: Mapping[str, int] = field(default_factory=dict)
    """By level: so many more people."""
    external_share: int | None = None
    """Per cent of the people who choose an external provider."""


def with_prices(known: Terms, changes: Changes) -> Terms:
    prices = known.prices
    if changes.price_cells:
        coming = PriceList("", date.min, 1, known.known_at, tuple(changes.price_cells))
        prices = in_force([coming], known.known_at)
    if changes.price_index is not None:
        prices = tuple(_raised(span, changes.price_index) for span in prices)
    return replace(known, prices=prices)


def _raised(span: PriceSpan, index: int) -> PriceSpan:
    cells = [cell for found in span.cells.values() for cell in found]
    by_key: dict[tuple[str, str, str], tuple[PriceCell, ...]] = {}
    for cell in proposal(cells, index):
        by_key[cell.key] = (*by_key.get(cell.key, ()), cell)
    return PriceSpan(span.start, span.end, by_key)


def with_rules(whole: WholeMonth, table: Mapping[str, object] | None) -> WholeMonth:
    """The month under another set of rules, as in a rule file, with what they ask for.

    The absence that ran on into the month is as the rules in force counted it.
    """
    if table is None:
        return whole
    said = {name: value for name, value in table.items() if name not in DECIDED}
    decided = {
        "first_day": whole.month.first.isoformat(),
        "revision": "1",
        "decided_at": whole.facts.terms.known_at.isoformat(),
    }
    try:
        rules = read_rules({**said, **decided})
    except PaymentError as error:
        raise Refused(f"Regelfilen går inte att läsa. {error}", "rules") from error
    return whole.under(rules)


def with_extent(whole: WholeMonth, changes: Changes) -> WholeMonth:
    """A share of the placements get more or fewer planned days a week."""
    if not (changes.extent_days and changes.extent_share):
        return whole
    refs = [one.ref for client in whole.clients for one in client.placements]
    chosen = drawn(refs, rounded(len(refs) * changes.extent_share, HUNDRED))

    def change(client: ClientMonth) -> ClientMonth:
        placements = tuple(
            _with_days(one, whole.month, changes.extent_days, whole.facts.closed)
            if one.ref in chosen
            else one
            for one in client.placements
        )
        return client._replace(placements=placements)

    return whole.changed(change)


def drawn(refs: Sequence[int | str], number: int) -> frozenset[int | str]:
    """So many of them, the same each time whatever order they come in."""

    def lot(ref: int | str) -> str:
        return sha256(f"{ref}".encode()).hexdigest()

    return frozenset(sorted(refs, key=lot)[:number])


def _with_days(
    one: PlacementMonth, month: Month, days: int, closed: Collection[date]
) -> PlacementMonth:
    plans = tuple(
        PlanSpan.of(_resized(span.plan, days), span.start, span.end)
        for span in one.plans
    )
    found = one._replace(plans=plans)
    if one.attendance is None:
        return found
    shut = frozenset(closed) | one.closed
    return found._replace(attendance=_followed(one, plans, month, shut))


def _resized(plan: WeekPlan, days: int) -> WeekPlan:
    return WeekPlan(plan.monday, tuple(_week(week, days) for week in plan.weeks))


def _week(week: Week, days: int) -> Week:
    """The last planned days go, or the first free weekdays are as the first planned."""
    planned = [place for place, hours in enumerate(week) if hours]
    if not planned:
        return week
    kept = planned[: max(1, len(planned) + min(days, 0))]
    free = [place for place in range(WEEKDAYS) if place not in planned]
    added = free[: max(days, 0)]
    first: Hours | None = week[planned[0]]
    return tuple(
        week[place] if place in kept else first if place in added else None
        for place in range(len(week))
    )


def _followed(
    one: PlacementMonth,
    plans: Sequence[PlanSpan],
    month: Month,
    closed: Collection[date],
) -> Attendance:
    """Days no longer planned are gone; new ones are attended, unless closed."""
    told = one.attendance or Attendance("")
    codes = list(told.codes)
    for place, day in enumerate(month.every_day()):
        before, now = hours_on(day, one.plans), hours_on(day, plans)
        if before and not now:
            codes[place] = NOT_PLANNED
        elif now and not before and codes[place] == NOT_PLANNED:
            codes[place] = CLOSED if day in closed else ATTENDED
    parts = {
        number: kept
        for number, kept in told.parts.items()
        if codes[number - 1] != NOT_PLANNED
    }
    return told._replace(codes="".join(codes), parts=parts)


def with_external(whole: WholeMonth, share: int | None) -> WholeMonth:
    """People move between own regi and external until the share is reached."""
    if share is None:
        return whole
    regis = {client.ref: client.placements[0].regi for client in whole.clients}
    wanted = rounded(len(regis) * share, HUNDRED)
    external = [ref for ref, regi in regis.items() if regi == EXTERNAL]
    to = EXTERNAL if wanted > len(external) else OWN
    others = [ref for ref, regi in regis.items() if regi != to]
    moved = drawn(others, abs(wanted - len(external)))
    places = dict(whole.places)
    for client in whole.clients:
        if client.ref in moved:
            places |= {int(p.ref): Place(MOVED[to], to) for p in client.placements}

    def move(client: ClientMonth) -> ClientMonth:
        if client.ref not in moved:
            return client
        placements = tuple(one._replace(regi=to) for one in client.placements)
        return client._replace(placements=placements)

    return replace(whole.changed(move), places=places)


def weights(changes: Changes, people: Mapping[str, int]) -> dict[str, Fraction]:
    """By level: how many there are for each one there was."""
    found = {}
    for level, count in people.items():
        percent = Fraction(changes.more_percent.get(level, 0), HUNDRED * HUNDRED)
        more = Fraction(changes.more_people.get(level, 0), count)
        found[level] = max(Fraction(0), 1 + percent + more)
    return found
