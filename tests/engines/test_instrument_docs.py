"""The example in the documentation is an instrument that works."""

import re
from pathlib import Path

from assessment import Result, read_instrument, score

DOCUMENT = Path(__file__).parents[2] / "docs" / "instrument-format.md"


def test_the_documented_example_is_read_and_scores() -> None:
    (example,) = re.findall(
        r"```json\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL
    )
    outcome = score(read_instrument(example), {"maltid": "2", "resa": "0"})
    assert isinstance(outcome, Result)
    assert (outcome.level_by_points, outcome.level) == ("1", "2")
