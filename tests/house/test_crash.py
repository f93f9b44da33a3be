"""Promise 10: killed at any point, the whole operation is there or none of it."""

import random
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.house import crashing
from tests.kit_app import closing, make_app
from tests.kit_databases import Template

pytestmark = pytest.mark.slow

POINTS = 20
SETTINGS = {"TODAY": "2026-04-07"}


@pytest.fixture
def apps(template: Template) -> Iterator[tuple[Flask, Flask]]:
    """Two databases of their own: one left in peace, one where somebody dies."""
    urls = template.clone(), template.clone()
    made = [make_app(url, **SETTINGS) for url in urls]
    with closing(made[0]) as calm, closing(made[1]) as harmed:
        yield calm, harmed
    for url in urls:
        template.drop(url)


def test_a_month_killed_at_twenty_points_becomes_what_it_would_have_been(
    apps: tuple[Flask, Flask],
) -> None:
    calm, harmed = apps
    stages = crashing.undisturbed(calm)
    named = crashing.named_points()
    drawn = crashing.drawn_points(stages, random.Random(7), POINTS - len(named))
    toll = crashing.disturbed(harmed, stages, [*named, *drawn])
    assert toll.faults == []
    assert toll.killed + toll.outlived == POINTS
