"""Whole months through the engine: as they were paid, and as they are planned."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, cast

from sqlalchemy import select

from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import month as month_name
from lovdv.payouts.computing import calendars_of, facts_of
from lovdv.payouts.facts import Facts, Terms, rules_on
from lovdv.providers.models import Contract, Provider
from lovdv.systems.models import ChoiceSystem
from payments import Calculation, ClientMonth, Count, Due, Month, Ref, RuleSet
from payments.lines import PLACE

Dues: TypeAlias = Sequence[tuple[ClientMonth, Due]]
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
    carry: Mapping[int, tuple[Count, ...]]
    """By client: the absence that ran on into the month."""

    def due(self, known: Terms) -> list[tuple[ClientMonth, Due]]:
        """What everybody is due by the prices known."""
        counting = Calculation(self.month, self.rules, known.prices, self.facts.closed)
        return [(client, counting.due(client)) for client in self.clients]

    def under(self, rules: RuleSet) -> "WholeMonth":
        """As it would have been read and paid under these rules."""
        return _whole(rules, self.facts.under(rules), self.carry)

    def changed(self, change: Changed) -> "WholeMonth":
        return replace(self, clients=tuple(map(change, self.clients)))


def paid_months(system: ChoiceSystem) -> list[Month]:
    """The latest first."""
    return sorted(calendars_of(system), reverse=True)


def month_alone(system: ChoiceSystem, known: Terms, month: Month) -> WholeMonth:
    """A paid month as it is known now, but for the absence that ran on into it."""
    facts = facts_of(month, known, calendars_of(system))
    return _whole(required_rules(known, month), facts, {})


def paid_month(system: ChoiceSystem, known: Terms, month: Month) -> WholeMonth:
    """A paid month as it is known now, with the absence that ran on into it."""
    calendars = calendars_of(system)
    carry: dict[int, tuple[Count, ...]] = {}
    earlier = sorted(one for one in calendars if one < month)
    for before in earlier:
        facts = facts_of(before, known, calendars)
        _run_on(_counting(known, before, facts), facts.clients(carry), carry)
    facts = facts_of(month, known, calendars)
    return _whole(required_rules(known, month), facts, carry)


def planned_month(known: Terms, month: Month) -> WholeMonth:
    """A month to come: everybody attends as planned, unless nothing is reported."""
    facts = Facts.read(month, known)
    return by_plan(_whole(required_rules(known, month), facts, {}))


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
    rules: RuleSet, facts: Facts, carry: Mapping[int, tuple[Count, ...]]
) -> WholeMonth:
    clients = tuple(facts.clients(carry))
    return WholeMonth(facts.month, rules, facts, clients, _places(facts), carry)


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


def attended(clients: Iterable[ClientMonth]) -> frozenset[Ref]:
    """The placements whose attendance is reported."""
    placements = (one for client in clients for one in client.placements)
    return frozenset(one.ref for one in placements if one.attendance is not None)


def reported(dues: Dues) -> frozenset[Ref]:
    """The placements whose attendance is reported and that nothing is held of."""
    held = {one.placement for _, due in dues for one in due.held if one.kind == PLACE}
    return attended(client for client, _ in dues) - held


def total(dues: Dues, among: Collection[Ref] | None = None) -> int:
    """Öre of all the lines, or of some placements' own."""
    return sum(
        line.amount
        for _, due in dues
        for line in due.lines
        if among is None or line.placement in among
    )
