"""today() and now(); nobody else reads the clock."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask import current_app, has_app_context

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def _set_day() -> date | None:
    """The day that demo and tests have set (LOVDV_TODAY), if any."""
    chosen = current_app.config.get("TODAY") if has_app_context() else None
    return date.fromisoformat(chosen) if chosen else None


def now() -> datetime:
    """The instant, in UTC; on a set day, that day at the present time of day."""
    moment = datetime.now(UTC)
    day = _set_day()
    if day is None:
        return moment
    local = moment.astimezone(STOCKHOLM)
    return datetime.combine(day, local.timetz()).astimezone(UTC)


def today() -> date:
    return _set_day() or now().astimezone(STOCKHOLM).date()


def local_day(moment: datetime) -> date:
    """The Swedish day on which an instant falls."""
    return moment.astimezone(STOCKHOLM).date()


def start_of(day: date) -> datetime:
    """The instant, in UTC, when a Swedish day begins."""
    return datetime.combine(day, time(), STOCKHOLM).astimezone(UTC)
