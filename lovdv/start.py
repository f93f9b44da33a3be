"""What waits for whom: the parts that features put on the start page."""

from dataclasses import dataclass
from datetime import date


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


@dataclass(frozen=True)
class Link:
    label: str
    endpoint: str
    url: str
    current: bool
