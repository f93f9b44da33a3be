"""Requests in, pages out: the caseworker's choices, icke-val and other outcomes."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice import (
    invitations,
    not_choosing,
    queries,
    signed_papers,
    supporting,
)
from lovdv.choice.blueprint import bp
from lovdv.choice.forms import (
    RESULTS,
    WAYS,
    AttemptForm,
    InviteForm,
    NoChoiceForm,
    OutcomeForm,
    chosen_row,
)
from lovdv.choice.guide_views import log, rows_for
from lovdv.choice.listing import Row
from lovdv.choice.models import Invitation
from lovdv.choice.register_views import answered_meanwhile
from lovdv.choice.regrets import regrets_of, to_take_back
from lovdv.choice.words import CONFIRMED, KINDS, PURPOSES
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.forms import options
from lovdv.letters.queries import letters_of
from lovdv.letters.words import KINDS as LETTERS
from lovdv.letters.words import WAYS as READING
from lovdv.people.scope import person as case_person
from lovdv.placements.queries import choices_to_order
from lovdv.queues.lines import standing
from lovdv.queues.queries import offers_history
from lovdv.queues.words import STATES, STATUSES
from lovdv.visits import words as visit_words
from lovdv.visits.queries import requests_of


@bp.get("/val")
@requires(Permission.CHOICE_READ)
def choices() -> ResponseReturnValue:
    open_ones = invitations.case_invitations(actor())
    to_order = choices_to_order(actor())
    unable = queries.unable_to_express(actor())
    resting = queries.waiting_people(actor())
    queued = queries.queued(actor())
    shown = [each.client_id for each in (*open_ones, *unable, *resting)]
    shown += [each.entry.client_id for each in queued]
    shown += [each.client.id for each in to_order]
    audit.read("choice.list", about=shown)
    return render_template(
        "choice/choices.html",
        open_ones=open_ones,
        to_order=to_order,
        unable=unable,
        resting=resting,
        queued=queued,
        states=STATES,
        kinds=KINDS,
        outcomes=not_choosing.OUTCOMES,
        today=today(),
        soon=today() + timedelta(days=7),
    )


@bp.route("/val/bjud-in/<public_id>", methods=["GET", "POST"])
@requires(Permission.CHOICE_PLACE)
def invite(public_id: str) -> ResponseReturnValue:
    client = case_person(actor(), public_id)
    decision = invitations.decision_to_choose_for(client, today())
    form = InviteForm()
    if form.validate_on_submit():
        with form.attempt():
            if decision is None:
                raise Refused("Personen har inget beslut som gäller.")
            new = supporting.invite(
                client=client, decision=decision, kind=form.kind.data
            )
            if form.support:
                supporting.ask_for_support(new)
            db.session.commit()
            flash("Personen är inbjuden att välja.", "success")
            return redirect(url_for(".case", public_id=new.public_id))
    audit.read("choice.person", about=[client.id])
    return render_template("choice/invite.html", form=form, client=client)


@bp.route("/val/<public_id>", methods=["GET", "POST"])
@requires(Permission.CHOICE_READ)
def case(public_id: str) -> ResponseReturnValue:
    invitation = invitations.case_invitation(actor(), public_id)
    if request.method == "GET" and invitation.closed_on is not None:
        return answered_meanwhile(invitation)
    form, rows = AttemptForm(), rows_for(invitation)
    form.offer(rows, invitations.months_to_ask(invitation))
    if request.method == "GET":
        form.day.data = today()
    if form.validate_on_submit():
        with form.attempt():
            log(invitation, form, rows)
            db.session.commit()
            flash("Kontakten är loggad.", "success")
            return redirect(url_for(".case", public_id=public_id))
    audit.read("choice.person", about=[invitation.client_id])
    return render_template(
        "choice/case.html",
        invitation=invitation,
        form=form,
        ways=WAYS,
        results=RESULTS,
        purposes=PURPOSES,
        late=invitation.answer_by < today() and not invitations.goes_on(invitation),
        mandates=invitations.covering_mandates(invitation.client_id, today()),
    )


@bp.get("/val/person/<public_id>")
@requires(Permission.CHOICE_READ)
def history(public_id: str) -> ResponseReturnValue:
    client = case_person(actor(), public_id)
    audit.read("choice.person", about=[client.id])
    return render_template(
        "choice/history.html",
        client=client,
        choices=queries.choices_of(client.id),
        regrets=regrets_of(client.id),
        to_regret=to_take_back(client.id),
        visits=requests_of(client.id),
        visit_kinds=visit_words.KINDS,
        visit_statuses=visit_words.STATUSES,
        standing=standing(client.id),
        offers=offers_history(client.id),
        statuses=STATUSES,
        today=today(),
        invitation=invitations.open_invitation(client.id),
        kinds=KINDS,
        papers=signed_papers.papers_of(client.id),
        confirmed=CONFIRMED,
        place=invitations.placement_now(client.id, today()),
    )


@bp.route("/val/<public_id>/utan-plats", methods=["GET", "POST"])
@requires(Permission.CHOICE_PLACE)
def outcome(public_id: str) -> ResponseReturnValue:
    invitation = invitations.case_invitation(actor(), public_id)
    if request.method == "GET" and invitation.closed_on is not None:
        return answered_meanwhile(invitation)
    form = OutcomeForm()
    form.outcome.choices = options(not_choosing.OUTCOMES)
    if form.validate_on_submit():
        with form.attempt():
            not_choosing.end_without_place(
                invitation=invitation,
                outcome=form.outcome.data,
                note=form.note.data,
                by=actor().user_id,
            )
            db.session.commit()
            flash("Det är registrerat. Ingen har fått någon plats.", "success")
            return redirect(url_for(".choices"))
    audit.read("choice.person", about=[invitation.client_id])
    return render_template("choice/outcome.html", form=form, invitation=invitation)


@bp.get("/icke-val")
@requires(Permission.CHOICE_PLACE)
def no_choice_list() -> ResponseReturnValue:
    late = invitations.without_answer(actor())
    staying = invitations.unchanged(actor())
    asked = [each.client_id for each in (*late, *staying)]
    audit.read("choice.no_choice_list", about=asked)
    return render_template("choice/no_choice_list.html", late=late, staying=staying)


@bp.post("/icke-val/kvar")
@requires(Permission.CHOICE_PLACE)
def keep_places() -> ResponseReturnValue:
    """Silence from those who have a place or a choice that waits: it goes on."""
    staying = invitations.unchanged(actor())
    for invitation in sorted(staying, key=lambda each: each.client_id):
        not_choosing.keep_as_it_is(invitation=invitation, by=actor().user_id)
    db.session.commit()
    flash(
        f"Svarstiden är avslutad för {len(staying)}. Inget ändras för dem.", "success"
    )
    return redirect(url_for(".no_choice_list"))


@bp.route("/icke-val/<public_id>", methods=["GET", "POST"])
@requires(Permission.CHOICE_PLACE)
def no_choice(public_id: str) -> ResponseReturnValue:
    invitation = invitations.case_invitation(actor(), public_id)
    if request.method == "GET" and invitation.closed_on is not None:
        return answered_meanwhile(invitation)
    rows = _default_rows(invitation)
    form = NoChoiceForm()
    form.offer(rows)
    if form.validate_on_submit():
        with form.attempt():
            _place(invitation, rows, form)
            db.session.commit()
            flash("Platsen är bestämd och kan beställas. Gör brevet nu.", "success")
            return redirect(url_for("letters.letters", public_id=public_id))
    audit.read("choice.person", about=[invitation.client_id])
    return render_template(
        "choice/no_choice.html",
        form=form,
        invitation=invitation,
        rows=rows,
        leaving=[not_choosing.ends(r.offered) for r in rows if r.offered.leaving],
        nothing_open=not any(row.open for row in rows),
        ways=WAYS,
        results=RESULTS,
        purposes=PURPOSES,
        letters=letters_of(invitation.id),
        letter_kinds=LETTERS,
        letter_ways=READING,
    )


def _default_rows(invitation: Invitation) -> list[Row]:
    """The units that take those who do not choose, in the person's order."""
    rows = rows_for(invitation)
    if not not_choosing.only_default(invitation.decision):
        return [row for row in rows if row.offered.open]
    return [row for row in rows if row.offered.contract.is_default]


def _place(invitation: Invitation, rows: list[Row], form: NoChoiceForm) -> None:
    row = chosen_row(rows, form.unit)
    assert row is not None
    not_choosing.place_without_choice(
        invitation=invitation,
        unit=row.offered.unit,
        reasons=form.reasons(),
        by=actor().user_id,
    )
