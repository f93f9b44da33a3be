"""The demo municipality for tests: made once a run, copied for each server."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from lovdv import create_app
from lovdv.access import Role
from lovdv.accounts.models import RoleGrant, User
from lovdv.extensions import db
from tests.kit_app import COMPILED, StrictClient, closing

LOVDV = "from lovdv.cli import main; main()"
AS_OF = "2026-11-05"
SIZE = ("--people", "60", "--months", "4")


@dataclass(frozen=True)
class Visitor:
    """Somebody who looks at pages: nobody in particular, or one user of a role."""

    role: str
    login: str | None

    def client(self, app: Flask) -> StrictClient:
        client = StrictClient(app)
        if self.login is not None:
            with app.app_context():
                client.login(user_named(self.login))
        return client

    def cookies(self, app: Flask, address: str) -> list[Any]:
        """The session cookie, for a browser."""
        kept = self.client(app).get_cookie(app.config["SESSION_COOKIE_NAME"])
        if kept is None:
            return []
        return [{"name": kept.key, "value": kept.value, "url": address}]


NOBODY = "nobody"


def user_named(login: str) -> User:
    return db.session.scalars(select(User).where(User.login == login)).one()


def visitors(app: Flask) -> list[Visitor]:
    """One for each role in the demo, and one without a session."""
    found = [Visitor(NOBODY, None)]
    with app.app_context():
        for role in Role:
            login = db.session.scalars(
                select(User.login)
                .join(RoleGrant, RoleGrant.user_id == User.id)
                .where(RoleGrant.role == role, User.active)
                .order_by(RoleGrant.id)
                .limit(1)
            ).first()
            if login is not None:
                found.append(Visitor(role.value, login))
    return found


def made(folder: Path, size: tuple[str, ...] = SIZE) -> Path:
    """An instance folder with the demo in it, made by the command that users run.

    Several test processes may ask for it: the first one makes it, the others wait.
    """
    instance = folder / "demo"
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not instance.exists():
            half_made = Path(tempfile.mkdtemp(dir=folder))
            subprocess.run(
                [sys.executable, "-c", LOVDV, "demo", "--as-of", AS_OF, *size],
                check=True,
                env={**os.environ, "LOVDV_INSTANCE": str(half_made)},
                stdout=subprocess.DEVNULL,
            )
            half_made.rename(instance)
    return instance


@contextmanager
def opened(instance: Path) -> Iterator[Flask]:
    """The application on a copy of the demo, with the demo's own settings."""
    with tempfile.TemporaryDirectory(prefix="lovdv-demo-") as name:
        copy = Path(name) / "instance"
        shutil.copytree(instance, copy)
        before = os.environ.get("LOVDV_INSTANCE")
        os.environ["LOVDV_INSTANCE"] = str(copy)
        try:
            app = create_app()
            app.jinja_env.bytecode_cache = COMPILED
        finally:
            os.environ.pop("LOVDV_INSTANCE")
            if before is not None:
                os.environ["LOVDV_INSTANCE"] = before
        with closing(app):
            yield app
