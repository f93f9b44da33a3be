"""Requests in, pages out: fictive cases, written and rewritten as new versions."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.calibration import examples, operations, queries
from lovdv.calibration.blueprint import bp
from lovdv.calibration.forms import VignetteForm
from lovdv.extensions import db
from lovdv.systems.queries import main_system


@bp.get("/kalibrering/fall")
@requires(Permission.CALIBRATION_LEAD)
def vignettes() -> ResponseReturnValue:
    found = queries.vignettes(actor())
    ours = {example.series for example in examples.EXAMPLES}
    return render_template(
        "calibration/vignettes.html",
        vignettes=found,
        has_examples=ours <= {item.series for item in found},
    )


@bp.post("/kalibrering/fall/exempel")
@requires(Permission.CALIBRATION_LEAD)
def add_examples() -> ResponseReturnValue:
    system = main_system(actor().municipality_id)
    added = operations.add_examples(choice_system_id=system.id, by_id=actor().user_id)
    db.session.commit()
    flash(f"{len(added)} exempelfall är inlagda.", "success")
    return redirect(url_for(".vignettes"))


@bp.route("/kalibrering/fall/nytt", methods=["GET", "POST"])
@requires(Permission.CALIBRATION_LEAD)
def new_vignette() -> ResponseReturnValue:
    form = VignetteForm()
    if form.validate_on_submit():
        with form.attempt():
            made = operations.add_vignette(
                choice_system_id=main_system(actor().municipality_id).id,
                title=form.title.data,
                text=form.text.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            return redirect(url_for(".vignette", public_id=made.public_id))
    return render_template("calibration/new_vignette.html", form=form)


@bp.get("/kalibrering/fall/<public_id>")
@requires(Permission.CALIBRATION_LEAD)
def vignette(public_id: str) -> ResponseReturnValue:
    found = queries.vignette(actor(), public_id)
    return render_template(
        "calibration/vignette.html", vignette=found, versions=queries.versions_of(found)
    )


@bp.route("/kalibrering/fall/<public_id>/ny-version", methods=["GET", "POST"])
@requires(Permission.CALIBRATION_LEAD)
def new_version(public_id: str) -> ResponseReturnValue:
    found = queries.vignette(actor(), public_id)
    form = VignetteForm(title=found.title, text=found.text)
    if form.validate_on_submit():
        with form.attempt():
            made = operations.add_vignette(
                choice_system_id=found.choice_system_id,
                title=form.title.data,
                text=form.text.data,
                by_id=actor().user_id,
                after=found,
            )
            db.session.commit()
            flash("Den nya versionen är sparad. Den gamla finns kvar.", "success")
            return redirect(url_for(".vignette", public_id=made.public_id))
    return render_template("calibration/new_vignette.html", form=form, vignette=found)
