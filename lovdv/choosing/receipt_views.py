"""Requests in, pages out: the receipt of a choice, and taking the choice back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice import invitations, regrets, regretting, staying
from lovdv.choice.models import Choice
from lovdv.choice.speaking import OwnWillForm, is_me, made_by, who
from lovdv.choosing.blueprint import bp
from lovdv.clock import local_day, today
from lovdv.extensions import db
from lovdv.forms import ActForm
from lovdv.people.models import Client
from lovdv.people.scope import own_person
from lovdv.queues.lines import standing


@bp.get("/mitt-val/<person>/kvitto/<public_id>")
@requires(Permission.CHOICE_OWN)
def receipt(person: str, public_id: str) -> ResponseReturnValue:
    """What was chosen, by whom, what happens next and until when one may regret."""
    client = own_person(actor(), person)
    choice = regrets.choice_of(client, public_id)
    audit.read("choice.receipt", about=[client.id], object=public_id)
    return render_template("choosing/receipt.html", **_page(client, choice))


@bp.route("/mitt-val/<person>/kvitto/<public_id>/angra", methods=["GET", "POST"])
@requires(Permission.CHOICE_OWN)
def regret(person: str, public_id: str) -> ResponseReturnValue:
    client = own_person(actor(), person)
    choice = regrets.choice_of(client, public_id)
    form = ActForm() if is_me(client) else OwnWillForm()
    if form.validate_on_submit():
        with form.attempt():
            regretting.regret(
                choice=choice,
                made_by=made_by(client, form),
                registered_by=actor().user_id,
            )
            db.session.commit()
            flash(f"{who(client).opens} har ångrat valet.", "success")
            return redirect(url_for(".receipt", person=person, public_id=public_id))
    audit.read("choice.receipt", about=[client.id], object=public_id)
    return render_template("choosing/regret.html", form=form, **_page(client, choice))


def _page(client: Client, choice: Choice) -> dict[str, object]:
    invitation = invitations.open_invitation(client.id)
    place = staying.place_chosen(choice) if choice.kind == "stay" else None
    return {
        "client": client,
        "choice": choice,
        "myself": is_me(client),
        "who": who(client),
        "may_choose": invitations.may_choose(actor(), client),
        "state": regrets.state_of(choice),
        "places": regrets.places_after(choice),
        "place": place,
        "stayed": staying.stayed(choice, place),
        "standing": standing(client.id),
        "invitation": invitation,
        "chosen_on": local_day(choice.registered_at),
        "today": today(),
    }
