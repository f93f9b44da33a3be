"""Requests in, pages out: the municipality's instruments."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.needs import instruments as versions_of
from lovdv.needs import queries, words
from lovdv.needs.blueprint import bp
from lovdv.needs.forms import InstrumentForm, PublishForm
from lovdv.systems.queries import main_system


@bp.get("/instrument")
@requires(Permission.INSTRUMENT_READ)
def instruments() -> ResponseReturnValue:
    system = main_system(actor().municipality_id)
    return render_template(
        "needs/instruments.html",
        versions=queries.versions(actor()),
        in_force=queries.version_on(system.id, today()),
    )


@bp.get("/instrument/<public_id>")
@requires(Permission.INSTRUMENT_READ)
def instrument(public_id: str) -> ResponseReturnValue:
    version = queries.version(actor(), public_id)
    read = versions_of.instrument_of(version)
    return render_template(
        "needs/instrument.html",
        version=version,
        instrument=read,
        limits=words.limits_of(read),
    )


@bp.route("/instrument/ny", methods=["GET", "POST"])
@requires(Permission.SYSTEM_WRITE)
def new_instrument() -> ResponseReturnValue:
    form = InstrumentForm()
    if form.validate_on_submit():
        with form.attempt():
            version = versions_of.add_draft(
                choice_system_id=main_system(actor().municipality_id).id,
                content=form.document.data.read(),
            )
            db.session.commit()
            flash("Instrumentet är sparat som utkast.", "success")
            return redirect(url_for(".instrument", public_id=version.public_id))
    return render_template("needs/new_instrument.html", form=form)


@bp.route("/instrument/<public_id>/publicera", methods=["GET", "POST"])
@requires(Permission.SYSTEM_WRITE)
def publish(public_id: str) -> ResponseReturnValue:
    version = queries.version(actor(), public_id)
    form = PublishForm()
    if form.validate_on_submit():
        with form.attempt():
            versions_of.publish(
                version=version,
                first_day=form.first_day.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Versionen är publicerad.", "success")
            return redirect(url_for(".instrument", public_id=public_id))
    return render_template("needs/publish.html", form=form, version=version)
