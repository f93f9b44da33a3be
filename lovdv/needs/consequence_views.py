"""Requests in, pages out: what a version of the instrument would mean."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.downloads import attached
from lovdv.extensions import db
from lovdv.forms import BaseForm
from lovdv.needs import consequence_queries as runs
from lovdv.needs import consequence_sheets, consequence_shown, consequences, queries
from lovdv.needs.blueprint import bp
from lovdv.needs.consequences import Found
from lovdv.needs.instruments import readable


@bp.route("/instrument/<public_id>/konsekvenser", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def consequences_of(public_id: str) -> ResponseReturnValue:
    version = queries.version(actor(), public_id)
    form = BaseForm()
    if form.validate_on_submit():
        with form.attempt():
            made = consequences.run(version=version, on=today(), by_id=actor().user_id)
            db.session.commit()
            flash("Räknat på allas svar. Ingen nivå har ändrats.", "success")
            return redirect(url_for(".consequence", public_id=made.public_id))
    return render_template(
        "needs/consequences.html",
        version=version,
        usable=readable(version) is not None,
        runs=[
            (each, Found.read(each.found)) for each in runs.kept_of(actor(), version)
        ],
        form=form,
    )


@bp.get("/konsekvenser/<public_id>")
@requires(Permission.INSTRUMENT_WRITE)
def consequence(public_id: str) -> ResponseReturnValue:
    run = runs.consequence(actor(), public_id)
    found = Found.read(run.found)
    return render_template(
        "needs/consequence.html",
        run=run,
        told=consequence_shown.whole(found),
        untried=found.untried,
        changed=run.digest != run.instrument_version.digest,
        assumed=consequence_sheets.ASSUMED,
        is_whole=True,
    )


@bp.get("/konsekvenser/<public_id>/excel")
@requires(Permission.INSTRUMENT_WRITE)
def consequence_file(public_id: str) -> ResponseReturnValue:
    run = runs.consequence(actor(), public_id)
    told = consequence_shown.hidden(Found.read(run.found))
    content = consequence_sheets.workbook(run, told)
    return attached(content, f"konsekvenser_{run.on_day}.xlsx")


@bp.get("/siffror/konsekvenser")
@requires(Permission.FIGURES_READ)
def consequence_figures() -> ResponseReturnValue:
    """The runs as those outside the work see them."""
    kept = [
        (each, consequence_shown.hidden(Found.read(each.found)))
        for each in runs.kept(actor())
    ]
    return render_template("needs/consequence_figures.html", runs=kept)


@bp.get("/siffror/konsekvenser/<public_id>")
@requires(Permission.FIGURES_READ)
def consequence_figure(public_id: str) -> ResponseReturnValue:
    run = runs.consequence(actor(), public_id)
    return render_template(
        "needs/consequence.html",
        run=run,
        told=consequence_shown.hidden(Found.read(run.found)),
        untried=[],
        changed=run.digest != run.instrument_version.digest,
        assumed=consequence_sheets.ASSUMED,
        is_whole=False,
    )
