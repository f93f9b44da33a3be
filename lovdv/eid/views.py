"""Requests in, pages out: to the provider of e-identification and back."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv.access import Permission, actor, public, requires
from lovdv.accounts import queries as accounts
from lovdv.accounts import sessions
from lovdv.database import begin_writing
from lovdv.eid import operations, queries
from lovdv.eid.blueprint import bp
from lovdv.eid.forms import NumberForm
from lovdv.eid.providers import (
    NotIdentified,
    Provider,
    number_from,
    provider,
    redirect_to,
)
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.numbers import NotANumber
from lovdv.redirects import own_path

NEXT = "eid_next"


@bp.get("/logga-in/<key>")
@public
def begin(key: str) -> ResponseReturnValue:
    found = _provider(key)
    session[NEXT] = own_path(request.args.get("next"), url_for("accounts.start"))
    try:
        return redirect_to(found, url_for("eid.answer", key=key, _external=True))
    except NotIdentified:
        return _refused(f"{found.name} svarar inte just nu. Försök igen om en stund.")


@bp.get("/logga-in/<key>/svar")
@public
def answer(key: str) -> ResponseReturnValue:
    """The provider sends the reader back here; the session is made on this GET."""
    found, target = _provider(key), session.get(NEXT)
    try:
        told = number_from(found)
    except NotIdentified:
        return _refused(f"Inloggningen med {found.name} blev inte klar.")
    db.session.rollback()
    begin_writing()
    try:
        token = operations.sign_in(told=told)
    except (Refused, NotANumber) as fault:
        db.session.commit()
        return _refused(getattr(fault, "message", operations.UNKNOWN))
    db.session.commit()
    sessions.enter(token)
    return redirect(own_path(target, url_for("accounts.start")))


def _provider(key: str) -> Provider:
    found = provider(key)
    if found is None:
        raise NotFound
    return found


def _refused(why: str) -> ResponseReturnValue:
    return render_template("eid/refused.html", why=why), 403


@bp.route("/anvandare/<public_id>/e-legitimation", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_WRITE)
def number(public_id: str) -> ResponseReturnValue:
    found = accounts.user_in(actor().municipality_id, public_id)
    form = NumberForm()
    if form.validate_on_submit():
        with form.attempt():
            operations.give_number(
                user=found, told=form.number.data or "", by_id=actor().user_id
            )
            db.session.commit()
            flash(f"{found.name} loggar nu in med e-legitimation.", "success")
            return redirect(url_for("accounts.user", public_id=public_id))
    return render_template(
        "eid/number.html", form=form, user=found, known=queries.identity_of(found)
    )
