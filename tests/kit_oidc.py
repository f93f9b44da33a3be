"""A real OpenID provider in a process of its own, for those who identify."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import requests

SECONDS = 30


@dataclass(frozen=True)
class Identifier:
    """The provider's address, and what people do there."""

    address: str

    def knows(self, subject: str, **claims: object) -> None:
        answer = requests.put(
            f"{self.address}/users/{subject}", json=claims, timeout=SECONDS
        )
        answer.raise_for_status()

    def identify(self, address: str, subject: str) -> str:
        """Identify on the provider's page; where it sends the reader back to."""
        return self._post(address, {"sub": subject})

    def cancel(self, address: str) -> str:
        return self._post(address, {"action": "deny"})

    def _post(self, address: str, data: Mapping[str, str]) -> str:
        answer = requests.post(
            address, data=data, allow_redirects=False, timeout=SECONDS
        )
        answer.raise_for_status()
        return str(answer.headers["Location"])


@contextmanager
def identifier() -> Iterator[Identifier]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _answering(Identifier(f"http://127.0.0.1:{port}"), running)
    finally:
        running.terminate()
        running.wait(SECONDS)


def _answering(found: Identifier, running: subprocess.Popen[bytes]) -> Identifier:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and running.poll() is None:
        try:
            requests.get(found.address, timeout=SECONDS).close()
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return found
    raise TimeoutError("The OpenID provider never answered.")
