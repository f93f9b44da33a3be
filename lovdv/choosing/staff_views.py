"""Requests in, pages out: a choice taken back, as staff hear of it and handle it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice import regrets, regretting
from lovdv.choice.models import Choice
from lovdv.choice.speaking import HeardForm, handles_case, who
from lovdv.choosing import queries
from lovdv.choosing.blueprint import bp
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.guides.checks import require_no_conflict_with
from lovdv.people.models import Client
from lovdv.queues.lines import standing


@bp.route("/val/gjorda/<public_id>/angra", methods=["GET", "POST"])
@requires(Permission.CHOICE_REGISTER)
def register_regret(public_id: str) -> ResponseReturnValue:
    """For somebody who does not sign in: what happens next, and who decided."""
    choice = queries.choice_heard(actor(), public_id)
    client = db.session.get_one(Client, choice.client_id)
    form = HeardForm()
    form.offer_mandates(client.id)
    if form.validate_on_submit():
        with form.attempt():
            _register(choice, client, form)
            db.session.commit()
            flash("Det är registrerat att personen har ångrat sig.", "success")
            return redirect(_back(client))
    audit.read("choice.person", about=[client.id])
    return render_template(
        "choosing/register_regret.html",
        form=form,
        client=client,
        choice=choice,
        who=who(client),
        back=_back(client),
        state=regrets.state_of(choice),
        places=regrets.places_after(choice),
        standing=standing(client.id),
        today=today(),
    )


@bp.get("/val/angrade")
@requires(Permission.CHOICE_PLACE)
def regretted() -> ResponseReturnValue:
    """The task: choices taken back after a unit had said yes."""
    rows = regrets.to_handle(actor())
    audit.read("choice.regretted", about=[row.client_id for row, _ in rows])
    return render_template("choosing/regretted.html", rows=rows)


def _register(choice: Choice, client: Client, form: HeardForm) -> None:
    me = actor().user_id
    assert choice.unit is not None
    require_no_conflict_with(me, choice.unit)
    regretting.regret(
        choice=choice,
        made_by=form.said_by(),
        registered_by=me,
        channel=form.told_through(as_guide=not handles_case(client)),
    )


def _back(client: Client) -> str:
    """The case's choices, or the guide's list, who sees no case."""
    if handles_case(client):
        return url_for("choice.history", public_id=client.public_id)
    return url_for("choice.support")
