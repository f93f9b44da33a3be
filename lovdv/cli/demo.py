"""lovdv demo: the demo municipality in the instance folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from time import monotonic

import click
from sqlalchemy import create_engine, inspect, select

from lovdv import clock, migrate
from lovdv.accounts.models import User
from lovdv.cli.shell import (
    Day,
    Misused,
    Whole,
    application,
    instance_folder,
    step,
)
from lovdv.cli.swedish import Command
from lovdv.config import engine_url
from lovdv.demo import size as sizes
from lovdv.demo.ground import CODE
from lovdv.demo.instance import DATABASE, Instance
from lovdv.demo.load import make
from lovdv.demo.size import Size
from lovdv.extensions import db
from lovdv.systems.models import Municipality

URL = "LOVDV_DATABASE_URL"
BEING_MADE = f"{DATABASE}.new"


@click.command(cls=Command)
@click.option(
    "--as-of",
    type=Day(),
    metavar="DAG",
    help="Demons dag. Annars den 5:e i den här månaden.",
)
@click.option(
    "--people",
    type=Whole(sizes.FEWEST, sizes.MOST_PEOPLE),
    metavar="ANTAL",
    help=f"Antal brukare. Annars {sizes.PEOPLE}.",
)
@click.option(
    "--months",
    type=Whole(1, sizes.MOST_MONTHS),
    metavar="ANTAL",
    help=f"Månader som har gått. Annars {sizes.MONTHS}; den sista väntar.",
)
@click.option("--again", is_flag=True, help="Kasta den demo som finns och gör en ny.")
def demo(
    as_of: date | None, people: int | None, months: int | None, *, again: bool
) -> None:
    """Gör en påhittad demokommun, eller behåll den som finns.

    Beloppen är Tyresös prislista för 2020; allt annat är påhittat. Startas sedan
    med lovdv run.
    """
    instance = Instance(instance_folder())
    if instance.is_somebody_elses:
        raise Misused(
            f"I {instance.folder} finns något annat än en demo, och det lämnas i "
            "fred. Välj en annan mapp med LOVDV_INSTANCE."
        )
    wanted = _wanted(instance, as_of, people, months, again=again)
    if wanted is None:
        step("Demokommunen finns redan. Starta den med: lovdv run")
        return
    if URL in os.environ:
        _require_empty_server()
    instance.write_settings(wanted)
    started = monotonic()
    if URL in os.environ:
        _fill(wanted)
    else:
        _fill_file(instance, wanted)
    step(f"Demokommunen är klar på {monotonic() - started:.0f} sekunder.")


def _wanted(
    instance: Instance,
    as_of: date | None,
    people: int | None,
    months: int | None,
    *,
    again: bool,
) -> Size | None:
    """What to make; None when what is there will do."""
    asked = Size(
        as_of=as_of or clock.today().replace(day=5),
        people=people or sizes.PEOPLE,
        months=months or sizes.MONTHS,
    )
    made = instance.made
    if again or made is None or not _is_whole(instance):
        return asked
    if (as_of, people, months) == (None, None, None) or made == asked:
        return None
    raise Misused(
        f"Här finns redan en demo med {made.people} personer och {made.months} "
        f"månader, sedd {made.as_of}. Lägg till --again för att kasta den."
    )


def _is_whole(instance: Instance) -> bool:
    """A file is put in place when it is finished; a server is asked."""
    if URL not in os.environ:
        return instance.database.exists()
    return _on_server() == (CODE, True)


def _on_server() -> tuple[str, bool]:
    """The municipality there, '' for none, and whether somebody can sign in."""
    engine = create_engine(engine_url(os.environ[URL]))
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("municipality"):
                return "", False
            code = connection.scalar(select(Municipality.code).limit(1))
            ready = select(User.id).where(User.password_hash.is_not(None)).limit(1)
            return code or "", connection.scalar(ready) is not None
    finally:
        engine.dispose()


def _require_empty_server() -> None:
    """Only an empty database is filled."""
    code, ready = _on_server()
    if code:
        unfinished = "Demon där blev inte klar. " if code == CODE and not ready else ""
        raise Misused(
            f"Databasen är inte tom, och demon skrivs bara i en tom. {unfinished}"
            "Skapa en ny databas och peka ut den i LOVDV_DATABASE_URL."
        )


def _fill_file(instance: Instance, size: Size) -> None:
    """Made beside the old one and put in its place at the end."""
    new = instance.folder / BEING_MADE
    for ending in ("", "-wal", "-shm"):
        new.with_name(f"{new.name}{ending}").unlink(missing_ok=True)
    with _database(f"sqlite:///{new}"):
        _fill(size)
    instance.remove_database()
    new.rename(instance.database)


@contextmanager
def _database(url: str) -> Iterator[None]:
    os.environ[URL] = url
    try:
        yield
    finally:
        del os.environ[URL]


def _fill(size: Size) -> None:
    with application():
        migrate.upgrade(db.engine)
        make(size, step)


COMMANDS = (demo,)
