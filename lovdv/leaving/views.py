"""Requests in, pages out: a provider or a unit leaves."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice.supporting import answer_day
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.leaving import changing, concerned, operations, progress, queries, settings
from lovdv.leaving.blueprint import bp
from lovdv.leaving.forms import DayForm, ExitForm, WithdrawForm
from lovdv.leaving.models import ProviderExit
from lovdv.leaving.words import HOW, STATES
from lovdv.people.models import Client
from lovdv.people.names import spoken_name
from lovdv.people.queries import responsible
from lovdv.providers.models import Contract
from lovdv.providers.queries import contract_in


@bp.app_context_processor
def around() -> dict[str, object]:
    """For the person's own page: what it says when the unit leaves."""
    return {"own_exit": _own_exit}


def _own_exit(client_id: int) -> queries.OwnExit | None:
    """Said to the person, or about them to whoever acts for them."""
    found = queries.own_exit(client_id)
    if found is None or actor().client_id == client_id:
        return found
    return replace(found, about=spoken_name(db.session.get_one(Client, client_id)))


@bp.get("/utforare-slutar")
@requires(Permission.PROVIDER_READ)
def exits() -> ResponseReturnValue:
    found = queries.exits(actor())
    return render_template(
        "leaving/exits.html",
        exits=found,
        states=STATES,
        today=today(),
    )


@bp.route("/avtal/<public_id>/avslutar", methods=["GET", "POST"])
@requires(Permission.PROVIDER_WRITE)
def begin(public_id: str) -> ResponseReturnValue:
    """First what happens and to whom; then, when that is read, it is done."""
    contract = contract_in(actor().municipality_id, public_id)
    covers = queries.going_on_at(contract)
    form = ExitForm()
    form.offer(covers, settings.reasons(contract.choice_system_id))
    if request.method == "GET" and len(covers) == 1:
        form.units.data = [covers[0].unit.public_id]
    if form.validate_on_submit():
        with form.attempt():
            if request.form.get("step") != "confirm":
                return _read_through(contract, form)
            new = _begin(contract, form)
            db.session.commit()
            flash("Stängt för nya val. Alla som berörs är inbjudna.", "success")
            return redirect(url_for(".leaving", public_id=new.public_id))
    return render_template(
        "leaving/begin.html", form=form, contract=contract, covers=covers
    )


def _begin(contract: Contract, form: ExitForm) -> ProviderExit:
    assert form.last_day.end_day is not None
    return operations.begin(
        contract=contract,
        units=form.units.data,
        end_day=form.last_day.end_day,
        reason=form.reason.data,
        note=form.note.data,
        by_id=actor().user_id,
    )


def _read_through(contract: Contract, form: ExitForm) -> ResponseReturnValue:
    """The page that says what happens and to whom, before the button."""
    end_day, system = form.last_day.end_day, contract.choice_system_id
    assert end_day is not None
    covers = operations.require_possible(
        contract, form.units.data, end_day, form.reason.data
    )
    unit_ids = [cover.unit_id for cover in covers]
    found = concerned.everyone(concerned.Leaving(contract, unit_ids, end_day))
    db.session.rollback()
    audit.read("exit.preview", about=concerned.ids(found))
    return render_template(
        "leaving/confirm.html",
        form=form,
        contract=contract,
        covers=covers,
        found=found,
        counts=concerned.counted(found),
        how=HOW,
        names=responsible(concerned.ids(found), today()),
        answer_by=settings.answer_by(system, end_day),
        short=settings.answer_by(system, end_day) < answer_day(system),
        reason=settings.reasons(system)[form.reason.data],
    )


@bp.get("/utforare-slutar/<public_id>")
@requires(Permission.PROVIDER_READ)
def leaving(public_id: str) -> ResponseReturnValue:
    found = queries.exit_of(actor(), public_id)
    everyone = queries.all_rows(found)
    mine = queries.rows(found, actor()) if actor().may(Permission.CHOICE_READ) else []
    audit.read("exit.people", about=[row.client.id for row in mine])
    return render_template(
        "leaving/leaving.html",
        leaving=found,
        state=found.state(today()),
        states=STATES,
        reason=settings.reasons(found.contract.choice_system_id).get(found.reason, ""),
        total=len(everyone),
        open_ones=sum(row.open for row in everyone),
        counts=progress.counted(everyone),
        soonest=progress.soonest(everyone),
        rows=mine,
        how=HOW,
        missed=queries.missed(found) if actor().may(Permission.PROVIDER_WRITE) else [],
        today=today(),
    )


@bp.post("/utforare-slutar/<public_id>/ta-med")
@requires(Permission.PROVIDER_WRITE)
def take_in(public_id: str) -> ResponseReturnValue:
    """Those whom it has come to concern since it was announced."""
    found = queries.exit_of(actor(), public_id)
    count = changing.take_in(leaving=found, by_id=actor().user_id)
    db.session.commit()
    flash(f"{count} personer är tillagda och inbjudna.", "success")
    return redirect(url_for(".leaving", public_id=public_id))


@bp.route("/utforare-slutar/<public_id>/dag", methods=["GET", "POST"])
@requires(Permission.PROVIDER_WRITE)
def day(public_id: str) -> ResponseReturnValue:
    found = queries.exit_of(actor(), public_id)
    form = DayForm()
    if request.method == "GET":
        form.last_day.show(found.end_day)
    if form.validate_on_submit():
        with form.attempt():
            assert form.last_day.end_day is not None
            changing.change_day(
                leaving=found,
                end_day=form.last_day.end_day,
                why=form.why.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Sista dagen är ändrad. Platserna följer med.", "success")
            return redirect(url_for(".leaving", public_id=public_id))
    return render_template("leaving/day.html", form=form, leaving=found)


@bp.route("/utforare-slutar/<public_id>/ta-tillbaka", methods=["GET", "POST"])
@requires(Permission.PROVIDER_WRITE)
def withdraw(public_id: str) -> ResponseReturnValue:
    found = queries.exit_of(actor(), public_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        with form.attempt():
            changing.withdraw(
                leaving=found, reason=form.reason.data, by_id=actor().user_id
            )
            db.session.commit()
            flash("Det är tillbakataget. Verksamheten är öppen för val igen.")
            return redirect(url_for(".leaving", public_id=public_id))
    return render_template("leaving/withdraw.html", form=form, leaving=found)
