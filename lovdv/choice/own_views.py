"""Requests in, pages out: the person's own choice, alone or with a representative."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice import (
    invitations,
    listing,
    not_choosing,
    operations,
    queries,
    regrets,
    staying,
    supporting,
)
from lovdv.choice.blueprint import bp
from lovdv.choice.forms import OwnChoiceForForm, OwnChoiceForm
from lovdv.choice.models import Choice
from lovdv.choice.reader import places, reader_place, reader_seed, reader_sort
from lovdv.choice.speaking import decision_of, is_me, made_by, who
from lovdv.choosing import operations as choosing_operations
from lovdv.choosing import queries as choosing_queries
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.people.models import Client, Decision
from lovdv.people.scope import own_person as own_client
from lovdv.providers.models import Unit
from lovdv.providers.profile_photos import Shown, photos_of
from lovdv.queues.lines import standing
from lovdv.queues.queries import open_offer
from lovdv.redirects import own_path
from lovdv.visits.queries import requests_of


@bp.get("/mitt-val")
@requires(Permission.CHOICE_OWN)
def own() -> ResponseReturnValue:
    people = invitations.own_persons(actor())
    if len(people) == 1:
        return redirect(url_for(".own_person", public_id=people[0].public_id))
    audit.read("choice.own_list", about=[person.id for person in people])
    return render_template("choice/own_list.html", people=people)


@bp.get("/mitt-val/<public_id>")
@requires(Permission.CHOICE_OWN)
def own_person(public_id: str) -> ResponseReturnValue:
    client = own_client(actor(), public_id)
    audit.read("choice.own", about=[client.id])
    rows = _rows(client)
    saved = set(queries.saved_units(client.id))
    decision = invitations.decision_chosen_for(client, today())
    invitation = invitations.open_invitation(client.id)
    kept_choice = invitations.choice_to_come(client.id)
    return render_template(
        "choice/own.html",
        client=client,
        myself=is_me(client),
        who=who(client),
        may_choose=invitations.may_choose(actor(), client),
        invitation=invitation,
        kept_choice=kept_choice,
        kept=invitation is None or invitations.keeps_place(invitation),
        saved=[row for row in rows if row.public_id in saved],
        place=staying.place_told(invitation, staying.place_held(client.id)),
        choices=[
            each
            for each in queries.choices_of(client.id)
            if each.kind in regrets.CHOSEN
        ],
        regrets=regrets.regrets_of(client.id),
        made=_in_force(client),
        visits=[each for each in requests_of(client.id) if each.status != "cancelled"],
        answers=choosing_queries.answers_of(client.id),
        standing=standing(client.id),
        offer=open_offer(client.id),
        days=operations.notice(decision, today()) if decision else None,
        default_only=decision is None or not_choosing.only_default(decision),
    )


@bp.post("/mitt-val/<public_id>/hjalp")
@requires(Permission.CHOICE_OWN)
def ask_for_support(public_id: str) -> ResponseReturnValue:
    client = own_client(actor(), public_id)
    invitations.require_may_ask(actor(), client)
    supporting.ask_for_help(client=client, decision=decision_of(client))
    db.session.commit()
    words = who(client)
    flash(
        f"Vi vet nu att {words.subject} vill ha hjälp. "
        f"En lots hör av sig till {words.object}.",
        "success",
    )
    return redirect(url_for(".own_person", public_id=public_id))


@bp.post("/mitt-val/<public_id>/spara")
@requires(Permission.CHOICE_OWN)
def save_own(public_id: str) -> ResponseReturnValue:
    client = own_client(actor(), public_id)
    invitations.require_may_choose(actor(), client)
    row = _row(_rows(client), request.form.get("unit", ""))
    if request.form.get("keep") == "1":
        supporting.save_unit(client=client, unit=row.offered.unit)
    else:
        supporting.forget_unit(client=client, unit=row.offered.unit)
    db.session.commit()
    otherwise = url_for(".own_person", public_id=public_id)
    return redirect(own_path(request.form.get("next", ""), otherwise))


@bp.route("/mitt-val/<public_id>/valj/<unit_id>", methods=["GET", "POST"])
@requires(Permission.CHOICE_OWN)
def choose(public_id: str, unit_id: str) -> ResponseReturnValue:
    client = own_client(actor(), public_id)
    decision, rows = decision_of(client), _rows(client)
    row, myself = _row(rows, unit_id), is_me(client)
    form = OwnChoiceForm() if myself else OwnChoiceForForm()
    invitation = invitations.open_invitation(client.id)
    placement = invitations.placement_to_leave(client.id, row.offered.unit, today())
    place = staying.place_of(placement)
    before = invitations.choice_to_come(client.id)
    made = queries.made_today(client.id, row.offered.unit)
    if request.method == "POST" and invitation is None and made is not None:
        return redirect(_receipt(made))  # the same button once more
    if form.validate_on_submit():
        with form.attempt():
            made = _choose(client, decision, row, rows, form)
            db.session.commit()
            return redirect(_receipt(made))
    form.expecting.data = invitation.public_id if invitation else ""
    audit.read("choice.own", about=[client.id])
    return render_template(
        "choice/choose.html",
        client=client,
        row=row,
        form=form,
        myself=myself,
        who=who(client),
        may_choose=invitations.may_choose(actor(), client),
        kind=operations.kind_of(row.offered.unit, placement),
        place=place,
        told=staying.place_told(invitation, place),
        kept=invitation is None or invitations.keeps_place(invitation),
        days=operations.notice(decision, today()),
        regret_by=operations.regret_by(decision, today()),
        by_steps=request.args.get("steg") == "1",
        photo=_photo(row),
        invitation=invitation,
        kept_choice=before,
        gives_up=_gives_up(client, row.offered.unit, before),
        default_only=not_choosing.only_default(decision),
    )


def _choose(
    client: Client,
    decision: Decision,
    row: listing.Row,
    rows: list[listing.Row],
    form: OwnChoiceForm | OwnChoiceForForm,
) -> Choice:
    seed, order = reader_seed(client), reader_sort()
    place = reader_place(places(invitations.system_of_decision(decision)))
    shown = listing.as_shown(listing.sort(rows, order, place), seed, order)
    if request.args.get("steg") == "1":
        shown |= choosing_queries.shown_by_steps(client, decision)
    made = operations.choose(
        client=client,
        decision=decision,
        unit=row.offered.unit,
        made_by=made_by(client, form),
        told=operations.Told(
            channel="self", shown=shown, registered_by=actor().user_id
        ),
        expecting=form.expecting.data or "",
    )
    choosing_operations.begin_again(client)
    return made


def _receipt(choice: Choice) -> str:
    return url_for(
        "choosing.receipt", person=choice.client.public_id, public_id=choice.public_id
    )


def _gives_up(client: Client, unit: Unit, before: Choice | None) -> list[str]:
    """What no longer holds when the person chooses the unit."""
    found, offer, line = [], open_offer(client.id), standing(client.id)
    if offer is not None and offer.unit_id != unit.id:
        found.append(f"Erbjudandet om plats på {offer.unit.name}")
    if line is not None and line.entry.unit_id != unit.id:
        found.append(f"Platsen i kön till {line.entry.unit.name}")
    elif before is not None and before.unit is not None and before.unit_id != unit.id:
        arranged = before.kind == "no_choice"
        what = "Platsen som är ordnad på" if arranged else "Valet av"
        found.append(f"{what} {before.unit.name}")
    return found


def _in_force(client: Client) -> dict[str, object] | None:
    """The choice that waits for its place or can be regretted, and what of it."""
    choice = regrets.newest(client.id)
    if choice is None or choice.kind not in regrets.CHOSEN:
        return None
    state = regrets.state_of(choice)
    waits = state in ("none", "over") and not regrets.places_after(choice)
    if state in ("open", "ahead") or (waits and regrets.still_waits(choice)):
        return {"choice": choice, "state": state}
    return None


def _photo(row: listing.Row) -> Shown | None:
    """The unit's first photo, as the comparison shows it."""
    profile = row.offered.profile
    found = photos_of([profile.id]).get(profile.id, []) if profile else []
    return next(iter(found), None)


def _rows(client: Client) -> list[listing.Row]:
    """The comparison as the person has it: their own order, or the link's."""
    decision = invitations.decision_chosen_for(client, today())
    if decision is None:
        return []
    system = invitations.system_of_decision(decision)
    return listing.everything(system, today(), reader_seed(client))


def _row(rows: list[listing.Row], public_id: str) -> listing.Row:
    found = next((row for row in rows if row.public_id == public_id), None)
    if found is None:
        raise Refused(
            "Verksamheten finns inte kvar bland dem du kan välja. Välj en annan."
        )
    return found
