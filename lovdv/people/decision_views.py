"""Requests in, pages out: decisions, offers, interruptions and the clock."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.formats import last_day
from lovdv.forms import options
from lovdv.people import (
    decision_operations,
    event_operations,
    events,
    hub,
    progress,
    queries,
    words,
)
from lovdv.people.blueprint import bp
from lovdv.people.decision_forms import (
    AnswerOfferForm,
    DecisionForm,
    EndForm,
    InterruptionForm,
    OfferForm,
    ResumeForm,
    StatusForm,
)
from lovdv.people.models import Client, Decision, Offer
from lovdv.people.protection import sees_identity
from lovdv.providers import queries as providers
from lovdv.systems import queries as systems


def _back(client: Client) -> ResponseReturnValue:
    return redirect(url_for("people.person", public_id=client.public_id))


def _found(public_id: str, decision_id: str) -> tuple[Client, Decision]:
    client = queries.person(actor(), public_id)
    found = queries.decision(client, decision_id)
    audit.read("decision.read", about=[client.id], object=found.public_id)
    return client, found


@bp.route("/personer/<public_id>/beslut/nytt", methods=["GET", "POST"])
@requires(Permission.DECISION_WRITE)
def new_decision(public_id: str) -> ResponseReturnValue:
    client = queries.person(actor(), public_id)
    audit.read("person.read", about=[client.id], object=client.public_id)
    form = DecisionForm()
    known = {s.public_id: s for s in systems.systems_of(actor().municipality_id)}
    form.system.choices = options((key, s.name) for key, s in known.items())
    old = {d.public_id: d for d in queries.decisions_in_force(client, today())}
    form.replaces.choices = options(
        (
            (key, f"{d.reference}, t.o.m. {last_day(d.end_day)}")
            for key, d in old.items()
        ),
        "Inget beslut",
    )
    if form.validate_on_submit():
        with form.attempt():
            new = decision_operations.decide(
                client=client,
                choice_system_id=known[form.system.data].id,
                replaces=old.get(form.replaces.data),
                **_decided(form),
            )
            told = _what_goes_on(new)
            db.session.commit()
            flash(f"Beslutet är sparat.{told}", "success")
            return _back(client)
    return render_template("people/decision_new.html", form=form, client=client)


def _what_goes_on(new: Decision) -> str:
    """Places that go on under the new decision, and those that nothing pays."""
    going = [
        placement
        for placement in hub.placements_of(new.client_id, new.first_day)
        if placement.choice_system_id == new.choice_system_id
        and placement.first_day < new.first_day
    ]
    return "".join(
        f" Placering {placement.number} följer med till det nya beslutet."
        if placement.paid_end_day is None or placement.paid_end_day > new.first_day
        else f" Placering {placement.number} betalas bara till och med "
        f"{last_day(placement.paid_end_day)}: avsluta den, eller beställ platsen på "
        "nytt."
        for placement in going
    )


def _decided(form: DecisionForm) -> dict[str, object]:
    krets = form.personkrets.data
    return {
        "law": form.law.data,
        "personkrets": int(krets) if krets else None,
        "decided_on": form.decided_on.data,
        "first_day": form.first_day.data,
        "end_day": form.last_day.end_day,
        "reference": form.reference.data,
        "extent": form.extent.data or "",
        "goal": form.goal.data or "",
        "requested_by": form.requested_by.data,
        "conditions": form.conditions.data or (),
    }


@bp.get("/personer/<public_id>/beslut/<decision_id>")
@requires(Permission.PERSON_READ)
def decision(public_id: str, decision_id: str) -> ResponseReturnValue:
    client, found = _found(public_id, decision_id)
    return render_template(
        "people/decision.html",
        client=client,
        decision=found,
        clock=progress.clocks([found], today()).get(found.id),
        unit_names=progress.unit_names([o.unit_id for o in found.offers]),
        words=words,
        shown=sees_identity(client),
        closed=found.status in decision_operations.CLOSED,
        interrupted=any(i.end_day is None for i in found.interruptions),
    )


@bp.route("/personer/<public_id>/beslut/<decision_id>/status", methods=["GET", "POST"])
@requires(Permission.DECISION_WRITE)
def decision_status(public_id: str, decision_id: str) -> ResponseReturnValue:
    client, found = _found(public_id, decision_id)
    form = StatusForm(status=found.status, day=today())
    if form.validate_on_submit():
        with form.attempt():
            decision_operations.set_status(
                decision=found,
                status=form.status.data,
                reason=form.reason.data,
                day=form.day.data,
            )
            db.session.commit()
            flash("Beslutets läge är ändrat.", "success")
            return _back(client)
    return render_template(
        "people/decision_status.html", form=form, client=client, decision=found
    )


@bp.route("/personer/<public_id>/beslut/<decision_id>/avsluta", methods=["GET", "POST"])
@requires(Permission.DECISION_WRITE)
def end_decision(public_id: str, decision_id: str) -> ResponseReturnValue:
    """First what the end takes with it; then, when it is confirmed, the end."""
    client, found = _found(public_id, decision_id)
    form, proposal = EndForm(), None
    if form.validate_on_submit() and form.last_day.end_day:
        end_day = form.last_day.end_day
        with form.attempt():
            decision_operations.require_endable(found, end_day)
            proposal = events.end_of_decision(client, found, end_day, form.reason.data)
            event_operations.require_possible(client, proposal)
            if form.confirmed.data:
                event_operations.end_everything(
                    client=client,
                    what=proposal,
                    note=form.note.data or "",
                    by_id=actor().user_id,
                )
                db.session.commit()
                flash("Beslutet är avslutat.", "success")
                return _back(client)
    return render_template(
        "people/decision_end.html",
        form=form,
        client=client,
        decision=found,
        proposal=proposal,
    )


@bp.route("/personer/<public_id>/beslut/<decision_id>/avbrott", methods=["GET", "POST"])
@requires(Permission.DECISION_WRITE)
def interrupt(public_id: str, decision_id: str) -> ResponseReturnValue:
    client, found = _found(public_id, decision_id)
    form = InterruptionForm()
    if form.validate_on_submit():
        with form.attempt():
            decision_operations.interrupt(
                decision=found,
                first_day=form.first_day.data,
                reason=form.reason.data,
            )
            db.session.commit()
            flash("Avbrottet är sparat. Tremånadersklockan går.", "success")
            return _back(client)
    return render_template(
        "people/decision_interrupt.html", form=form, client=client, decision=found
    )


@bp.route(
    "/personer/<public_id>/beslut/<decision_id>/tillbaka", methods=["GET", "POST"]
)
@requires(Permission.DECISION_WRITE)
def resume(public_id: str, decision_id: str) -> ResponseReturnValue:
    client, found = _found(public_id, decision_id)
    form = ResumeForm()
    if form.validate_on_submit():
        with form.attempt():
            decision_operations.resume(decision=found, end_day=form.day.data)
            db.session.commit()
            flash("Avbrottet är slut.", "success")
            return _back(client)
    return render_template(
        "people/decision_resume.html", form=form, client=client, decision=found
    )


@bp.route(
    "/personer/<public_id>/beslut/<decision_id>/erbjudande", methods=["GET", "POST"]
)
@requires(Permission.DECISION_WRITE)
def offer(public_id: str, decision_id: str) -> ResponseReturnValue:
    client, found = _found(public_id, decision_id)
    form = OfferForm()
    units = {u.public_id: u for u in providers.units_in(actor().municipality_id)}
    form.unit.choices = options((key, u.name) for key, u in units.items())
    if form.validate_on_submit():
        with form.attempt():
            decision_operations.offer(
                decision=found, unit_id=units[form.unit.data].id, day=form.day.data
            )
            db.session.commit()
            flash("Erbjudandet är sparat.", "success")
            return _back(client)
    return render_template(
        "people/offer.html", form=form, client=client, decision=found
    )


@bp.route(
    "/personer/<public_id>/beslut/<decision_id>/erbjudande/<offer_id>",
    methods=["GET", "POST"],
)
@requires(Permission.DECISION_WRITE)
def answer_offer(
    public_id: str, decision_id: str, offer_id: str
) -> ResponseReturnValue:
    client, found = _found(public_id, decision_id)
    offered: Offer = queries.offer(found, offer_id)
    form = AnswerOfferForm()
    if form.validate_on_submit():
        with form.attempt():
            decision_operations.answer_offer(
                offer=offered,
                answer=form.answer.data,
                on=form.on.data,
                reason=form.reason.data or "",
            )
            db.session.commit()
            flash("Svaret är sparat.", "success")
            return _back(client)
    return render_template(
        "people/offer_answer.html",
        form=form,
        client=client,
        decision=found,
        offer=offered,
        unit=progress.unit_names([offered.unit_id])[offered.unit_id],
    )


@bp.get("/klockan")
@requires(Permission.CLOCK_READ)
def clock() -> ResponseReturnValue:
    """Decisions that are not carried out, the nearest last day first."""
    found = progress.running_clocks(actor(), today())
    audit.read("clock.list", about=[row.client.id for row in found])
    offered = [o.unit_id for row in found for o in row.decision.offers]
    return render_template(
        "people/clock.html",
        rows=found,
        unit_names=progress.unit_names(offered),
        answers=words.ANSWERS,
    )


@bp.get("/klockan/slutar")
@requires(Permission.CLOCK_READ)
def ending() -> ResponseReturnValue:
    """Decisions that soon end."""
    found = progress.ending_soon(actor(), today())
    audit.read("ending.list", about=[d.client_id for d in found])
    return render_template("people/ending.html", decisions=found)
