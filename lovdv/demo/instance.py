"""The demo's own instance folder: its settings, and whether a demo is there."""

import os
import re
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lovdv.demo.ground import NAME
from lovdv.demo.size import Size
from lovdv.demo.users import logins

DATABASE = "lovdv.sqlite3"
MADE = re.compile(
    r"^# people=(?P<people>\d+) months=(?P<months>\d+) as_of=(?P<as_of>[\d-]+)"
    r" seed=(?P<seed>\d+)$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Instance:
    """A folder that may hold settings and a database."""

    folder: Path

    @property
    def settings(self) -> Path:
        return self.folder / "config.py"

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    @property
    def made(self) -> Size | None:
        """The demo that the settings were written for, if they were."""
        if not self.settings.is_file():
            return None
        found = MADE.search(self.settings.read_text("utf-8"))
        if found is None:
            return None
        return Size(
            as_of=date.fromisoformat(found["as_of"]),
            people=int(found["people"]),
            months=int(found["months"]),
            seed=int(found["seed"]),
        )

    @property
    def is_somebody_elses(self) -> bool:
        """Settings or a database are here, and they are not a demo's."""
        return self.made is None and (self.settings.exists() or self.database.exists())

    def write_settings(self, size: Size) -> None:
        """Only the owner may read them: they hold the secret of the sessions."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.settings, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_text(size))

    def remove_database(self) -> None:
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            (self.folder / name).unlink(missing_ok=True)


def _text(size: Size) -> str:
    rows = "".join(f"    {row!r},\n" for row in logins())
    return f"""\
# Demokommunen. Allt i den är påhittat. Skriven av "lovdv demo":
# people={size.people} months={size.months} as_of={size.as_of} seed={size.seed}
SECRET_KEY = "{secrets.token_urlsafe(48)}"
DEMO = True
HTTPS = False
MUNICIPALITY = "{NAME}"
# Demons dag står stilla, så att det som väntar fortsätter att vänta.
TODAY = "{size.as_of}"
DEMO_LOGINS = [
{rows}]
"""
