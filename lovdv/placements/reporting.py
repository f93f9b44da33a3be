"""Reporting attendance: set days, confirm, lock; a late change is a new version."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update

from lovdv import audit
from lovdv.clock import now
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.formats import month as month_text
from lovdv.placements.checks import locked
from lovdv.placements.codes import HERE, STANDS
from lovdv.placements.days import (
    Part,
    check_parts,
    day_mark,
    day_words,
    fault_of,
    part_of,
    stale_days,
    untold,
    with_reason,
)
from lovdv.placements.models import (
    AttendanceMonth,
    LocalAbsence,
    LocalReason,
    Placement,
)
from lovdv.placements.months import (
    OUTSIDE,
    PersonMonth,
    earliest_month,
    person_month,
)
from lovdv.placements.notice import (
    Told,
    by_plan,
    check_told,
    laid_out,
    said,
    still_told,
)
from lovdv.placements.plans import clock_text
from payments.calendar import ATTENDED, CLOSED, EXTRA, NOT_PLANNED
from payments.month import Month


@dataclass(frozen=True)
class DayChange:
    """A day's new letter, and the day_mark() that the sender saw; '' is the plan."""

    number: int
    had: str
    code: str


@dataclass(frozen=True)
class Conflict:
    """A day that somebody else changed meanwhile; what was sent is not saved.

    `stands` is the day as it now is, in words.
    """

    number: int
    sent: str
    stands: str


class ChangedMeanwhile(Refused):
    """Somebody else has changed the day since the sender saw it."""


class StaleDays(Refused):
    """Set days no longer fit the month; `faults` says why, by the day's number."""

    def __init__(self, faults: Mapping[int, str]) -> None:
        super().__init__(
            f"Ändra det här innan månaden bekräftas. {' '.join(faults.values())}"
        )
        self.faults = faults


def report(
    *, placement: Placement, month: Month, changes: Sequence[DayChange]
) -> list[Conflict]:
    """Set days of an open month. Each day is judged by itself.

    A day that has changed since the sender saw it is left as it is, and told.
    """
    found = _open_month(placement, month)
    conflicts, set_, parts = [], {}, {}
    for change in changes:
        fault = fault_of(found, change.number, change.code)
        if fault:
            raise Refused(fault)
        stands = day_mark(found, change.number)
        if untold(stands) == (change.code or STANDS):
            continue
        if stands == (change.had or STANDS):
            at = still_told(found, change.number, change.code)
            parts[change.number] = laid_out(found, change.number, change.code, (), at)
            set_[change.number] = change.code
        else:
            told = day_words(found, change.number)
            conflicts.append(Conflict(change.number, change.code, told))
    if set_:
        _write(found, set_, parts)
    return conflicts


def report_day(
    *,
    placement: Placement,
    day: date,
    had: str,
    code: str,
    parts: Sequence[Part] = (),
    reason: LocalReason | None = None,
    told: Told | None = None,
) -> None:
    """Set one day with its times; `had` is the day_mark() that the sender saw.

    Without `told`, what is known of when the absence was told stands for a letter
    that stands.
    """
    month = Month.of(day)
    found = _open_month(placement, month)
    if day_mark(found, day.day) != had:
        raise ChangedMeanwhile(
            "Någon annan har ändrat dagen medan du skrev. Så här står den nu: "
            f"{day_words(found, day.day)}. Spara igen om det du skrev ska gälla."
        )
    fault = fault_of(found, day.day, code)
    if fault:
        raise Refused(fault, "code")
    if reason is not None:
        code = with_reason(reason, code, parts)
    check_parts(found, day.day, parts)
    at = said(found, day.day, told) if told else still_told(found, day.day, code)
    laid = laid_out(found, day.day, code, parts, at)
    if told:
        check_told(found, day.day, told, laid)
    _write(found, {day.day: code}, {day.day: laid})
    if reason is not None:
        db.session.add(
            LocalAbsence(placement_id=placement.id, day=day, reason_id=reason.id)
        )
        db.session.flush()


def _open_month(placement: Placement, month: Month) -> PersonMonth:
    found = _held_month(placement, month)
    if not found.is_open:
        raise Refused(
            f"{_name(month)} är redan bekräftad. Ångra bekräftelsen först, eller rätta "
            "i efterhand om månaden är låst."
        )
    return found


def _held_month(placement: Placement, month: Month) -> PersonMonth:
    """The month as it stands, with the placement's row held."""
    locked(placement)
    found = person_month(placement, month)
    if found.rests:
        raise Refused(f"Personen har ingen plats här i {month_text(month.first)}.")
    if month < earliest_month(placement.choice_system_id):
        raise Refused(
            f"{_name(month)} är för gammal för att rapporteras. Kontakta kommunen."
        )
    return found


def _name(month: Month) -> str:
    return month_text(month.first).capitalize()


def _write(
    found: PersonMonth,
    codes: Mapping[int, str],
    parts: Mapping[int, Sequence[Part]],
) -> None:
    """Change days of the open version.

    A day's parts are replaced, and what changes a day takes away the unit's own
    reason for it.
    """
    row = found.row or _new_version(found, 1)
    letters = list(row.codes)
    details = dict(row.details)
    before = {"codes": row.codes, "details": row.details}
    for number, code in codes.items():
        letters[number - 1] = code or STANDS
        details.pop(str(number), None)
        if parts.get(number):
            details[str(number)] = [_stored(part) for part in parts[number]]
    row.codes, row.details, row.updated_at = "".join(letters), details, now()
    _forget_reasons(found, codes)
    db.session.flush()
    _changed(
        "attendance.report", found, before, {"codes": row.codes, "details": details}
    )


def _forget_reasons(found: PersonMonth, numbers: Collection[int]) -> None:
    db.session.execute(
        delete(LocalAbsence).where(
            LocalAbsence.placement_id == found.placement.id,
            LocalAbsence.day.in_([found.days[number - 1] for number in numbers]),
        )
    )


def _stored(part: Part) -> dict[str, str]:
    told = {"notified_at": part.told.isoformat()} if part.told else {}
    return {
        "from": clock_text(part.start),
        "to": clock_text(part.end),
        "code": part.code,
        **told,
    }


def _new_version(found: PersonMonth, version: int, reason: str = "") -> AttendanceMonth:
    """An open version where the plan stands every day."""
    new = AttendanceMonth(
        placement_id=found.placement.id,
        month=found.month.first,
        version=version,
        codes=STANDS * found.month.days,
        details={},
        updated_at=now(),
        change_reason=reason,
    )
    db.session.add(new)
    db.session.flush()
    return new


def confirm(
    *, placement: Placement, month: Month, by_id: int | None = None
) -> AttendanceMonth:
    """Freeze the month: plan, closed days and minutes are resolved into the row."""
    found = _held_month(placement, month)
    if not found.is_open:
        raise Refused(f"{_name(month)} är redan bekräftad.")
    if not found.is_over:
        raise Refused(
            f"{_name(month)} kan bekräftas från och med {day_text(found.over_on)}."
        )
    stale = stale_days(found)
    if stale:
        raise StaleDays(stale)
    row = found.row or _new_version(found, 1)
    row.details = _told_by_plan(found)
    row.codes = found.codes.replace(OUTSIDE, NOT_PLANNED)
    row.planned = "".join("1" if code in "NK" else "0" for code in found.plan)
    row.minutes_planned = _minutes(found, found.plan, {})
    row.minutes_attended = _minutes(found, row.codes, row.details)
    row.status, row.confirmed_at, row.confirmed_by_id = "confirmed", now(), by_id
    row.updated_at = now()
    db.session.flush()
    _changed("attendance.confirm", found, {"status": "open"}, {"codes": row.codes})
    return row


def _told_by_plan(found: PersonMonth) -> dict[str, list[dict[str, str]]]:
    """The parts, where a told letter has the hours that the plan has come to have."""
    laid = {number: by_plan(found, number) for number in found.told}
    told = {str(number): [_stored(p) for p in parts] for number, parts in laid.items()}
    return {**found.details, **told}


def _minutes(
    found: PersonMonth, codes: str, details: Mapping[str, list[dict[str, str]]]
) -> int:
    """Minutes attended: parts by their own letters, what is left by the day's."""
    total = 0
    for number, code in enumerate(codes, 1):
        hours, parts = found.hours(number), details.get(str(number), [])
        left = hours.minutes if hours and not (parts and code == EXTRA) else 0
        for part in map(part_of, parts):
            left -= part.end - part.start if part.code != EXTRA else 0
            total += part.end - part.start if part.code in HERE else 0
        total += left if code in HERE else 0
    return total


def unconfirm(*, placement: Placement, month: Month) -> None:
    """Open a confirmed month again, as long as it is not locked."""
    found = _held_month(placement, month)
    row = found.row
    if row is None or row.status == "open":
        raise Refused(f"{_name(month)} är inte bekräftad.")
    if row.status == "locked":
        raise Refused(
            f"{_name(month)} är låst, för den har gått till utbetalning. "
            "Rätta i efterhand i stället."
        )
    row.codes = _deviations(found, row)
    row.planned, row.minutes_planned, row.minutes_attended = "", 0, 0
    row.status, row.confirmed_at, row.confirmed_by_id = "open", None, None
    row.updated_at = now()
    db.session.flush()
    _changed("attendance.unconfirm", found, {"status": "confirmed"}, {"status": "open"})


def _deviations(found: PersonMonth, row: AttendanceMonth) -> str:
    """Frozen letters as deviations from the plan as it is now."""
    plan = found.plan.replace(OUTSIDE, NOT_PLANNED)
    return "".join(
        STANDS
        if stands == NOT_PLANNED and found.has_extra(number)
        else _as_set(code, stands)
        for number, (code, stands) in enumerate(zip(row.codes, plan, strict=True), 1)
    )


def _as_set(code: str, stands: str) -> str:
    """Attended on a day that the plan no longer holds is attended outside it."""
    if code in (stands, NOT_PLANNED, CLOSED):
        return STANDS
    if code in HERE:
        return STANDS if stands == ATTENDED else EXTRA
    return code


def correct(*, placement: Placement, month: Month, reason: str) -> AttendanceMonth:
    """Begin a late change of a locked month: a new version, which says why.

    The locked version stands as it is; when the new one is confirmed, the next run
    pays or takes back the difference.
    """
    found = _held_month(placement, month)
    locked_row = found.row
    if locked_row is None or locked_row.status != "locked":
        raise Refused(f"{_name(month)} är inte låst. Ändra den som vanligt.")
    if not reason.strip():
        raise Refused("Skriv varför månaden rättas.", "reason")
    new = _new_version(found, locked_row.version + 1, reason)
    new.codes = _deviations(found, locked_row)
    new.details = dict(locked_row.details)
    db.session.flush()
    after = {"version": new.version, "reason": reason}
    _changed("attendance.correct", found, {"version": locked_row.version}, after)
    return new


def lock_month(
    *, choice_system_id: int, month: date, known_at: datetime | None = None
) -> int:
    """Lock what a run has paid: the confirmed versions it knew. Says how many."""
    placements = select(Placement.id).where(
        Placement.choice_system_id == choice_system_id
    )
    # The row itself must be as asked: PostgreSQL looks at it anew after waiting for
    # somebody who opened it, but not at what a subselect found before.
    locked_rows = db.session.scalars(
        update(AttendanceMonth)
        .where(
            AttendanceMonth.placement_id.in_(placements),
            AttendanceMonth.month == Month.of(month).first,
            AttendanceMonth.status == "confirmed",
            AttendanceMonth.confirmed_at <= (known_at or now()),
        )
        .values(status="locked", locked_at=now())
        .returning(AttendanceMonth.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    audit.change(
        "attendance.lock",
        object=str(Month.of(month)),
        after={"system": choice_system_id, "count": len(locked_rows)},
    )
    return len(locked_rows)


def _changed(
    action: str,
    found: PersonMonth,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    audit.change(
        action,
        about=[found.placement.client_id],
        object=f"{found.placement.public_id} {found.month}",
        before=before,
        after=after,
    )
