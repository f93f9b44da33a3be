"""Requests in, pages out: supplements granted to placements. Numbers, never names."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.forms import options
from lovdv.payment_rules import operations, queries
from lovdv.payment_rules.blueprint import bp
from lovdv.payment_rules.forms import EndGrantForm, GrantForm
from lovdv.payment_rules.models import SupplementGrant
from lovdv.placements.models import Placement
from lovdv.systems.queries import systems_of
from payments import RuleSet, ore


@bp.get("/tillagg")
@requires(Permission.SUPPLEMENT_WRITE)
def supplements() -> ResponseReturnValue:
    """Who has which supplement, by placement number."""
    found = queries.grants(actor())
    audit.read("supplement.list", about=[row.client_id for row in found])
    return render_template(
        "payment_rules/supplements.html",
        grants=found,
        names=_names(),
        today=today(),
    )


def _rules() -> dict[int, RuleSet]:
    """The rules that hold today, or else the first that will, by choice system."""
    found: dict[int, RuleSet] = {}
    for system in systems_of(actor().municipality_id):
        rules = [one for one in queries.decided(system.id, today()) if one.rules]
        standing = [one for one in rules if one.status == "in_force"] or rules[-1:]
        if standing and standing[0].rules:
            found[system.id] = standing[0].rules
    return found


def _names() -> dict[str, str]:
    """Every supplement that the rules name, or have named."""
    return {
        code: name
        for system in systems_of(actor().municipality_id)
        for one in reversed(queries.decided(system.id, today()))
        for code, name in queries.names_of(one.rules).items()
    }


@bp.route("/tillagg/nytt", methods=["GET", "POST"])
@requires(Permission.SUPPLEMENT_WRITE)
def grant() -> ResponseReturnValue:
    rules = _rules()
    form = GrantForm()
    offered = {
        k: v for each in rules.values() for k, v in queries.names_of(each).items()
    }
    form.code.choices = options(offered)
    if offered and form.validate_on_submit():
        with form.attempt():
            placement = _placement(form.placement.data)
            operations.grant(
                placement=placement,
                what=_granted(form),
                rules=rules.get(placement.choice_system_id),
                by_id=actor().user_id or 0,
            )
            db.session.commit()
            flash("Tillägget är registrerat.", "success")
            return redirect(url_for(".supplements"))
    return render_template("payment_rules/grant.html", form=form, offered=offered)


def _placement(number: str) -> Placement:
    found = queries.placement_numbered(actor(), number)
    if found is None:
        raise Refused("Ingen placering har det numret. Kontrollera det.", "placement")
    return found


def _granted(form: GrantForm) -> operations.Granted:
    amount = form.amount.data
    return operations.Granted(
        code=form.code.data,
        first_day=form.first_day.data,
        end_day=form.last_day.end_day,
        amount=None if amount is None else ore(amount),
        reason=form.reason.data or "",
        proof=form.proof.data or "",
    )


@bp.route("/tillagg/<public_id>/slut", methods=["GET", "POST"])
@requires(Permission.SUPPLEMENT_WRITE)
def end_grant(public_id: str) -> ResponseReturnValue:
    found = queries.grant(actor(), public_id)
    form = EndGrantForm()
    if form.validate_on_submit():
        with form.attempt():
            operations.end(
                grant=found,
                end_day=form.last_day.end_day or found.first_day,
                reason=form.reason.data,
                by_id=actor().user_id or 0,
            )
            db.session.commit()
            flash("Tillägget har fått en sista dag.", "success")
            return redirect(url_for(".supplements"))
    return render_template(
        "payment_rules/end_grant.html",
        form=form,
        grant=found,
        name=_name(found),
        number=found.placement.number,
    )


def _name(found: SupplementGrant) -> str:
    return _names().get(found.code, found.code)
