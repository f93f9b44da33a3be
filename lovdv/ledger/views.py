"""Requests in, pages out: making a run's files, and reading them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit, excel
from lovdv.access import Permission, actor, requires
from lovdv.accounts.queries import name_of
from lovdv.clock import today
from lovdv.downloads import attached
from lovdv.extensions import db
from lovdv.forms import options
from lovdv.ledger import (
    account_queries,
    account_views,
    key,
    operations,
    read_back,
    read_back_queries,
    template_queries,
    template_views,
    vat_sums,
    year_end,
)
from lovdv.ledger import queries as ledger_queries
from lovdv.ledger.account_views import chosen_system
from lovdv.ledger.account_words import kind_word
from lovdv.ledger.answers import PAID, REJECTED, UNMATCHED
from lovdv.ledger.blueprint import bp
from lovdv.ledger.forms import AnswerFileForm, MakeFileForm, RejectedForm, YearEndForm
from lovdv.payouts import persons, queries
from lovdv.payouts.models import PaymentRun
from lovdv.systems.queries import systems_of

__all__ = ["account_views", "bp", "template_views"]


@bp.get("/ekonomifiler")
@requires(Permission.LEDGER_READ)
def index() -> ResponseReturnValue:
    system = chosen_system()
    return render_template(
        "ledger/index.html",
        system=system,
        systems=systems_of(actor().municipality_id),
        runs=ledger_queries.booked_runs(actor()),
        tasks=read_back_queries.tasks(actor()),
        templates=template_queries.in_force(system.id, today()),
        rows=account_queries.rows_in_force(system.id, today()),
    )


@bp.post("/korningar/<public_id>/export")
@requires(Permission.RUN_EXPORT)
def export(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    if operations.faults_before(found):
        flash("Filerna gjordes inte. Rätta det som står här och försök igen.", "danger")
        return redirect(url_for(".run_files", public_id=public_id))
    operations.export(run=found, by_id=actor().user_id)
    db.session.commit()
    flash("Filerna är gjorda. Hämta dem här.", "success")
    return redirect(url_for("payouts.run", public_id=public_id))


@bp.get("/korningar/fil/<public_id>")
@requires(Permission.RUN_READ)
def file(public_id: str) -> ResponseReturnValue:
    found = ledger_queries.file(actor(), public_id)
    run = db.session.get_one(PaymentRun, found.run_id)
    about = persons.paid_in(run, found.provider_id)
    audit.read("file.read", about=about, object=found.public_id)
    return attached(found.content, found.name)


@bp.get("/ekonomifiler/fil/<public_id>")
@requires(Permission.LEDGER_READ)
def ledger_file(public_id: str) -> ResponseReturnValue:
    found = ledger_queries.ledger_file(actor(), public_id)
    run = db.session.get(PaymentRun, found.run_id) if found.run_id else None
    about = persons.paid_in(run) if run else ()
    audit.read("file.read", about=about, object=found.public_id)
    return attached(found.content, found.name, found.mime)


@bp.get("/ekonomifiler/korningar/<public_id>")
@requires(Permission.LEDGER_READ)
def run_files(public_id: str) -> ResponseReturnValue:
    return _run_page(queries.run(actor(), public_id), MakeFileForm())


def _run_page(found: PaymentRun, form: MakeFileForm) -> ResponseReturnValue:
    accounts = account_queries.accounts_of(found)
    templates = template_queries.in_force(found.choice_system_id, today())
    form.template.choices = options([(one.public_id, one.name) for one in templates])
    return render_template(
        "ledger/run_files.html",
        run=found,
        form=form,
        files=ledger_queries.files(found),
        ledger_files=ledger_queries.ledger_files(found),
        templates=templates,
        faults=accounts.faults,
        are_decided=accounts.are_decided,
        stops=operations.faults_before(found) if found.status == "attested" else [],
        kind_word=kind_word,
        vat=vat_sums.of_run(accounts),
        read_backs=read_back_queries.read_backs(found),
        name_of=name_of,
    )


@bp.post("/ekonomifiler/korningar/<public_id>")
@requires(Permission.RUN_EXPORT)
def make_file(public_id: str) -> ResponseReturnValue:
    """The file by a template as decided now: the same, or a new version with why."""
    found = queries.run(actor(), public_id)
    form = MakeFileForm()
    listed = template_queries.in_force(found.choice_system_id, today())
    form.template.choices = options([(one.public_id, one.name) for one in listed])
    if form.validate_on_submit():
        with form.attempt():
            made = operations.make(
                run=found,
                template=template_queries.template(actor(), form.template.data),
                by_id=actor().user_id,
                reason=form.reason.data or "",
            )
            db.session.commit()
            flash(f"{made.name} finns bland filerna.", "success")
            return redirect(url_for(".run_files", public_id=public_id))
    return _run_page(queries.run(actor(), public_id), form)


@bp.route("/ekonomifiler/korningar/<public_id>/svar", methods=["GET", "POST"])
@requires(Permission.RUN_READ_BACK)
def read_answer(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    form = AnswerFileForm()
    if form.validate_on_submit():
        with form.attempt():
            file = form.file.data
            kept = read_back.read(
                run=found,
                content=file.read(excel.MAX_BYTES + 1),
                file_name=file.filename or "",
                by_id=actor().user_id,
            )
            db.session.commit()
            return redirect(url_for(".answer", public_id=kept.public_id))
    return render_template("ledger/read_answer.html", form=form, run=found)


@bp.get("/ekonomifiler/svar/<public_id>")
@requires(Permission.LEDGER_READ)
def answer(public_id: str) -> ResponseReturnValue:
    found = read_back_queries.read_back(actor(), public_id)
    run = db.session.get_one(PaymentRun, found.run_id)
    return render_template(
        "ledger/answer.html",
        run=run,
        found=found,
        rejected=read_back_queries.rows_of(found, REJECTED),
        unmatched=read_back_queries.rows_of(found, UNMATCHED),
        paid=len(read_back_queries.rows_of(found, PAID)),
        read_by=name_of(found.read_by_id),
    )


@bp.route("/ekonomifiler/avvisad/<public_id>", methods=["GET", "POST"])
@requires(Permission.RUN_READ_BACK)
def rejected(public_id: str) -> ResponseReturnValue:
    row = read_back_queries.row(actor(), public_id)
    form = RejectedForm()
    if form.validate_on_submit():
        with form.attempt():
            read_back.answer(row=row, note=form.note.data, by_id=actor().user_id)
            db.session.commit()
            flash("Uppgiften är avslutad.", "success")
            return redirect(url_for(".index"))
    return render_template(
        "ledger/rejected.html", form=form, one=read_back_queries.told(row)
    )


@bp.get("/ekonomifiler/bokslut")
@requires(Permission.LEDGER_READ)
def year_end_list() -> ResponseReturnValue:
    return _year_end_page(YearEndForm())


def _year_end_page(form: YearEndForm) -> ResponseReturnValue:
    """The lists that are made; whoever may write makes another."""
    system = chosen_system()
    return render_template(
        "ledger/year_end.html",
        system=system,
        form=form,
        files=ledger_queries.of_kind(system.id, "year_end"),
        name_of=name_of,
    )


@bp.post("/ekonomifiler/bokslut/ny")
@requires(Permission.LEDGER_WRITE)
def make_year_end() -> ResponseReturnValue:
    system = chosen_system()
    form = YearEndForm()
    if form.validate_on_submit():
        with form.attempt():
            made = year_end.make(
                system=system,
                day=form.day.data,
                period=form.period.data,
                by_id=actor().user_id,
                reason=form.reason.data or "",
            )
            db.session.commit()
            flash(f"{made.name} finns bland listorna.", "success")
            return redirect(url_for(".year_end_list", system=system.public_id))
    return _year_end_page(form)


@bp.get("/ekonomifiler/nyckel")
@requires(Permission.PERSON_REVEAL)
def keys() -> ResponseReturnValue:
    """The months whose files have a key; which of the people in them is not said."""
    return render_template("ledger/keys.html", runs=ledger_queries.booked_runs(actor()))


@bp.get("/ekonomifiler/nyckel/<public_id>")
@requires(Permission.PERSON_REVEAL)
def placement_key(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    listed = key.key_of(actor(), found)
    audit.read(
        "ledger.key",
        about=[client.id for _, client in listed.rows],
        object=found.public_id,
    )
    if request.args.get("excel"):
        return attached(key.as_workbook(listed), f"nyckel_{found.month:%Y-%m}.xlsx")
    return render_template("ledger/key.html", run=found, key=listed)
