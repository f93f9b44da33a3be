"""Requests in, pages out: ceilings, by the municipality and by the unit itself."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.placements.plans import half_day_text
from lovdv.providers import capacity as rooms_of
from lovdv.providers import capacity_changes as ceilings
from lovdv.providers import operations, queries
from lovdv.providers.blueprint import bp
from lovdv.providers.capacity_forms import NotifyForm
from lovdv.providers.forms import CapacityForm
from lovdv.providers.models import Unit
from lovdv.queues.lines import line
from lovdv.systems.queries import main_system


@bp.route("/verksamhet/<public_id>/platser", methods=["GET", "POST"])
@requires(Permission.PROVIDER_WRITE)
def capacity(public_id: str) -> ResponseReturnValue:
    found = queries.unit_in(actor().municipality_id, public_id)
    form = CapacityForm()
    if request.method == "GET":
        form.show(rooms_of.room(found, today()))
        form.notified_on.data = today()
    if form.validate_on_submit():
        with form.attempt():
            operations.require_tended(found.provider, actor().municipality_id)
            ceilings.set_capacity(
                unit=found,
                choice_system_id=_system(),
                ceilings=form.ceilings(),
                first_day=form.first_day.data,
                notified_on=form.notified_on.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Taket är sparat. Ingen som redan har plats flyttas.", "success")
            return redirect(url_for(".unit", public_id=public_id))
    return render_template("providers/capacity.html", form=form, **_page(found))


@bp.route("/vara-platser", methods=["GET", "POST"])
@requires(Permission.CAPACITY_NOTIFY)
def own_capacity() -> ResponseReturnValue:
    """The unit sees its room and how many wait, and notifies another ceiling."""
    found = queries.own_unit(actor())
    form = NotifyForm()
    if request.method == "GET":
        form.show(rooms_of.room(found, today()))
        form.first_day.data = ceilings.earliest_from(_system(), today())
    if form.validate_on_submit():
        with form.attempt():
            ceilings.notify(
                unit=found,
                choice_system_id=_system(),
                ceilings=form.ceilings(),
                first_day=form.first_day.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Kommunen har fått er anmälan. Ingen som har plats flyttas.")
            return redirect(url_for(".own_capacity"))
    return render_template("providers/own_capacity.html", form=form, **_page(found))


@bp.get("/utforare/kommande-tak")
@requires(Permission.PROVIDER_READ)
def coming_ceilings() -> ResponseReturnValue:
    units = queries.units_in(actor().municipality_id)
    return render_template(
        "providers/coming_ceilings.html",
        coming=ceilings.coming(units, today()),
        half_day_text=half_day_text,
    )


def _page(unit: Unit) -> dict[str, object]:
    """Room, ceilings and the queue as numbers and days, never people."""
    return {
        "unit": unit,
        "room": rooms_of.room(unit, today()),
        "changes": ceilings.changes(unit, today()),
        "queue": [one for one in line(unit.id, actor().municipality_id) if one.waits],
        "earliest": ceilings.earliest_from(_system(), today()),
        "today": today(),
        "half_day_text": half_day_text,
    }


def _system() -> int:
    return main_system(actor().municipality_id).id
