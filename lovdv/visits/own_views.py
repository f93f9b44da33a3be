"""Requests in, pages out: the person's own visits, in easy words."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice import invitations, listing
from lovdv.choice.speaking import decision_of, is_me, made_by, who
from lovdv.choosing.queries import answers_of, look
from lovdv.clock import now, today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.models import Client, Decision
from lovdv.people.scope import own_person
from lovdv.providers.models import Unit
from lovdv.providers.queries import offered_unit
from lovdv.visits import naming, operations, queries, settings
from lovdv.visits.blueprint import bp
from lovdv.visits.forms import ask_form
from lovdv.visits.models import VisitRequest


@bp.get("/mitt-val/<person>/besok")
@requires(Permission.CHOICE_OWN)
def where(person: str) -> ResponseReturnValue:
    """Which unit: those that the person thinks about, and all one step away."""
    client = own_person(actor(), person)
    looked = look(client, decision_of(client), answers_of(client.id))
    everyone = request.args.get("alla") == "1" or not (looked and looked.kept)
    found = (looked.all.entries if everyone else looked.kept) if looked else []
    audit.read("visit.where", about=[client.id])
    return render_template(
        "visits/where.html",
        client=client,
        who=who(client),
        rows=listing.cards(looked.offer, found) if looked else [],
        everyone=everyone,
        total=looked.all.total if looked else 0,
        sort=_sort(),
    )


@bp.route("/mitt-val/<person>/besok/ny/<unit_id>", methods=["GET", "POST"])
@requires(Permission.CHOICE_OWN)
def ask(person: str, unit_id: str) -> ResponseReturnValue:
    client = own_person(actor(), person)
    decision = decision_of(client)
    unit = _unit(decision, unit_id)
    system, sort = decision.choice_system_id, _sort()
    if not settings.try_out_offered(system):
        sort = "visit"
    myself = is_me(client)
    days = settings.try_out_days(system) if sort == "try_out" else 1
    form = ask_form(myself=myself, days=days, protected=client.protected)
    form.tell_how_long(settings.name_days(system, now()))
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
                made_by=made_by(client, form),
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
        may_choose=invitations.may_choose(actor(), client),
        myself=myself,
        who=who(client),
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
    flash("De ser inte längre namnet här.", "success")
    return redirect(url_for(".own_request", person=person, public_id=public_id))


def _own(person: str, public_id: str) -> tuple[Client, VisitRequest]:
    """The wish, when the reader may act about it."""
    client = own_person(actor(), person)
    invitations.require_may_choose(actor(), client)
    return client, queries.request_of(client, public_id)


def _told(found: VisitRequest) -> dict[str, object]:
    reasons = settings.decline_reasons(found.decision.choice_system_id)
    return {
        "request": found,
        "myself": is_me(found.client),
        "who": who(found.client),
        "may_choose": invitations.may_choose(actor(), found.client),
        "why": reasons.get(found.reason, ""),
        "named_until": naming.named_until(found),
        "today": today(),
    }


def _sort() -> str:
    asked = request.args.get("sort", "")
    return asked if asked in ("visit", "try_out") else "visit"


def _unit(decision: Decision, public_id: str) -> Unit:
    found = offered_unit(decision.choice_system_id, public_id, today())
    if found is None:
        raise Refused(
            "Verksamheten finns inte kvar bland dem du kan välja. Välj en annan."
        )
    return found.unit
