"""Requests in, pages out: choice systems and their rules, and three public pages."""

import tomllib
from functools import cache
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv.access import Permission, actor, public, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.paths import PACKAGE
from lovdv.systems import operations, queries
from lovdv.systems.forms import FORMS
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.rule_fields import RuleForm

bp = Blueprint("systems", __name__)


@bp.get("/valfrihetssystem")
@requires(Permission.SYSTEM_READ)
def systems() -> ResponseReturnValue:
    found = queries.systems_of(actor().municipality_id)
    if len(found) == 1:
        return redirect(url_for("systems.system", public_id=found[0].public_id))
    return render_template("systems/systems.html", systems=found)


@bp.get("/valfrihetssystem/<public_id>")
@requires(Permission.SYSTEM_READ)
def system(public_id: str) -> ResponseReturnValue:
    """The rules that hold today, and every rule that was ever decided."""
    found = queries.system_of(actor().municipality_id, public_id)
    return render_template(
        "systems/system.html",
        system=found,
        rules=[_form(found, key) for key in FORMS],
        history=queries.history_of(found.id),
        titles={key: form.title for key, form in FORMS.items()},
        today=today(),
    )


def _form(system: ChoiceSystem, key: str) -> RuleForm:
    """The form of a rule, filled with what holds today."""
    kind = FORMS[key]
    return kind(data=kind.told(queries.rule(system.id, key, today())))


@bp.route("/valfrihetssystem/<public_id>/regel/<key>", methods=["GET", "POST"])
@requires(Permission.SYSTEM_WRITE)
def decide(public_id: str, key: str) -> ResponseReturnValue:
    found = queries.system_of(actor().municipality_id, public_id)
    if key not in FORMS:
        raise NotFound
    form = _form(found, key)
    if form.validate_on_submit():
        with form.attempt():
            kept = queries.rule(found.id, key, form.first_day.data)
            operations.decide_rule(
                choice_system_id=found.id,
                key=key,
                first_day=form.first_day.data,
                value={**kept, **form.value(actor())},
                reference=form.reference.data,
                decided_by_id=actor().user_id,
            )
            db.session.commit()
            flash(f"{form.title}: det nya är beslutat.", "success")
            return redirect(url_for("systems.system", public_id=public_id))
    return render_template("systems/decide.html", form=form, system=found)


@bp.get("/tillganglighet")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("systems/accessibility.html", responsible=_responsible())


@bp.get("/personuppgifter")
@public
def privacy() -> ResponseReturnValue:
    return render_template("systems/privacy.html", responsible=_responsible())


@bp.get("/licenser")
@public
def attribution() -> ResponseReturnValue:
    return render_template("systems/attribution.html", packages=_vendored())


def _responsible() -> tuple[str, str]:
    """Whose site this is, and how to reach them."""
    found = queries.municipalities()
    return (found[0].name, found[0].contact) if len(found) == 1 else ("Kommunen", "")


@cache
def _vendored() -> list[dict[str, Any]]:
    """What others have made that the pages show, as the vendor list says it."""
    file = PACKAGE / "static" / "vendor" / "VENDOR.toml"
    found: list[dict[str, Any]] = tomllib.loads(file.read_text("utf-8"))["package"]
    return found
