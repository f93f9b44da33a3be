"""The demo's past choices, orders and placements, with plans, pauses, workplaces."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lovdv.choice.models import Choice
from lovdv.demo import names
from lovdv.demo.cast import Stay, Story
from lovdv.demo.ground import Ground, at
from lovdv.demo.people import Rooted, caseworker_of
from lovdv.demo.rows import add, add_numbered
from lovdv.demo.units import Units, halves
from lovdv.people.models import Offer
from lovdv.placements.models import Order, Pause, Placement, WeekPlan, Workplace

REASONS = {
    "interest": "Personen tycker om det som görs där.",
    "distance": "Det är nära hemmet.",
    "place": "Det finns plats alla dagar.",
}
ORDERED = frozenset({Story.JOINED, Story.RECHOSE})
CONTACT = "Handläggaren, telefon 070-174 06 10"


@dataclass(frozen=True)
class Placed:
    """A stay with the id of its placement."""

    rooted: Rooted
    stay: Stay
    placement_id: int


def add_placements(ground: Ground, units: Units, rooted: list[Rooted]) -> list[Placed]:
    """Everything that led to today's placements and to those that have ended."""
    stays = [(r, stay) for r in rooted for stay in r.resident.stays]
    maker = _Maker(ground, units, ground.size.random("placements"))
    choices = add_numbered(Choice, [maker.choice(r, stay) for r, stay in stays])
    orders = maker.add_orders(stays, choices)
    workplaces = maker.add_workplaces(stays)
    drawn = maker.rng.sample(range(10_000_000), len(stays))
    rows = [
        {
            **maker.placement(r, stay),
            "number": f"P{drawn[n]:07}",
            "order_id": orders.get(n),
            "workplace_id": workplaces.get(n),
        }
        for n, (r, stay) in enumerate(stays)
    ]
    ids = add_numbered(Placement, rows)
    placed = [
        Placed(r, stay, number) for (r, stay), number in zip(stays, ids, strict=True)
    ]
    add(WeekPlan, [row for one in placed for row in maker.plans(one)])
    add(Pause, [row for one in placed for row in _pauses(one)])
    return placed


Stays = list[tuple[Rooted, Stay]]


@dataclass(frozen=True)
class _Maker:
    """Rows for one stay at a time."""

    ground: Ground
    units: Units
    rng: Random

    def before(self, day: date, days: int) -> date:
        """So many days before, but not before lovdv was there."""
        return max(
            day - timedelta(days=days), self.ground.size.start - timedelta(days=20)
        )

    def responsible(self, rooted: Rooted) -> int:
        return self.ground.users[caseworker_of(rooted.resident)]

    def choice(self, rooted: Rooted, stay: Stay) -> dict[str, object]:
        picked = stay.chosen == "no_choice"
        channel = self.rng.choice(("self", "guide", "caseworker"))
        return {
            "client_id": rooted.client_id,
            "decision_id": rooted.decision_id,
            "choice_system_id": self.ground.system_id,
            "kind": stay.chosen,
            "unit_id": self.units.ids[stay.unit],
            "made_by": "nobody" if picked else "person",
            "channel": "caseworker" if picked else channel,
            "registered_by_id": self.responsible(rooted),
            "registered_at": at(self.before(stay.first_day, 28)),
            "shown": {} if picked else self.units.shown_to(rooted.public_id),
            "support": "" if picked else "Vi tittade på bilder tillsammans.",
            "reasons": REASONS if picked else {},
            "wanted_start": stay.first_day,
            "effective_day": stay.first_day if stay.chosen == "rechoice" else None,
        }

    def add_orders(self, stays: Stays, choices: list[int]) -> dict[int, int]:
        """Orders for those who came or changed in lovdv's own time, by their place."""
        wanted = [
            n
            for n, (r, stay) in enumerate(stays)
            if r.resident.story in ORDERED and stay.first_day >= self.ground.size.start
        ]
        rows = [{**self.order(*stays[n]), "choice_id": choices[n]} for n in wanted]
        add(Offer, [self.offer(*stays[n]) for n in wanted])
        return dict(zip(wanted, add_numbered(Order, rows), strict=True))

    def order(self, rooted: Rooted, stay: Stay) -> dict[str, object]:
        times = stay.plans[0][1]
        sent = self.before(stay.first_day, 21)
        levels = [v for day, v in rooted.resident.levels if day <= stay.first_day]
        return {
            "choice_system_id": self.ground.system_id,
            "client_id": rooted.client_id,
            "decision_id": rooted.decision_id,
            "unit_id": self.units.ids[stay.unit],
            "contract_id": self.units.contract_of(stay.unit),
            "goal": "Enligt beslutet och det personen själv har sagt.",
            "extent": f"{len({day for day, _ in halves(times)})} dagar i veckan",
            "half_days": sorted(f"{day}{half}" for day, half in halves(times)),
            "level": levels[-1] if levels else "",
            "wanted_start": stay.first_day,
            "contact": CONTACT,
            "sent_at": at(sent),
            "sent_by_id": self.responsible(rooted),
            "answer_by": sent + timedelta(days=7),
            "status": "confirmed",
            "answered_at": at(self.before(stay.first_day, 18)),
            "start_day": stay.first_day,
        }

    def offer(self, rooted: Rooted, stay: Stay) -> dict[str, object]:
        return {
            "decision_id": rooted.decision_id,
            "unit_id": self.units.ids[stay.unit],
            "day": self.before(stay.first_day, 21),
            "answer": "accepted",
            "answered_on": self.before(stay.first_day, 18),
        }

    def add_workplaces(self, stays: Stays) -> dict[int, int]:
        """Workplaces by unit, a few of them shared by a group."""
        employers = {
            n: self.rng.choice(names.EMPLOYERS)
            for n, (r, stay) in enumerate(stays)
            if r.resident.at_workplace and stay is r.resident.stays[-1]
        }
        keys = sorted({(stays[n][1].unit, name) for n, name in employers.items()})
        rows = [
            {
                "unit_id": self.units.ids[unit],
                "employer": name,
                "kind": "group" if name in names.EMPLOYERS[:3] else "single",
                "contact_owner": self.units.where[unit].plan.manager,
            }
            for unit, name in keys
        ]
        ids = dict(zip(keys, add_numbered(Workplace, rows), strict=True))
        return {n: ids[stays[n][1].unit, name] for n, name in employers.items()}

    def placement(self, rooted: Rooted, stay: Stay) -> dict[str, object]:
        size = self.ground.size
        ends = [end for end in (stay.end_day, rooted.resident.decision_end) if end]
        made = size.as_of - timedelta(days=self.rng.randint(10, 372))
        return {
            "municipality_id": self.ground.municipality_id,
            "choice_system_id": self.ground.system_id,
            "client_id": rooted.client_id,
            "decision_id": rooted.decision_id,
            "unit_id": self.units.ids[stay.unit],
            "contract_id": self.units.contract_of(stay.unit),
            "first_day": stay.first_day,
            "end_day": stay.end_day,
            "paid_first_day": max(stay.first_day, size.start),
            "paid_end_day": min(ends) if ends else None,
            "end_reason": stay.end_reason,
            "plan_made_on": max(made, stay.first_day),
            "plan_participation": "Personen var med och bestämde målen.",
            "next_follow_up_on": size.as_of + timedelta(days=self.rng.randint(-4, 330)),
            "recorded_at": at(self.before(stay.first_day, 18)),
        }

    def plans(self, one: Placed) -> list[dict[str, object]]:
        return [
            {
                "placement_id": one.placement_id,
                "first_day": day,
                "times": times,
                "decided_at": at(self.before(day, 18)),
            }
            for day, times in one.stay.plans
        ]


def _pauses(one: Placed) -> list[dict[str, object]]:
    paused = one.rooted.resident.paused
    if paused is None:
        return []
    return [
        {
            "placement_id": one.placement_id,
            "first_day": paused[0],
            "end_day": paused[1],
            "share_paid": 0,
            "recorded_at": at(paused[0] + timedelta(days=2)),
        }
    ]
