"""Requests in, pages out: statements, asked for by assessors, written by units."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.forms import ActForm, options
from lovdv.needs import (
    masking,
    queries,
    reassessment_queries,
    statement_queries,
    statements,
)
from lovdv.needs.blueprint import bp
from lovdv.needs.statement_forms import AskForm, StatementForm, statement_form
from lovdv.needs.statement_models import Statement
from lovdv.people import queries as people_queries
from lovdv.people.models import Client, Decision
from lovdv.placements.models import Placement


@bp.route("/personer/<public_id>/yttranden", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_SCORE)
def statements_of(public_id: str) -> ResponseReturnValue:
    """What has been asked about a person, and the form to ask."""
    client = people_queries.person(actor(), public_id)
    audit.read("statement.list", about=[client.id])
    decisions = queries.decisions_to_assess(client.id, today())
    places = statement_queries.placements_to_ask([item.id for item in decisions])
    form = AskForm(due_on=today() + statements.USUAL_DAYS)
    form["placement"].choices = options(
        (place.public_id, place.unit.name) for place in places
    )
    if form.validate_on_submit():
        with form.attempt():
            asked = _ask(form, places)
            db.session.commit()
            flash(f"{asked.unit.name} har fått frågan.", "success")
            return redirect(url_for(".statements_of", public_id=public_id))
    return render_template(
        "needs/statements_of.html",
        form=form,
        client=client,
        places=places,
        found=statement_queries.of_person(client.id),
        told=statement_queries.told,
        shown=masking.shown_to_reader(client),
        draft=_draft_of(client, decisions),
        today=today(),
    )


def _draft_of(client: Client, decisions: Sequence[Decision]) -> str | None:
    """The actor's own draft for the person, to go back to."""
    drafts = (queries.open_draft(decision.id) for decision in decisions)
    own = (one for one in drafts if one and one.assessor_id == actor().user_id)
    return next((one.public_id for one in own), None)


def _ask(form: AskForm, places: Sequence[Placement]) -> Statement:
    place = next(item for item in places if item.public_id == form.placement.data)
    return statements.ask(
        decision=reassessment_queries.decision_of(place),
        placement=place,
        due_on=form.due_on.data,
        question=form.question.data or "",
        by_id=actor().user_id,
    )


@bp.route("/yttranden/<public_id>/ta-tillbaka", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_SCORE)
def take_back_statement(public_id: str) -> ResponseReturnValue:
    found = statement_queries.of_case(actor(), public_id)
    audit.read("statement.read", about=[found.client_id], object=public_id)
    form = ActForm()
    if form.validate_on_submit():
        with form.attempt():
            statements.take_back(statement=found)
            db.session.commit()
            flash("Frågan är tillbakatagen.", "success")
            return redirect(url_for(".statements_of", public_id=found.client.public_id))
    return render_template("needs/take_back_statement.html", form=form, statement=found)


@bp.get("/yttranden")
@requires(Permission.STATEMENT_WRITE)
def unit_statements() -> ResponseReturnValue:
    """What the unit is asked, and what it has stated."""
    found = statement_queries.asked_of(actor())
    audit.read("statement.list", about=[item.client_id for item in found])
    return render_template("needs/unit_statements.html", found=found, today=today())


@bp.route("/yttranden/<public_id>", methods=["GET", "POST"])
@requires(Permission.STATEMENT_WRITE)
def statement(public_id: str) -> ResponseReturnValue:
    """The unit writes; once it is given it stands as it is."""
    found = statement_queries.at_unit(actor(), public_id)
    audit.read("statement.read", about=[found.client_id], object=public_id)
    domains = statement_queries.domains_of(found)
    stored = statement_queries.texts_of(found)
    shown = masking.shown_to_reader(found.client)
    if found.given_at is not None:
        texts = {name: shown(text) for name, text in stored.items()}
        return render_template(
            "needs/statement_given.html", statement=found, domains=domains, texts=texts
        )
    form = statement_form(domains, stored, statements.seen(found))
    if form.validate_on_submit():
        with form.attempt():
            _write(found, form)
            db.session.commit()
            return redirect(url_for(".statement", public_id=public_id))
    other = _what_another_has_written(found, form)
    return render_template(
        "needs/statement.html", statement=found, form=form, other=other, shown=shown
    )


def _what_another_has_written(found: Statement, form: StatementForm) -> dict[str, str]:
    """Stored texts that differ from what is typed here, when the form is refused."""
    if not form.form_errors or form.shown.data == statements.seen(found):
        return {}
    form.shown.data = statements.seen(found)
    typed = form.texts()
    stored = statement_queries.texts_of(found)
    return {name: text for name, text in stored.items() if typed.get(name) != text}


def _write(found: Statement, form: StatementForm) -> None:
    statements.write(statement=found, texts=form.texts(), shown=form.shown.data or "0")
    if request.form.get("step") == "give":
        statements.give(statement=found, by_id=actor().user_id)
        flash("Yttrandet är lämnat till kommunen.", "success")
    else:
        flash("Utkastet är sparat. Kommunen ser det först när ni lämnar det.", "info")
