"""The demo's providers, units, contracts, ceilings and published profiles."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lovdv.access import Role
from lovdv.accounts.models import RoleGrant
from lovdv.choice.ordering import neutral, seed_for
from lovdv.demo import names, users
from lovdv.demo.cast import Place, Resident, Times, active
from lovdv.demo.ground import Ground
from lovdv.demo.mapped import position
from lovdv.demo.places import ProviderPlan
from lovdv.demo.presented import present
from lovdv.demo.rows import add, add_numbered
from lovdv.demo.size import Size
from lovdv.formats import swedish_key
from lovdv.providers.models import (
    Capacity,
    Contract,
    ContractUnit,
    Provider,
    Unit,
)

NOON = "12:00"
MOST_SHOWN = 25
Half = tuple[int, str]


@dataclass(frozen=True)
class Units:
    """The demo's units as rows: ids in the order of the places, and contracts."""

    where: list[Place]
    ids: list[int]
    public_ids: list[str]
    contracts: Mapping[str, int]

    def contract_of(self, unit: int) -> int:
        return self.contracts[self.where[unit].provider.name]

    def shown_to(self, client: str) -> dict[str, object]:
        """What stood on the page when the person chose."""
        seed = seed_for(client)
        order = neutral(seed, self.public_ids[:MOST_SHOWN], str)
        units = [[unit, 1] for unit in order]
        return {"seed": seed, "sort": "neutral", "units": units}


def add_units(ground: Ground, where: list[Place], people: list[Resident]) -> Units:
    """Insert them and give their ids."""
    size = ground.size
    since = first_day(size)
    held = _held(size, people, len(where))
    providers = _providers(where)
    rows = _rows(size, where, providers, held)
    units = add_numbered(Unit, rows)
    contracts = _contracts(ground, where, providers, since)
    covered = [
        {"contract_id": contracts[p.provider.name], "unit_id": unit, "first_day": since}
        for p, unit in zip(where, units, strict=True)
    ]
    add(ContractUnit, covered)
    add(Capacity, list(_ceilings(size, where, units, held)))
    present(ground, where, units)
    _grant_providers(ground, where, units)
    public_ids = [str(row["public_id"]) for row in rows]
    return Units(where, units, public_ids, contracts)


def first_day(size: Size) -> date:
    """Since when the units are there, under contract."""
    return date(size.start.year - 3, 1, 1)


def _providers(where: list[Place]) -> dict[str, int]:
    plans: dict[str, ProviderPlan] = {p.provider.name: p.provider for p in where}
    rows = [
        {
            "name": plan.name,
            "organisation_number": plan.organisation_number,
            "counterpart": plan.counterpart,
            "email": "info@exempel.invalid",
            "phone": "070-174 06 05",
        }
        for plan in plans.values()
    ]
    return dict(zip(plans, add_numbered(Provider, rows), strict=True))


def _rows(
    size: Size,
    where: list[Place],
    providers: dict[str, int],
    held: list[Counter[Half]],
) -> list[dict[str, object]]:
    since = first_day(size)
    rng = size.random("units")
    return [
        {
            "public_id": f"{rng.getrandbits(80):020x}",
            "provider_id": providers[place.provider.name],
            "name": place.name,
            "sort_key": swedish_key(place.name),
            "permit_number": f"DEMO-{1000 + number}",
            "permit_maximum": _ceiling(place, held[number]) + 4,
            "manager": place.plan.manager,
            "street": place.plan.street,
            "postcode": f"000 {10 + number % 40}",
            "town": names.TOWN,
            "area": place.plan.area,
            "latitude": position(place.plan.name)[0],
            "longitude": position(place.plan.name)[1],
            "phone": names.phone(rng),
            "email": "enheten@exempel.invalid",
            "first_day": since,
        }
        for number, place in enumerate(where)
    ]


def _contracts(
    ground: Ground, where: list[Place], providers: dict[str, int], since: date
) -> dict[str, int]:
    plans: dict[str, ProviderPlan] = {p.provider.name: p.provider for p in where}
    rows = [
        {
            "choice_system_id": ground.system_id,
            "provider_id": providers[name],
            "number": f"DV-{since.year}-{number:02}",
            "regi": plan.regi,
            "signed_on": since - timedelta(days=30),
            "first_day": since,
            "supplier_number": plan.supplier,
            "account": plan.account,
            "order_reference": f"LOV{plan.supplier}",
            "vat_compensation": plan.regi == "extern",
            "is_default": plan.counterpart == "own",
        }
        for number, (name, plan) in enumerate(plans.items(), 1)
    ]
    return dict(zip(plans, add_numbered(Contract, rows), strict=True))


def _held(size: Size, people: Iterable[Resident], count: int) -> list[Counter[Half]]:
    """How many have plans at each unit, by weekday and half, at the end."""
    held: list[Counter[Half]] = [Counter() for _ in range(count)]
    for _, stay in active(list(people), size.as_of):
        held[stay.unit].update(halves(stay.plans[-1][1]))
    return held


def halves(times: Times) -> set[Half]:
    """The half-days that a plan takes in any of its weeks."""
    return {
        (weekday, half)
        for week in times
        for weekday, hours in enumerate(week)
        if hours
        for half, takes in (("am", hours[0] < NOON), ("pm", hours[1] > NOON))
        if takes
    }


def _ceiling(place: Place, held: Counter[Half]) -> int:
    return max(held.values(), default=0) + max(place.plan.room, 1)


def _ceilings(
    size: Size, where: list[Place], units: list[int], held: list[Counter[Half]]
) -> Iterable[dict[str, object]]:
    """A full unit has just those who are there; others have room every half-day."""
    for place, unit, taken in zip(where, units, held, strict=True):
        for weekday in range(5):
            for half in ("am", "pm"):
                full = taken[weekday, half]
                room = _ceiling(place, taken) if place.plan.room else full
                yield {
                    "unit_id": unit,
                    "weekday": weekday,
                    "half": half,
                    "ceiling": room,
                    "first_day": size.start,
                }


def _grant_providers(ground: Ground, where: list[Place], units: list[int]) -> None:
    ids = {place.name: unit for place, unit in zip(where, units, strict=True)}
    rows = [
        {
            "user_id": ground.users[person.login],
            "role": Role.PROVIDER.value,
            "municipality_id": ground.municipality_id,
            "unit_id": ids[person.unit],
            "first_day": ground.first_day,
        }
        for person in users.USERS
        if person.unit
    ]
    add(RoleGrant, rows)
