"""Requests in, pages out: the person's own visits, in easy words."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice import invitations, listing
from lovdv.choice.operations import MadeBy
from lovdv.choosing.queries import answers_of, look
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.models import Client, Decision
from lovdv.people.scope import own_person
from lovdv.providers.models import Unit
from lovdv.providers.queries import offered_unit
from lovdv.visits import operations, queries, settings
from lovdv.visits.blueprint import bp
from lovdv.visits.forms import AskForForm, AskForm, ask_form
from lovdv.visits.models import VisitRequest


@bp.get("/mitt-val/<person>/besok")
@requires(Permission.CHOICE_OWN)
def where(person: str) -> ResponseReturnValue:
    """Which unit: those that the person thinks about, and all one step away."""
    client = own_person(actor(), person)
    looked = look(client, _decision(client), answers_of(client.id))
    everyone = request.args.get("alla") == "1" or not (looked and looked.kept)
    found = (looked.all.entries if everyone else looked.kept) if looked else []
    audit.read("visit.where", about=[client.id])
    return render_template(
        "visits/where.html",
        client=client,
        rows=listing.cards(looked.offer, found) if looked else [],
        everyone=everyone,
        total=looked.all.total if looked else 0,
        sort=_sort(),
    )


@bp.route("/mitt-val/<person>/besok/ny/<unit_id>", methods=["GET", "POST"])
@requires(Permission.CHOICE_OWN)
def ask(person: str, unit_id: str) -> ResponseReturnValue:
    client = own_person(actor(), person)
    decision = _decision(client)
    unit = _unit(decision, unit_id)
    system, sort = decision.choice_system_id, _sort()
    if not settings.try_out_offered(system):
        sort = "visit"
    myself = _is_me(client)
    days = settings.try_out_days(system) if sort == "try_out" else 1
    form = ask_form(myself=myself, days=days, protected=client.protected)
    if form.validate_on_submit():
        with form.attempt():
            made = operations.ask(
                client=client,
                decision=decision,
                unit=unit,
                kind=sort,
                days=form.how_many,
                weekdays=form.weekdays.data or [],
                consents=form.consents,
                made_by=_made_by(client, form),
                by_id=actor().user_id,
            )
            db.session.commit()
            return redirect(
                url_for(".own_request", person=person, public_id=made.public_id)
            )
    audit.read("visit.ask", about=[client.id])
    return render_template(
        "visits/ask.html",
        client=client,
        form=form,
        unit=unit,
        sort=sort,
        days=days,
        may_choose=_may_ask(client),
        myself=myself,
        already=queries.open_at(client.id, unit.id),
        try_out=settings.try_out_offered(system),
    )


@bp.get("/mitt-val/<person>/besok/<public_id>")
@requires(Permission.CHOICE_OWN)
def own_request(person: str, public_id: str) -> ResponseReturnValue:
    client = own_person(actor(), person)
    found = queries.request_of(client, public_id)
    audit.read("visit.own", about=[client.id], object=public_id)
    return render_template("visits/own.html", client=client, **_told(found))


@bp.post("/mitt-val/<person>/besok/<public_id>/avboka")
@requires(Permission.CHOICE_OWN)
def cancel(person: str, public_id: str) -> ResponseReturnValue:
    client, found = _own(person, public_id)
    operations.cancel(request=found)
    db.session.commit()
    flash("Besöket är avbokat. Det är okej.", "success")
    return redirect(url_for("choice.own_person", public_id=client.public_id))


@bp.post("/mitt-val/<person>/besok/<public_id>/namn")
@requires(Permission.CHOICE_OWN)
def hide_name(person: str, public_id: str) -> ResponseReturnValue:
    _, found = _own(person, public_id)
    operations.hide_name(request=found)
    db.session.commit()
    flash("De ser inte längre ditt namn här.", "success")
    return redirect(url_for(".own_request", person=person, public_id=public_id))


def _own(person: str, public_id: str) -> tuple[Client, VisitRequest]:
    """The wish, when the reader may act about it."""
    client = own_person(actor(), person)
    if not _may_ask(client):
        raise Refused("Ditt uppdrag räcker inte för det här. Ring kommunen.")
    return client, queries.request_of(client, public_id)


def _told(found: VisitRequest) -> dict[str, object]:
    reasons = settings.decline_reasons(found.decision.choice_system_id)
    return {
        "request": found,
        "myself": _is_me(found.client),
        "may_choose": _may_ask(found.client),
        "why": reasons.get(found.reason, ""),
        "today": today(),
    }


def _sort() -> str:
    asked = request.args.get("sort", "")
    return asked if asked in ("visit", "try_out") else "visit"


def _is_me(client: Client) -> bool:
    return actor().client_id == client.id


def _may_ask(client: Client) -> bool:
    return _is_me(client) or invitations.mandate_of(actor(), client) is not None


def _decision(client: Client) -> Decision:
    found = invitations.decision_chosen_for(client, today())
    if found is None:
        raise Refused(
            "Det finns inget beslut om daglig verksamhet som gäller nu. "
            "Ring kommunen, så hjälper vi dig."
        )
    return found


def _unit(decision: Decision, public_id: str) -> Unit:
    found = offered_unit(decision.choice_system_id, public_id, today())
    if found is None:
        raise Refused(
            "Verksamheten finns inte kvar bland dem du kan välja. Välj en annan."
        )
    return found.unit


def _made_by(client: Client, form: AskForm) -> MadeBy:
    if not isinstance(form, AskForForm):
        return MadeBy()
    return MadeBy(
        who="representative",
        mandate=invitations.mandate_of(actor(), client),
        own_will=form.own_will.data,
        own_will_note=form.own_will_note.data,
    )
