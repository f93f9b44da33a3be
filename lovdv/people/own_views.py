"""Requests in, pages out: the person's own page, in easy words."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.people import hub, operations, queries, readers
from lovdv.people.blueprint import bp
from lovdv.people.forms import RemarkForm
from lovdv.people.models import Client


def _own(public_id: str, action: str) -> Client:
    client = queries.own_person(actor(), public_id)
    audit.read(action, about=[client.id], object=client.public_id)
    return client


@bp.get("/min-sida")
@requires(Permission.PERSON_OWN)
def own() -> ResponseReturnValue:
    """My page; a representative of several people chooses whose."""
    people = db.session.scalars(queries.own_people(actor())).all()
    if len(people) == 1:
        return redirect(url_for("people.own_person", public_id=people[0].public_id))
    audit.read("own.list", about=[c.id for c in people])
    return render_template("people/own_list.html", people=people)


@bp.get("/min-sida/<public_id>")
@requires(Permission.PERSON_OWN)
def own_person(public_id: str) -> ResponseReturnValue:
    client = _own(public_id, "own.read")
    return render_template(
        "people/own.html",
        client=client,
        mine=client.id == actor().client_id,
        mandate=queries.mandates_held(actor().user_id).get(client.id),
        case=hub.case(client, actor(), today()),
        today=today(),
    )


@bp.get("/min-sida/<public_id>/vem-har-last")
@requires(Permission.PERSON_OWN)
def own_readers(public_id: str) -> ResponseReturnValue:
    client = _own(public_id, "own.readers")
    return render_template(
        "people/own_readers.html",
        client=client,
        readings=readers.readings(client, but=actor().public_id),
    )


@bp.route("/min-sida/<public_id>/stammer-inte", methods=["GET", "POST"])
@requires(Permission.PERSON_OWN)
def own_remark(public_id: str) -> ResponseReturnValue:
    client, form = _own(public_id, "own.remark"), RemarkForm()
    if form.validate_on_submit():
        with form.attempt():
            operations.remark(
                client=client,
                about=form.about.data,
                text=form.text.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Tack. Din handläggare läser det du skrev och svarar.", "success")
            return redirect(url_for("people.own_person", public_id=public_id))
    return render_template(
        "people/own_remark.html",
        form=form,
        client=client,
        remarks=queries.remarks_of(client),
    )
