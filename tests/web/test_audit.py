"""The log: who did and read what, in a chain that shows when it is tampered with."""

from collections.abc import Callable
from datetime import date
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, update

from lovdv import audit, audit_check, guards
from lovdv.access import Role
from lovdv.audit_chain import Audit, AuditSegment, AuditSubject
from lovdv.audit_check import Fault
from lovdv.database import writing
from lovdv.extensions import db
from lovdv.models import metadata
from lovdv.people import numbers, operations
from lovdv.people.models import Client
from tests import make
from tests.kit_app import StrictClient

TODAY = date(2026, 3, 16)
ROWS = Audit.__table__
SUBJECTS = AuditSubject.__table__
SEGMENTS = AuditSegment.__table__


def actions() -> list[str]:
    return list(db.session.scalars(select(Audit.action).order_by(Audit.id)))


def faults() -> list[Fault]:
    db.session.expire_all()
    return list(audit_check.verify(db.session))


def written(count: int = 5) -> Client:
    """A person whom the log tells about, with so many rows in one segment."""
    who = make.person()
    with audit.acting(who.municipality_id, "command"):
        for number in range(count):
            audit.change("test.change", about=[who.id], after={"number": number})
            db.session.commit()
    return who


def test_a_read_of_a_person_is_logged_with_who_and_whom(
    app: Flask, client: StrictClient
) -> None:
    user = make.user(Role.CASEWORKER)
    who = make.person(caseworker=user)
    client.login(user).page(f"/personer/{who.public_id}")
    row = db.session.scalars(select(Audit).where(Audit.read)).one()
    assert (row.actor, row.action) == (user.public_id, "person.read")
    assert (row.chain, row.object) == (who.municipality_id, who.public_id)
    assert db.session.scalars(select(AuditSubject.client_id)).all() == [who.id]


def test_a_page_that_shows_several_logs_each(app: Flask, client: StrictClient) -> None:
    user = make.user(Role.CASEWORKER)
    people = [make.person(caseworker=user) for _ in range(3)]
    client.login(user).page("/personer")
    seen = db.session.scalars(select(AuditSubject.client_id)).all()
    assert sorted(seen) == sorted(who.id for who in people)


def test_what_was_refused_did_not_happen_but_what_was_read_was_read(
    app: Flask, client: StrictClient
) -> None:
    user = make.user(Role.CASEWORKER)
    who = make.person(caseworker=user)
    make.system(), make.decision(who)
    client.login(user)
    before = len(actions())
    response = client.send(
        f"/personer/{who.public_id}/beslut/nytt",
        "law",
        conditions=["age", "no_work", "no_studies"],
        requested_by="personen själv",
        decided_on="2026-03-02",
        first_day="2026-03-16",
        reference="BES-2",
    )
    assert response.status_code == 200
    assert actions()[before:] == ["person.read", "person.read"]


def test_if_the_log_fails_the_page_is_not_shown(
    app: Flask, client: StrictClient
) -> None:
    user = make.user(Role.CASEWORKER)
    who = make.person(caseworker=user, last_name="Namnsson")
    client.login(user).page(f"/personer/{who.public_id}")
    db.session.execute(delete(SEGMENTS))  # the next row's number is then taken
    app.config["PROPAGATE_EXCEPTIONS"] = False
    response = client.get(f"/personer/{who.public_id}")
    assert response.status_code == 500
    assert "Namnsson" not in response.text


def test_rows_hold_no_name_and_no_number(app: Flask) -> None:
    user = make.user(Role.CASEWORKER)
    with audit.acting(make.municipality().id, user.public_id):
        who = operations.register(
            municipality_id=make.municipality().id,
            number=numbers.read("19121212-1212", on=TODAY),
            first_name="Kim",
            last_name="Namnsson",
            case_number="DV-77",
            street="Storgatan 1",
        )
        operations.edit(
            client=who,
            birth_date=None,
            **dict.fromkeys(operations.CONTACT, "Hemligt"),
        )
        db.session.commit()
    told = " ".join(
        str(getattr(row, column.name))
        for row in db.session.scalars(select(Audit))
        for column in ROWS.columns
    )
    secrets = ["Kim", "Namnsson", "1212121212", "Storgatan", "Hemligt", "DV-77"]
    assert [secret for secret in secrets if secret in told] == []
    assert '"street"' in told


def test_equal_values_have_equal_digests_and_unchanged_fields_none(
    app: Flask,
) -> None:
    who = written(0)
    with audit.acting(who.municipality_id):
        for old, new in (("a", "b"), ("a", "b"), ("a", "c")):
            audit.change(
                "test", before={"x": old, "same": 1}, after={"x": new, "same": 1}
            )
            db.session.commit()
    first, second, third = db.session.scalars(select(Audit.digest).order_by(Audit.id))
    assert first == second != third
    assert "same" not in first


def test_a_whole_log_has_no_faults(app: Flask) -> None:
    written()
    assert faults() == []


def test_each_municipality_has_its_own_chain(app: Flask) -> None:
    written(2)
    away = make.municipality(name="Grannkommunen")
    with audit.acting(away.id):
        audit.change("test.change")
        db.session.commit()
    rows = db.session.execute(
        select(Audit.chain, func.max(Audit.number)).group_by(ROWS.c.chain)
    )
    assert sorted(number for _, number in rows) == [1, 2]
    assert faults() == []


def test_a_month_opens_with_the_last_hash_of_the_one_before(app: Flask) -> None:
    app.config["TODAY"] = "2026-02-27"
    written(2)
    app.config["TODAY"] = "2026-03-16"
    written(2)
    february, march = db.session.scalars(
        select(AuditSegment).order_by(AuditSegment.segment)
    )
    assert (march.opening, march.rows) == (february.head, 2)
    assert faults() == []


def test_a_month_may_be_removed_whole_and_the_rest_still_holds(app: Flask) -> None:
    app.config["TODAY"] = "2026-02-27"
    written(2)
    app.config["TODAY"] = "2026-03-16"
    written(2)
    old = select(Audit.id).where(Audit.segment == date(2026, 2, 1))
    tampering(
        delete(SUBJECTS).where(SUBJECTS.c.audit_id.in_(old)),
        delete(ROWS).where(ROWS.c.segment == date(2026, 2, 1)),
        delete(SEGMENTS).where(SEGMENTS.c.segment == date(2026, 2, 1)),
    )
    assert faults() == []


def tampering(*statements: object) -> None:
    """Somebody with the run of the database takes the guards away first."""
    guards.drop(db.session.connection(), metadata)
    for statement in statements:
        db.session.execute(statement)
    db.session.commit()


def nth(number: int) -> object:
    return ROWS.c.number == number


def the_row(number: int) -> object:
    return select(Audit.id).where(Audit.number == number).scalar_subquery()


CHANGED = {
    "who": {"actor": "somebody else"},
    "what": {"action": "person.list"},
    "whether it was a read": {"read": True},
    "the object": {"object": "another"},
    "the values": {"digest": "{}"},
    "when": {"at": func.coalesce(ROWS.c.segment, ROWS.c.segment)},
    "the hash": {"hash": "0" * 64},
    "the hash before": {"previous": "0" * 64},
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_changed_row_is_found(app: Flask, case: str) -> None:
    written()
    values = dict(CHANGED[case])
    if case == "when":
        values = {"at": db.session.scalar(select(Audit.at).where(Audit.number == 1))}
    tampering(update(ROWS).where(nth(3)).values(values))
    assert 3 in {fault.number for fault in faults()}


def forged() -> dict[str, object]:
    """A row that follows on the last one, made without the key."""
    last = db.session.scalars(select(Audit).order_by(Audit.id.desc()).limit(1)).one()
    return {
        "chain": last.chain,
        "segment": last.segment,
        "number": last.number + 1,
        "at": last.at,
        "actor": "command",
        "action": "forged",
        "read": False,
        "object": "",
        "digest": "{}",
        "previous": last.hash,
        "hash": "f" * 64,
    }


TAMPERED: dict[str, Callable[[], list[object]]] = {
    "a row taken away": lambda: [
        delete(SUBJECTS).where(SUBJECTS.c.audit_id == the_row(3)),
        delete(ROWS).where(nth(3)),
    ],
    "the last rows cut off": lambda: [
        delete(SUBJECTS).where(SUBJECTS.c.audit_id.in_([the_row(4), the_row(5)])),
        delete(ROWS).where(ROWS.c.number >= 4),
    ],
    "cut off, and the head rewritten to fit": lambda: [
        delete(SUBJECTS).where(SUBJECTS.c.audit_id == the_row(5)),
        delete(ROWS).where(nth(5)),
        update(SEGMENTS).values(
            rows=4,
            head=select(ROWS.c.hash).where(nth(4)).scalar_subquery(),
        ),
    ],
    "the head rewritten": lambda: [update(SEGMENTS).values(head="0" * 64)],
    "the opening rewritten": lambda: [update(SEGMENTS).values(opening="1" * 64)],
    "the head taken away": lambda: [delete(SEGMENTS)],
    "a row added at the end": lambda: [insert(ROWS).values(forged())],
    "a person taken out of a row": lambda: [
        delete(SUBJECTS).where(SUBJECTS.c.audit_id == the_row(2))
    ],
    "a person put into a row": lambda: [
        insert(SUBJECTS).values(audit_id=the_row(2), client_id=make.person().id)
    ],
    "two rows that change places": lambda: [
        update(ROWS).where(nth(2)).values(number=99),
        update(ROWS).where(nth(3)).values(number=2),
        update(ROWS).where(nth(99)).values(number=3),
    ],
}


@pytest.mark.parametrize("case", TAMPERED)
def test_tampering_is_found(app: Flask, case: str) -> None:
    written()
    tampering(*TAMPERED[case]())
    assert faults()


def test_two_months_that_do_not_meet_are_found(app: Flask) -> None:
    app.config["TODAY"] = "2026-02-27"
    written(2)
    app.config["TODAY"] = "2026-03-16"
    written(2)
    tampering(
        update(SEGMENTS)
        .where(SEGMENTS.c.segment == date(2026, 3, 1))
        .values(opening="2" * 64)
    )
    messages = {fault.message for fault in faults()}
    assert "segmentet börjar inte där det förra slutade" in messages


def test_writers_at_the_same_time_make_one_whole_chain(cloned_app: Flask) -> None:
    with cloned_app.app_context():
        chain = make.municipality().id
        db.session.commit()

    def write() -> None:
        with cloned_app.app_context(), writing(), audit.acting(chain):
            for _ in range(10):
                audit.change("test.change")
                db.session.commit()

    threads = [Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with cloned_app.app_context():
        assert db.session.scalar(select(func.max(Audit.number))) == 30
        assert faults() == []
