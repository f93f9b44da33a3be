"""What the commands share: the application, kinds of values, answers and faults."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from lovdv import audit, create_app, migrate
from lovdv.database import writing
from lovdv.extensions import db
from lovdv.paths import instance_path
from lovdv.systems import queries as systems
from lovdv.systems.models import Municipality

DONE, FAULT, MISUSE = 0, 1, 2


class Faulty(click.ClickException):
    """The data are at fault: exit 1."""

    exit_code = FAULT


class Misused(click.ClickException):
    """The command cannot be used like this, or here: exit 2."""

    exit_code = MISUSE


class Day(click.ParamType):
    """A day like 2026-11-22."""

    name = "dag"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"”{value}” är ingen dag. Skriv som 2026-11-22.", param, ctx)


class Month(click.ParamType):
    """A month like 2026-10, as its first day."""

    name = "månad"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(f"{value}-01")
        except ValueError:
            self.fail(f"”{value}” är ingen månad. Skriv som 2026-10.", param, ctx)


class Whole(click.ParamType):
    """A whole number within bounds."""

    name = "antal"

    def __init__(self, lowest: int, highest: int) -> None:
        self.lowest, self.highest = lowest, highest

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        text = str(value)
        if not text.isdecimal() or not self.lowest <= int(text) <= self.highest:
            self.fail(
                f"”{text}” går inte. Skriv ett heltal, {self.lowest}–{self.highest}.",
                param,
                ctx,
            )
        return int(text)


class File(click.ParamType):
    """A file that is there to be read."""

    name = "fil"

    def convert(self, value: Any, param: Any, ctx: Any) -> Path:
        path = Path(value)
        if not path.is_file():
            self.fail(f"Filen {value} finns inte. Rätta namnet.", param, ctx)
        return path


class NewFile(click.ParamType):
    """Where a file can be written."""

    name = "fil"

    def convert(self, value: Any, param: Any, ctx: Any) -> Path:
        path = Path(value)
        if path.is_dir() or not path.parent.is_dir():
            self.fail(
                f"Det går inte att skriva till {value}. Välj en fil i en mapp som "
                "finns.",
                param,
                ctx,
            )
        return path


as_json = click.option("--json", "as_json", is_flag=True, help="Svara i JSON.")
municipality_option = click.option(
    "--municipality",
    metavar="KOD",
    help="Kommunens kod, när databasen har flera kommuner.",
)


def instance_folder() -> Path:
    """Where the application keeps its database, keys and settings."""
    return Path(Flask("lovdv", instance_path=instance_path()).instance_path)


@contextmanager
def application(**settings: Any) -> Iterator[Flask]:
    """The application with its context; closed afterwards."""
    app = create_app()
    app.config.update(settings)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.rollback()
            for engine in db.engines.values():
                engine.dispose()


@contextmanager
def prepared() -> Iterator[Flask]:
    """The application over a database that has every table."""
    with application() as app:
        require_tables(db.engine)
        yield app


def require_tables(engine: Engine) -> None:
    try:
        current = migrate.is_current(engine)
    except OperationalError as error:
        raise Misused(
            "Databasen går inte att öppna. Kontrollera adressen i LOVDV_DATABASE_URL "
            f"({engine.url.render_as_string(hide_password=True)})."
        ) from error
    if not current:
        raise Misused("Databasen saknar tabeller. Kör först: lovdv init-db")


@contextmanager
def changing(code: str | None) -> Iterator[Municipality]:
    """One transaction, begun as a writer, in the name of the command."""
    with prepared(), writing():
        home = the_municipality(code)
        with audit.acting(home.id):
            yield home
            db.session.commit()


@contextmanager
def reading(code: str | None) -> Iterator[Municipality]:
    """Reading alone: whoever writes meanwhile need not wait."""
    with prepared():
        yield the_municipality(code)


def the_municipality(code: str | None) -> Municipality:
    """The one asked for, or the only one there is."""
    found = systems.municipalities()
    chosen = [home for home in found if code in (None, home.code)]
    if not found:
        raise Misused(
            "Det finns ingen kommun. Kör: lovdv init-db --code KOD --name NAMN"
        )
    if len(chosen) != 1:
        known = ", ".join(f"{home.code} {home.name}" for home in found)
        raise Misused(f"Ange vilken kommun: --municipality KOD ({known}).")
    return chosen[0]


def answer(told: Mapping[str, Any], text: Callable[[], str], *, as_json: bool) -> None:
    """The answer on standard output, for a machine or for a reader."""
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2, default=str))
    else:
        click.echo(text())


def step(text: str) -> None:
    """What long work is doing now; on standard error."""
    click.echo(text, err=True)


def mark(word: str, colour: str) -> str:
    """A word in colour, when the reader wants colour."""
    return word if os.environ.get("NO_COLOR") else click.style(word, fg=colour)
