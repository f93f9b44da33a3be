"""What waits for whom: the parts that features put on the start page."""

from dataclasses import dataclass
from datetime import date

from lovdv.formats import day


@dataclass(frozen=True)
class Waiting:
    """One thing to do. `endpoint` is guarded by the same check as its view."""

    title: str
    endpoint: str
    count: int = 0
    text: str = ""
    due: date | None = None
    urgent: bool = False
    values: tuple[tuple[str, str], ...] = ()

    def when(self, today: date) -> str:
        """How the day is told: passed, today or to come; empty without a day."""
        if self.due is None:
            return "Brådskar" if self.urgent else ""
        if self.due < today:
            return f"Skulle varit klart {day(self.due)}"
        if self.due == today:
            return "Sista dagen är i dag"
        return f"{'Brådskar, senast' if self.urgent else 'Senast'} {day(self.due)}"

    def kind(self, today: date) -> str:
        late = self.urgent or (self.due is not None and self.due < today)
        return "danger" if late else "info"


@dataclass(frozen=True)
class Link:
    label: str
    endpoint: str
    url: str
    current: bool
