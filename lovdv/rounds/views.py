"""Requests in, pages out: introduction rounds."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice.supporting import answer_day
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.rounds import operations, queries
from lovdv.rounds.blueprint import bp
from lovdv.rounds.forms import RoundForm
from lovdv.rounds.words import ANSWERS, LEFT_OUT
from lovdv.systems.queries import system_of, systems_of


@bp.get("/introduktion")
@requires(Permission.PROVIDER_READ)
def index() -> ResponseReturnValue:
    return render_template(
        "rounds/index.html",
        rounds=queries.rounds(actor()),
        systems=systems_of(actor().municipality_id),
        today=today(),
    )


@bp.route("/introduktion/ny/<system>", methods=["GET", "POST"])
@requires(Permission.CHOICE_PLACE)
def begin(system: str) -> ResponseReturnValue:
    """First who is asked and who is left out; then the invitations."""
    found = system_of(actor().municipality_id, system)
    form = RoundForm()
    form.offer(queries.units_with_places(actor(), found))
    if form.validate_on_submit() and request.form.get("step") == "confirm":
        with form.attempt():
            new = operations.begin(
                actor=actor(), system=found, units=form.units.data or []
            )
            db.session.commit()
            flash("Alla är inbjudna. Gör breven nu.", "success")
            return redirect(url_for(".progress", public_id=new.public_id))
    shown = queries.preview(actor(), found, form.units.data or [])
    audit.read("round.preview", about=[row.client.id for row in shown.rows])
    return render_template(
        "rounds/begin.html",
        form=form,
        system=found,
        preview=shown,
        reasons=LEFT_OUT,
        answer_by=answer_day(found.id),
    )


@bp.get("/introduktion/<public_id>")
@requires(Permission.PROVIDER_READ)
def progress(public_id: str) -> ResponseReturnValue:
    found = queries.round_of(actor(), public_id)
    everyone = queries.answers(found)
    own = actor().may(Permission.CHOICE_READ)
    mine = queries.own_answers(actor(), found) if own else []
    audit.read("round.people", about=[row.invitation.client_id for row in mine])
    return render_template(
        "rounds/progress.html",
        round=found,
        total=len(everyone),
        counts=queries.counted(everyone),
        rows=mine,
        states=ANSWERS,
    )
