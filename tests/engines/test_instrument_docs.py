"""The examples in the documentation work, and it names every field."""

import json
import re
from pathlib import Path

from assessment import Result, instrument_schema, read_instrument, score

DOCUMENT = Path(__file__).parents[2] / "docs" / "instrument-format.md"


def test_the_documented_example_is_read_and_scores() -> None:
    example, _ = examples()
    outcome = score(read_instrument(example), {"maltid": "2", "resa": "0"})
    assert isinstance(outcome, Result)
    assert (outcome.level_by_points, outcome.level) == ("1", "2")


def test_the_documented_table_takes_the_place_of_the_limits() -> None:
    whole, part = examples()
    instrument = read_instrument(
        json.dumps(json.loads(whole) | json.loads(f"{{{part}}}"))
    )
    outcome = score(instrument, {"maltid": "1", "resa": "2"})
    assert isinstance(outcome, Result)
    assert (outcome.points, outcome.level) == (4, "2")
    assert instrument.reassessment_months(30) == 12


def test_every_field_of_the_schema_is_documented() -> None:
    text = DOCUMENT.read_text("utf-8")
    schema = json.loads(instrument_schema())
    parts = [schema, *schema["$defs"].values()]
    fields = {name for part in parts for name in part.get("properties", {})}
    assert {name for name in fields if f"`{name}`" not in text} == set()


def examples() -> list[str]:
    return re.findall(r"```json\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
