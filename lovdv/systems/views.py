"""Requests in, pages out: choice systems and their rules, and three public pages."""

import tomllib
from datetime import date
from functools import cache
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv.access import Permission, actor, public, requires
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.paths import PACKAGE
from lovdv.reading import queries as pictures
from lovdv.reading.showing import municipality_shown
from lovdv.systems import operations, queries
from lovdv.systems.forms import FORMS
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.rule_fields import RuleForm

bp = Blueprint("systems", __name__)

NOT_SHOWN = (
    "En annan regel gäller den dagen än den som står i rutorna. Hämta den först, så "
    "att du ser vad du ändrar. Ingenting är beslutat."
)


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
        rules=[
            form.filled(queries.rule(found.id, key, today()))
            for key, form in FORMS.items()
        ],
        history=queries.history_of(found.id),
        titles={key: form.title for key, form in FORMS.items()},
        today=today(),
    )


@bp.route("/valfrihetssystem/<public_id>/regel/<key>", methods=["GET", "POST"])
@requires(Permission.SYSTEM_WRITE)
def decide(public_id: str, key: str) -> ResponseReturnValue:
    """The form holds the rule of today, or of the day in the address."""
    found = queries.system_of(actor().municipality_id, public_id)
    if key not in FORMS:
        raise NotFound
    asked, outdated = _asked_day(), None
    on = asked or today()
    form = FORMS[key].filled(queries.rule(found.id, key, on), first_day=asked)
    if form.validate_on_submit():
        kept = queries.rule(found.id, key, form.first_day.data)
        with form.attempt():
            if kept != form.kept:
                outdated = form.first_day.data
                raise Refused(NOT_SHOWN, "first_day")
            _decide(found, form)
            db.session.commit()
            flash(f"{form.title}: det nya är beslutat.", "success")
            return redirect(url_for("systems.system", public_id=public_id))
    return render_template(
        "systems/decide.html",
        form=form,
        system=found,
        on=on,
        today=today(),
        outdated=outdated,
        coming=queries.rules_after(found.id, key, on),
    )


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("fran", ""))
    except ValueError:
        return None


def _decide(system: ChoiceSystem, form: RuleForm) -> None:
    operations.decide_rule(
        choice_system_id=system.id,
        key=form.key,
        first_day=form.first_day.data,
        value={**form.kept, **form.value(actor())},
        reference=form.reference.data,
        decided_by_id=actor().user_id,
    )


@bp.get("/personuppgifter")
@public
def privacy() -> ResponseReturnValue:
    return render_template("systems/privacy.html", responsible=queries.responsible())


@bp.get("/licenser")
@public
def attribution() -> ResponseReturnValue:
    return render_template(
        "systems/attribution.html",
        packages=_vendored(),
        pictures=pictures.credits_of(municipality_shown()),
    )


@cache
def _vendored() -> list[dict[str, Any]]:
    """What others have made that the pages show, as the vendor list says it."""
    file = PACKAGE / "static" / "vendor" / "VENDOR.toml"
    found: list[dict[str, Any]] = tomllib.loads(file.read_text("utf-8"))["package"]
    return found
