"""Requests in, pages out: handing over cases, and what people say is wrong."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, Role, actor, requires
from lovdv.accounts import queries as accounts
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.forms import options
from lovdv.people import operations, queries
from lovdv.people.blueprint import bp
from lovdv.people.forms import AnswerForm, HandOverForm
from lovdv.people.models import Client
from lovdv.people.names import shown_name
from lovdv.people.protection import sees_identity


@bp.route("/personer/lamna-over", methods=["GET", "POST"])
@requires(Permission.HANDOVER)
def hand_over() -> ResponseReturnValue:
    """Whose cases, which of them, to whom and until when."""
    form = HandOverForm()
    givers, takers = _givers(), _takers()
    form.giver.choices = options(givers)
    form.taker.choices = options(takers)
    asked = form.giver.data or request.args.get("fran", "")
    form.giver.data = asked if asked in dict(givers) else givers[0][0]
    held = _held(form.giver.data)
    form.people.choices = options((c.public_id, _told(c)) for c in held)
    if not form.is_submitted():
        form.first_day.data = today()
        form.people.data = [c.public_id for c in held]
    audit.read("handover.list", about=[c.id for c in held])
    if form.validate_on_submit():
        with form.attempt():
            count = _hand_over(form, held)
            db.session.commit()
            flash(f"{count} ärenden är överlämnade.", "success")
            return redirect(url_for("people.people"))
    return render_template("people/hand_over.html", form=form, held=held)


def _told(client: Client) -> str:
    return f"{shown_name(client)}, ärende {client.case_number}"


def _givers() -> list[tuple[str, str]]:
    """Myself and those who share a team with me, and my teams."""
    mates = queries.team_mates(actor(), today())
    mine = set(accounts.teams_of(actor().user_id, today()))
    teams = [t for t in accounts.teams_in(actor().municipality_id) if t.id in mine]
    people = sorted(mates, key=lambda user: user.id != actor().user_id)
    return [
        *((user.public_id, user.name) for user in people),
        *((team.public_id, team.name) for team in teams),
    ]


def _takers() -> list[tuple[str, str]]:
    municipality = actor().municipality_id
    users = accounts.holders_of(municipality, Role.CASEWORKER, today())
    return [
        *((team.public_id, team.name) for team in accounts.teams_in(municipality)),
        *((user.public_id, user.name) for user in users),
    ]


def _holder(public_id: str) -> dict[str, int]:
    """The user or team of a choice, as an operation takes it."""
    municipality = actor().municipality_id
    for team in accounts.teams_in(municipality):
        if team.public_id == public_id:
            return {"team_id": team.id}
    return {"user_id": accounts.user_in(municipality, public_id).id}


def _held(giver: str) -> Sequence[Client]:
    found = queries.held_by(actor().municipality_id, **_holder(giver))
    return sorted(found, key=_place)


def _place(client: Client) -> tuple[bool, str]:
    """By name; a hidden name's place would tell it, so those come last."""
    shown = sees_identity(client)
    return (not shown, client.sort_key if shown else client.case_number)


def _hand_over(form: HandOverForm, held: Sequence[Client]) -> int:
    chosen = [c for c in held if c.public_id in set(form.people.data or ())]
    giver, taker = _holder(form.giver.data), _holder(form.taker.data)
    return operations.hand_over(
        clients=chosen,
        from_user_id=giver.get("user_id"),
        from_team_id=giver.get("team_id"),
        to_user_id=taker.get("user_id"),
        to_team_id=taker.get("team_id"),
        first_day=form.first_day.data,
        end_day=form.last_day.end_day,
    )


@bp.get("/synpunkter")
@requires(Permission.PERSON_WRITE)
def remarks() -> ResponseReturnValue:
    found = queries.open_remarks(actor())
    audit.read("remark.list", about=[client.id for _, client in found])
    return render_template("people/remarks.html", rows=found)


@bp.route("/personer/<public_id>/synpunkt/<remark_id>", methods=["GET", "POST"])
@requires(Permission.PERSON_WRITE)
def answer_remark(public_id: str, remark_id: str) -> ResponseReturnValue:
    client = queries.person(actor(), public_id)
    found, form = queries.remark(client, remark_id), AnswerForm()
    audit.read("remark.read", about=[client.id], object=found.public_id)
    if form.validate_on_submit():
        with form.attempt():
            operations.answer_remark(
                remark=found, answer=form.answer.data, by_id=actor().user_id
            )
            db.session.commit()
            flash("Svaret är sparat. Personen ser det på sin sida.", "success")
            return redirect(url_for("people.person", public_id=public_id))
    return render_template("people/remark.html", form=form, client=client, remark=found)
