"""The public comparison with 200 units, against the barest Flask view.

Both are served by one gunicorn process and asked over HTTP by turns, each reader
with a seed of their own. `python -m tests.bench.comparison --write` puts the
section in docs/performance.md.
"""

import gzip
import http.client
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask, render_template
from flask_sqlalchemy_lite import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import create_engine, select
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from lovdv import guards, migrate
from lovdv.extensions import db
from lovdv.models import metadata
from lovdv.providers.models import Unit
from lovdv.providers.questions import QUESTIONS
from tests import make
from tests.bench.databases import ROOT, postgresql_databases, sqlite_databases
from tests.bench.section import put_section
from tests.kit_app import DAY, StrictClient, closing, make_app
from tests.kit_databases import postgres_server

HEADING = "## The public comparison"
UNITS, PLACED = 200, 10
TIMES = 100
AIM_RATIO = 3.0
AIM_FIRST, AIM_AFTER = 120, 20
TABLE = (
    "<!doctype html><table>{% for row in rows %}<tr><td>{{ row.name }}</td>"
    "<td>{{ row.area }}</td><td>{{ row.street }}</td></tr>{% endfor %}</table>"
)
ABOUT = (
    "200 units with presentations, ceilings and ten people each. *The barest view* is",
    "a Flask view with one SQLAlchemy query and a template with a table of 25 rows, in",
    "the same gunicorn process, as `lovdv run` serves, asked over HTTP by turns. Each",
    "request is a reader of its own, with a seed of their own.",
    "*Just after a change*: nothing is kept between requests. The weight of",
    "pages is compressed, without photos: all of a first visit, and a page after it.",
)
PAGES = {
    "list, 25 of 200": "/verksamheter?s={seed}",
    "list, filtered": "/verksamheter?s={seed}&gor=cafe&finns=lift",
    "list, only free places": "/verksamheter?s={seed}&ledigt=1",
    "three side by side": "/verksamheter/jamfor?s={seed}&e={a}&e={b}&e={c}",
    "one unit": "/verksamheter/{a}?s={seed}",
    "map": "/verksamheter/karta?s={seed}",
}


def filled(url: str) -> list[str]:
    """The units' public ids."""
    with closing(make_app(url)) as app, app.app_context():
        draw = random.Random(200)
        for number in range(UNITS):
            _unit(draw, number)
        db.session.commit()
        return list(db.session.scalars(select(Unit.public_id).order_by(Unit.id)))


def _unit(draw: random.Random, number: int) -> None:
    unit = make.unit(
        name=f"Verksamhet {number}",
        area=f"Område {number % 8}",
        street=f"Gatan {number}",
        town="Gävle",
        permit_maximum=40,
        latitude=60_600_000 + draw.randrange(100_000),
        longitude=17_100_000 + draw.randrange(200_000),
    )
    make.profile(unit, facts=_facts(draw), text="Här finns det mycket att göra. " * 25)
    for weekday in range(5):
        for half in ("am", "pm"):
            make.capacity(unit, ceiling=30, weekday=weekday, half=half)
    for _ in range(PLACED):
        make.placement(make.person(), unit)


def _facts(draw: random.Random) -> dict[str, object]:
    several = {
        q.key: draw.sample(list(q.options), min(3, len(q.options)))
        for q in QUESTIONS
        if q.options and q.key not in {"lunch", "surroundings", "sound", "outside_work"}
    }
    return {**several, "sound": "quiet", "lunch_price": "65", "a_day": "Fika. " * 60}


def application(url: str, *, keep: bool) -> Any:
    """The barest view under /bare, and lovdv under the rest."""
    plain = Flask("bare")
    plain.config["SQLALCHEMY_ENGINES"] = {"default": url}
    plain.jinja_loader = DictLoader({"table.html": TABLE})
    rows = SQLAlchemy(plain)

    @plain.get("/")
    def table() -> str:
        found = rows.session.scalars(select(Unit).order_by(Unit.sort_key).limit(25))
        return render_template("table.html", rows=found.all())

    ours = make_app(url, KEEP_SITE=keep, TESTING=False)
    return DispatcherMiddleware(ours, {"/bare": plain})


def served() -> Any:
    """What gunicorn serves; said by its environment."""
    return application(os.environ["BENCH_URL"], keep=os.environ["BENCH_KEEP"] == "1")


@contextmanager
def serving(url: str, *, keep: bool) -> Iterator[int]:
    """One process, as `lovdv run` serves; the port it answers on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--threads", "4", "--log-level", "error"]
    told = {"BENCH_URL": url, "BENCH_KEEP": str(int(keep)), "LOVDV_TODAY": DAY}
    env = {**os.environ, "LOVDV_INSTANCE": tempfile.gettempdir(), **told}
    started = subprocess.Popen(
        [*command, "tests.bench.comparison:served()"], cwd=ROOT, env=env
    )
    try:
        _wait_for(port)
        yield port
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(port)


def timed(port: int, pages: dict[str, str], units: list[str]) -> dict[str, list[float]]:
    """Seconds for each request, the barest view and each page by turns."""
    found: dict[str, list[float]] = {name: [] for name in pages}
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for number in range(TIMES + 20):
        a, b, c = (units[(number + step) % len(units)] for step in (0, 71, 142))
        for name, path in pages.items():
            asked = path.format(seed=f"seed{number}", a=a, b=b, c=c)
            begun = time.perf_counter()
            connection.request("GET", asked)
            answer = connection.getresponse()
            answer.read()
            taken = time.perf_counter() - begun
            assert answer.status == 200, (asked, answer.status)
            if number >= 20:
                found[name].append(taken)
    connection.close()
    return found


def weights(url: str) -> tuple[float, float]:
    """Kilobytes of a first visit and of a page after it, photos apart."""
    with closing(make_app(url)) as app:
        client = StrictClient(app)
        page = client.page("/verksamheter?s=weight")
        html = len(gzip.compress(page.html.encode()))
        linked = {
            (each.get("href") or each.get("src") or "").split("#")[0]
            for each in page.tree.iter()
            if each.tag in {"link", "script", "img", "use"}
        }
        files = [client.get(path) for path in sorted(linked) if path]
        return (html + sum(_weight(each) for each in files)) / 1000, html / 1000


def _weight(response: Any) -> int:
    content = response.get_data()
    packed = response.mimetype in {"font/woff2", "image/webp"}
    return len(content) if packed else len(gzip.compress(content))


def measure(url: str) -> dict[str, Any]:
    _made(url)
    units = filled(url)
    bare = {"bare": "/bare/"}
    with serving(url, keep=True) as port:
        kept = timed(port, bare | PAGES, units)
    after = "list, just after a change"
    with serving(url, keep=False) as port:
        changed = timed(port, bare | {after: PAGES["list, 25 of 200"]}, units)
    plain = kept.pop("bare")
    rows = {name: _row(taken, plain) for name, taken in kept.items()}
    rows[after] = _row(changed[after], changed["bare"])
    return {"bare": _row(plain, plain), "rows": rows, "weights": weights(url)}


def _made(url: str) -> None:
    """By the migrations, or by the models while a migration is being written."""
    engine = create_engine(url)
    if os.environ.get("LOVDV_TEST_SCHEMA") == "models":
        with engine.begin() as connection:
            metadata.create_all(connection)
            guards.create(connection, metadata)
    else:
        migrate.upgrade(engine)
    engine.dispose()


def _row(taken: list[float], plain: list[float]) -> dict[str, float]:
    """Requests a second, the 95th of a hundred in ms, and both against the barest."""
    return {
        "second": 1 / statistics.mean(taken),
        "p95": _p95(taken) * 1000,
        "ratio": statistics.mean(taken) / statistics.mean(plain),
        "p95_ratio": _p95(taken) / _p95(plain),
    }


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def section(results: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield HEADING
    yield ""
    yield from ABOUT
    day = datetime.now(UTC).date()  # noqa: TID251 - when it was measured
    yield f"Measured on {day}, on the machine above."
    yield ""
    yield "| database | page | requests a second | ratio | p95 ms | ratio |"
    yield "|---|---|---|---|---|---|"
    for kind, result in results.items():
        for name, row in {"the barest view": result["bare"], **result["rows"]}.items():
            yield (
                f"| {kind} | {name} | {row['second']:.0f} | {row['ratio']:.1f} | "
                f"{row['p95']:.1f} | {row['p95_ratio']:.1f} |"
            )
    yield ""
    worst = max(r["rows"]["list, 25 of 200"]["ratio"] for r in results.values())
    first, later = next(iter(results.values()))["weights"]
    yield f"- 25 units a page: {worst:.1f} x (aim ≤ {AIM_RATIO} x), {_met(worst, 3)};"
    yield f"- first visit: {first:.0f} kB (aim < {AIM_FIRST} kB), {_met(first, 120)};"
    yield f"- a page after: {later:.0f} kB (aim < {AIM_AFTER} kB), {_met(later, 20)}."


def _met(value: float, aim: float) -> str:
    return "met" if value <= aim else "**not met**"


def _measured(databases: AbstractContextManager[str]) -> dict[str, Any]:
    with databases as url:
        return measure(url)


def measured_section() -> Iterator[str]:
    """Measure, and yield the lines of the section."""
    results = {"SQLite": _measured(sqlite_databases())}
    if postgres_server() is not None:
        results["PostgreSQL"] = _measured(postgresql_databases())
    yield from section(results)


if __name__ == "__main__":
    os.environ.setdefault("LOVDV_INSTANCE", tempfile.gettempdir())
    lines = list(measured_section())
    sys.stdout.write("\n".join(lines) + "\n")
    if "--write" in sys.argv:
        put_section(HEADING, lines)
