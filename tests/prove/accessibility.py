"""Every page in a browser with axe-core: what the accessibility statement rests on."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.browser.pages import NOT_PAGES

ROOT = Path(__file__).parents[2]
ACCESS = ROOT / "tests" / "house" / "access.txt"
TESTED = ROOT / "lovdv" / "accessibility" / "tested.json"
FILES = (
    "tests/browser/test_pages.py",
    "tests/browser/test_reading.py",
    "tests/browser/test_choosing.py",
    "tests/browser/test_keyboard.py",
)
WAYS = [
    "med axe-core, reglerna för WCAG 2.2 AA och god praxis, i varje roll som har sidan",
    "ljust och mörkt, med starkare kontrast, lättläst, med bilder och i större text",
    "på en skärm som är 320 bildpunkter bred",
    "formulär som skickas tomma, så att felen syns",
    "hela valet med bara tangentbord, utan skript och i utskrift",
    "hela valet på en skärm som är 320 bildpunkter bred med dubbelt så stor text",
    "närvaron med bara tangentbord",
]


def prove() -> Iterator[str]:
    """Run the browser's tests; when all pass, note the day for the statement."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "auto", *FILES],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    yield f"{_pages()} pages, {', '.join(FILES)}: {lines[-1]}"
    if done.returncode:
        yield from ("", "```", *lines[-60:], "```")
        return
    day = datetime.now(UTC).date()  # noqa: TID251 - when it was proved
    told = {"on": day.isoformat(), "pages": _pages(), "ways": WAYS}
    text = json.dumps(told, ensure_ascii=False, indent=2)
    TESTED.write_text(text + "\n", "utf-8")


def _pages() -> int:
    """What can be opened, each of which the tests reach as somebody."""
    rows = [row.split()[:2] for row in ACCESS.read_text("utf-8").splitlines() if row]
    found = {row[0] for row in rows if row[1].startswith("GET")}
    return len(found - NOT_PAGES)
