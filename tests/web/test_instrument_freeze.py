"""Whatever is done in the editor, what is published or established never changes."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from lovdv.access import Role
from lovdv.extensions import db
from lovdv.needs import instrument_files
from lovdv.needs.instrument_files import document_from
from lovdv.needs.models import InstrumentVersion, Level, SignedAssessment
from tests import make, small_instrument
from tests.kit_app import StrictClient

pytestmark = pytest.mark.slow

FINE = {200, 302}
REFUSED = {404, 409}
PAGES = ("om", "nivaer", "granser", "ny-bedomning")
KINDS = ("scale", "domain", "question", "rule", "decision", "table")
WORDS = {"scale": "skala", "domain": "omrade", "question": "fraga", "rule": "regel"}
FROZEN = (
    *("public_id", "code", "version", "name", "document", "digest", "status"),
    *("first_day", "published_at", "published_by_id", "draft", "revision"),
)
few = st.integers(0, 20)
texts = st.sampled_from(["", "1", "2", "Ny", "0,5", "x" * 50, "å ä ö", "-1"])


def uploaded(version: str, spoiled: str) -> bytes:
    return small_instrument.document(version=version).replace(spoiled, "z").encode()


class Lead(RuleBasedStateMachine):
    """A lead who does everything that the pages allow, in any order."""

    client: StrictClient

    def __init__(self) -> None:
        super().__init__()
        with db.engine.connect() as connection:
            self.undone = connection.begin_nested()
        self.published = published()
        self.results = results()
        self.stale: list[tuple[str, dict[str, object]]] = []

    def teardown(self) -> None:
        """Every run begins with the same rows."""
        db.session.close()
        self.undone.rollback()

    def any_version(self, number: int) -> str:
        found = db.session.scalars(
            select(InstrumentVersion.public_id).order_by(InstrumentVersion.id.desc())
        ).all()
        return f"/instrument/{found[number % min(len(found), 6)]}"

    def sent(self, path: str, **values: object) -> None:
        response = self.client.post(path, data=values)
        assert response.status_code in FINE | REFUSED, response.status

    @rule()
    def begin(self) -> None:
        self.sent("/instrument/ny/tomt")

    @rule(
        version=st.sampled_from(["1", "2", "3", ""]),
        spoiled=st.sampled_from(["inget sådant", '"2"', "stod", "limits"]),
        as_workbook=st.booleans(),
    )
    def upload(self, version: str, spoiled: str, *, as_workbook: bool) -> None:
        content = uploaded(version, spoiled)
        if as_workbook:
            try:
                content = instrument_files.workbook_file(document_from(content))
            except ValueError:
                return
        response = self.client.post(
            "/instrument/ny",
            data={"document": (BytesIO(content), "fil")},
            content_type="multipart/form-data",
        )
        assert response.status_code in FINE

    @rule(number=few)
    def copy(self, number: int) -> None:
        self.sent(f"{self.any_version(number)}/kopiera")

    @rule(number=few, page=st.sampled_from(PAGES), value=texts, old=st.booleans())
    def edit(self, number: int, page: str, value: str, *, old: bool) -> None:
        self.fill(f"{self.any_version(number)}/utkast/{page}", value, old=old)

    @rule(
        number=few,
        kind=st.sampled_from(sorted(WORDS)),
        key=few,
        value=texts,
        old=st.booleans(),
    )
    def edit_part(
        self, number: int, kind: str, key: int, value: str, *, old: bool
    ) -> None:
        path = f"{self.any_version(number)}/utkast/{WORDS[kind]}/{key}"
        self.fill(path, value, old=old)

    def fill(self, path: str, value: str, *, old: bool) -> None:
        """Write in every box of the page; `old` keeps the form to be sent later."""
        response = self.client.get(path)
        assert response.status_code in FINE | REFUSED, response.status
        if response.status_code != 200:
            return
        form = response.page.form("seen")
        plain = {name: value for name in form.fields if name not in {"seen", "row"}}
        filled = form.filled({n: v for n, v in plain.items() if "csrf" not in n})
        if old:
            self.stale.append((path, filled))
        else:
            self.sent(path, **filled)

    @rule(number=few)
    def send_what_was_opened_long_ago(self, number: int) -> None:
        if self.stale:
            path, filled = self.stale.pop(number % len(self.stale))
            self.sent(path, **filled)

    @rule(number=few, kind=st.sampled_from(KINDS), within=few)
    def add_part(self, number: int, kind: str, within: int) -> None:
        path = f"{self.any_version(number)}/utkast/ny-del"
        self.sent(path, kind=kind, within=str(within))

    @rule(
        number=few,
        kind=st.sampled_from(KINDS),
        key=few,
        do=st.sampled_from(["up", "down", "copy"]),
    )
    def arrange(self, number: int, kind: str, key: int, do: str) -> None:
        path = f"{self.any_version(number)}/utkast/ordna"
        self.sent(path, kind=kind, key=str(key), do=do, within="1")

    @rule(number=few, kind=st.sampled_from(KINDS), key=few)
    def remove_part(self, number: int, kind: str, key: int) -> None:
        path = f"{self.any_version(number)}/utkast/ta-bort/{kind}/{key}"
        response = self.client.get(path)
        if response.status_code == 200:
            self.sent(path, **response.page.form("seen").filled({}))

    @rule(number=few, days=st.integers(16, 31))
    def publish(self, number: int, days: int) -> None:
        path = self.any_version(number)
        self.sent(f"{path}/publicera", first_day=f"2026-03-{days}")

    @rule(number=few)
    def delete(self, number: int) -> None:
        self.sent(f"{self.any_version(number)}/ta-bort")

    @invariant()
    def what_was_published_is_as_it_was(self) -> None:
        found = published()
        assert {name: found.get(name) for name in self.published} == self.published
        self.published = found

    @invariant()
    def what_was_established_is_as_it_was(self) -> None:
        assert results() == self.results


def published() -> Mapping[str, tuple[Any, ...]]:
    columns = [getattr(InstrumentVersion, name) for name in FROZEN]
    rows = db.session.execute(
        select(*columns).where(InstrumentVersion.status == "published")
    )
    return {row[0]: tuple(row) for row in rows}


def results() -> list[tuple[Any, ...]]:
    """Every signed text and every established level, as they are stored."""
    signed = select(SignedAssessment.id, SignedAssessment.document)
    levels = select(*Level.__table__.columns)
    return [
        tuple(row)
        for query in (signed, levels)
        for row in db.session.execute(query.order_by("id"))
    ]


def test_nothing_that_is_done_changes_what_is_published_or_established(
    app: Flask, client: StrictClient
) -> None:
    make.level(make.person(), "3")
    client.login(make.user(Role.LEAD))

    class AtThisClient(Lead):
        pass

    AtThisClient.client = client
    run_state_machine_as_test(
        AtThisClient,
        settings=settings(
            settings(),
            max_examples=settings().max_examples // 5,
            stateful_step_count=25,
        ),
    )
    assert app
