"""What a plan amounts to: days and hours a week, and its extent class."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lovdv.clock import now
from lovdv.payouts.facts import rule_sets
from lovdv.placements.plans import days_a_week, hours_a_week
from payments import Month, PaymentError, WeekPlan, known_rules


@dataclass(frozen=True)
class Amount:
    """A plan in figures. `fault` tells why it has no extent class."""

    days: Decimal
    hours: Decimal
    extent_class: str = ""
    fault: str = ""


def amount_of(plan: WeekPlan, choice_system_id: int, on: date) -> Amount:
    """Under the payment rules in force on the day; no rules decided: no class."""
    figures = Amount(days_a_week(plan.extent), hours_a_week(plan.extent))
    try:
        rules = known_rules(rule_sets(choice_system_id), Month.of(on).first, now())
        name = rules.extent_class(plan.extent) if rules else ""
    except PaymentError as fault:
        return Amount(figures.days, figures.hours, fault=str(fault))
    return Amount(figures.days, figures.hours, name)
