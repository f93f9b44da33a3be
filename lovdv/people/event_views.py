"""Requests in, pages out: life events, first what they would end."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.extensions import db
from lovdv.people import event_operations, events, mistaken_death, queries, words
from lovdv.people.blueprint import bp
from lovdv.people.decision_forms import EventForm, TakeBackForm
from lovdv.people.events import Proposal
from lovdv.people.models import Client


@bp.route("/personer/<public_id>/handelse", methods=["GET", "POST"])
@requires(Permission.PERSON_WRITE)
def event(public_id: str) -> ResponseReturnValue:
    """The form; then what the event proposes; then, when confirmed, all of it."""
    client = queries.person(actor(), public_id)
    audit.read("person.read", about=[client.id], object=client.public_id)
    form, step = EventForm(), request.form.get("step", "")
    if form.validate_on_submit():
        proposal = events.proposal(client, form.kind.data, form.day.data)
        with form.attempt():
            if step not in ("settle", "note"):
                event_operations.require_possible(client, proposal)
                return _page(client, form, proposal)
            event_operations.record(
                client=client,
                kind=form.kind.data,
                day=form.day.data,
                note=form.note.data or "",
                by_id=actor().user_id,
                settle=step == "settle",
            )
            db.session.commit()
            flash("Händelsen är sparad.", "success")
            return redirect(url_for("people.person", public_id=public_id))
    return _page(client, form, None)


@bp.route("/personer/<public_id>/handelse/dodsfall-fel", methods=["GET", "POST"])
@requires(Permission.PERSON_WRITE)
def take_back_death(public_id: str) -> ResponseReturnValue:
    """Take a death back, and see what it ended; each is opened on its own page."""
    client = queries.person(actor(), public_id)
    audit.read("person.read", about=[client.id], object=client.public_id)
    if client.died_on is None and mistaken_death.noted(client) is None:
        raise NotFound
    form = TakeBackForm()
    if form.validate_on_submit():
        with form.attempt():
            mistaken_death.take_back(
                client=client, reason=form.reason.data, by_id=actor().user_id
            )
            db.session.commit()
            flash("Dödsfallet är taget tillbaka.", "success")
            return redirect(url_for(".take_back_death", public_id=public_id))
    return render_template(
        "people/death_withdrawn.html",
        form=form,
        client=client,
        closed=mistaken_death.closed(client),
    )


def _page(client: Client, form: EventForm, proposal: Proposal | None) -> str:
    return render_template(
        "people/event.html",
        form=form,
        client=client,
        proposal=proposal,
        names=words.EVENTS,
    )
