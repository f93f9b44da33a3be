"""What docs, pages and reader say of the rule file is the same."""

import json
import re
from pathlib import Path

import pytest

from payments import FIELDS, Field
from payments.reading import EXTENT, OPTIONAL, REQUIRED
from payments.row_reading import ABSENCE_FIELDS
from payments.rules import (
    BASES,
    CONCURRENT,
    COUNTED,
    COUNTINGS,
    MEASURES,
    NOT_REPORTED_RULES,
    PART_DAYS,
    PER_SUPPLEMENT,
    PLACES,
    PRORATIONS,
    RESTARTS,
    SAME_HOURS,
    SINCE,
    SUPPLEMENT_DAYS,
    VAT_KINDS,
)
from tests.engines.payfacts import changed

PAGE = (Path(__file__).parents[2] / "docs" / "payment-rules.md").read_text("utf-8")
BY_NAME = {field.name: field for field in FIELDS}


def named(heading: str) -> set[str]:
    """The fields of the first column of the table under a heading."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line[:1] == "|"]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_the_page_names_every_field_that_is_read() -> None:
    assert named("What every rule set says") == set(REQUIRED)
    assert named("What may be left out") == set(OPTIONAL)
    assert named("Absence") == set(ABSENCE_FIELDS)


def test_the_pages_fields_are_those_that_are_read() -> None:
    assert set(BY_NAME) == {*REQUIRED, *OPTIONAL}
    required = {field.name for field in FIELDS if field.default is None}
    assert required == set(REQUIRED)
    assert {field.name for field in BY_NAME["extent"].fields} == set(EXTENT)
    assert {field.name for field in BY_NAME["absence"].fields} == set(ABSENCE_FIELDS)


def choices(path: str) -> list[str]:
    fields, found = BY_NAME, None
    for name in path.split("."):
        found = fields[name]
        fields = {field.name: field for field in found.fields}
    assert isinstance(found, Field)
    return [value for value, _ in found.choices if value]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("basis", BASES),
        ("counted", COUNTED),
        ("extent.measure", MEASURES),
        ("absence.counting", COUNTINGS),
        ("absence.restart", RESTARTS),
        ("proration", PRORATIONS),
        ("proration_change", PRORATIONS),
        ("part_days", PART_DAYS),
        ("not_reported", NOT_REPORTED_RULES),
        ("same_hours", SAME_HOURS),
        ("concurrent", CONCURRENT),
        ("pause.place", PLACES),
        ("after_end.from", SINCE),
        ("supplements.per", PER_SUPPLEMENT),
        ("supplements.counted", SUPPLEMENT_DAYS),
        ("vat.kind", VAT_KINDS),
    ],
)
def test_the_choices_of_a_field_are_those_that_are_read(
    path: str, values: tuple[str, ...]
) -> None:
    assert choices(path) == list(values)
    assert all(f"`{value}`" in PAGE for value in values)


def test_the_examples_of_the_page_can_be_read() -> None:
    examples = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        changed(**json.loads(example))
