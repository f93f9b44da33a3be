"""Where the time of a month goes: each part of it alone, with the rest done before."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import select

from lovdv.clock import now
from lovdv.extensions import db
from lovdv.payouts.booking import Entry, book
from lovdv.payouts.computing import facts_of
from lovdv.payouts.facts import Digest, rules_on, terms
from lovdv.payouts.models import Payee, PaymentRun
from lovdv.systems.models import ChoiceSystem
from payments import Calculation, Month

Found = TypeVar("Found")
TIMES = 3
PARTS = ("terms", "facts", "digest", "computing", "writing")
ABOUT = (
    "Each part alone, the least of three, the others done before; in the month",
    "itself lines are written while the next are computed. On PostgreSQL the",
    "yardstick runs on every core at once. Kept: what alike lines share stands once",
    "(decision 0009), which took the server's share of the writing from 0.58 s to",
    "0.28 s on a busy machine; an earlier month is left as it was when its seal is",
    "the same. Tried and not kept, since they were no quicker: rows in binary form,",
    "each table read as one text, and remembering whole months beside the engine",
    "(nearly every person has another month). Turned down: to compute in SQL, which",
    "would be a second engine to prove equal to the first; to fork for each core",
    "inside a web server; to leave out of the digest or of the line what makes it",
    "explain itself.",
)


def section(results: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    """The lines of docs/performance.md about the largest of each database's months."""
    yield "## Where the time goes"
    yield ""
    yield from ABOUT
    yield ""
    yield "| database | people | yardstick s | " + " s | ".join(PARTS) + " s |"
    yield "|---" * (3 + len(PARTS)) + "|"
    for kind, rows in results.items():
        big = rows[-1]
        told = " | ".join(f"{big['parts'][name]:.3f}" for name in PARTS)
        plain = big["month"]["yardstick"]
        yield f"| {kind} | {big['people']:,} | {plain:.3f} | {told} |"
    yield ""


def parts_of(month: Month) -> dict[str, float]:
    """Seconds of reading, sealing, computing and writing; the least of three."""
    turns = [_turn(month) for _ in range(TIMES)]
    return {name: min(turn[name] for turn in turns) for name in turns[0]}


def _turn(month: Month) -> dict[str, float]:
    system = db.session.scalars(select(ChoiceSystem)).one()
    run = db.session.scalars(select(PaymentRun).order_by(PaymentRun.id)).first()
    payee = db.session.scalars(select(Payee)).first()
    assert run is not None
    assert payee is not None
    seconds: dict[str, float] = {}

    def timed(name: str, act: Callable[[], Found]) -> Found:
        gc.collect()
        gc.disable()
        begun = time.perf_counter()
        found = act()
        seconds[name] = time.perf_counter() - begun
        gc.enable()
        return found

    known = timed("terms", lambda: terms(system.id, now()))
    facts = timed("facts", lambda: facts_of(month, known, {}))
    timed("digest", lambda: Digest(known).add(facts))
    rules = rules_on(known, month)
    assert rules is not None
    calculation = Calculation(month, rules, known.prices, facts.closed)
    due = timed("computing", lambda: [calculation.due(c) for c in facts.clients({})])
    entries = [Entry(line, payee.id) for one in due for line in one.lines]
    timed("writing", lambda: book(run.id, entries))
    db.session.rollback()
    return seconds
