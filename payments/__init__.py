"""The payments engine: placements, levels, attendance and rules in, lines out."""

from payments.beside import vat_of
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
from payments.dates import change_day, judged, last_report, latest_change
from payments.errors import PaymentError
from payments.facts import (
    Attendance,
    ClientMonth,
    Count,
    Ended,
    LevelSpan,
    Part,
    Pause,
    PlacementMonth,
    Span,
    Supplement,
)
from payments.fields import FIELDS, Field
from payments.lines import Due, Held, Line, Priced, amount_of, explained, recomputed
from payments.money import in_kronor, kronor, ore, rounded, shown
from payments.month import Month
from payments.pay import Calculation
from payments.price_rows import Expected, ReadPrices, RowNote, read_price_rows
from payments.rates import PriceCell, PriceList, PriceSpan, Ref, in_force
from payments.reading import read_rules
from payments.rules import RuleSet, known_rules
from payments.steps import DayPart, DayStep, day_steps
from payments.terms import ordinary_month
from payments.writing import written

__all__ = [
    "EFFECTS",
    "FIELDS",
    "Attendance",
    "Booked",
    "Calculation",
    "Change",
    "ClientMonth",
    "Count",
    "DayPart",
    "DayStep",
    "Due",
    "Ended",
    "Expected",
    "Extent",
    "Field",
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
    "Supplement",
    "WeekPlan",
    "amount_of",
    "change_day",
    "changes",
    "day_steps",
    "explained",
    "in_force",
    "in_kronor",
    "judged",
    "known_rules",
    "kronor",
    "last_report",
    "latest_change",
    "ordinary_month",
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
    "vat_of",
    "written",
]
