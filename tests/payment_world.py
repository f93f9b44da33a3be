"""A small municipality where anything may happen.

A step is a name and three numbers that say to whom, when and what; a step that the
application refuses has no effect. Months are paid in order from March 2026.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from types import MappingProxyType

from flask import current_app
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError

from lovdv.access import Role
from lovdv.controls import checking
from lovdv.controls import queries as found_by_controls
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.ledger import operations as ledger
from lovdv.payouts import computing, operations
from lovdv.payouts.models import PaymentRun
from lovdv.payouts.standing import BOOKED
from lovdv.people import event_operations
from lovdv.people.models import Client
from lovdv.placements import closing, planning, reporting
from lovdv.placements import operations as placing
from lovdv.placements.models import AttendanceMonth, ClosedDay, Placement
from lovdv.placements.months import person_month
from lovdv.providers import operations as providing
from lovdv.providers.models import ContractUnit, Unit
from payments import Month
from tests import make, make_payments

Step = tuple[str, int, int, int]
FIRST = Month(2026, 3)
LAST = Month(2026, 7)
LETTERS = "ASOLUKPN"
LABELS = ("1", "2", "3", "4")
WEEKS = (
    [["09:00", "15:00"]] * 5 + [None] * 2,
    [["09:00", "15:00"]] * 3 + [None] * 4,
    [["08:00", "12:00"]] * 2 + [["13:00", "16:00"]] * 2 + [None] * 3,
)
REASON = "other_choice"
SAVEPOINTS = ("SAVEPOINT", "RELEASE", "ROLLBACK")
"""What takes a death back: all of it is undone, as by a real one."""


class Dies(Exception):
    """The process would have died here."""


class World:
    """Three people, three units, prices and rules; and what may be done to them."""

    def __init__(self) -> None:
        make_payments.payment_rules()
        make_payments.prices()
        make.instrument()
        self.system = make.system()
        self.preparer = make.user(Role.FINANCE).id
        self.approver = make.user(Role.APPROVER).id
        self.units: list[Unit] = [make.unit(), make.unit(), make.unit(contracted=False)]
        make.contract(self.units[2], regi="intern")
        self.people: list[Client] = []
        for label in LABELS[:3]:
            person = make.person()
            make.decision(person)
            make.level(person, label, first_day=make.START)
            make.placement(person, self.units[len(self.people)])
            self.people.append(person)
        self.begin()

    def begin(self) -> None:
        self.month = FIRST
        self.go_to(FIRST.next)

    def go_to(self, month: Month) -> None:
        """The tenth, when the month before can be reported and paid."""
        current_app.config["TODAY"] = str(month.first + timedelta(days=9))

    def do(self, step: Step) -> bool:
        """Whether the step had any effect."""
        name, who, when, what = step
        try:
            with db.session.begin_nested():
                STEPS[name](self, who, when, what)
        except (Refused, DBAPIError, Dies):
            db.session.expire_all()
            return False
        return True

    def placement(self, number: int) -> Placement:
        rows = db.session.scalars(select(Placement).order_by(Placement.id)).all()
        return rows[number % len(rows)]

    def person(self, number: int) -> Client:
        return self.people[number % len(self.people)]

    def unit(self, number: int) -> Unit:
        return self.units[number % len(self.units)]

    def day(self, number: int) -> date:
        """A day in the month at hand or in one of the two before it."""
        back = self.month.plus(-(number // 28 % 3))
        return back.first + timedelta(days=number % 28)

    def a_month(self, number: int) -> Month:
        return self.month.plus(-(number % 3))

    def run(self) -> PaymentRun:
        runs = self.runs()
        if not runs:
            raise Refused("Ingen månad är räknad.")
        return runs[-1]

    def runs(self) -> Sequence[PaymentRun]:
        return db.session.scalars(
            select(PaymentRun)
            .where(PaymentRun.status != "replaced")
            .order_by(PaymentRun.month)
        ).all()


def report(world: World, who: int, when: int, what: int) -> None:
    """Report a month, or correct what is reported; a letter for some of its days."""
    placement, month = world.placement(who), world.a_month(when)
    row = max(_versions(placement, month), key=lambda r: r.version, default=None)
    if row is not None and row.status == "locked":
        reporting.correct(placement=placement, month=month, reason="Sent upptäckt")
    elif row is not None and row.status == "confirmed":
        reporting.unconfirm(placement=placement, month=month)
    found = person_month(placement, month)
    for offset in range(what % 17):
        number, letter = 1 + (what + offset * 2) % month.days, LETTERS[what % 8]
        change = reporting.DayChange(number, found.codes[number - 1], letter)
        _unless_refused(
            lambda change=change: reporting.report(
                placement=placement, month=month, changes=[change]
            )
        )
    reporting.confirm(placement=placement, month=month)


def _versions(placement: Placement, month: Month) -> Sequence[AttendanceMonth]:
    return db.session.scalars(
        select(AttendanceMonth).where(
            AttendanceMonth.placement_id == placement.id,
            AttendanceMonth.month == month.first,
        )
    ).all()


def _unless_refused(act: Callable[[], object]) -> None:
    try:
        with db.session.begin_nested():
            act()
    except Refused:
        db.session.expire_all()


def everybody_reports(world: World, who: int, when: int, what: int) -> None:
    for placement in db.session.scalars(select(Placement)).all():
        _unless_refused(
            lambda one=placement: reporting.confirm(placement=one, month=world.month)
        )


def new_level(world: World, who: int, when: int, what: int) -> None:
    make.level(world.person(who), LABELS[what % 4], first_day=world.day(when))


def end_place(world: World, who: int, when: int, what: int) -> None:
    placing.end(placement=world.placement(who), end_day=world.day(when), reason=REASON)


def annul_place(world: World, who: int, when: int, what: int) -> None:
    placing.annul(placement=world.placement(who), reason="Fel person")


def new_place(world: World, who: int, when: int, what: int) -> None:
    person = world.person(who)
    day = world.day(when)
    new = placing.place(
        client=person,
        decision=make.decision_of(person),
        unit=world.unit(what),
        first_day=day,
    )
    planning.set_plan(placement=new, first_day=day, times=[WEEKS[what % 3]])


def new_plan(world: World, who: int, when: int, what: int) -> None:
    planning.set_plan(
        placement=world.placement(who),
        first_day=world.day(when),
        times=[WEEKS[what % 3]],
    )


def pause(world: World, who: int, when: int, what: int) -> None:
    start = world.day(when)
    planning.pause(
        placement=world.placement(who),
        first_day=start,
        end_day=start + timedelta(days=1 + what % 40),
        share_paid=(0, 50, 100)[what % 3],
    )


def death(world: World, who: int, when: int, what: int) -> None:
    event_operations.record(
        client=world.person(who),
        kind="death",
        day=world.day(when),
        note="",
        by_id=world.preparer,
        settle=True,
    )


def close_day(world: World, who: int, when: int, what: int) -> None:
    unit = world.unit(who) if what % 2 else None
    closing.close(
        choice_system_id=world.system.id, days={world.day(when): "Stängt"}, unit=unit
    )


def open_day(world: World, who: int, when: int, what: int) -> None:
    rows = db.session.scalars(select(ClosedDay).order_by(ClosedDay.id)).all()
    if rows:
        closing.reopen(closed_day=rows[who % len(rows)])


def new_prices(world: World, who: int, when: int, what: int) -> None:
    """A new first day or another revision; now and then without a level's price."""
    made = make_payments.prices(
        first_day=world.a_month(when).first,
        revision=100 + len(world.runs()) * 50 + what % 50,
        raised=100 * (what % 900),
    )
    if what % 5 == 0:
        made.cells = made.cells[:-3]
    db.session.flush()


def new_rules(world: World, who: int, when: int, what: int) -> None:
    changes: Sequence[Mapping[str, object]] = (
        {},
        {"pause_share": "80"},
        {"part_days": "whole_day"},
        {"same_hours": "paid"},
        {"rounding": "1"},
    )
    make_payments.payment_rules(
        first_day=world.a_month(when).first, **changes[what % len(changes)]
    )


def leave_contract(world: World, who: int, when: int, what: int) -> None:
    unit = world.unit(who)
    covered = db.session.scalars(
        select(ContractUnit).where(ContractUnit.unit_id == unit.id).limit(1)
    ).one()
    providing.end_cover(covered, end_day=world.day(when))


def compute(world: World, who: int, when: int, what: int) -> None:
    seen = next((run for run in world.runs() if run.status == "computed"), None)
    computing.compute(
        system=world.system, month=world.month, by_id=world.preparer, seen=seen
    )


def decide(world: World, who: int, when: int, what: int) -> None:
    run = world.run()
    found = [
        one
        for one in found_by_controls.findings(run)
        if one.control not in checking.LISTED_ONLY and one.placement_id is not None
    ]
    chosen = [one for number, one in enumerate(found) if (what >> number % 8) & 1]
    checking.decide(
        run=run, findings=chosen, decision="hold", reason="Fråga", by=world.preparer
    )


def pay_the_rest(world: World, who: int, when: int, what: int) -> None:
    run = world.run()
    found = [f for f in found_by_controls.findings(run) if checking.needs_decision(f)]
    if found:
        checking.decide(
            run=run, findings=found, decision="pay", reason="Ja", by=world.preparer
        )


def attest(world: World, who: int, when: int, what: int) -> None:
    operations.attest(run=world.run(), by_id=world.approver)


def attest_own(world: World, who: int, when: int, what: int) -> None:
    operations.attest(run=world.run(), by_id=world.preparer)


def export(world: World, who: int, when: int, what: int) -> None:
    ledger.export(run=world.run(), by_id=None)


def next_month(world: World, who: int, when: int, what: int) -> None:
    if world.month < LAST and world.run().status in BOOKED:
        world.month = world.month.next
        world.go_to(world.month.next)


def whole_month(world: World, who: int, when: int, what: int) -> None:
    """Report, compute, decide, attest and go on: most months are like this."""
    for act in (everybody_reports, compute, pay_the_rest, attest, next_month):
        act(world, who, when, what)


def _dying(act: Callable[[World, int, int, int], None]) -> Callable[..., None]:
    """The act, but the process dies at one of its statements."""

    def dies(world: World, who: int, when: int, what: int) -> None:
        with _death_at(1 + what % 60):
            act(world, who, when, what)
        raise Dies

    return dies


@contextmanager
def _death_at(number: int) -> Iterator[None]:
    left = iter(range(number))

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(SAVEPOINTS) and next(left, None) is None:
            raise Dies

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", count)


STEPS: Mapping[str, Callable[[World, int, int, int], None]] = MappingProxyType(
    {
        one.__name__: one
        for one in (
            report,
            everybody_reports,
            new_level,
            end_place,
            annul_place,
            new_place,
            new_plan,
            pause,
            death,
            close_day,
            open_day,
            new_prices,
            new_rules,
            leave_contract,
            compute,
            decide,
            pay_the_rest,
            attest,
            attest_own,
            export,
            next_month,
            whole_month,
        )
    }
    | {
        f"dying_{one.__name__}": _dying(one)
        for one in (compute, decide, attest, export)
    }
)
