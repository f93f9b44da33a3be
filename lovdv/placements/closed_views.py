"""Requests in, pages out: closed days, and a unit's own reasons for absence."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import weekday
from lovdv.forms import options
from lovdv.placements import closing, months
from lovdv.placements.attendance_forms import ClosedDaysForm, LocalReasonForm
from lovdv.placements.blueprint import bp
from lovdv.placements.codes import FIXED, codes_of
from lovdv.placements.workdays import FRIDAY, proposed_closed
from lovdv.providers import queries as providers
from lovdv.providers.models import Unit
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import main_system

EVERYBODY = "Alla enheter"


@bp.route("/stangda-dagar", methods=["GET", "POST"])
@requires(Permission.SYSTEM_WRITE)
def closed_days() -> ResponseReturnValue:
    system, year = main_system(actor().municipality_id), _year()
    form = _closed_form(system, year)
    if form.validate_on_submit():
        with form.attempt():
            chosen = form.unit.data
            unit = chosen and providers.unit_in(actor().municipality_id, chosen)
            count = closing.close(
                choice_system_id=system.id,
                days=_chosen(form, system, unit or None),
                unit=unit or None,
            )
            db.session.commit()
            flash(f"Stängda dagar tillagda: {count}.", "success")
            return redirect(url_for("placements.closed_days", year=year))
    return render_template(
        "placements/closed_days.html",
        form=form,
        year=year,
        found=months.closed_in(system.id, year),
        today=today(),
    )


def _chosen(
    form: ClosedDaysForm, system: ChoiceSystem, unit: Unit | None
) -> dict[date, str]:
    """The proposed days that were ticked, the single day, and weekdays of a period.

    In a period, days that are closed for the same already are left as they are.
    """
    years = {day.year for day in form.days}
    names = {d: n for y in {_year(), *years} for d, n in proposed_closed(y).items()}
    chosen = {d: n for d, n in names.items() if str(d) in form.proposed.data}
    if form.last_day.data is None:
        return chosen | dict.fromkeys(form.days, form.name.data)
    taken = {
        closed.day
        for year in years
        for closed in months.closed_in(system.id, year)
        if closed.unit_id in (None, unit.id if unit else None)
    }
    free = [d for d in form.days if d.weekday() <= FRIDAY and d not in taken]
    if not free and not chosen:
        raise Refused("Alla vardagar i perioden är redan stängda.", "day")
    return dict.fromkeys(free, form.name.data) | chosen


def _year() -> int:
    asked = request.args.get("year", type=int) or today().year
    return min(max(asked, today().year - 5), today().year + 5)


def _closed_form(system: ChoiceSystem, year: int) -> ClosedDaysForm:
    form = ClosedDaysForm()
    taken = {c.day for c in months.closed_in(system.id, year) if c.unit_id is None}
    form.proposed.choices = options(
        (str(day), f"{weekday(day).capitalize()}: {name}")
        for day, name in proposed_closed(year).items()
        if day not in taken
    )
    form.unit.choices = options(
        ((u.public_id, u.name) for u in providers.units_in(actor().municipality_id)),
        empty=EVERYBODY,
    )
    return form


@bp.post("/stangda-dagar/<public_id>/oppna")
@requires(Permission.SYSTEM_WRITE)
def open_day(public_id: str) -> ResponseReturnValue:
    found = months.closed_day(actor().municipality_id, public_id)
    closing.reopen(closed_day=found)
    db.session.commit()
    flash("Dagen är öppen igen.", "success")
    return redirect(url_for("placements.closed_days", year=found.day.year))


@bp.route("/narvaro/egna-anledningar", methods=["GET", "POST"])
@requires(Permission.ATTENDANCE_REPORT)
def local_reasons() -> ResponseReturnValue:
    unit = providers.own_unit(actor())
    form = LocalReasonForm()
    known = codes_of(main_system(actor().municipality_id).id, today())
    form.code.choices = options(
        (c.letter, f"{c.letter} – {c.name}") for c in known if c.letter not in FIXED
    )
    if form.validate_on_submit():
        with form.attempt():
            closing.add_reason(unit=unit, name=form.name.data, code=form.code.data)
            db.session.commit()
            flash("Anledningen är tillagd.", "success")
            return redirect(url_for("placements.local_reasons"))
    return render_template(
        "placements/local_reasons.html",
        form=form,
        unit=unit,
        found=months.local_reasons(unit.id),
        names={code.letter: code.name for code in known},
    )


@bp.post("/narvaro/egna-anledningar/<public_id>/ta-bort")
@requires(Permission.ATTENDANCE_REPORT)
def end_reason(public_id: str) -> ResponseReturnValue:
    found = months.local_reason(actor().unit_id or 0, public_id)
    closing.end_reason(reason=found)
    db.session.commit()
    flash("Anledningen finns inte längre i listan.", "success")
    return redirect(url_for("placements.local_reasons"))
