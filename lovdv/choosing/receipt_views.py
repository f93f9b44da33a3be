"""Requests in, pages out: the receipt of a choice, and taking the choice back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice import invitations, regrets, regretting
from lovdv.choice.models import Choice
from lovdv.choice.operations import MadeBy
from lovdv.choosing.blueprint import bp
from lovdv.choosing.forms import RegretForForm
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
    form = ActForm() if _is_me(client) else RegretForForm()
    if form.validate_on_submit():
        with form.attempt():
            regretting.regret(
                choice=choice,
                made_by=_made_by(client, form),
                registered_by=actor().user_id,
            )
            db.session.commit()
            flash("Du har ångrat ditt val.", "success")
            return redirect(url_for(".receipt", person=person, public_id=public_id))
    audit.read("choice.receipt", about=[client.id], object=public_id)
    return render_template("choosing/regret.html", form=form, **_page(client, choice))


@bp.get("/val/angrade")
@requires(Permission.CHOICE_PLACE)
def regretted() -> ResponseReturnValue:
    """The task: choices taken back after a unit had said yes."""
    rows = regrets.to_handle(actor())
    audit.read("choice.regretted", about=[row.client_id for row, _ in rows])
    return render_template("choosing/regretted.html", rows=rows)


def _page(client: Client, choice: Choice) -> dict[str, object]:
    invitation = invitations.open_invitation(client.id)
    return {
        "client": client,
        "choice": choice,
        "myself": _is_me(client),
        "may_choose": _is_me(client)
        or invitations.mandate_of(actor(), client) is not None,
        "state": regrets.state_of(choice),
        "places": regrets.places_after(choice),
        "standing": standing(client.id),
        "invitation": invitation,
        "chosen_on": local_day(choice.registered_at),
        "today": today(),
    }


def _is_me(client: Client) -> bool:
    return actor().client_id == client.id


def _made_by(client: Client, form: ActForm | RegretForForm) -> MadeBy:
    if not isinstance(form, RegretForForm):
        return MadeBy()
    return MadeBy(
        who="representative",
        mandate=invitations.mandate_of(actor(), client),
        own_will=form.own_will.data,
        own_will_note=form.own_will_note.data,
    )
