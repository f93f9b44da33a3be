"""Run mutants one by one from tests that are collected once, as a plugin of pytest.

mutmut makes the mutants and knows which tests reach which; run by it, each would start
and collect pytest anew, which takes ten times as long as these tests. Here each mutant
is a fork of a session that waits with everything collected. Those tests come first that
killed another mutant of the same function, then the quick ones.

Reads work.json beside it; appends [mutant, exit code] to outcomes.jsonl, with mutmut's
codes: 0 survived, 1 killed, 33 no tests, 36 timed out.
"""

import json
import os
import resource
import signal
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation.trampoline import set_mutant_under_test

WORK, OUTCOMES = Path("work.json").absolute(), Path("outcomes.jsonl").absolute()
SURVIVED, KILLED, NO_TESTS, TIMED_OUT = 0, 1, 33, 36
CPU_SECONDS, CPU_TIMES = 10, 5
"""A mutant may use so many seconds, and so many times what its tests take."""
MEMORY = 4 * 1024**3
STOPPED = {-signal.SIGXCPU: TIMED_OUT, -signal.SIGKILL: TIMED_OUT}


@dataclass(frozen=True)
class Work:
    """What work.json asks for."""

    mutants: list[str]
    tests: dict[str, list[str]]
    """Ids of the tests that reach a function, quick ones first."""
    seconds: dict[str, float]
    """What all the tests of a function take."""
    workers: int
    minutes: float | None
    """When to stop, if not before all are run."""


@dataclass(frozen=True)
class Running:
    mutant: str
    told: int
    """The pipe's end where the fork tells which test failed."""


def pytest_runtestloop(session: pytest.Session) -> bool:
    if session.testsfailed:
        raise session.Interrupted("what is to be run could not be collected")
    work = Work(**json.loads(WORK.read_text("utf-8")))
    items = {item.nodeid: item for item in session.items}
    _check(list(items.values()))
    Loop(work, items).run()
    return True


def _check(items: list[pytest.Item]) -> None:
    """Without a mutant all tests must pass, or every mutant would be killed."""
    child = os.fork()
    if not child:
        os._exit(_run("", items, os.open(os.devnull, os.O_WRONLY)))
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        pytest.exit("The tests fail without a mutant.", returncode=3)


class Loop:
    """The forks that run, and what is learnt of which tests kill."""

    def __init__(self, work: Work, items: dict[str, Any]) -> None:
        self._work = work
        self._items = items
        self._killers: dict[str, list[str]] = defaultdict(list)
        self._running: dict[int, Running] = {}

    def run(self) -> None:
        minutes = self._work.minutes
        until = time.monotonic() + 60 * minutes if minutes else None
        with OUTCOMES.open("a", encoding="utf-8") as self._outcomes:
            for mutant in self._work.mutants:
                if until and time.monotonic() > until:
                    break
                while len(self._running) >= self._work.workers:
                    self._reap()
                self._start(mutant)
            while self._running:
                self._reap()

    def _start(self, mutant: str) -> None:
        function = mutant.partition("__mutmut_")[0]
        reach = self._work.tests.get(function)
        if not reach:
            self._note(mutant, NO_TESTS)
            return
        first = self._killers[function]
        names = [*reversed(first), *(name for name in reach if name not in first)]
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            seconds = int(CPU_SECONDS + CPU_TIMES * self._work.seconds[function])
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            os._exit(_run(mutant, [self._items[name] for name in names], writing))
        os.close(writing)
        self._running[child] = Running(mutant, reading)

    def _reap(self) -> None:
        child, status = os.wait()
        ended = self._running.pop(child)
        with os.fdopen(ended.told, encoding="utf-8") as told:
            killer = told.read()
        if killer:
            function = ended.mutant.partition("__mutmut_")[0]
            with suppress(ValueError):
                self._killers[function].remove(killer)
            self._killers[function].append(killer)
        code = os.waitstatus_to_exitcode(status)
        self._note(ended.mutant, STOPPED.get(code, abs(code) and KILLED))

    def _note(self, mutant: str, code: int) -> None:
        self._outcomes.write(json.dumps([mutant, code], ensure_ascii=False) + "\n")
        self._outcomes.flush()


def _run(mutant: str, items: list[Any], told: int) -> int:
    """Run until a test fails, in a fork; tell which, and give the exit code."""
    set_mutant_under_test(mutant)
    for number, item in enumerate(items):
        following = items[number + 1] if number + 1 < len(items) else None
        try:
            reports = runtestprotocol(item, log=False, nextitem=following)
            failed = any(report.failed for report in reports)
        except BaseException:  # noqa: BLE001 - a mutant may raise anything, anywhere
            failed = True
        if failed:
            os.write(told, item.nodeid.encode())
            return KILLED
    return SURVIVED
