"""Whole months through the engine: as they were paid, and as they are planned."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from sqlalchemy import select

from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import month as month_name
from lovdv.payouts.computing import calendars_of, facts_of
from lovdv.payouts.facts import Facts, Terms, rules_on
from lovdv.providers.models import Contract, Provider
from lovdv.systems.models import ChoiceSystem
from payments import Calculation, ClientMonth, Count, Due, Month, RuleSet

Changed = Callable[[ClientMonth], ClientMonth]


@dataclass(frozen=True)
class Place:
    """Where a placement is paid to, and under which regi."""

    provider: str
    regi: str


@dataclass(frozen=True)
class WholeMonth:
    """Everybody's facts of a month, and the rules that hold in it."""

    month: Month
    rules: RuleSet
    facts: Facts
    clients: tuple[ClientMonth, ...]
    places: Mapping[int, Place]

    def due(self, known: Terms) -> list[tuple[ClientMonth, Due]]:
        """What everybody is due by the prices known."""
        counting = Calculation(self.month, self.rules, known.prices, self.facts.closed)
        return [(client, counting.due(client)) for client in self.clients]

    def changed(self, change: Changed) -> "WholeMonth":
        return replace(self, clients=tuple(map(change, self.clients)))


def paid_month(system: ChoiceSystem, known: Terms, month: Month) -> WholeMonth:
    """A paid month as it is known now, with the absence that ran on into it."""
    calendars = calendars_of(system)
    carry: dict[int, tuple[Count, ...]] = {}
    earlier = sorted(one for one in calendars if one < month)
    for before in earlier:
        facts = facts_of(before, known, calendars)
        _run_on(_counting(known, before, facts), facts.clients(carry), carry)
    facts = facts_of(month, known, calendars)
    return _whole(known, month, facts, carry)


def planned_month(known: Terms, month: Month) -> WholeMonth:
    """A month to come: everybody attends as planned, unless nothing is reported."""
    whole = _whole(known, month, Facts.read(month, known), {})
    return by_plan(whole)


def by_plan(whole: WholeMonth) -> WholeMonth:
    """The month as if everybody had attended as planned."""
    rules = whole.rules
    if rules.not_reported != "not_needed":
        rules = replace(rules, not_reported="plan_is_paid")
    return replace(whole, rules=rules).changed(_unreported)


def _unreported(client: ClientMonth) -> ClientMonth:
    placements = tuple(one._replace(attendance=None) for one in client.placements)
    return client._replace(placements=placements, carry=())


def _whole(
    known: Terms, month: Month, facts: Facts, carry: Mapping[int, tuple[Count, ...]]
) -> WholeMonth:
    return WholeMonth(
        month,
        required_rules(known, month),
        facts,
        tuple(facts.clients(carry)),
        _places(facts),
    )


def required_rules(known: Terms, month: Month) -> RuleSet:
    rules = rules_on(known, month)
    if rules is None:
        raise Refused(
            f"Inga ersättningsregler gäller {month_name(month.first)}. Besluta regler "
            "först."
        )
    return rules


def _counting(known: Terms, month: Month, facts: Facts) -> Calculation:
    return Calculation(month, required_rules(known, month), known.prices, facts.closed)


def _run_on(
    counting: Calculation,
    clients: Iterable[ClientMonth],
    carry: dict[int, tuple[Count, ...]],
) -> None:
    for client in list(clients):
        carry[cast(int, client.ref)] = counting.due(client).carry


def _places(facts: Facts) -> dict[int, Place]:
    """By placement."""
    rows = db.session.execute(
        select(Contract.id, Provider.name, Contract.regi)
        .join(Provider, Provider.id == Contract.provider_id)
        .where(Contract.choice_system_id == facts.terms.choice_system_id)
    )
    contracts = {row.id: Place(row.name, row.regi) for row in rows}
    return {row[0]: contracts[row[5]] for row in facts.rows.placements}


def total(dues: Sequence[tuple[ClientMonth, Due]]) -> int:
    return sum(line.amount for _, due in dues for line in due.lines)
