"""LIX of every page that the person and the public read in easy read."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from lovdv import guards
from lovdv.extensions import db
from lovdv.models import metadata
from lovdv.reading.lix import AIM, Measured, measure
from tests.kit_app import closing, make_app
from tests.kit_reading import EASY, reached, read, sentences, world_in

ABOUT = f"""\
Easy read is aimed at LIX under {AIM}. Left out of the count: names, legal terms and
the municipality's contact. Each heading, line, button and label counts as a sentence
of its own. The pages are all that the person comes to by links.

| Page | LIX | Words | Sentences |
|---|---:|---:|---:|"""


def prove() -> Iterable[str]:
    """A row for each page, the hardest first."""
    found = _measured()
    yield from ABOUT.splitlines()
    for name, each in sorted(found.items(), key=lambda row: -row[1].lix):
        yield f"| {name} | {each.lix} | {each.words} | {each.sentences} |"
    hard = [name for name, each in found.items() if not each.easy]
    yield from ("", f"Over the aim: {', '.join(hard) or 'none'}.")


def _measured() -> dict[str, Measured]:
    """The pages of a world made for it, in a database that is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="lovdv-prove-") as folder,
        closing(make_app(f"sqlite:///{Path(folder) / 'x.sqlite3'}")) as app,
        app.app_context(),
    ):
        with db.engine.begin() as connection:
            metadata.create_all(connection)
            guards.create(connection, metadata)
        world = world_in(app)
        return {
            name: measure(sentences(page), world.names)
            for name, page in read(world, EASY, reached(world))
        }
