"""When a row is next looked at or paid, by the rules in force."""

from dataclasses import dataclass
from datetime import date, timedelta

from lovdv.clock import now, today
from lovdv.formats import month as month_name
from lovdv.payouts import queries as runs
from lovdv.payouts.facts import rule_sets
from lovdv.payouts.standing import BOOKED
from lovdv.placements.settings import whole, word
from payments import Month, known_rules

LATE = {
    "wait": "Utan bekräftad närvaro betalas månaden inte.",
    "plan": "Utan bekräftad närvaro betalas planen, och rättas sedan.",
    "hold": "Utan bekräftad närvaro hålls månaden inne.",
}


@dataclass(frozen=True)
class Ahead:
    """What happens next and, where it is known, on which day at the latest."""

    text: str
    day: date | None = None


@dataclass(frozen=True)
class Calendar:
    """One choice system's days for computing, paying and answering."""

    choice_system_id: int
    next_run: Month | None
    """The month whose run comes next; None before the first."""

    @classmethod
    def of(cls, choice_system_id: int) -> "Calendar":
        last = runs.last_run(choice_system_id)
        if last is None:
            return cls(choice_system_id, None)
        month = Month.of(last.month)
        return cls(choice_system_id, month.next if last.status in BOOKED else month)

    def run_by(self, month: Month) -> date:
        return self._day_after(month, "run_by_day")

    def paid_by(self, month: Month) -> date:
        return self._day_after(month, "pay_by_day")

    def _day_after(self, month: Month, name: str) -> date:
        day = whole(self.choice_system_id, "basis", name, month.first)
        return month.end + timedelta(days=day - 1)

    def next_look(self, after: Month) -> Ahead:
        """The next run that can take up what a run of the month did not pay."""
        month = max(self.next_run or after, after)
        return Ahead(f"Ses över i körningen för {_name(month)}", self.run_by(month))

    def computed(self, month: Month) -> Ahead:
        """When a month that has no run yet is computed; one passed over comes next."""
        run = max(self.next_run or month, month)
        return Ahead(f"Räknas i körningen för {_name(run)}", self.run_by(run))

    def waits_for_attendance(self, month: Month) -> bool:
        """Whether the rules pay nothing for a month that is not confirmed."""
        rules = known_rules(rule_sets(self.choice_system_id), month.first, now())
        return rules is not None and rules.not_reported != "not_needed"

    def unconfirmed(self, month: Month) -> str:
        return LATE[word(self.choice_system_id, "attendance", "late", month.first)]


def answer_by(choice_system_id: int) -> date:
    """The last day to answer an objection that is sent today."""
    days = whole(choice_system_id, "basis", "answer_days")
    return today() + timedelta(days=days)


def _name(month: Month) -> str:
    return month_name(month.first)
