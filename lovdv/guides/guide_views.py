"""Requests in, pages out: the guide's own substitutes, conflicts and handing over."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.accounts.models import User
from lovdv.choice import invitations
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.forms import ActForm
from lovdv.guides import operations, queries
from lovdv.guides.blueprint import bp
from lovdv.guides.forms import ConflictForm, HandoverForm, SubstituteForm
from lovdv.systems.queries import main_system


@bp.route("/stod/ersattare", methods=["GET", "POST"])
@requires(Permission.SUPPORT_WORK)
def own_substitutes() -> ResponseReturnValue:
    """The guide names who does the work while they are away."""
    me = queries.guide_in(actor().municipality_id, actor().public_id)
    return name_for(me, back=url_for(".own_substitutes"))


def name_for(guide: User, *, back: str) -> ResponseReturnValue:
    """The same page for the guide and for who leads: it says whose it is."""
    place = actor().municipality_id
    form = SubstituteForm()
    others = queries.guides_of(place, today())
    form.offer([each for each in others if each.id != guide.id])
    if form.validate_on_submit():
        with form.attempt():
            _name(guide, form)
            db.session.commit()
            flash("Ersättaren är utsedd.", "success")
            return redirect(back)
    return render_template(
        "guides/substitutes.html",
        form=form,
        guide=guide,
        mine=guide.id == actor().user_id,
        named=queries.substitutes(place, guide.id),
        today=today(),
    )


def _name(guide: User, form: SubstituteForm) -> None:
    picked, end_day = form.picked(), form.last_day.end_day
    assert picked is not None
    assert end_day is not None
    operations.name_substitute(
        guide=guide,
        substitute=picked,
        municipality_id=actor().municipality_id,
        first_day=form.first_day.data,
        end_day=end_day,
        by_id=actor().user_id,
    )
    left = queries.not_covered(guide.id, picked)
    if left:
        flash(
            f"{picked.name} kan inte hjälpa {left} av personerna: handlägger ärendet "
            "eller har anmält jäv. De behöver en annan lots: lämna över dem.",
            "warning",
        )


@bp.post("/stod/ersattare/<public_id>/ta-bort")
@requires(Permission.SUPPORT_WORK)
def withdraw_own_substitute(public_id: str) -> ResponseReturnValue:
    found = queries.substitute_named(
        actor().municipality_id, public_id, guide_id=actor().user_id
    )
    operations.withdraw_substitute(named=found, by_id=actor().user_id)
    db.session.commit()
    flash("Du har ingen ersättare de dagarna.", "success")
    return redirect(url_for(".own_substitutes"))


@bp.route("/stod/jav", methods=["GET", "POST"])
@requires(Permission.SUPPORT_WORK)
def own_conflicts() -> ResponseReturnValue:
    place = actor().municipality_id
    form = ConflictForm()
    form.offer(*queries.may_be_tied_to(main_system(place).id))
    if request.method == "GET":
        form.first_day.data = today()
    if form.validate_on_submit():
        with form.attempt():
            operations.declare_conflict(
                user_id=actor().user_id,
                municipality_id=place,
                provider=form.provider(),
                unit=form.unit(),
                reason=form.reason.data,
                first_day=form.first_day.data,
            )
            db.session.commit()
            flash("Jävet är anmält. Systemledaren ser det.", "success")
            return redirect(url_for(".own_conflicts"))
    return render_template(
        "guides/conflicts.html",
        form=form,
        conflicts=queries.conflicts(place, actor().user_id),
        said=queries.declared_at(actor().user_id, place),
        again=queries.declare_again_on(actor().user_id, place),
        today=today(),
    )


@bp.post("/stod/jav/inget")
@requires(Permission.SUPPORT_WORK)
def declare() -> ResponseReturnValue:
    """Nothing but what is declared stands in the way."""
    form = ActForm()
    if form.validate_on_submit():
        operations.declare(
            user_id=actor().user_id, municipality_id=actor().municipality_id
        )
        db.session.commit()
        flash("Tack. Det är antecknat.", "success")
    return redirect(url_for(".own_conflicts"))


@bp.post("/stod/jav/<public_id>/avsluta")
@requires(Permission.SUPPORT_WORK)
def end_conflict(public_id: str) -> ResponseReturnValue:
    found = queries.own_conflict(actor(), public_id)
    operations.end_conflict(conflict=found)
    db.session.commit()
    flash("Jävet är avslutat. Det står kvar i listan.", "success")
    return redirect(url_for(".own_conflicts"))


@bp.route("/stod/<public_id>/lamna-over", methods=["GET", "POST"])
@requires(Permission.SUPPORT_WORK)
def hand_over(public_id: str) -> ResponseReturnValue:
    invitation = invitations.followed(actor(), public_id)
    form = HandoverForm()
    form.offer(queries.could_take_over(invitation, actor().municipality_id))
    if form.validate_on_submit():
        with form.attempt():
            picked = form.picked()
            assert picked is not None
            operations.hand_over(
                invitation=invitation,
                to=picked,
                reason=form.reason.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash(f"{picked.name} är nu lots för personen.", "success")
            return redirect(url_for("choice.support"))
    audit.read("support.person", about=[invitation.client_id])
    return render_template("guides/hand_over.html", form=form, invitation=invitation)
