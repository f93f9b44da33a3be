"""Requests in, pages out: objections to what a unit was paid."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.basis import objection_queries, operations, queries
from lovdv.basis.blueprint import bp
from lovdv.basis.dates import answer_by
from lovdv.basis.forms import VERDICTS, AnswerForm, MissingForm, ObjectForm
from lovdv.basis.models import BasisObjection
from lovdv.basis.months import month_in
from lovdv.basis.rows import unit_month
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.formats import day
from lovdv.people.names import shown_name
from lovdv.placements.models import Placement
from lovdv.providers.models import Unit
from lovdv.systems.queries import main_system
from payments import Month


@bp.get("/ersattning/invandningar")
@requires(Permission.BASIS_READ)
def objections() -> ResponseReturnValue:
    found = objection_queries.objections(actor())
    audit.read("basis.objection_list", about=_clients(*found))
    return render_template(
        "basis/objections.html",
        waiting=[one for one in found if one.answer is None],
        answered=[one for one in found if one.answer is not None],
        verdicts=VERDICTS,
        today=today(),
    )


def _clients(*found: BasisObjection) -> list[int]:
    return [one.placement.client_id for one in found if one.placement]


@bp.get("/ersattning/invandningar/<public_id>")
@requires(Permission.BASIS_READ)
def objection(public_id: str) -> ResponseReturnValue:
    return _page(objection_queries.objection(actor(), public_id), None)


@bp.route("/ersattning/invandningar/<public_id>/svara", methods=["GET", "POST"])
@requires(Permission.BASIS_ANSWER)
def answer(public_id: str) -> ResponseReturnValue:
    found = objection_queries.objection(actor(), public_id)
    form = AnswerForm()
    if form.validate_on_submit():
        with form.attempt():
            operations.answer(
                objection=found,
                verdict=form.verdict.data,
                text=form.text.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Svaret är skickat till enheten.", "success")
            return redirect(url_for(".objection", public_id=public_id))
    return _page(found, form)


def _page(found: BasisObjection, form: AnswerForm | None) -> ResponseReturnValue:
    audit.read("basis.objection", about=_clients(found), object=found.public_id)
    refs = [line.line_id for line in found.lines]
    return render_template(
        "basis/objection.html",
        found=found,
        form=form,
        lines=queries.lines_with(actor(), refs),
        verdicts=VERDICTS,
        today=today(),
        people=queries.clients_seen(actor(), found.unit_id),
        may_answer=actor().may(Permission.BASIS_ANSWER),
    )


@bp.route(
    "/ersattning/<public_id>/<month>/rad/<placement>/<concerns>/invand",
    methods=["GET", "POST"],
)
@requires(Permission.BASIS_OBJECT)
def object_to(
    public_id: str, month: str, placement: str, concerns: str
) -> ResponseReturnValue:
    where, asked = queries.unit(actor(), public_id), month_in(month)
    who = queries.placement_of(actor(), where.id, placement)
    found = unit_month(actor(), where, asked)
    rows = found.rows_of(who.id, month_in(concerns))
    audit.read("basis.objecting", about=[who.client_id])
    form = ObjectForm()
    if form.validate_on_submit():
        with form.attempt():
            new = operations.object_to(
                placement=who,
                month=asked,
                concerns=month_in(concerns),
                line_ids=[line.id for row in rows for line in row.lines],
                text=form.text.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            return _sent(new)
    return render_template(
        "basis/object.html",
        form=form,
        found=found,
        rows=rows,
        placement=who,
        concerns=month_in(concerns),
        people=queries.clients_seen(actor(), where.id),
        answer_by=answer_by(who.choice_system_id),
    )


@bp.route("/ersattning/<public_id>/<month>/saknas", methods=["GET", "POST"])
@requires(Permission.BASIS_OBJECT)
def missing(public_id: str, month: str) -> ResponseReturnValue:
    """The unit misses a row for somebody."""
    where, asked = queries.unit(actor(), public_id), month_in(month)
    placed = queries.placed_in(actor(), where.id, asked)
    form = MissingForm()
    form.offer(_named(where, placed))
    audit.read("basis.objecting", about=[one.client_id for one in placed])
    system = main_system(actor().municipality_id).id
    if form.validate_on_submit():
        with form.attempt():
            new = _send_missing(form, where, asked, system)
            db.session.commit()
            return _sent(new)
    return render_template(
        "basis/missing.html",
        form=form,
        unit=where,
        month=asked,
        answer_by=answer_by(system),
    )


def _named(unit: Unit, placed: Sequence[Placement]) -> list[tuple[str, str]]:
    """Who can be chosen, by name as long as the unit still sees them."""
    seen = queries.clients_seen(actor(), unit.id)
    names = {ref: f"{shown_name(client)}, " for ref, client in seen.items()}
    return [(one.public_id, names.get(one.id, "") + one.number) for one in placed]


def _send_missing(
    form: MissingForm, unit: Unit, month: Month, system: int
) -> BasisObjection:
    chosen = form.placement.data
    who = queries.placement_of(actor(), unit.id, chosen) if chosen else None
    return operations.object_to_missing(
        unit=unit,
        municipality_id=actor().municipality_id,
        choice_system_id=who.choice_system_id if who else system,
        month=month,
        placement=who,
        text=form.text.data,
        by_id=actor().user_id,
    )


def _sent(new: BasisObjection) -> ResponseReturnValue:
    flash(f"Invändningen är skickad. Svar senast {day(new.answer_by)}.", "success")
    return redirect(url_for(".objection", public_id=new.public_id))
