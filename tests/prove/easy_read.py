"""LIX of every page that the person and the public read in easy read."""

import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from sqlalchemy import select

from lovdv import guards
from lovdv.access import Role
from lovdv.choice.models import Invitation
from lovdv.choosing.steps import STEPS
from lovdv.extensions import db
from lovdv.letters import operations as letters
from lovdv.letters.queries import ToWrite, letter_kind
from lovdv.models import metadata
from lovdv.reading.lix import AIM, Measured, measure
from tests import make
from tests.kit_app import closing, make_app
from tests.kit_page import Page
from tests.kit_reading import EASY, World, reached, read, sentences, world_in

ABOUT = f"""\
Easy read is aimed at LIX under {AIM}. Left out of the count: names, legal terms and
the municipality's contact. Each heading, line, button and label counts as a sentence
of its own. The pages are all that the person comes to by links, and those met on the
way: each question, a visit, a letter, a choice and its receipt, and a regret.

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
        linked = read(world, EASY, reached(world))
        return {
            name: measure(sentences(page), world.names)
            for name, page in chain(linked, _on_the_way(world))
        }


def _on_the_way(world: World) -> Iterator[tuple[str, Page]]:
    """What the person meets while doing something, in the order that it is done."""
    open_page, send = world.reader.page, world.reader.send
    mine, choose = world.pages["choice.own"], world.pages["choice.choose"]
    for step in STEPS:
        yield f"choosing.step, {step.slug}", open_page(f"{mine}/steg/{step.slug}")
    yield "choosing.unsure", open_page(f"{mine}/steg/gora/vet-inte")
    yield "choosing.helped", open_page(f"{mine}/steg/gora/hjalp")
    yield "visits.where", open_page(f"{mine}/besok")
    asking = f"{mine}/besok/ny/{choose.rpartition('/')[2]}"
    yield "visits.ask", open_page(asking)
    yield "visits.own_request", open_page(str(send(asking).location))
    yield "letters.own_letter", open_page(f"{mine}/brev/{_letter()}")
    receipt = str(send(choose).location)
    yield "choosing.receipt", open_page(receipt)
    yield "choosing.regret", open_page(f"{receipt}/angra")
    send(f"{receipt}/angra")
    yield "choosing.receipt, regretted", open_page(receipt)


def _letter() -> str:
    """A letter about the choice that waits, sent to the person."""
    invitation = db.session.scalars(select(Invitation)).one()
    by_id = make.user(Role.CASEWORKER).id
    what = ToWrite(invitation, letter_kind(invitation))
    letter = letters.make(what=what, by_id=by_id)
    letters.mark_sent(letter=letter, by_id=by_id)
    return letter.public_id
