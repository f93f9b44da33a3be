"""A measure's section in docs/performance.md, put in place of the one before."""

from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


def put_section(heading: str, lines: Sequence[str]) -> None:
    """Lines begin with the heading; other sections stand as they are."""
    text = PAGE.read_text("utf-8").rstrip() + "\n\n"
    before, _, after = text.partition(f"{heading}\n")
    _, mark, rest = after.partition("\n## ")
    new = "\n".join(lines) + (f"\n\n## {rest}" if mark else "")
    PAGE.write_text((before + new).rstrip() + "\n", "utf-8")
