"""Requests in, pages out: files to read in."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv import audit, excel
from lovdv.access import Permission, actor, requires
from lovdv.downloads import attached
from lovdv.extensions import db
from lovdv.imports import kinds, operations, queries, running
from lovdv.imports.forms import AttendanceForm, ReadInForm, ThrowForm, UploadForm
from lovdv.imports.models import ImportDraft
from lovdv.imports.running import Kind, Scope, State

bp = Blueprint("imports", __name__, url_prefix="/importera")


@bp.get("")
@requires(Permission.IMPORT_FILES)
def index() -> ResponseReturnValue:
    return render_template(
        "imports/index.html",
        kinds=queries.kinds_for(actor()),
        drafts=queries.drafts(actor()),
        titles={name: kind.title for name, kind in kinds.KINDS.items()},
    )


@bp.get("/<name>/mall")
@requires(Permission.IMPORT_FILES)
def template(name: str) -> ResponseReturnValue:
    kind = _kind(name)
    return attached(kinds.template(kind), f"{kind.title.lower()}_mall.xlsx")


@bp.route("/<name>", methods=["GET", "POST"])
@requires(Permission.IMPORT_FILES)
def upload(name: str) -> ResponseReturnValue:
    kind = _kind(name)
    form = AttendanceForm() if kind.name == "attendance" else UploadForm()
    if form.validate_on_submit():
        with form.attempt():
            draft = _kept(kind, form)
            db.session.commit()
            return redirect(url_for(".draft", public_id=draft.public_id))
    return render_template("imports/upload.html", kind=kind, form=form)


def _kept(kind: Kind, form: UploadForm) -> ImportDraft:
    """The file tried and kept, so that its outcome can be looked through."""
    who, file = actor(), form.file.data
    month = form["month"].month if "month" in form else None
    rows = excel.read(file.read(excel.MAX_BYTES + 1), file.filename or "")
    queries.require_few(rows)
    where = queries.scope_of(who)
    scope = Scope(where.municipality_id, where.system, who, month)
    examined = running.examine(kind, rows, scope)
    return operations.keep(
        kind=kind,
        file_name=file.filename or "",
        rows=rows,
        examined=examined,
        municipality_id=who.municipality_id,
        by_id=who.user_id,
        month=month,
    )


@bp.get("/utkast/<public_id>")
@requires(Permission.IMPORT_FILES)
def draft(public_id: str) -> ResponseReturnValue:
    return _draft_page(queries.opened(actor(), public_id), ReadInForm())


def _draft_page(opened: queries.Opened, form: ReadInForm) -> ResponseReturnValue:
    audit.read(
        "import.preview",
        about=opened.examined.client_ids,
        object=opened.draft.public_id,
    )
    shown = [r for r in opened.examined.results if r.outcome.state is not State.SAME]
    return render_template(
        "imports/draft.html",
        opened=opened,
        shown=shown,
        counts=opened.examined.counts,
        form=form,
    )


@bp.post("/utkast/<public_id>/las-in")
@requires(Permission.IMPORT_FILES)
def read_in(public_id: str) -> ResponseReturnValue:
    opened = queries.opened(actor(), public_id)
    file_name, form = opened.draft.file_name, ReadInForm()
    if form.validate_on_submit():
        with form.attempt():
            try:
                done = operations.carry_out(
                    opened=opened,
                    scope=queries.scope_of(actor(), opened.draft),
                    only_good=bool(form.only_good.data),
                )
            except running.Outdated as outdated:
                return _outdated(public_id, form, outdated)
            db.session.commit()
            flash(_receipt(file_name, done), "success")
            return redirect(url_for(".index"))
    return _draft_page(queries.opened(actor(), public_id), form)


def _outdated(
    public_id: str, form: ReadInForm, outdated: running.Outdated
) -> ResponseReturnValue:
    """Show, and keep to compare with, what the file does now."""
    opened = queries.opened(actor(), public_id)
    operations.renew(opened=opened, examined=outdated.examined)
    db.session.commit()
    form.refuse(outdated.message)
    return _draft_page(queries.opened(actor(), public_id), form)


def _receipt(file_name: str, done: running.Examined) -> str:
    counts = done.counts
    return (
        f"{file_name} är inläst: {counts[State.NEW]} nya, "
        f"{counts[State.CHANGED]} ändrade, {counts[State.SAME]} oförändrade, "
        f"{counts[State.FAULT]} med fel som inte lästes in."
    )


@bp.get("/utkast/<public_id>/fel")
@requires(Permission.IMPORT_FILES)
def faults(public_id: str) -> ResponseReturnValue:
    opened = queries.opened(actor(), public_id)
    content = excel.with_faults(opened.rows, opened.examined.faults)
    return attached(content, f"{opened.kind.title.lower()}_fel.xlsx")


@bp.post("/utkast/<public_id>/kasta")
@requires(Permission.IMPORT_FILES)
def throw(public_id: str) -> ResponseReturnValue:
    opened = queries.opened(actor(), public_id)
    if ThrowForm().validate_on_submit():
        operations.throw_away(opened=opened)
        db.session.commit()
        flash("Filen är borttagen. Ingenting har lästs in.", "success")
    return redirect(url_for(".index"))


def _kind(name: str) -> Kind:
    """A kind that the actor may read in; 404 otherwise."""
    found = {kind.name: kind for kind in queries.kinds_for(actor())}
    if name not in found:
        raise NotFound
    return found[name]
