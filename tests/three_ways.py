"""A municipality's months as plain facts: into the database, into files, by hand.

The recomputation goes day by day in fractions and knows nothing of the engine.
"""

import csv
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

from lovdv.clock import now
from lovdv.extensions import db
from lovdv.needs.models import Assessment, Level
from lovdv.payment_rules.models import SupplementGrant
from lovdv.people.models import Client
from lovdv.placements.models import AttendanceMonth, ClosedDay, Pause, Placement
from lovdv.providers.models import Unit
from tests import make, make_payments

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
END = date(2026, 3, 1)
ONE = timedelta(days=1)
BEFORE = date(2025, 6, 2)
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
AWAY = {"A": "notified", "L": "notified", "S": "late", "O": "late"}
PAID_DAYS = {"notified": 10, "late": 1}

EXTRAS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {"hsl": ("day", 900), "plats": ("month", 50_000)}
)
"""What supplements are paid by, and öre."""

VAT = 6
TAIL = 5
"""Days paid after an end."""

REASON = "other_choice"
MORE: Mapping[str, object] = MappingProxyType(
    {
        "supplements": [
            {
                "code": code,
                "name": f"Tillägg {code}",
                "per": per,
                "amounts": [{"from": "2020-01-01", "amount": str(ore // 100)}],
            }
            | ({"counted": "calendar_days"} if per == "day" else {})
            for code, (per, ore) in EXTRAS.items()
        ],
        "after_end": [{"reason": REASON, "days": str(TAIL), "share": "100"}],
        "vat": {"kind": "added", "percent": str(VAT), "regi": "extern"},
    }
)
"""What is added to the published rules, as their file has it."""

Week = tuple[tuple[int, int] | None, ...]
"""Minutes from and to, a weekday each."""
Part = tuple[str, int, int]


@dataclass
class Place:
    """One placement, and everything that is known of it."""

    number: str
    person: int
    unit: str
    start: date
    end: date | None
    plans: list[tuple[date, tuple[Week, ...]]]
    codes: dict[date, str] = field(default_factory=dict)
    """Days that were not as planned."""
    parts: dict[date, list[Part]] = field(default_factory=dict)
    pauses: list[tuple[date, date, int | None]] = field(default_factory=list)
    silent: set[date] = field(default_factory=set)
    """Months that nobody has reported."""
    annulled: bool = False
    extras: list[tuple[str, date, date | None]] = field(default_factory=list)
    """Supplements by code, from a day up to another."""

    def hours(self, day: date) -> tuple[int, int] | None:
        return self.hours_by(self.plan(day), day)

    def hours_by(
        self, plan: tuple[date, tuple[Week, ...]] | None, day: date
    ) -> tuple[int, int] | None:
        if plan is None:
            return None
        first, weeks = plan
        monday = first - timedelta(days=first.weekday())
        number, weekday = divmod((day - monday).days, 7)
        return weeks[number % len(weeks)][weekday]

    def plan(self, day: date) -> tuple[date, tuple[Week, ...]] | None:
        return next((p for p in reversed(self.plans) if p[0] <= day), None)

    def holds(self, day: date) -> bool:
        is_before_end = self.end is None or day < self.end
        return self.start <= day and is_before_end and not self.annulled

    def pause(self, day: date) -> tuple[date, date, int | None] | None:
        return next((p for p in self.pauses if p[0] <= day < p[1]), None)


@dataclass
class World:
    """People, places, units and closed days."""

    places: list[Place]
    levels: dict[int, list[tuple[date, str]]]
    """By person, each from a day until the next."""
    closed: dict[date, str | None]
    """The unit, or None for all of them."""
    contracts: Mapping[str, tuple[str, date | None]]
    """By unit: regi and the day when the contract is over."""

    def code(self, place: Place, day: date) -> str:
        if day in place.codes:
            return place.codes[day]
        if place.hours(day) is None:
            return "-"
        return "K" if self.is_closed(place, day) else "N"

    def is_closed(self, place: Place, day: date) -> bool:
        return day in self.closed and self.closed[day] in (None, place.unit)

    def level(self, place: Place, day: date) -> str | None:
        known = [label for first, label in self.levels[place.person] if first <= day]
        return known[-1] if known else None

    def is_twice(self, place: Place, day: date, *, reported: bool) -> bool:
        """Whether the person has the same hours at another place too."""
        others = [p for p in self.places if p.person == place.person and p != place]
        return any(
            self._claims(place, day, reported=reported)
            and self._claims(other, day, reported=reported)
            and _meet(place.hours(day), other.hours(day))
            for other in others
        )

    def _claims(self, place: Place, day: date, *, reported: bool) -> bool:
        if not place.holds(day):
            return False
        if not reported:
            return place.hours(day) is not None
        is_told = day.replace(day=1) not in place.silent and not place.pause(day)
        return is_told and self.code(place, day) not in "-UK"

    def is_covered(self, place: Place, day: date) -> bool:
        end = self.contracts[place.unit][1]
        return end is None or day < end


def _meet(one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    """Time outside the plan may be at any hour."""
    if one is None or other is None:
        return True
    return one[0] < other[1] and other[0] < one[1]


def days(first: date, end: date) -> Iterator[date]:
    while first < end:
        yield first
        first += ONE


def month_end(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def week(*hours: int) -> Week:
    """So many hours each weekday from nine."""
    told = [(9 * 60, (9 + n) * 60) if n else None for n in hours]
    return (*told, *[None] * (7 - len(told)))


def half_past(hours: int, days_a_week: int) -> Week:
    """Half an hour more than so many hours, on one of the days."""
    told: list[tuple[int, int] | None] = [(540, 540 + hours * 60)] * days_a_week
    told[0] = (540, 570 + hours * 60)
    return (*told, *[None] * (7 - days_a_week))


PLANS: Sequence[tuple[Week, ...]] = (
    (week(6, 6, 6, 6, 6),),
    (week(7, 7, 7, 7, 7),),
    (week(6, 6, 6, 6),),
    (week(6, 0, 6, 0, 6),),
    (week(4, 4),),
    (week(5),),
    (week(6, 6, 6, 6, 6), week(6, 6, 6)),
    (week(6, 6, 6), week(6, 6)),
    (half_past(6, 3),),
)


def world(seed: int, people: int) -> World:
    """Some tens of people to whom all sorts of things happen."""
    chance = random.Random(seed)
    places: list[Place] = []
    levels: dict[int, list[tuple[date, str]]] = {}
    for person in range(people):
        levels[person] = _levels(chance, person)
        places += _places(chance, person)
    closed = {date(2026, 1, 1): None, date(2026, 1, 6): None, date(2026, 2, 9): "A"}
    contracts = {
        "A": ("extern", None),
        "B": ("intern", None),
        "C": ("extern", date(2026, 2, 16)),
    }
    made = World(places, levels, closed, contracts)
    for place in places:
        _happen(chance, made, place)
    return made


def _levels(chance: random.Random, person: int) -> list[tuple[date, str]]:
    first = FEBRUARY + 4 * ONE if person % 13 == 5 else BEFORE
    told = [(first, chance.choice("1234"))]
    if person % 4 == 1:
        changed = chance.choice([d for d in "1234" if d != told[0][1]])
        told.append((date(2026, 2, chance.randint(6, 27)), changed))
    return told


def _places(chance: random.Random, person: int) -> list[Place]:
    if person % 9 == 4:
        tuesday = 6 if person % 2 else 0
        halves = ((week(6, 6),), (week(0, tuesday, 6, 6, 6),))
        return [_place(chance, person, n, plan) for n, plan in enumerate(halves)]
    return [_place(chance, person, 0, PLANS[person % len(PLANS)])]


def _place(
    chance: random.Random, person: int, number: int, weeks: tuple[Week, ...]
) -> Place:
    start = date(2026, 2, chance.randint(2, 20)) if person % 6 == 3 else BEFORE
    end = date(2026, 2, chance.randint(10, 27)) if person % 7 == 2 else None
    plans = [(start, weeks)]
    if person % 5 == 2 and person % 9 != 4:
        plans.append((date(2026, 2, 16), PLANS[chance.randrange(len(PLANS))]))
    name = f"P{person:03}{number}"
    unit = chance.choice("AABBC")
    return Place(name, person, unit, start, end and max(end, start + ONE), plans)


def _happen(chance: random.Random, made: World, place: Place) -> None:
    _around(chance, place)
    for day in days(JANUARY, END):
        if place.hours(day) is None:
            if chance.random() < 0.01:
                place.codes[day] = "X"
        elif not made.is_closed(place, day):
            _day(chance, place, day)
    if place.person % 10 == 3:
        away = chance.choice("AO")
        long = days(date(2026, 1, 19), date(2026, 2, 11))
        run = [d for d in long if place.hours(d) and not made.is_closed(place, d)]
        place.codes |= dict.fromkeys(run, away)
        place.parts = {d: parts for d, parts in place.parts.items() if d not in run}


def _around(chance: random.Random, place: Place) -> None:
    """Supplements, pauses and silence."""
    person = place.person
    if person % 3 == 0:
        until = date(2026, 2, 12) if person % 2 else None
        place.extras.append(("hsl", date(2026, 1, 14), until))
    if person % 4 == 2:
        place.extras.append(("plats", BEFORE, None))
    if person % 8 == 6:
        first = date(2026, 2, chance.randint(3, 12))
        share = chance.choice([None, 0, 50, 100])
        place.pauses.append((first, first + timedelta(days=9), share))
    if person % 11 == 7:
        place.silent.add(FEBRUARY)


def _day(chance: random.Random, place: Place, day: date) -> None:
    if chance.random() < 0.15:
        place.codes[day] = chance.choice("AASOLPU")
    elif chance.random() < 0.05:
        start, end = place.hours(day) or (0, 0)
        place.parts[day] = [(chance.choice("UA"), (start + end) // 2, end)]


def into_database(made: World) -> None:
    """The facts as rows, as if they had been registered on pages."""
    make.instrument()
    units = {name: _unit(name, *told) for name, told in made.contracts.items()}
    for day, unit in made.closed.items():
        db.session.add(
            ClosedDay(
                choice_system_id=make.system().id,
                unit_id=unit and units[unit].id,
                day=day,
                name="Stängt",
                decided_at=now(),
            )
        )
    people = {number: _person(number, told) for number, told in made.levels.items()}
    for place in made.places:
        _placed(made, place, people[place.person], units[place.unit])
    db.session.flush()


def _unit(name: str, regi: str, end: date | None) -> Unit:
    unit = make.unit(name=f"Enhet {name}", contracted=False)
    make.contract(unit, regi=regi, end_day=end)
    return unit


def _person(number: int, levels: Sequence[tuple[date, str]]) -> Client:
    client = make.person(case_number=f"K{number:03}")
    make.decision(client)
    assessment = make.signed(client)
    for first, label in levels:
        level(assessment, label, first)
    return client


def level(assessment: Assessment, label: str, first: date) -> None:
    """A level from any day; when one counts is for the level rules' own tests."""
    db.session.add(
        Level(
            client_id=assessment.client_id,
            decision_id=assessment.decision_id,
            choice_system_id=make.system().id,
            assessment_id=assessment.id,
            level=label,
            price_level=label,
            first_day=first,
            established_at=now(),
        )
    )


def _placed(made: World, place: Place, client: Client, unit: Unit) -> None:
    row = make.placement(
        client,
        unit,
        number=place.number,
        first_day=place.start,
        end_day=place.end,
        end_reason=REASON if place.end else "",
        times=_times(place.plans[0][1]),
    )
    for first, weeks in place.plans[1:]:
        make.week_plan(row, times=_times(weeks), first_day=first)
    for first, end, share in place.pauses:
        told = {"first_day": first, "end_day": end, "share_paid": share}
        db.session.add(Pause(placement_id=row.id, recorded_at=now(), **told))
    for code, first, end in place.extras:
        told = {"code": code, "first_day": first, "end_day": end}
        grant = SupplementGrant(placement_id=row.id, recorded_at=now(), **told)
        db.session.add(grant)
    for first in (JANUARY, FEBRUARY):
        if first not in place.silent:
            report(made, place, row, first)


def report(
    made: World, place: Place, row: Placement, first: date, version: int = 1
) -> None:
    """The month as its unit confirmed it."""
    held = list(days(first, month_end(first)))
    parts = {
        str(day.day): [
            {"code": code, "from": _clock(start), "to": _clock(end)}
            for code, start, end in place.parts[day]
        ]
        for day in held
        if day in place.parts
    }
    db.session.add(
        AttendanceMonth(
            placement_id=row.id,
            month=first,
            version=version,
            status="confirmed",
            codes="".join(made.code(place, day) for day in held),
            details=parts,
            confirmed_at=now(),
            updated_at=now(),
        )
    )


def _times(weeks: tuple[Week, ...]) -> list[list[list[str] | None]]:
    return [[h and [_clock(h[0]), _clock(h[1])] for h in one] for one in weeks]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def into_files(made: World, folder: Path) -> None:
    """The facts as the files that `lovdv pay` reads."""
    _write(folder / "placeringar.csv", _placement_rows(made))
    levels = [
        {"ärendenummer": f"K{person:03}", "nivå": label, "första_dag": first}
        for person, told in made.levels.items()
        for first, label in told
    ]
    _write(folder / "nivaer.csv", levels)
    contracts = [
        {"enhet": f"Enhet {name}", "första_dag": BEFORE, "sista_dag": _last(end)}
        for name, (_, end) in made.contracts.items()
    ]
    _write(folder / "avtal.csv", contracts)
    closed = [
        {"dag": day, "namn": "Stängt", "enhet": f"Enhet {unit}" if unit else ""}
        for day, unit in made.closed.items()
    ]
    _write(folder / "stangt.csv", closed)
    extras = [
        {
            "placeringsnummer": place.number,
            "tillägg": code,
            "första_dag": first,
            "sista_dag": _last(end),
        }
        for place in made.places
        for code, first, end in place.extras
    ]
    _write(folder / "tillagg.csv", extras)
    for first in (JANUARY, FEBRUARY):
        rows = [
            _attendance_row(made, place, first)
            for place in made.places
            if first not in place.silent
        ]
        _write(folder / f"narvaro-{first:%m}.csv", rows)


def _placement_rows(made: World) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for place in made.places:
        base: dict[str, object] = {
            "placeringsnummer": place.number,
            "ärendenummer": f"K{place.person:03}",
            "enhet": f"Enhet {place.unit}",
            "regi": made.contracts[place.unit][0],
            "första_dag": place.start,
            "sista_dag": _last(place.end),
            "avslutsorsak": REASON if place.end else "",
            "annullerad": "ja" if place.annulled else "",
        }
        for first, weeks in place.plans:
            for number, hours in enumerate(weeks, start=1):
                told = {d: _hours(h) for d, h in zip(WEEKDAYS, hours, strict=True)}
                rows.append({**base, "plan_från": first, "vecka": number, **told})
        for first, end, share in place.pauses:
            pause = {"uppehåll_från": first, "uppehåll_till": _last(end)}
            rows.append({**base, **pause, "uppehåll_procent": share})
    return rows


def _attendance_row(made: World, place: Place, first: date) -> dict[str, object]:
    row: dict[str, object] = {
        "placeringsnummer": place.number,
        "månad": f"{first:%Y-%m}",
    }
    for day in days(first, month_end(first)):
        parts = [
            f"{code} {_clock(start)}-{_clock(end)}"
            for code, start, end in place.parts.get(day, ())
        ]
        row[str(day.day)] = ", ".join([made.code(place, day), *parts])
    return row


def _hours(hours: tuple[int, int] | None) -> str:
    return f"{_clock(hours[0])}-{_clock(hours[1])}" if hours else ""


def _last(end: date | None) -> object:
    return "" if end is None else end - ONE


def _write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def prices(name: str) -> dict[tuple[str, str, str], int]:
    """The published list in öre, by level, class and regi."""
    with (make_payments.PRICES / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return {
        (row["nivå"], row["omfattning"], regi): int(row["belopp_kr"]) * 100
        for row in rows
        for regi in (["extern", "intern"] if row["regi"] == "alla" else [row["regi"]])
    }


Due = dict[tuple[str, str], int]
"""Öre by placement and kind."""


def by_hand(made: World, name: str, first: date) -> Due:
    """What each placement is due for a month; nothing due is left out."""
    pay = _tyreso if name == "tyreso-2020" else _goteborg
    due: Due = {(n, "place"): amount for n, amount in pay(made, first).items()}
    for place in made.places:
        due[place.number, "after_end"] = _after_end(made, place, name, first)
        for code, begin, end in place.extras:
            kind = f"supplement:{code}"
            due[place.number, kind] = _extra(made, place, code, (begin, end), first)
        if made.contracts[place.unit][0] == "extern":
            paid = sum(one for (n, _), one in due.items() if n == place.number)
            due[place.number, "vat"] = half_up(Fraction(paid * VAT, 100))
    return {key: amount for key, amount in due.items() if amount}


def _after_end(made: World, place: Place, name: str, first: date) -> int:
    """Some days after the end, on the terms and by the plan of the last day."""
    if place.end is None or place.annulled:
        return 0
    last = place.end - ONE
    tail = [
        day
        for day in days(place.end, place.end + TAIL * ONE)
        if first <= day < month_end(first) and made.is_covered(place, day)
    ]
    known = prices(name)
    if name == "tyreso-2020":
        price = _day_price(made, place, last, known) or 0
        plan = place.plan(last)
        open_days = [day for day in tail if not made.is_closed(place, day)]
        return price * sum(place.hours_by(plan, day) is not None for day in open_days)
    terms = _month_terms(made, place, last, known)
    held = (month_end(first) - first).days
    return half_up(Fraction(terms[-2] * len(tail), held)) if terms else 0


def _extra(
    made: World,
    place: Place,
    code: str,
    period: tuple[date, date | None],
    first: date,
) -> int:
    """By the calendar days in the placement's time that it does not rest."""
    per, amount = EXTRAS[code]
    held = list(days(first, month_end(first)))
    begin, end = period
    number = sum(
        place.holds(day)
        and made.is_covered(place, day)
        and place.pause(day) is None
        and begin <= day
        and (end is None or day < end)
        for day in held
    )
    parts = 1 if per == "day" else len(held)
    return half_up(Fraction(amount * number, parts))


def half_up(exact: Fraction) -> int:
    return int(exact + Fraction(1, 2))


def _tyreso(made: World, first: date) -> dict[str, int]:
    """Planned days less unpaid absence, day by day; a run goes on over months."""
    known = prices("tyreso-2020")
    due: dict[str, Fraction] = {}
    for person in made.levels:
        own = [one for one in made.places if one.person == person]
        run: Run = {"notified": set(), "late": set()}
        for day in days(JANUARY, month_end(first)):
            for place in own:
                share = _day_share(made, place, day, run)
                price = _day_price(made, place, day, known)
                if day >= first and price is not None:
                    due.setdefault(place.number, Fraction(0))
                    due[place.number] += price * share
    assert all(amount.denominator == 1 for amount in due.values())
    return {number: int(amount) for number, amount in due.items()}


Run = dict[str, set[date]]
"""The days of the absence that goes on, by what is counted together."""


def _day_share(made: World, place: Place, day: date, run: Run) -> Fraction:
    """How much of a day's price is paid."""
    if not place.holds(day) or day.replace(day=1) in place.silent:
        return Fraction(0)
    pause = place.pause(day)
    if pause is not None:
        is_open = place.hours(day) is not None and not made.is_closed(place, day)
        return Fraction(pause[2] or 0, 100) if is_open else Fraction(0)
    code = made.code(place, day)
    if day in place.parts or code in "NX":
        run.update(notified=set(), late=set())
    if day in place.parts:
        return _parted(place, day)
    if code in AWAY:
        run[AWAY[code]].add(day)
        return Fraction(int(len(run[AWAY[code]]) <= PAID_DAYS[AWAY[code]]))
    return Fraction(int(code in "NP"))


def _parted(place: Place, day: date) -> Fraction:
    """A day attended but for a part; away in time for an afternoon is paid."""
    start, end = place.hours(day) or (0, 1)
    unpaid = sum(stop - begin for code, begin, stop in place.parts[day] if code == "U")
    return 1 - Fraction(unpaid, end - start)


def _day_price(
    made: World, place: Place, day: date, known: Mapping[tuple[str, str, str], int]
) -> int | None:
    """The day's price, or None when something stops it."""
    plan, level = place.plan(day), made.level(place, day)
    if plan is None or level is None or not made.is_covered(place, day):
        return None
    if made.is_twice(place, day, reported=True):
        return None
    planned = sum(h is not None for one in plan[1] for h in one)
    per_week = Fraction(planned, len(plan[1]))
    classes = {1: "deltid", 2: "deltid", 3: "halvtid", 4: "halvtid", 5: "heltid"}
    if per_week.denominator != 1:
        return None
    return known[level, classes[int(per_week)], made.contracts[place.unit][0]]


def _goteborg(made: World, first: date) -> dict[str, int]:
    """Ordered time by calendar days; days alike in a row are rounded once."""
    known = prices("goteborg-2023")
    held = list(days(first, month_end(first)))
    due: dict[str, int] = {}
    for place in made.places:
        terms = [_month_terms(made, place, day, known) for day in held]
        for told, some in groupby(terms):
            if told is not None:
                part = Fraction(len(list(some)), 100 * len(held))
                amount = half_up(part * told[-2] * told[-1])
                due[place.number] = due.get(place.number, 0) + amount
    return due


def _month_terms(
    made: World, place: Place, day: date, known: Mapping[tuple[str, str, str], int]
) -> tuple[str, str, bool, int, int] | None:
    """What must be alike for two days to be one line; price and share last."""
    plan, level = place.plan(day), made.level(place, day)
    covered = made.is_covered(place, day)
    if not place.holds(day) or plan is None or level is None or not covered:
        return None
    if made.is_twice(place, day, reported=False):
        return None
    minutes = sum(h[1] - h[0] for one in plan[1] for h in one if h)
    hours = Fraction(minutes, 60 * len(plan[1]))
    bounds = {"deltid 1": (5, 18), "deltid 2": (19, 32), "heltid": (33, 168)}
    found = [name for name, (low, high) in bounds.items() if low <= hours <= high]
    if not found:
        return None
    pause = place.pause(day)
    share = 100 if pause is None or pause[2] is None else pause[2]
    price = known[level, found[0], made.contracts[place.unit][0]]
    return level, found[0], pause is None, price, share


Sums = dict[tuple[str, str, str], int]
"""Öre by placement, month and kind."""


def sums(rows: Iterable[tuple[str, str, str, int]]) -> Sums:
    """Added up; what comes to nothing is left out."""
    found: Sums = {}
    for *key, amount in rows:
        number, month, kind = key
        found[number, month, kind] = found.get((number, month, kind), 0) + amount
    return {key: amount for key, amount in found.items() if amount}


def rules_file(name: str, folder: Path) -> Path:
    """The published rules with what is added to them here."""
    shipped = Path(__file__).parents[1] / "payments" / "rulesets" / f"{name}.json"
    told = json.loads(shipped.read_text("utf-8")) | MORE
    path = folder / "regler.json"
    path.write_text(json.dumps(told, default=dict), encoding="utf-8")
    return path
