"""The examples worked out in the payments engine's own modules."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import payments

MODULES = [
    f"payments.{path.stem}"
    for path in sorted(Path(payments.__file__).parent.glob("*.py"))
    if ">>>" in path.read_text("utf-8") and path.stem != "__init__"
]


@pytest.mark.parametrize("name", MODULES)
def test_the_worked_examples_hold(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0
