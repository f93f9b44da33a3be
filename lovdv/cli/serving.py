"""lovdv run: the web server."""

import errno
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec

import click
from flask import Flask
from werkzeug.serving import run_simple

from lovdv import create_app
from lovdv.cli.shell import Misused, Whole, prepared
from lovdv.cli.swedish import Command

WHY = {
    errno.EADDRINUSE: "porten är upptagen",
    errno.EADDRNOTAVAIL: "adressen finns inte på den här datorn",
    errno.EACCES: "du får inte använda porten",
}


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", metavar="ADRESS", help="Lyssna här.")
@click.option(
    "--port", default=5000, type=Whole(1, 65535), metavar="PORT", help="Och här."
)
@click.option(
    "--workers",
    default=2,
    type=Whole(1, 64),
    metavar="ANTAL",
    help="Processer, var och en med fyra trådar.",
)
def run(host: str, port: int, workers: int) -> None:
    """Starta webbservern.

    Använder gunicorn på Linux och macOS, annars en enkel server för prov.
    """
    _require_free(host, port)
    with prepared() as app:
        _greet(app, host, port)
    if sys.platform != "win32" and find_spec("gunicorn"):
        _become_gunicorn(host, port, workers)
    run_simple(host, port, create_app(), threaded=True)


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = WHY.get(error.errno or 0, str(error.strerror or error))
            raise Misused(
                f"Det går inte att lyssna på {host}:{port}: {why}. "
                "Stäng det som använder porten, eller välj en annan: --port 5001"
            ) from error


def _greet(app: Flask, host: str, port: int) -> None:
    name = f"[{host}]" if ":" in host else host
    click.echo(f"\nlovdv svarar på http://{name}:{port}  (avsluta med Ctrl+C)")
    if app.config["DEMO"]:
        click.echo(told_logins(app.config["DEMO_LOGINS"]))
    sys.stdout.flush()


def _become_gunicorn(host: str, port: int, workers: int) -> None:
    """The same process goes on as gunicorn, so that signals reach it."""
    name = f"[{host}]" if ":" in host else host
    os.execv(  # noqa: S606  (no shell: our own interpreter and our own words)
        sys.executable,
        [
            *(sys.executable, "-m", "gunicorn", "lovdv:create_app()"),
            *("--bind", f"{name}:{port}", "--workers", str(workers)),
            *("--threads", "4", "--log-level", "warning"),
        ],
    )


def told_logins(logins: Sequence[Mapping[str, str]]) -> str:
    """One line for each account of the demo."""
    widest = max((len(row["login"]) for row in logins), default=0)
    lines = [f"  {row['login']:{widest}}  {row['role']}" for row in logins]
    passwords = ", ".join(sorted({row["password"] for row in logins}))
    return "\n".join(["", f"Logga in som (lösenord: {passwords}):", *lines, ""])


COMMANDS = (run,)
