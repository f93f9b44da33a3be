"""Requests in, pages out: the month grid, one person's month and one day."""

from collections.abc import Sequence
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.forms import options
from lovdv.placements import due, months, notice, queries, reporting
from lovdv.placements.attendance_forms import (
    CorrectForm,
    DayForm,
    GridRow,
    read_row,
)
from lovdv.placements.blueprint import bp
from lovdv.placements.codes import codes_of
from lovdv.placements.days import day_mark, fault_of, told_words
from lovdv.placements.grid import Faults, days_of, faults_of, line_of
from lovdv.placements.models import LocalReason, Placement
from lovdv.placements.months import PersonMonth
from lovdv.placements.plans import hours_text, minutes_of
from lovdv.placements.scope import is_at_unit
from lovdv.placements.settings import word
from lovdv.systems.queries import main_system
from payments.calendar import CLOSED
from payments.errors import NotAMonth
from payments.month import Month

LATE = {
    "wait": "Efter det väntar ersättningen tills månaden är bekräftad.",
    "plan": "Efter det betalas planen, och skillnaden regleras när ni har bekräftat.",
    "hold": "Efter det hålls ersättningen inne tills kommunen har gått igenom månaden.",
}
ALL = "alla"
YEARS = range(1901, 2201)


@bp.get("/narvaro")
@requires(Permission.ATTENDANCE_READ)
def attendance() -> ResponseReturnValue:
    month = _asked_month()
    found = months.month_seen(actor(), month)
    return _grid(month, [line_of(one) for one in found], Faults())


def _asked_month() -> Month:
    """The month asked for; else the oldest to confirm, else this one."""
    try:
        return _read(request.args.get("month", ""))
    except NotAMonth:
        waiting = due.unconfirmed(actor()) if is_at_unit(actor()) else {}
        return min(waiting, default=Month.of(today()))


def _grid(month: Month, lines: list[object], faults: Faults) -> str:
    audit.read(
        "attendance.list",
        about=[line.found.placement.client_id for line in lines],
        object=str(month),
    )
    system_id = main_system(actor().municipality_id).id
    return render_template(
        "placements/attendance.html",
        month=month,
        this_month=Month.of(today()),
        days=days_of(month),
        lines=lines,
        form=faults,
        codes=[c for c in codes_of(system_id, month.first) if c.letter != CLOSED],
        confirm_by=months.confirm_by(system_id, month),
        late=LATE[word(system_id, "attendance", "late", month.first)],
        reports=is_at_unit(actor()),
        waiting=sum(line.found.waits for line in lines),
        today=today(),
    )


@bp.post("/narvaro/<month>")
@requires(Permission.ATTENDANCE_REPORT)
def save_attendance(month: str) -> ResponseReturnValue:
    asked = _month(month)
    found = months.month_at_unit(actor(), asked)
    rows = [read_row(one, request.form) for one in found if one.is_open]
    faults = faults_of(rows)
    if not faults.errors:
        try:
            conflicts = _save(rows, found)
            db.session.commit()
        except Refused as refusal:
            db.session.rollback()
            faults = Faults(form_errors=[refusal.message])
        else:
            if not conflicts:
                flash("Sparat.", "success")
                return redirect(url_for("placements.attendance", month=month))
            rows, faults = conflicts, faults_of(conflicts)
    sent = {row.found.placement.id: row for row in rows}
    fresh = months.month_at_unit(actor(), asked)
    return _grid(asked, [line_of(o, sent.get(o.placement.id)) for o in fresh], faults)


def _save(rows: list[GridRow], found: list[PersonMonth]) -> list[GridRow]:
    """Days first, then what is to be confirmed or opened; what stuck is returned."""
    stuck = []
    for row in rows:
        if row.changes:
            told = reporting.report(
                placement=row.found.placement,
                month=row.found.month,
                changes=row.changes,
            )
            if told:
                stuck.append(_in_conflict(row, told))
    waiting = {row.found.placement.id for row in stuck}
    for one in found:
        if one.placement.id not in waiting:
            stuck += _confirm_or_open(one)
    return stuck


def _in_conflict(row: GridRow, told: list[reporting.Conflict]) -> GridRow:
    return GridRow(
        row.found,
        {conflict.number: conflict.sent for conflict in told},
        row.had,
        faults={
            conflict.number: (
                f"dag {conflict.number} har ändrats av någon annan. Nu står det: "
                f"{conflict.stands}. Du skrev {conflict.sent or 'planen'}. "
                "Spara igen om ditt ska gälla."
            )
            for conflict in told
        },
    )


def _confirm_or_open(one: PersonMonth) -> list[GridRow]:
    """Days that keep a month from being confirmed are told; the others go on."""
    chosen = request.form.get("confirm")
    mine = chosen == one.placement.public_id
    if one.is_open and (mine or (chosen == ALL and one.is_over)):
        try:
            reporting.confirm(
                placement=one.placement, month=one.month, by_id=actor().user_id
            )
        except reporting.StaleDays as stale:
            return [GridRow(one, {}, "", faults=dict(stale.faults))]
    elif request.form.get("unconfirm") == one.placement.public_id:
        reporting.unconfirm(placement=one.placement, month=one.month)
    return []


def _read(text: str) -> Month:
    """A month that has a month before and after it, and days that forms take."""
    found = Month.read(text)
    if found.year not in YEARS:
        raise NotAMonth(text)
    return found


def _month(text: str) -> Month:
    try:
        return _read(text)
    except NotAMonth as error:
        raise NotFound from error


@bp.get("/narvaro/<public_id>/<month>")
@requires(Permission.ATTENDANCE_READ)
def month(public_id: str, month: str) -> ResponseReturnValue:
    found = months.person_month(queries.placement(actor(), public_id), _month(month))
    placement = found.placement
    audit.read(
        "attendance.read",
        about=[placement.client_id],
        object=f"{public_id} {found.month}",
    )
    at_unit = is_at_unit(actor()) and placement.unit_id == actor().unit_id
    return render_template(
        "placements/month.html",
        found=found,
        placement=placement,
        days=days_of(found.month),
        names=_names(placement, found.month),
        versions=months.versions(placement, found.month),
        reasons=months.local_absences(placement, found.month) if at_unit else {},
        hours_text=hours_text,
        at_unit=at_unit,
        told=found.told,
        counted=notice.counted(found),
    )


def _names(placement: Placement, month: Month) -> dict[str, str]:
    known = codes_of(placement.choice_system_id, month.first)
    return {code.letter: code.name for code in known}


@bp.post("/narvaro/<public_id>/<month>/bekrafta")
@requires(Permission.ATTENDANCE_REPORT)
def confirm_month(public_id: str, month: str) -> ResponseReturnValue:
    placement = queries.placement_at_unit(actor(), public_id)
    reporting.confirm(placement=placement, month=_month(month), by_id=actor().user_id)
    db.session.commit()
    flash("Månaden är bekräftad.", "success")
    return redirect(url_for("placements.month", public_id=public_id, month=month))


@bp.post("/narvaro/<public_id>/<month>/angra")
@requires(Permission.ATTENDANCE_REPORT)
def unconfirm_month(public_id: str, month: str) -> ResponseReturnValue:
    placement = queries.placement_at_unit(actor(), public_id)
    reporting.unconfirm(placement=placement, month=_month(month))
    db.session.commit()
    flash("Månaden är öppen igen.", "success")
    return redirect(url_for("placements.month", public_id=public_id, month=month))


@bp.route("/narvaro/<public_id>/<month>/ratta", methods=["GET", "POST"])
@requires(Permission.ATTENDANCE_REPORT)
def correct_month(public_id: str, month: str) -> ResponseReturnValue:
    placement, asked = queries.placement_at_unit(actor(), public_id), _month(month)
    audit.read("attendance.read", about=[placement.client_id], object=public_id)
    form = CorrectForm()
    if form.validate_on_submit():
        with form.attempt():
            reporting.correct(placement=placement, month=asked, reason=form.reason.data)
            db.session.commit()
            flash("Månaden är öppen för rättelse. Bekräfta när du är klar.", "success")
            return redirect(
                url_for("placements.month", public_id=public_id, month=month)
            )
    return render_template(
        "placements/correct.html", form=form, placement=placement, month=asked
    )


@bp.route("/narvaro/<public_id>/dag/<day>", methods=["GET", "POST"])
@requires(Permission.ATTENDANCE_REPORT)
def day(public_id: str, day: str) -> ResponseReturnValue:
    placement, asked = queries.placement_at_unit(actor(), public_id), _day(day)
    found = months.person_month(placement, Month.of(asked))
    audit.read("attendance.read", about=[placement.client_id], object=public_id)
    own = months.local_reasons(placement.unit_id)
    form = _day_form(found, asked, own)
    if form.validate_on_submit():
        with form.attempt():
            _save_day(form, placement, asked, own)
            db.session.commit()
            flash("Dagen är sparad.", "success")
            return redirect(
                url_for("placements.month", public_id=public_id, month=str(found.month))
            )
    return render_template(
        "placements/day.html",
        form=form,
        found=found,
        placement=placement,
        day=asked,
        hours=hours_text(found.hours(asked.day)),
        own=own,
        judged=notice.judged_letters(placement.choice_system_id, asked),
        told=told_words(found, asked.day),
        counted=notice.counted(found).get(asked.day),
    )


def _save_day(
    form: DayForm, placement: Placement, day: date, own: Sequence[LocalReason]
) -> None:
    try:
        reporting.report_day(
            placement=placement,
            day=day,
            had=form.had.data,
            code=form.code.data,
            parts=form.parts,
            reason=next((r for r in own if r.public_id == form.reason.data), None),
            told=form.told,
        )
    except reporting.ChangedMeanwhile:
        # Told of it, the user may save over what now stands.
        found = months.person_month(placement, Month.of(day))
        form.had.data = day_mark(found, day.day)
        raise


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise NotFound from error
    if found.year not in YEARS:
        raise NotFound
    return found


def _day_form(found: PersonMonth, day: date, own: Sequence[LocalReason]) -> DayForm:
    form = DayForm()
    if not notice.is_asked(found):
        del form.told_day, form.told_clock
    known = codes_of(found.placement.choice_system_id, day)
    letters = [
        (c.letter, f"{c.letter} – {c.name}") for c in known if c.letter != CLOSED
    ]
    form.code.choices = options(
        (pair for pair in letters if not fault_of(found, day.day, pair[0])),
        empty="Enligt planen",
    )
    for _, _, code in form.rows():
        code.choices = options(letters, empty="–")
    form.reason.choices = options(
        ((r.public_id, f"{r.name} ({r.code})") for r in own), empty="Ingen"
    )
    if not form.is_submitted():
        _fill_day(form, found, day)
    return form


def _fill_day(form: DayForm, found: PersonMonth, day: date) -> None:
    form.had.data = day_mark(found, day.day)
    form.code.data = found.set_code(day.day)
    for (start, end, code), part in zip(
        form.rows(), found.parts(day.day), strict=False
    ):
        start.data, end.data = minutes_of(part["from"]), minutes_of(part["to"])
        code.data = part["code"]
    at = found.told_at(day.day)
    if at and "told_day" in form:
        form.told_day.data = at.date()
        form.told_clock.data = at.hour * 60 + at.minute
    reason = months.local_absences(found.placement, found.month).get(day)
    form.reason.data = reason.public_id if reason else ""
