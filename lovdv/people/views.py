"""Requests in, pages out: people. The other *_views add their pages to it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.accounts import queries as accounts
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.forms import ActForm, options
from lovdv.people import (
    circle_views,
    decision_views,
    event_views,
    handover_views,
    hub,
    operations,
    own_views,
    progress,
    queries,
    words,
)
from lovdv.people.blueprint import bp
from lovdv.people.forms import (
    ContactForm,
    NameForm,
    NumberForm,
    OpenForm,
    ProtectionForm,
    RegisterForm,
    SearchForm,
)
from lovdv.people.models import Client
from lovdv.people.numbers import written
from lovdv.people.protection import require_identity, sees_identity

__all__ = [
    "bp",
    "circle_views",
    "decision_views",
    "event_views",
    "handover_views",
    "own_views",
]


@bp.get("/personer")
@requires(Permission.PERSON_LIST)
def people() -> ResponseReturnValue:
    found = queries.people(actor(), request.args.get("sida", 1, type=int))
    audit.read("person.list", about=[c.id for c in found.people])
    decisions = [d for c in found.people for d in c.decisions]
    return render_template(
        "people/people.html",
        page=found,
        page_url=lambda number: url_for("people.people", sida=number),
        form=SearchForm(),
        clocks=progress.clocks(decisions, today()),
        in_force=queries.decisions_in_force,
        today=today(),
        statuses=words.STATUSES,
    )


@bp.post("/personer/sok")
@requires(Permission.PERSON_SEARCH)
def search() -> ResponseReturnValue:
    form, hits = SearchForm(), None
    if form.validate_on_submit():
        hits = queries.search(actor(), form.text.data)
        audit.read("person.search", about=[c.id for c in hits.all])
    return render_template(
        "people/search.html",
        form=form,
        hits=hits,
        responsible=queries.responsible(
            [c.id for c in hits.others] if hits else [], today()
        ),
    )


@bp.route("/personer/<public_id>/oppna", methods=["GET", "POST"])
@requires(Permission.PERSON_OPEN)
def open_case(public_id: str) -> ResponseReturnValue:
    client = queries.known_person(actor(), public_id)
    form = OpenForm()
    if form.validate_on_submit():
        with form.attempt():
            operations.open_case(
                client=client, user_id=actor().user_id, reason=form.reason.data
            )
            db.session.commit()
            flash("Ärendet är öppet för dig till midnatt.", "success")
            return redirect(url_for("people.person", public_id=public_id))
    audit.read("person.exists", about=[client.id], object=client.public_id)
    return render_template(
        "people/open.html",
        form=form,
        client=client,
        responsible=queries.responsible([client.id], today()).get(client.id),
    )


@bp.route("/personer/ny", methods=["GET", "POST"])
@requires(Permission.PERSON_WRITE)
def new() -> ResponseReturnValue:
    form = RegisterForm()
    form.responsible.choices = options(_responsible())
    if form.validate_on_submit():
        with form.attempt():
            client = _register(form)
            db.session.commit()
            flash("Personen är registrerad. Nästa steg är beslutet.", "success")
            return redirect(url_for("people.person", public_id=client.public_id))
    return render_template("people/new.html", form=form)


def _responsible() -> list[tuple[str, str]]:
    """Me first, then my teams: whoever else takes over gets it by hand-over."""
    mine = set(accounts.teams_of(actor().user_id, today()))
    teams = [t for t in accounts.teams_in(actor().municipality_id) if t.id in mine]
    return [("me", f"{actor().name} (jag)"), *((str(t.id), t.name) for t in teams)]


def _register(form: RegisterForm) -> Client:
    client = operations.register(
        municipality_id=actor().municipality_id,
        number=form.number.number,
        first_name=form.first_name.data,
        last_name=form.last_name.data,
        case_number=form.case_number.data,
        birth_date=form.birth_date.data,
        **_contact(form),
    )
    mine = form.responsible.data == "me"
    operations.assign(
        client=client,
        user_id=actor().user_id if mine else None,
        team_id=None if mine else int(form.responsible.data),
        first_day=today(),
    )
    return client


def _contact(form: ContactForm) -> dict[str, str]:
    return {name: form[name].data or "" for name in operations.CONTACT}


@bp.get("/personer/<public_id>")
@requires(Permission.PERSON_READ)
def person(public_id: str) -> ResponseReturnValue:
    client = queries.person(actor(), public_id)
    audit.read("person.read", about=[client.id], object=client.public_id)
    return _show(client)


def _show(client: Client, number: str = "") -> ResponseReturnValue:
    return render_template(
        "people/person.html",
        client=client,
        case=hub.case(client, actor(), today()),
        shown=sees_identity(client),
        number=number or queries.masked_number(client, today()),
        revealed=bool(number),
        words=words,
        today=today(),
    )


@bp.post("/personer/<public_id>/nummer/visa")
@requires(Permission.PERSON_REVEAL)
def reveal(public_id: str) -> ResponseReturnValue:
    client = queries.person(actor(), public_id)
    require_identity(client)
    if not ActForm().validate_on_submit():
        raise Forbidden
    kept = queries.number_of(client, today())
    text = operations.reveal(client=client)
    return _show(client, written(kept.kind, text) if kept else "")


@bp.route("/personer/<public_id>/uppgifter", methods=["GET", "POST"])
@requires(Permission.PERSON_WRITE)
def edit(public_id: str) -> ResponseReturnValue:
    client = queries.person(actor(), public_id)
    require_identity(client)
    form = ContactForm(obj=client)
    if form.validate_on_submit():
        with form.attempt():
            operations.edit(
                client=client, birth_date=form.birth_date.data, **_contact(form)
            )
            db.session.commit()
            flash("Uppgifterna är sparade.", "success")
            return redirect(url_for("people.person", public_id=public_id))
    audit.read("person.edit", about=[client.id], object=client.public_id)
    return render_template("people/edit.html", form=form, client=client)


@bp.route("/personer/<public_id>/namn", methods=["GET", "POST"])
@requires(Permission.PERSON_WRITE)
def rename(public_id: str) -> ResponseReturnValue:
    client = queries.person(actor(), public_id)
    require_identity(client)
    form = NameForm(obj=client)
    if form.validate_on_submit():
        with form.attempt():
            operations.rename(
                client=client,
                first_name=form.first_name.data,
                last_name=form.last_name.data,
                first_day=form.first_day.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Det nya namnet är sparat. Det gamla går att söka på.", "success")
            return redirect(url_for("people.person", public_id=public_id))
    audit.read("person.names", about=[client.id], object=client.public_id)
    return render_template("people/rename.html", form=form, client=client)


@bp.route("/personer/<public_id>/nummer", methods=["GET", "POST"])
@requires(Permission.PERSON_WRITE)
def change_number(public_id: str) -> ResponseReturnValue:
    client = queries.person(actor(), public_id)
    require_identity(client)
    form = NumberForm()
    if form.validate_on_submit() and form.number.number:
        with form.attempt():
            operations.change_number(
                client=client,
                number=form.number.number,
                first_day=form.first_day.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Det nya numret är sparat. Det gamla går att söka på.", "success")
            return redirect(url_for("people.person", public_id=public_id))
    audit.read("person.numbers", about=[client.id], object=client.public_id)
    return render_template(
        "people/number.html",
        form=form,
        client=client,
        numbers=hub.masked_numbers(client),
        kinds=words.NUMBER_KINDS,
    )


@bp.route("/personer/<public_id>/skydd", methods=["GET", "POST"])
@requires(Permission.PERSON_WRITE)
def protect(public_id: str) -> ResponseReturnValue:
    client = queries.person(actor(), public_id)
    require_identity(client)
    form = ProtectionForm(obj=client)
    if form.validate_on_submit():
        with form.attempt():
            operations.protect(
                client=client,
                protection=form.protection.data,
                alias=form.alias.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Skyddet är sparat.", "success")
            return redirect(url_for("people.person", public_id=public_id))
    audit.read("person.protect", about=[client.id], object=client.public_id)
    return render_template("people/protect.html", form=form, client=client)
