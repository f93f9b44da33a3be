"""make prove: run every part, or the parts named, and write what they found."""

import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from tests.prove import (
    accessibility,
    assessment_mutation,
    assessment_properties,
    crashes,
    easy_read,
    payment_mutation,
    payment_properties,
)

ROOT = Path(__file__).parents[2]
EVIDENCE = ROOT / "docs" / "evidence"
Part = Callable[[], Iterable[str]]
PARTS: dict[str, Part] = {
    "accessibility": accessibility.prove,
    "assessment-properties": assessment_properties.prove,
    "assessment-mutation": assessment_mutation.prove,
    "payment-properties": payment_properties.prove,
    "payment-mutation": payment_mutation.prove,
    "payment-crashes": crashes.prove,
    "easy-read-lix": easy_read.prove,
}


def main(names: list[str]) -> None:
    unknown = set(names) - PARTS.keys()
    if unknown:
        sys.exit(f"No such part: {', '.join(unknown)}. Parts: {', '.join(PARTS)}")
    EVIDENCE.mkdir(exist_ok=True)
    for name in names or PARTS:
        sys.stdout.write(f"{name} ...\n")
        sys.stdout.flush()
        lines = [f"# {name}", "", *_made(), "", *PARTS[name]()]
        (EVIDENCE / f"{name}.md").write_text("\n".join(lines) + "\n", "utf-8")


def _made() -> Iterable[str]:
    now = datetime.now(UTC)  # noqa: TID251 - when it was proved
    commit = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--", "assessment", "payments", "lovdv")
    yield f"Made by `make prove` on {now:%Y-%m-%d %H:%M} UTC at commit `{commit}`"
    yield "with uncommitted changes in the code." if changed else "without changes."


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout.strip()


if __name__ == "__main__":
    main(sys.argv[1:])
