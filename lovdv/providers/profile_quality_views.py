"""Requests in, pages out: what is measured at every unit, and the results."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.providers import profile_quality, queries
from lovdv.providers.blueprint import bp
from lovdv.providers.profile_quality_forms import MeasureForm, results_form
from lovdv.systems.queries import main_system


@bp.route("/presentationer/kvalitet", methods=["GET", "POST"])
@requires(Permission.PROFILE_PUBLISH)
def quality() -> ResponseReturnValue:
    system, form = main_system(actor().municipality_id), MeasureForm()
    if form.validate_on_submit():
        with form.attempt():
            new = profile_quality.add_measure(
                choice_system_id=system.id,
                words=form.words.data,
                source=form.source.data,
                year=form.year.data or 0,
            )
            db.session.commit()
            flash("Måttet är sparat. Skriv in resultaten.", "success")
            return redirect(url_for(".quality_results", public_id=new.public_id))
    return render_template(
        "providers/quality.html",
        form=form,
        measures=profile_quality.measures_of(system.id),
        units=len(queries.offered(system.id, today())),
    )


@bp.route("/presentationer/kvalitet/<public_id>", methods=["GET", "POST"])
@requires(Permission.PROFILE_PUBLISH)
def quality_results(public_id: str) -> ResponseReturnValue:
    system = main_system(actor().municipality_id)
    measure = profile_quality.measure_of(system.id, public_id)
    units = [each.unit for each in queries.offered(system.id, today())]
    form = results_form(units)
    if request.method == "GET":
        form.show(measure)
    if form.validate_on_submit():
        with form.attempt():
            profile_quality.set_results(measure, form.results())
            db.session.commit()
            flash("Resultaten är sparade och visas för alla.", "success")
            return redirect(url_for(".quality"))
    return render_template("providers/quality_results.html", form=form, measure=measure)


@bp.post("/presentationer/kvalitet/<public_id>/visa")
@requires(Permission.PROFILE_PUBLISH)
def show_quality(public_id: str) -> ResponseReturnValue:
    system = main_system(actor().municipality_id)
    measure = profile_quality.measure_of(system.id, public_id)
    profile_quality.show_measure(measure, shown=request.form.get("shown") == "1")
    db.session.commit()
    return redirect(url_for(".quality"))
