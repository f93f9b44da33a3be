"""Requests in, pages out: representatives and supporters."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, Role, actor, requires
from lovdv.accounts import queries as accounts
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people import circle_operations, progress, queries, words
from lovdv.people.blueprint import bp
from lovdv.people.forms import CheckForm, LastDayForm, MandateForm, SupporterForm
from lovdv.people.models import Client
from lovdv.people.protection import require_identity, sees_identity


def _person(public_id: str) -> Client:
    client = queries.person(actor(), public_id)
    require_identity(client)
    audit.read("person.circle", about=[client.id], object=client.public_id)
    return client


def _back(client: Client) -> ResponseReturnValue:
    return redirect(url_for("people.person", public_id=client.public_id))


@bp.route("/personer/<public_id>/foretradare/ny", methods=["GET", "POST"])
@requires(Permission.PERSON_WRITE)
def new_mandate(public_id: str) -> ResponseReturnValue:
    client = _person(public_id)
    form = MandateForm(checked_on=today())
    if form.validate_on_submit():
        with form.attempt():
            circle_operations.add_mandate(
                client=client,
                name=form.name.data,
                phone=form.phone.data or "",
                kind=form.kind.data,
                scope=form.scope.data or (),
                first_day=form.first_day.data,
                end_day=form.last_day.end_day,
                evidence=form.evidence.data,
                checked_by_id=actor().user_id,
                checked_on=form.checked_on.data,
                next_check_on=form.next_check_on.data,
                user_id=_user_named(form.login.data),
            )
            db.session.commit()
            flash("Företrädaren är sparad.", "success")
            return _back(client)
    return render_template("people/mandate_new.html", form=form, client=client)


def _user_named(login: str | None) -> int | None:
    if not login:
        return None
    holders = accounts.holders_of(actor().municipality_id, Role.REPRESENTATIVE, today())
    found = [user.id for user in holders if user.login == login.casefold()]
    if not found:
        raise Refused(
            "Det finns ingen företrädare med det användarnamnet. Lämna fältet tomt, "
            "eller be systemadministratören lägga upp kontot.",
            "login",
        )
    return found[0]


@bp.get("/foretradare/kontroll")
@requires(Permission.CLOCK_READ)
def checks() -> ResponseReturnValue:
    """Representatives whose mandate is to be looked at again."""
    found = progress.mandates_to_check(actor(), today())
    audit.read("mandate.list", about=[m.client_id for m in found])
    return render_template(
        "people/checks.html",
        mandates=[(m, sees_identity(m.client)) for m in found],
        kinds=words.MANDATE_KINDS,
    )


@bp.route(
    "/personer/<public_id>/foretradare/<mandate_id>/kontroll", methods=["GET", "POST"]
)
@requires(Permission.PERSON_WRITE)
def check_mandate(public_id: str, mandate_id: str) -> ResponseReturnValue:
    client = _person(public_id)
    found = queries.mandate(client, mandate_id)
    form = CheckForm(checked_on=today())
    if form.validate_on_submit():
        with form.attempt():
            circle_operations.check_mandate(
                mandate=found,
                evidence=form.evidence.data,
                checked_by_id=actor().user_id,
                checked_on=form.checked_on.data,
                next_check_on=form.next_check_on.data,
            )
            db.session.commit()
            flash("Kontrollen är sparad.", "success")
            return _back(client)
    return render_template(
        "people/mandate_check.html", form=form, client=client, mandate=found
    )


@bp.route(
    "/personer/<public_id>/foretradare/<mandate_id>/avsluta", methods=["GET", "POST"]
)
@requires(Permission.PERSON_WRITE)
def end_mandate(public_id: str, mandate_id: str) -> ResponseReturnValue:
    client = _person(public_id)
    found = queries.mandate(client, mandate_id)
    form = LastDayForm(last_day=today())
    if form.validate_on_submit() and form.last_day.end_day:
        with form.attempt():
            circle_operations.end_mandate(mandate=found, end_day=form.last_day.end_day)
            db.session.commit()
            flash("Uppdraget är avslutat.", "success")
            return _back(client)
    return render_template(
        "people/mandate_end.html", form=form, client=client, name=found.name
    )


@bp.route("/personer/<public_id>/stodperson/ny", methods=["GET", "POST"])
@requires(Permission.PERSON_WRITE)
def new_supporter(public_id: str) -> ResponseReturnValue:
    client = _person(public_id)
    form = SupporterForm()
    if form.validate_on_submit():
        with form.attempt():
            circle_operations.add_supporter(
                client=client,
                name=form.name.data,
                relation=form.relation.data or "",
                phone=form.phone.data or "",
                consented_on=form.consented_on.data,
                end_day=form.last_day.end_day,
            )
            db.session.commit()
            flash("Stödpersonen är sparad.", "success")
            return _back(client)
    return render_template("people/supporter_new.html", form=form, client=client)


@bp.post("/personer/<public_id>/stodperson/<supporter_id>/avsluta")
@requires(Permission.PERSON_WRITE)
def end_supporter(public_id: str, supporter_id: str) -> ResponseReturnValue:
    client = _person(public_id)
    found = queries.supporter(client, supporter_id)
    circle_operations.end_supporter(supporter=found, end_day=today())
    db.session.commit()
    flash("Stödpersonen är borttagen från och med i dag.", "success")
    return _back(client)
