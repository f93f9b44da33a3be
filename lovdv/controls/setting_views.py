"""Requests in, pages out: every control, how it is set, and what it has found."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.controls import queries
from lovdv.controls import settings as control_settings
from lovdv.controls.blueprint import bp
from lovdv.controls.forms import TuneForm, tune_form
from lovdv.controls.settings import Setting
from lovdv.controls.words import EFFECTS
from lovdv.extensions import db
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import main_system, system_of, systems_of
from payments.control_catalogue import CONTROLS, OFF


@bp.get("/kontroller")
@requires(Permission.CONTROL_READ)
def index() -> ResponseReturnValue:
    system = _system()
    settings = control_settings.in_force(system.id, today())
    return render_template(
        "controls/index.html",
        system=system,
        systems=systems_of(actor().municipality_id),
        settings=settings.values(),
        records=queries.records(system.id),
        nothing=queries.Record(),
        effects=EFFECTS,
        off=control_settings.switched_off(settings),
        runs_back=queries.RUNS_BACK,
    )


def _system() -> ChoiceSystem:
    asked = request.args.get("system")
    mine = actor().municipality_id
    return system_of(mine, asked) if asked else main_system(mine)


@bp.get("/kontroller/<key>")
@requires(Permission.CONTROL_READ)
def control(key: str) -> ResponseReturnValue:
    """How the control is set, and every decision of that."""
    system, setting = _asked(key)
    return render_template(
        "controls/control.html",
        system=system,
        setting=setting,
        record=queries.records(system.id).get(key, queries.Record()),
        history=control_settings.history(system.id, key),
        effects=EFFECTS,
        today=today(),
        runs_back=queries.RUNS_BACK,
    )


def _asked(key: str) -> tuple[ChoiceSystem, Setting]:
    if key not in CONTROLS:
        raise NotFound
    system = _system()
    return system, control_settings.in_force(system.id, today())[key]


@bp.route("/kontroller/<key>/andra", methods=["GET", "POST"])
@requires(Permission.CONTROL_WRITE)
def tune(key: str) -> ResponseReturnValue:
    system, setting = _asked(key)
    if setting.control.fixed:
        raise NotFound
    back = url_for(".control", key=key, system=system.public_id)
    form = tune_form(setting, first_day=today())
    if form.validate_on_submit():
        with form.attempt():
            _decide(system, setting, form)
            db.session.commit()
            flash(f"{setting.control.title}: det nya är beslutat.", "success")
            return redirect(back)
    return render_template(
        "controls/tune.html",
        system=system,
        setting=setting,
        form=form,
        knobs=[form[knob.name] for knob in setting.control.knobs],
        back=back,
    )


def _decide(system: ChoiceSystem, setting: Setting, form: TuneForm) -> None:
    is_off = form.effect.data == OFF
    control_settings.decide(
        choice_system_id=system.id,
        control=setting.control,
        effect=str(form.effect.data),
        first_day=form.first_day.data or today(),
        off_end_day=form.off_last_day.end_day if is_off else None,
        knobs={knob.name: form[knob.name].data for knob in setting.control.knobs},
        reason=form.reason.data or "",
        reference=form.reference.data or "",
        by_id=actor().user_id,
    )
