"""Every contracted unit as the comparison reads it: one query, and facts kept.

A published presentation never changes, so its answers are read once by each
process and kept under the presentation's own random id.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import Row, bindparam, func, select

from lovdv.choice import distance
from lovdv.database import in_period
from lovdv.extensions import db
from lovdv.formats import swedish_key
from lovdv.providers.easyread import Line, lines, text_lines
from lovdv.providers.models import Contract, ContractUnit, Profile, Provider, Unit
from lovdv.providers.questions import (
    NO_ANSWER,
    QUESTIONS,
    Facts,
    answer,
)

KEPT_AT_MOST = 5_000


@dataclass(frozen=True)
class Presentation:
    """A published version, and what pages make of it; made once."""

    version: int
    facts: Facts
    text: str
    easy_text: str
    checked_on: date | None
    profile_id: int

    @cached_property
    def said(self) -> dict[str, str]:
        """Every question's answer in words, the same questions for every unit."""
        return {q.key: answer(q, self.facts) or NO_ANSWER for q in QUESTIONS}

    @cached_property
    def easy(self) -> list[Line]:
        return lines(self.facts)

    @cached_property
    def written_easy(self) -> list[str]:
        return text_lines(self.easy_text)


NOTHING = Presentation(0, {}, "", "", None, 0)
_kept: OrderedDict[str, Presentation] = OrderedDict()


@dataclass(frozen=True)
class Entry:
    """One unit as a choice system offers it on a day."""

    id: int
    public_id: str
    name: str
    sort_key: str
    provider: str
    street: str
    postcode: str
    town: str
    area: str
    phone: str
    email: str
    manager: str
    permit_maximum: int
    latitude: int | None
    longitude: int | None
    open: bool
    presentation: Presentation

    @property
    def facts(self) -> Facts:
        return self.presentation.facts

    @property
    def version(self) -> int:
        return self.presentation.version

    @property
    def area_key(self) -> str:
        return swedish_key(self.area)

    @property
    def address(self) -> str:
        town = f"{self.postcode} {self.town}".strip()
        return ", ".join(part for part in (self.street, town) if part)

    def said(self, key: str) -> str:
        return self.presentation.said[key]

    def known(self, key: str) -> bool:
        return self.presentation.said[key] != NO_ANSWER

    @property
    def answers(self) -> list[tuple[str, str]]:
        return [(q.words, self.said(q.key)) for q in QUESTIONS]

    def metres_from(self, place: distance.Place | None) -> int | None:
        if place is None or self.latitude is None or self.longitude is None:
            return None
        return distance.metres(place, self.latitude, self.longitude)


_latest = (
    select(Profile.unit_id, func.max(Profile.version).label("version"))
    .where(Profile.status == "published")
    .group_by(Profile.unit_id)
    .subquery()
)
_day = bindparam("day")
_offered = (
    select(
        Unit.id,
        Unit.public_id,
        Unit.name,
        Unit.sort_key,
        Provider.name.label("provider"),
        Unit.street,
        Unit.postcode,
        Unit.town,
        Unit.area,
        Unit.phone,
        Unit.email,
        Unit.manager,
        Unit.permit_maximum,
        Unit.latitude,
        Unit.longitude,
        Contract.closed_from,
        ContractUnit.closed_from.label("leaves_from"),
        Profile.public_id.label("profile"),
    )
    .select_from(ContractUnit)
    .join(Contract, Contract.id == ContractUnit.contract_id)
    .join(Unit, Unit.id == ContractUnit.unit_id)
    .join(Provider, Provider.id == Unit.provider_id)
    .outerjoin(_latest, _latest.c.unit_id == Unit.id)
    .outerjoin(
        Profile,
        (Profile.unit_id == Unit.id) & (Profile.version == _latest.c.version),
    )
    .where(
        Contract.choice_system_id == bindparam("system"),
        Contract.signed_on <= _day,
        in_period(_day, Contract.first_day, Contract.end_day),
        in_period(_day, ContractUnit.first_day, ContractUnit.end_day),
        in_period(_day, Unit.first_day, Unit.end_day),
    )
    .order_by(Unit.sort_key, Unit.id, Contract.id)
)


def overview(choice_system_id: int, on: date) -> list[Entry]:
    """Every unit that a signed contract covers on the day: nobody is left out."""
    rows = db.session.execute(_offered, {"system": choice_system_id, "day": on}).all()
    told = _presentations([row.profile for row in rows if row.profile])
    by_unit = {row.id: row for row in rows}
    return [_entry(row, told, on) for row in by_unit.values()]


def _entry(
    row: Row[tuple[object, ...]], told: Mapping[str, Presentation], on: date
) -> Entry:
    *known, closed_from, leaves_from, profile = row
    is_open = all(day is None or day > on for day in (closed_from, leaves_from))
    return Entry(*known, is_open, told[str(profile)] if profile else NOTHING)


def _presentations(asked: Sequence[str]) -> Mapping[str, Presentation]:
    """Those asked for; what this process has not seen yet is read, and kept."""
    kept = {each: found for each in asked if (found := _kept.get(each))}
    read = _read([each for each in asked if each not in kept])
    _kept.update(read)
    while len(_kept) > max(KEPT_AT_MOST, len(asked)):
        _kept.popitem(last=False)
    return kept | read


def _read(profiles: Sequence[str]) -> dict[str, Presentation]:
    if not profiles:
        return {}
    rows = db.session.scalars(select(Profile).where(Profile.public_id.in_(profiles)))
    return {
        row.public_id: Presentation(
            row.version, row.facts, row.text, row.easy_text, row.checked_on, row.id
        )
        for row in rows
    }
