"""What a page sends: a round's days, one question as typed, what became of it."""

from dataclasses import dataclass
from datetime import date

from lovdv.calibration.models import BlindAnswer
from lovdv.needs.saving import plain


@dataclass(frozen=True, slots=True)
class Typed:
    """One question as a tab has it: what is typed, and what it was shown."""

    question: str
    answer: str
    reason: str
    seen: str

    @property
    def words(self) -> str:
        """The reason with one kind of line end: forms and scripts send different."""
        return plain(self.reason)


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one typed question; `conflict` holds another tab's answer."""

    question: str
    seen: str
    written: bool = False
    conflict: BlindAnswer | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day up to, not including, the end day."""

    first_day: date
    end_day: date
