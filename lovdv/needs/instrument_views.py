"""Requests in, pages out: versions of the instrument, from a new draft to published."""

import re

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.downloads import attached
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.forms import BaseForm
from lovdv.needs import editor_queries, instrument_files, queries, words
from lovdv.needs import instruments as versions_of
from lovdv.needs.blueprint import bp
from lovdv.needs.editor_bench import BenchForm, outcome_of
from lovdv.needs.editor_cells import key_names
from lovdv.needs.editor_check import Check, check, page_url
from lovdv.needs.editor_difference import KINDS, differences
from lovdv.needs.instrument_files import FileRead
from lovdv.needs.instrument_forms import CompareForm, PublishForm, UploadForm
from lovdv.needs.models import InstrumentVersion
from lovdv.systems.queries import main_system

JSON = "application/json"


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
    read = versions_of.readable(version)
    return render_template(
        "needs/instrument.html",
        version=version,
        instrument=read,
        limits=words.limits_of(read) if read else {},
        exact=words.exact,
        key_names=_key_names(version) if read else [],
    )


def _key_names(version: InstrumentVersion) -> list[list[str]]:
    """What the keys of each table look at, in words."""
    draft = versions_of.draft_of(version)
    return [list(key_names(draft, table)) for table in draft.parts("table")]


@bp.route("/instrument/ny", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def new_instrument() -> ResponseReturnValue:
    form = UploadForm()
    if form.validate_on_submit():
        with form.attempt():
            file = form.document.data
            found = instrument_files.read(file.read(), file.filename or "")
            asked = request.form.get("do") == "check"
            return _checked(found) if asked else _kept(found)
    return render_template("needs/new_instrument.html", form=form)


def _checked(found: FileRead) -> ResponseReturnValue:
    """A workbook sent back with its faults; a JSON file's faults are told."""
    if found.returned is not None:
        return attached(found.returned, "instrument_med_fel.xlsx")
    if found.faults:
        raise Refused(" ".join(map(str, found.faults)), "document")
    flash("Filen har inga fel. Den går att läsa in.", "success")
    return redirect(url_for(".new_instrument"))


def _kept(found: FileRead) -> ResponseReturnValue:
    """A file as a new draft, with the faults it may have."""
    version = versions_of.keep_file(
        choice_system_id=main_system(actor().municipality_id).id, found=found
    )
    public_id, faults = version.public_id, len(found.faults)
    db.session.commit()
    if faults:
        flash(f"Filen är inläst som utkast. Den har {faults} fel att rätta.", "warning")
    else:
        flash("Filen är inläst som utkast. Den har inga fel.", "success")
    return redirect(url_for(".editor", public_id=public_id))


@bp.post("/instrument/ny/tomt")
@requires(Permission.INSTRUMENT_WRITE)
def empty_instrument() -> ResponseReturnValue:
    version = versions_of.keep_draft(
        choice_system_id=main_system(actor().municipality_id).id,
        document={"version": "1"},
    )
    public_id = version.public_id
    db.session.commit()
    return redirect(url_for(".editor_about", public_id=public_id))


@bp.get("/instrument/mall")
@requires(Permission.INSTRUMENT_WRITE)
def instrument_template() -> ResponseReturnValue:
    return attached(instrument_files.sheets.template(), "instrument_mall.xlsx")


@bp.get("/instrument/<public_id>/fil/<kind>")
@requires(Permission.INSTRUMENT_READ)
def instrument_file(public_id: str, kind: str) -> ResponseReturnValue:
    version = queries.version(actor(), public_id)
    name = re.sub(r"[^\w.-]+", "_", f"instrument_{version.code}_{version.version}")
    document = versions_of.draft_of(version).document()
    if kind == "json":
        return attached(instrument_files.json_file(document), f"{name}.json", JSON)
    if kind != "xlsx":
        raise NotFound
    faults = versions_of.faults_in_text(version.document)
    content = instrument_files.workbook_file(document, faults)
    return attached(content, f"{name}.xlsx")


@bp.post("/instrument/<public_id>/kopiera")
@requires(Permission.INSTRUMENT_WRITE)
def copy_instrument(public_id: str) -> ResponseReturnValue:
    version = versions_of.copy_to_draft(queries.version(actor(), public_id))
    copy_id, name = version.public_id, version.version
    db.session.commit()
    flash(f"Kopierat till ett nytt utkast, version {name}.", "success")
    return redirect(url_for(".editor", public_id=copy_id))


@bp.route("/instrument/<public_id>/prova", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_READ)
def instrument_bench(public_id: str) -> ResponseReturnValue:
    """Try answers; nothing is stored."""
    version = queries.version(actor(), public_id)
    read = versions_of.readable(version)
    form = BenchForm.of(read) if read else None
    outcome = None
    if read and form and form.validate_on_submit():
        outcome = outcome_of(read, form.answers())
    return render_template(
        "needs/instrument_bench.html", version=version, form=form, outcome=outcome
    )


@bp.get("/instrument/<public_id>/skillnad")
@requires(Permission.INSTRUMENT_READ)
def instrument_difference(public_id: str) -> ResponseReturnValue:
    version = queries.version(actor(), public_id)
    others = editor_queries.others(actor(), version)
    form = CompareForm.of(others, request.args)
    other = next((o for o in others if o.public_id == form.mot.data), None)
    return render_template(
        "needs/instrument_difference.html",
        version=version,
        other=other,
        form=form,
        found=differences(other, version) if other else None,
        kinds=KINDS,
    )


@bp.route("/instrument/<public_id>/publicera", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def publish(public_id: str) -> ResponseReturnValue:
    version = queries.version(actor(), public_id)
    form = PublishForm()
    if form.validate_on_submit():
        versions_of.hold(version)
        with form.attempt():
            versions_of.publish(
                version=version,
                first_day=form.first_day.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Versionen är publicerad.", "success")
            return redirect(url_for(".instrument", public_id=public_id))
        version = queries.version(actor(), public_id)
    return render_template(
        "needs/publish.html",
        form=form,
        version=version,
        check=_check(version),
        url=lambda place: page_url(public_id, place),
    )


def _check(version: InstrumentVersion) -> Check | None:
    if version.status == "published":
        return None
    return check(version, versions_of.draft_of(version))


@bp.route("/instrument/<public_id>/ta-bort", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def delete_instrument(public_id: str) -> ResponseReturnValue:
    version = queries.version(actor(), public_id)
    form = BaseForm()
    if form.validate_on_submit():
        versions_of.hold(version)
        with form.attempt():
            versions_of.delete_draft(version)
            db.session.commit()
            flash("Utkastet är borttaget.", "success")
            return redirect(url_for(".instruments"))
        version = queries.version(actor(), public_id)
    return render_template("needs/instrument_delete.html", form=form, version=version)
