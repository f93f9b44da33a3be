"""Month runs killed hundreds of times on each database, at points drawn anew."""

import os
import random
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flask import Flask

from lovdv import migrate
from tests.house import crashing
from tests.house.crashing import Point, Stage, Toll
from tests.kit_app import closing, engine_of, make_app
from tests.kit_databases import (
    PostgresTemplate,
    SqliteTemplate,
    Template,
    create_database,
    drop_database,
    postgres_server,
)

KILLS = int(os.environ.get("PROVE_KILLS", "200"))
A_ROUND = 60
"""Points a round; each round begins on a database of its own."""

TODAY = "2026-04-07"


def prove() -> Iterator[str]:
    """Until so many have been killed; what went wrong is told with its point."""
    yield "Two months are computed, controlled, held, attested in two steps and"
    yield "exported, with a place that turns out to have ended between them. Each"
    yield "operation is done by a process that is killed (SIGKILL) at a named function,"
    yield "before a statement or the commit, at a traced line of our own code, just"
    yield "after the commit, or after a random time. After each death every row of the"
    yield "database is as before or, after the commit, as without any death; in the end"
    yield "no line is there twice, none is taken back twice, sums are those of the"
    yield "lines, the log is whole, and all is as where nobody was killed."
    yield ""
    yield "| database | killed | after the commit | points | seed | seconds | faults |"
    yield "|---|---|---|---|---|---|---|"
    faults = []
    with ExitStack() as stack:
        for template in _templates(stack):
            seed = secrets.token_hex(8)
            begun = time.perf_counter()
            toll = _toll(template, random.Random(seed))
            seconds = time.perf_counter() - begun
            kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(toll.kinds.items()))
            yield (
                f"| {template.kind} | {toll.killed} | {toll.whole} | {kinds} | {seed} "
                f"| {seconds:.0f} | {len(toll.faults)} |"
            )
            faults += [f"- {template.kind}: {fault}" for fault in toll.faults]
    yield ""
    yield from faults or ["Nothing failed."]


def _toll(template: Template, chance: random.Random) -> Toll:
    """Rounds until enough have died."""
    with _apart(template) as app:
        stages = crashing.undisturbed(app)
    total = Toll()
    while total.killed < KILLS:
        points = [*crashing.named_points(), *_drawn(stages, chance)]
        with _apart(template) as app:
            total.add(crashing.disturbed(app, stages, points))
    return total


def _drawn(stages: list[Stage], chance: random.Random) -> list[Point]:
    return crashing.drawn_points(stages, chance, A_ROUND)


@contextmanager
def _apart(template: Template) -> Iterator[Flask]:
    url = template.clone()
    with closing(make_app(url, TODAY=TODAY)) as app:
        yield app
    template.drop(url)


def _templates(stack: ExitStack) -> Iterator[Template]:
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="lovdv-prove-"))
    sqlite = SqliteTemplate(Path(folder))
    _migrate(sqlite)
    yield sqlite
    server = postgres_server()
    if server is not None:
        made = PostgresTemplate(server, f"lovdv_prove_{secrets.token_hex(4)}")
        create_database(server, made.name)
        stack.callback(drop_database, server, made.name)
        _migrate(made)
        yield made


def _migrate(template: Template) -> None:
    with closing(make_app(template.url)) as app:
        migrate.upgrade(engine_of(app))
