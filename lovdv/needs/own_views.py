"""Requests in, pages out: one's own level in plain words."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.needs import objections, own, pdf, queries, reassessments
from lovdv.needs.blueprint import bp
from lovdv.needs.forms import AskAgainForm, ObjectionForm


@bp.get("/min-niva")
@requires(Permission.LEVEL_OWN)
def own_level() -> ResponseReturnValue:
    clients = queries.own_clients(actor())
    if len(clients) == 1:
        return redirect(url_for(".own_level_of", public_id=clients[0].public_id))
    audit.read("level.own_list", about=[client.id for client in clients])
    return render_template("needs/own_people.html", clients=clients)


@bp.get("/min-niva/<public_id>")
@requires(Permission.LEVEL_OWN)
def own_level_of(public_id: str) -> ResponseReturnValue:
    client = queries.own_client(actor(), public_id)
    audit.read("level.own", about=[client.id])
    return render_template(
        "needs/own_level.html",
        client=client,
        is_self=client.id == actor().client_id,
        level=own.level_in_words(client.id, today()),
    )


@bp.get("/min-niva/<public_id>/darfor")
@requires(Permission.LEVEL_OWN)
def own_why(public_id: str) -> ResponseReturnValue:
    """Why it became so, in easy read with pictures."""
    client = queries.own_client(actor(), public_id)
    easy_read = own.easy_read(client.id, today())
    audit.read("level.own", about=[client.id])
    return render_template("needs/own_why.html", client=client, easy=easy_read)


@bp.get("/min-niva/<public_id>/darfor.pdf")
@requires(Permission.LEVEL_OWN)
def own_why_file(public_id: str) -> ResponseReturnValue:
    client = queries.own_client(actor(), public_id)
    easy_read = own.easy_read(client.id, today())
    audit.read("level.own_file", about=[client.id])
    page = render_template("needs/pdf_own.html", easy=easy_read, today=today())
    return pdf.sent(page, "darfor.pdf")


@bp.route("/min-niva/<public_id>/invandning", methods=["GET", "POST"])
@requires(Permission.LEVEL_OWN)
def own_objection(public_id: str) -> ResponseReturnValue:
    client = queries.own_client(actor(), public_id)
    held = own.current(client.id, today())
    form = ObjectionForm()
    audit.read("level.own", about=[client.id])
    if form.validate_on_submit():
        with form.attempt():
            objections.annotate(
                assessment=held.level.assessment,
                text=form.text.data,
                voice=_voice(client.id),
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Tack. Det du skrev står nu intill bedömningen.", "success")
            return redirect(url_for(".own_level_of", public_id=public_id))
    return render_template("needs/own_objection.html", form=form, client=client)


@bp.route("/min-niva/<public_id>/ny-bedomning", methods=["GET", "POST"])
@requires(Permission.LEVEL_OWN)
def ask_again(public_id: str) -> ResponseReturnValue:
    client = queries.own_client(actor(), public_id)
    held = own.current(client.id, today())
    form = AskAgainForm()
    audit.read("level.own", about=[client.id])
    if form.validate_on_submit():
        with form.attempt():
            reassessments.ask(
                client=client,
                decision=held.decision,
                reason=form.reason.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Din begäran är skickad till kommunen.", "success")
            return redirect(url_for(".own_level_of", public_id=public_id))
    return render_template("needs/ask_again.html", form=form, client=client)


def _voice(client_id: int) -> str:
    return "client" if client_id == actor().client_id else "representative"
