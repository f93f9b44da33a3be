"""Encrypted columns, blind indexes and the keys they need."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, current_app

NONCE = 12


@dataclass(frozen=True)
class Keys:
    """Encryption keys by number (the highest encrypts), one key each for look-up
    and for the audit chain."""

    encryption: dict[int, bytes]
    index: bytes
    audit: bytes

    @property
    def current(self) -> int:
        return max(self.encryption)


def init_app(app: Flask) -> None:
    text = app.config.get("KEYS")
    app.extensions["lovdv_keys"] = (
        _read(json.dumps(text) if isinstance(text, dict) else text)
        if text
        else _kept_in(Path(app.instance_path) / "keys")
    )


def _read(text: str) -> Keys:
    found = json.loads(text)
    return Keys(
        encryption={
            int(number): base64.b64decode(key)
            for number, key in found["encryption"].items()
        },
        index=base64.b64decode(found["index"]),
        audit=base64.b64decode(found["audit"]),
    )


def _kept_in(file: Path) -> Keys:
    """The keys of the instance folder; made at the first start, 0600."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _read(file.read_text("ascii"))
    with os.fdopen(handle, "w", encoding="ascii") as new:
        new.write(fresh_keys())
    return _read(file.read_text("ascii"))


def fresh_keys() -> str:
    def key() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode("ascii")

    return json.dumps({"encryption": {"1": key()}, "index": key(), "audit": key()})


def keys() -> Keys:
    found: Keys = current_app.extensions["lovdv_keys"]
    return found


def encrypt(value: str, place: str, row: str) -> bytes:
    """`place` is table.column and `row` the row's random id: a value moved to
    another row or column cannot be read."""
    number = keys().current
    nonce = secrets.token_bytes(NONCE)
    sealed = AESGCM(keys().encryption[number]).encrypt(
        nonce, value.encode(), _bound(place, row)
    )
    return bytes([number]) + nonce + sealed


def decrypt(sealed: bytes, place: str, row: str) -> str:
    key = AESGCM(keys().encryption[sealed[0]])
    nonce, text = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    return key.decrypt(nonce, text, _bound(place, row)).decode()


def blind_index(value: str, place: str) -> bytes:
    """Finds an encrypted value by its exact text, and tells nothing else."""
    return hmac.digest(keys().index, f"{place}:{value}".encode(), "sha256")[:16]


def chained(text: bytes) -> str:
    return hmac.new(keys().audit, text, hashlib.sha256).hexdigest()


def digest(text: str) -> str:
    """A keyed digest for the log: equal texts are seen as equal, none is shown."""
    return hmac.new(keys().audit, text.encode(), hashlib.sha256).hexdigest()[:32]


def _bound(place: str, row: str) -> bytes:
    return f"{place}:{row}".encode()
