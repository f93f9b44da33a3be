"""The payments engine: placements, levels, attendance and rules in, lines out."""

from payments.calendar import EFFECTS, Extent, Hours, PlanSpan, WeekPlan, planned_codes
from payments.corrections import (
    Booked,
    Change,
    Group,
    Settled,
    changes,
    settled,
    standing,
    turned,
)
from payments.errors import PaymentError
from payments.facts import (
    Attendance,
    ClientMonth,
    Count,
    LevelSpan,
    Part,
    Pause,
    PlacementMonth,
    Span,
)
from payments.lines import Due, Held, Line, Priced, amount_of, explained, recomputed
from payments.money import in_kronor, kronor, ore, rounded, shown
from payments.month import Month
from payments.pay import Calculation
from payments.price_rows import Expected, ReadPrices, RowNote, read_price_rows
from payments.rates import PriceCell, PriceList, PriceSpan, Ref, in_force
from payments.reading import read_rules
from payments.rules import RuleSet, known_rules

__all__ = [
    "EFFECTS",
    "Attendance",
    "Booked",
    "Calculation",
    "Change",
    "ClientMonth",
    "Count",
    "Due",
    "Expected",
    "Extent",
    "Group",
    "Held",
    "Hours",
    "LevelSpan",
    "Line",
    "Month",
    "Part",
    "Pause",
    "PaymentError",
    "PlacementMonth",
    "PlanSpan",
    "PriceCell",
    "PriceList",
    "PriceSpan",
    "Priced",
    "ReadPrices",
    "Ref",
    "RowNote",
    "RuleSet",
    "Settled",
    "Span",
    "WeekPlan",
    "amount_of",
    "changes",
    "explained",
    "in_force",
    "in_kronor",
    "known_rules",
    "kronor",
    "ore",
    "planned_codes",
    "read_price_rows",
    "read_rules",
    "recomputed",
    "rounded",
    "settled",
    "shown",
    "standing",
    "turned",
]
