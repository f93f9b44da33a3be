"""Requests in, pages out: decided rules, and drafts from start to decision."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv.access import Permission, actor, requires
from lovdv.accounts.queries import name_of
from lovdv.clock import today
from lovdv.downloads import attached
from lovdv.extensions import db
from lovdv.forms import ActForm, options
from lovdv.payment_rules import (
    bench_views,  # noqa: F401  (its routes)
    operations,
    queries,
    sentences,
    supplement_views,  # noqa: F401  (its routes)
)
from lovdv.payment_rules.blueprint import bp
from lovdv.payment_rules.forms import DecideForm, NewDraftForm, SectionForm
from lovdv.payment_rules.models import RuleDraft
from lovdv.payment_rules.queries import Decided
from lovdv.payment_rules.sections import (
    BY_KEY,
    SECTIONS,
    Section,
    fault_of,
    part_of,
    rules_of,
)
from lovdv.placements.settings import end_reasons
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import system_of, system_with, systems_of
from payments import RuleSet
from payments.errors import BadRule
from payments.rulesets import NAMES, shipped

STATUSES = {
    "in_force": ("Gäller nu", "success"),
    "coming": ("Kommande", "info"),
    "earlier": ("Har gällt", "neutral"),
    "replaced": ("Ersatt", "neutral"),
}
JSON = "application/json"


@bp.get("/ersattningsregler")
@requires(Permission.PAYMENT_RULE_READ)
def index() -> ResponseReturnValue:
    systems = systems_of(actor().municipality_id)
    return render_template(
        "payment_rules/index.html",
        systems=[
            (one, queries.decided(one.id, today()), queries.drafts(one.id))
            for one in systems
        ],
        told=_told,
        statuses=STATUSES,
        name_of=name_of,
    )


def _told(one: Decided) -> list[sentences.Told]:
    if one.rules is None:
        return []
    return sentences.told(one.rules, end_reasons(one.row.choice_system_id))


@bp.get("/ersattningsregler/<public_id>")
@requires(Permission.PAYMENT_RULE_READ)
def decided(public_id: str) -> ResponseReturnValue:
    found, others = _decided(public_id)
    earlier = queries.before(found, others)
    return render_template(
        "payment_rules/decided.html",
        rule=found,
        system=system_with(found.row.choice_system_id),
        told=_told(found),
        earlier=earlier,
        changed=_changed(earlier, found.rules),
        statuses=STATUSES,
    )


def _decided(public_id: str) -> tuple[Decided, list[Decided]]:
    row = queries.rule(actor(), public_id)
    others = queries.decided(row.choice_system_id, today())
    return next(one for one in others if one.row.id == row.id), others


def _changed(before: Decided | None, after: RuleSet | None) -> list[sentences.Changed]:
    if before is None or before.rules is None or after is None:
        return []
    reasons = end_reasons(before.row.choice_system_id)
    return sentences.changed(before.rules, after, reasons)


@bp.get("/ersattningsregler/<public_id>/fil")
@requires(Permission.PAYMENT_RULE_READ)
def decided_file(public_id: str) -> ResponseReturnValue:
    found, _ = _decided(public_id)
    return _file(found.table, f"regler_{found.row.first_day}.json")


def _file(table: Mapping[str, object], name: str) -> Response:
    text = json.dumps(table, ensure_ascii=False, indent=2)
    return attached(f"{text}\n".encode(), name, JSON)


@bp.route("/ersattningsregler/ny", methods=["GET", "POST"])
@requires(Permission.PAYMENT_RULE_WRITE)
def new() -> ResponseReturnValue:
    systems = systems_of(actor().municipality_id)
    form = NewDraftForm()
    form.system.choices = options([(one.public_id, one.name) for one in systems])
    form.start.choices = options(_starts(systems))
    if len(systems) == 1:
        del form.system
    if form.validate_on_submit():
        with form.attempt():
            chosen = form.system.data if form.system else systems[0].public_id
            draft = _begin(system_of(actor().municipality_id, chosen), form)
            db.session.commit()
            return redirect(url_for(".draft", public_id=draft.public_id))
    return render_template("payment_rules/new.html", form=form)


def _starts(systems: Any) -> list[tuple[str, str]]:
    """What a draft can begin from: decided rules, and the examples that ship."""
    own = [
        (f"rule:{one.row.public_id}", f"{one.name}, från {one.row.first_day}")
        for system in systems
        for one in queries.decided(system.id, today())
    ]
    examples = [(f"shipped:{name}", f"Exempel: {shipped(name).name}") for name in NAMES]
    return own + examples


def _begin(system: ChoiceSystem, form: NewDraftForm) -> RuleDraft:
    if form.file.data:
        content: Mapping[str, object] = operations.content_of(
            form.file.data.read(operations.MOST_BYTES + 1)
        )
        source = f"filen {form.file.data.filename}"
    else:
        kind, _, name = form.start.data.partition(":")
        if kind == "rule":
            found, _ = _decided(name)
            content, source = found.row.value, f"{found.name}, {found.row.first_day}"
        else:
            content = operations.example(name)
            source = f"exemplet {content['name']}"
    return operations.begin(
        system=system, content=content, started_from=source, by_id=actor().user_id
    )


@bp.get("/ersattningsregler/utkast/<public_id>")
@requires(Permission.PAYMENT_RULE_WRITE)
def draft(public_id: str) -> ResponseReturnValue:
    """What the draft says, what is wrong in it, and what it changes."""
    found = queries.draft(actor(), public_id)
    fault = fault_of(found.content)
    rules = None if fault else rules_of(found.content)
    current = queries.in_force(found.choice_system_id, today())
    reasons = end_reasons(found.choice_system_id)
    return render_template(
        "payment_rules/draft.html",
        draft=found,
        system=system_with(found.choice_system_id),
        sections=SECTIONS,
        said={one.key: _said(one, found, reasons) for one in SECTIONS},
        is_whole=rules is not None,
        fault=fault,
        current=current,
        changed=_changed(current, rules),
        edited_by=name_of(found.updated_by_id),
        by_other=found.updated_by_id not in (None, actor().user_id),
    )


def _said(
    section: Section, draft: RuleDraft, reasons: Mapping[str, str]
) -> tuple[str, ...] | None:
    """What a section says, also while another has faults; None: its own cannot be."""
    try:
        return sentences.sentences(section, part_of(section, draft.content), reasons)
    except BadRule:
        return None


@bp.get("/ersattningsregler/utkast/<public_id>/fil")
@requires(Permission.PAYMENT_RULE_WRITE)
def draft_file(public_id: str) -> ResponseReturnValue:
    found = queries.draft(actor(), public_id)
    return _file(found.content, "regler_utkast.json")


@bp.route("/ersattningsregler/utkast/<public_id>/del/<key>", methods=["GET", "POST"])
@requires(Permission.PAYMENT_RULE_WRITE)
def section(public_id: str, key: str) -> ResponseReturnValue:
    found = queries.draft(actor(), public_id)
    chosen = BY_KEY.get(key)
    if chosen is None:
        raise NotFound
    reasons = end_reasons(found.choice_system_id)
    form = SectionForm.of(chosen, found.content, found.version, reasons)
    more = request.form.get("more", "")
    if not more and form.validate_on_submit():
        with form.attempt():
            if _saved(found, chosen, form):
                db.session.commit()
                flash(f"{chosen.title} är sparat.", "success")
                return redirect(url_for(".draft", public_id=public_id, _anchor=key))
    form.with_empty_rows(more)
    return render_template(
        "payment_rules/section.html",
        form=form,
        draft=found,
        section=chosen,
        edited_by=name_of(found.updated_by_id),
        by_other=found.updated_by_id not in (None, actor().user_id),
    )


def _saved(draft: RuleDraft, chosen: Section, form: Any) -> bool:
    fault = operations.save(
        draft=draft,
        section=chosen,
        content=form.content,
        version=form.version.data,
        by_id=actor().user_id,
    )
    if fault is not None:
        form.put(_sentence(fault.why), fault.where)
    return fault is None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


@bp.route("/ersattningsregler/utkast/<public_id>/beslut", methods=["GET", "POST"])
@requires(Permission.PAYMENT_RULE_WRITE)
def decide(public_id: str) -> ResponseReturnValue:
    found = queries.draft(actor(), public_id)
    fault = fault_of(found.content)
    form = DecideForm(version=str(found.version), first_day=_next_first(today()))
    if fault is None and form.validate_on_submit():
        with form.attempt():
            rule = operations.decide(
                draft=found,
                first_day=form.first_day.data,
                reference=form.reference.data,
                version=form.version.data,
                by_id=actor().user_id or 0,
            )
            db.session.commit()
            flash("Reglerna är beslutade och ändras inte mer.", "success")
            return redirect(url_for(".decided", public_id=rule.public_id))
    current = queries.in_force(found.choice_system_id, today())
    return render_template(
        "payment_rules/decide.html",
        form=form,
        draft=found,
        fault=fault,
        current=current,
        changed=[] if fault else _changed(current, rules_of(found.content)),
    )


def _next_first(day: date) -> date:
    year, month = divmod(day.year * 12 + day.month, 12)
    return date(year, month + 1, 1)


@bp.post("/ersattningsregler/utkast/<public_id>/kasta")
@requires(Permission.PAYMENT_RULE_WRITE)
def throw_away(public_id: str) -> ResponseReturnValue:
    if ActForm().validate_on_submit():
        operations.throw_away(queries.draft(actor(), public_id))
        db.session.commit()
        flash("Utkastet är borttaget.", "success")
    return redirect(url_for(".index"))
