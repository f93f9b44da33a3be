"""Requests in, pages out: the templates that files are written after."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv import excel
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.downloads import attached
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.ledger import (
    example_rows,
    sie_settings,
    template_operations,
    template_queries,
    text_reading,
)
from lovdv.ledger.account_views import chosen_system
from lovdv.ledger.blueprint import bp
from lovdv.ledger.characters import RULE
from lovdv.ledger.forms import AnswerSettingsForm, EndForm, SieForm, TemplateFileForm
from lovdv.ledger.models import FileTemplate
from lovdv.ledger.template_forms import TextTemplateForm
from lovdv.ledger.text_examples import EXAMPLES
from lovdv.ledger.text_reading import TemplateFaults
from lovdv.systems.queries import system_with

JSON = "application/json"
KINDS = {"text": "Textfil", "sie": "SIE 4I", "answer": "Svar", "none": "Upphörd"}

MOST_DIGITS = 3
"""Of an example's number in the address."""


@bp.get("/ekonomifiler/mallar")
@requires(Permission.LEDGER_READ)
def templates() -> ResponseReturnValue:
    system = chosen_system()
    decided = template_queries.templates(system.id)
    holding = template_queries.in_force(
        system.id, today(), kinds=("sie", "text", "answer")
    )
    return render_template(
        "ledger/templates.html",
        system=system,
        now=holding,
        coming=[one for one in decided if one.first_day > today()],
        kinds=KINDS,
        examples=list(enumerate(EXAMPLES)),
    )


@bp.get("/ekonomifiler/mallar/<public_id>")
@requires(Permission.LEDGER_READ)
def template(public_id: str) -> ResponseReturnValue:
    found = template_queries.template(actor(), public_id)
    return render_template(
        "ledger/template.html",
        template=found,
        system=system_with(found.choice_system_id),
        kinds=KINDS,
        rule=RULE,
        value=text_reading.as_text(found.value),
        example=example_rows.shown(found.choice_system_id, found.kind, found.value),
    )


@bp.get("/ekonomifiler/mallar/<public_id>/json")
@requires(Permission.LEDGER_READ)
def template_file(public_id: str) -> ResponseReturnValue:
    found = template_queries.template(actor(), public_id)
    content = text_reading.as_text(found.value).encode()
    return attached(content, f"mall_{found.first_day}.json", JSON)


@bp.route("/ekonomifiler/mallar/ny/text", methods=["GET", "POST"])
@requires(Permission.LEDGER_WRITE)
def text_template() -> ResponseReturnValue:
    system = chosen_system()
    form = TextTemplateForm() if request.method == "POST" else _begun(TextTemplateForm)
    step = request.form.get("do", "")
    example = None
    if form.is_submitted() and step == "add":
        form.fields.append_entry()
    elif form.is_submitted() and step == "preview":
        example = example_rows.shown(system.id, "text", form.value)
    elif form.validate_on_submit():
        with form.attempt():
            return _decide(form, "text", form.value)
    if request.method == "GET":
        form.fields.append_entry()
    return render_template(
        "ledger/text_template.html", form=form, system=system, example=example
    )


def _begun(kind: type[TextTemplateForm]) -> TextTemplateForm:
    """From a decided template, from an example, or empty."""
    source = request.args.get("fran", "")
    if source:
        found = template_queries.template(actor(), source)
        form = kind.of(found.name, text_reading.read(found.value))
        form.reference.data = found.reference
        return form
    example = EXAMPLES[_number(request.args.get("exempel", ""), default=-1)]
    return kind.of(example.name, text_reading.read(example.value))


def _number(text: str, *, default: int) -> int:
    if not text:
        return default
    if len(text) > MOST_DIGITS or not text.isdecimal() or int(text) >= len(EXAMPLES):
        raise NotFound
    return int(text)


def _decide(
    form: TextTemplateForm | SieForm, kind: str, value: Mapping[str, object]
) -> ResponseReturnValue:
    made = template_operations.decide(
        system=chosen_system(),
        name=form.name.data,
        kind=kind,
        value=value,
        first_day=form.first_day.data,
        reference=form.reference.data or "",
        by_id=actor().user_id,
    )
    db.session.commit()
    flash("Mallen är beslutad.", "success")
    return redirect(url_for(".template", public_id=made.public_id))


@bp.route("/ekonomifiler/mallar/ny/sie", methods=["GET", "POST"])
@requires(Permission.LEDGER_WRITE)
def sie_template() -> ResponseReturnValue:
    form = SieForm()
    if request.method == "GET":
        _fill_sie(form)
    if form.validate_on_submit():
        with form.attempt():
            return _decide(form, "sie", _sie_value(form))
    return render_template(
        "ledger/sie_template.html", form=form, system=chosen_system()
    )


def _sie_source() -> tuple[str, Mapping[str, object]]:
    source = request.args.get("fran", "")
    if source:
        found = template_queries.template(actor(), source)
        return found.name, found.value
    return EXAMPLES[0].name, EXAMPLES[0].value


def _fill_sie(form: SieForm) -> None:
    name, value = _sie_source()
    settings = sie_settings.read(value)
    form.name.data, form.series.data, form.per.data = (
        name,
        settings.series,
        settings.per,
    )
    for part, number in settings.dimensions:
        form[part].data = number


def _sie_value(form: SieForm) -> dict[str, object]:
    """What the form says; names of accounts and objects follow from the template."""
    _, before = _sie_source()
    listed = [
        {"part": part, "number": form[part].data, "name": form[part].label.text}
        for part in sie_settings.DIMENSION_PARTS
        if form[part].data
    ]
    kept = {k: v for k, v in before.items() if k in ("account_names", "object_names")}
    told = {"series": form.series.data, "per": form.per.data, "dimensions": listed}
    return {**kept, **told}


@bp.route("/ekonomifiler/mallar/ny/svar", methods=["GET", "POST"])
@requires(Permission.LEDGER_WRITE)
def answer_template() -> ResponseReturnValue:
    form = AnswerSettingsForm()
    if form.validate_on_submit():
        with form.attempt():
            made = template_operations.decide(
                system=chosen_system(),
                name="Svar",
                kind="answer",
                value=_answer_value(form),
                first_day=form.first_day.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Rubrikerna är beslutade.", "success")
            return redirect(url_for(".template", public_id=made.public_id))
    return render_template(
        "ledger/answer_template.html", form=form, system=chosen_system()
    )


def _answer_value(form: AnswerSettingsForm) -> dict[str, object]:
    names = ("line", "supplier", "organisation", "status", "reason", "amount")
    columns = {name: form[name].data for name in names if form[name].data}
    words = {
        name: [word.strip() for word in (form[name].data or "").split(",")]
        for name in ("paid", "rejected")
    }
    return {"columns": columns, **{k: [w for w in v if w] for k, v in words.items()}}


@bp.route("/ekonomifiler/mallar/las-in", methods=["GET", "POST"])
@requires(Permission.LEDGER_WRITE)
def read_template() -> ResponseReturnValue:
    """A template's file becomes a form to look through before it is decided."""
    system = chosen_system()
    form = TemplateFileForm()
    if form.validate_on_submit():
        with form.attempt():
            content = form.file.data.read(excel.MEGABYTE)
            shown = TextTemplateForm.of("", _read(content))
            return render_template(
                "ledger/text_template.html",
                form=shown,
                system=system,
                example=None,
                action=url_for(".text_template", system=system.public_id),
            )
    return render_template("ledger/read_template.html", form=form, system=system)


def _read(content: bytes) -> text_reading.Template:
    try:
        return text_reading.read_text(text_reading.decoded(content))
    except TemplateFaults as fault:
        raise Refused(" ".join(fault.faults), "file") from fault


@bp.route("/ekonomifiler/mallar/<public_id>/upphor", methods=["GET", "POST"])
@requires(Permission.LEDGER_WRITE)
def end_template(public_id: str) -> ResponseReturnValue:
    found = template_queries.template(actor(), public_id)
    system = system_with(found.choice_system_id)
    form = EndForm()
    if form.validate_on_submit():
        with form.attempt():
            _end(found, form)
            return redirect(url_for(".templates", system=system.public_id))
    return render_template(
        "ledger/end_template.html", form=form, template=found, system=system
    )


def _end(found: FileTemplate, form: EndForm) -> None:
    template_operations.end(
        template=found, first_day=form.first_day.data, by_id=actor().user_id
    )
    db.session.commit()
    flash("Mallen upphör. Filer som redan är gjorda finns kvar.", "success")
