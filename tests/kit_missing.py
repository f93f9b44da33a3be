"""What this machine lacks for the whole suite, and how to get it."""

import os
import shutil
from dataclasses import dataclass
from functools import cache

import pytest

from tests.kit_databases import DEFAULT_ADDRESS, POSTGRES, postgres_server

REQUIRE = "LOVDV_REQUIRE_ALL"
CHROMIUM = "LOVDV_TEST_CHROMIUM"
BROWSERS = (
    "chromium-headless-shell",  # the same without windows, so quicker
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
)


@dataclass(frozen=True)
class Part:
    """A part of the suite that cannot run here."""

    marker: str
    reason: str
    remedy: str


@cache
def chromium() -> str | None:
    """The browser to run, by variable or by its usual names."""
    chosen = os.environ.get(CHROMIUM)
    if chosen:
        return chosen if os.access(chosen, os.X_OK) else None
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


@cache
def parts() -> tuple[Part, ...]:
    """Every part that is missing; nothing when all can run."""
    missing = []
    if postgres_server() is None:
        address = os.environ.get(POSTGRES) or DEFAULT_ADDRESS
        missing.append(
            Part(
                "postgresql",
                f"PostgreSQL svarar inte på {address}",
                "apt install postgresql, och ge en användare som får skapa "
                f"databaser: {POSTGRES}=postgresql://namn:lösenord@127.0.0.1/postgres",
            )
        )
    if chromium() is None:
        missing.append(
            Part(
                "browser",
                "Chromium finns inte",
                "apt install chromium-headless-shell, eller peka ut den: "
                f"{CHROMIUM}=/sökväg",
            )
        )
    return tuple(missing)


def required() -> bool:
    return os.environ.get(REQUIRE, "") not in {"", "0"}


def tell(config: pytest.Config) -> None:
    """The last lines of a run: what was not run, and how to get it."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not parts() or config.option.collectonly:
        return
    for part in parts():
        skipped = len(
            [
                report
                for report in reporter.stats.get("skipped", [])
                if part.reason in str(report.longrepr)
            ]
        )
        if skipped:
            reporter.write_line(
                f"INTE KÖRT: {skipped} test. {part.reason}. Gör så här: {part.remedy}",
                yellow=True,
            )
