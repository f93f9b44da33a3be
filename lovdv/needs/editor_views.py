"""Requests in, pages out: the parts of a draft instrument, one page for each."""

from types import SimpleNamespace

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv.access import Permission, actor, requires
from lovdv.extensions import db
from lovdv.needs import editor_forms as forms
from lovdv.needs import editor_operations as editing
from lovdv.needs import editor_queries, queries
from lovdv.needs import editor_rule_forms as rule_forms
from lovdv.needs import editor_words as words
from lovdv.needs import instruments as versions_of
from lovdv.needs.blueprint import bp
from lovdv.needs.editor_cells import CellsForm, cells_left_out, key_names
from lovdv.needs.editor_check import OVERVIEW, Place, check, page_url
from lovdv.needs.editor_document import KEY, Draft, digest_of, text
from lovdv.needs.editor_fields import number_shown
from lovdv.needs.editor_forms import PartForm, part_or_nothing
from lovdv.needs.models import InstrumentVersion

KINDS = ("scale", "domain", "question", "rule", "decision", "table")
DEEDS = ("up", "down", "copy")


def _one_of(value: str | None, known: tuple[str, ...]) -> str:
    if value not in known:
        raise NotFound
    return value


def _draft(public_id: str) -> tuple[InstrumentVersion, Draft]:
    version = queries.version(actor(), public_id)
    return version, editing.opened(version)


def _shown(
    template: str, version: InstrumentVersion, draft: Draft, **more: object
) -> str:
    place = more.pop("place", OVERVIEW)
    return render_template(
        f"needs/{template}.html",
        version=version,
        draft=draft,
        check=check(version, draft),
        place=place,
        text=text,
        url=lambda at: page_url(version.public_id, at),
        at=Place,
        words=words,
        shown_number=number_shown,
        **more,
    )


@bp.get("/instrument/<public_id>/utkast")
@requires(Permission.INSTRUMENT_WRITE)
def editor(public_id: str) -> ResponseReturnValue:
    version, draft = _draft(public_id)
    return _shown("editor", version, draft, names=words.part_names(draft))


def _part(public_id: str, kind: type[PartForm], place: Place) -> ResponseReturnValue:
    """One page of the editor: shown, or stored as it is typed."""
    version = queries.version(actor(), public_id)
    name, draft = version.name, _to_show(version)
    form, others = kind.of(draft, _key_in(version, place)), ()
    if version.status != "draft":
        return _closed(public_id, name, draft, form, place)
    if form.validate_on_submit():
        with form.attempt():
            try:
                return _saved(version, form, place)
            except editing.Conflict as conflict:
                form.seen.data, others = conflict.seen, conflict.others
                raise
        still = editor_queries.open_draft(actor(), public_id)
        if still is None:
            return _closed(public_id, name, draft, form, place)
        version, draft = still, editing.opened(still)
    else:
        form.see(form.stored(draft, place.key))
    part = part_or_nothing(kind, draft, place.key)
    more: dict[str, object] = {}
    if "keys" in part:
        more["key_names"] = list(key_names(draft, part))
        more["left_out"] = cells_left_out(part)
    return _shown(
        f"editor_{place.page}",
        version,
        draft,
        place=place,
        form=form,
        others=others,
        part=part,
        above=_above(public_id, draft, place),
        **more,
    )


def _to_show(version: InstrumentVersion) -> Draft:
    """The draft; of one that is closed only what is sent to it can be shown."""
    if request.method == "POST":
        return versions_of.draft_of(version)
    return editing.opened(version)


def _key_in(version: InstrumentVersion, place: Place) -> str:
    """The part's key; a published version has no keys of its own."""
    return place.key if version.status == "draft" else ""


def _closed(
    public_id: str, name: str, draft: Draft, form: PartForm, place: Place
) -> ResponseReturnValue:
    """What was typed for a draft that has been published or taken away meanwhile."""
    form.form_errors = [editing.CLOSED]
    return render_template(
        f"needs/editor_{place.page}.html",
        closed=True,
        version=SimpleNamespace(public_id=public_id, name=name),
        draft=draft,
        place=place,
        form=form,
        part={},
        key_names=[],
        text=text,
        words=words,
        shown_number=number_shown,
    )


def _above(public_id: str, draft: Draft, place: Place) -> list[tuple[str, str]]:
    """The page between this one and the overview: a question's domain, a table."""
    if place.page == "cells":
        up, name = Place("table", place.key), "Tabellen"
    elif place.page == "question" and draft.has("question", place.key):
        domain = draft.domain_of(place.key)
        up, name = Place("domain", domain[KEY]), text(domain, "title") or "Området"
    else:
        return []
    return [(name, page_url(public_id, up))]


def _saved(
    version: InstrumentVersion, form: PartForm, place: Place
) -> ResponseReturnValue:
    do = request.form.get("do", "")
    form.rearrange(do)
    editing.change_part(
        version=version, form=form, key=place.key, domain_key=_chosen_domain(form)
    )
    public_id, target = version.public_id, place
    if do == "next" and place.page == "question":
        draft = editing.opened(version)
        within = str(draft.domain_of(place.key)[KEY])
        key = editing.add_part(version=version, kind="question", within=within)
        target = Place("question", key)
    elif do == "cells":
        target = Place("cells", place.key)
    db.session.commit()
    flash("Sparat.", "success")
    return redirect(page_url(public_id, target))


def _chosen_domain(form: PartForm) -> str:
    return str(form["domain"].data or "") if form.kind == "question" else ""


@bp.route("/instrument/<public_id>/utkast/om", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def editor_about(public_id: str) -> ResponseReturnValue:
    return _part(public_id, forms.AboutForm, Place("about"))


@bp.route("/instrument/<public_id>/utkast/skala/<key>", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def editor_scale(public_id: str, key: str) -> ResponseReturnValue:
    return _part(public_id, forms.ScaleForm, Place("scale", key))


@bp.route("/instrument/<public_id>/utkast/omrade/<key>", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def editor_domain(public_id: str, key: str) -> ResponseReturnValue:
    return _part(public_id, forms.DomainForm, Place("domain", key))


@bp.route("/instrument/<public_id>/utkast/fraga/<key>", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def editor_question(public_id: str, key: str) -> ResponseReturnValue:
    return _part(public_id, forms.QuestionForm, Place("question", key))


@bp.route("/instrument/<public_id>/utkast/nivaer", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def editor_levels(public_id: str) -> ResponseReturnValue:
    return _part(public_id, forms.LevelsForm, Place("levels"))


@bp.route("/instrument/<public_id>/utkast/granser", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def editor_limits(public_id: str) -> ResponseReturnValue:
    return _part(public_id, forms.LimitsForm, Place("limits"))


@bp.route("/instrument/<public_id>/utkast/regel/<key>", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def editor_rule(public_id: str, key: str) -> ResponseReturnValue:
    return _part(public_id, rule_forms.RuleForm, Place("rule", key))


@bp.route("/instrument/<public_id>/utkast/beslut/<key>", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def editor_decision(public_id: str, key: str) -> ResponseReturnValue:
    return _part(public_id, rule_forms.DecisionForm, Place("decision", key))


@bp.route("/instrument/<public_id>/utkast/tabell/<key>", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def editor_table(public_id: str, key: str) -> ResponseReturnValue:
    return _part(public_id, rule_forms.TableForm, Place("table", key))


@bp.route("/instrument/<public_id>/utkast/tabell/<key>/rutor", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def editor_cells(public_id: str, key: str) -> ResponseReturnValue:
    return _part(public_id, CellsForm, Place("cells", key))


@bp.route("/instrument/<public_id>/utkast/ny-bedomning", methods=["GET", "POST"])
@requires(Permission.INSTRUMENT_WRITE)
def editor_intervals(public_id: str) -> ResponseReturnValue:
    return _part(public_id, rule_forms.IntervalsForm, Place("intervals"))


@bp.post("/instrument/<public_id>/utkast/ny-del")
@requires(Permission.INSTRUMENT_WRITE)
def editor_add(public_id: str) -> ResponseReturnValue:
    version, _ = _draft(public_id)
    kind = _one_of(request.form.get("kind"), KINDS)
    key = editing.add_part(
        version=version,
        kind=kind,
        within=request.form.get("within", ""),
        rule_kind=request.form.get("rule_kind", ""),
    )
    db.session.commit()
    return redirect(page_url(public_id, Place(kind, key)))


@bp.post("/instrument/<public_id>/utkast/ordna")
@requires(Permission.INSTRUMENT_WRITE)
def editor_arrange(public_id: str) -> ResponseReturnValue:
    version, _ = _draft(public_id)
    kind = _one_of(request.form.get("kind"), KINDS)
    deed = _one_of(request.form.get("do"), DEEDS)
    key = editing.arrange_part(
        version=version, kind=kind, key=request.form.get("key", ""), deed=deed
    )
    back = _above_part(editing.opened(version), kind, key)
    db.session.commit()
    if deed == "copy":
        flash("Kopian är tillagd. Ändra det som ska skilja.", "success")
        return redirect(page_url(public_id, Place(kind, key)))
    return redirect(f"{page_url(public_id, back)}#{kind}-{key}")


def _above_part(draft: Draft, kind: str, key: str) -> Place:
    """The page that lists the part."""
    if kind != "question":
        return OVERVIEW
    return Place("domain", str(draft.domain_of(key)[KEY]))


@bp.route(
    "/instrument/<public_id>/utkast/ta-bort/<kind>/<key>", methods=["GET", "POST"]
)
@requires(Permission.INSTRUMENT_WRITE)
def editor_remove(public_id: str, kind: str, key: str) -> ResponseReturnValue:
    version, draft = _draft(public_id)
    part, form = draft.part(_one_of(kind, KINDS), key), forms.RemoveForm()
    back = _above_part(draft, kind, key)
    if form.validate_on_submit():
        editing.opened_to_change(version)
        with form.attempt():
            editing.remove_part(
                version=version, kind=kind, key=key, seen=form.seen.data or ""
            )
            db.session.commit()
            flash("Delen är borttagen.", "success")
            return redirect(page_url(public_id, back))
        version, draft = _draft(public_id)
        part = draft.part(kind, key)
    form.seen.data = digest_of(part)
    return _shown(
        "editor_remove", version, draft, form=form, part=part, kind=kind, back=back
    )
