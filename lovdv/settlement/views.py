"""Requests in, pages out: what each provider is to have, month by month."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv import excel
from lovdv.access import Permission, actor, requires
from lovdv.accounts.queries import name_of
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.formats import month as month_name
from lovdv.forms import options
from lovdv.ledger import queries as ledger_queries
from lovdv.payouts.models import PaymentRun
from lovdv.settlement import invoice_queries, invoices, operations, queries
from lovdv.settlement.blueprint import bp
from lovdv.settlement.forms import (
    ENTRIES,
    WAYS,
    ClaimForm,
    InvoiceFileForm,
    InvoiceForm,
    PlaceForm,
    SettlementFileForm,
    WayForm,
)
from lovdv.settlement.queries import Settled
from lovdv.settlement.words import HOW, told
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import main_system, system_of, systems_of
from payments import ore


def chosen_system() -> ChoiceSystem:
    """The one that the address names, or else the municipality's first."""
    name = request.args.get("system", "")
    home = actor().municipality_id
    return system_of(home, name) if name else main_system(home)


@bp.get("/avrakning")
@requires(Permission.SETTLEMENT_READ)
def index() -> ResponseReturnValue:
    return _index(SettlementFileForm())


def _index(form: SettlementFileForm, run: PaymentRun | None = None) -> str:
    system = chosen_system()
    runs = queries.booked_runs(system.id)
    wanted = request.args.get("korning", "")
    shown = run or (queries.run(actor(), wanted) if wanted else next(iter(runs), None))
    rows = queries.settled([shown]) if shown else []
    return render_template(
        "settlement/index.html",
        system=system,
        systems=systems_of(actor().municipality_id),
        runs=runs,
        run=shown,
        rows=[(row, *told(row)) for row in rows],
        ways=WAYS,
        sums={
            "net": sum(row.net for row in rows),
            "invoiced": sum(row.invoiced for row in rows),
            "claims": sum(row.claim for row in queries.claims(system.id)),
        },
        unplaced=[one for one in invoice_queries.invoices(system.id) if one.unplaced],
        files=[
            one
            for one in (ledger_queries.ledger_files(shown) if shown else ())
            if one.kind in queries.FILE_KINDS.values()
        ],
        form=form,
        name_of=name_of,
    )


@bp.post("/avrakning/<public_id>/fil")
@requires(Permission.SETTLEMENT_WRITE)
def make_file(public_id: str) -> ResponseReturnValue:
    run = queries.run(actor(), public_id)
    form = SettlementFileForm()
    if form.validate_on_submit():
        with form.attempt():
            made = operations.make_file(
                run=run,
                way=form.way.data,
                by_id=actor().user_id,
                reason=form.reason.data or "",
            )
            db.session.commit()
            flash(f"{made.name} finns bland filerna.", "success")
            return redirect(url_for(".index", korning=public_id))
    return _index(form, queries.run(actor(), public_id))


@bp.get("/avrakning/satt")
@requires(Permission.SETTLEMENT_READ)
def ways() -> ResponseReturnValue:
    system = chosen_system()
    return render_template(
        "settlement/ways.html",
        system=system,
        contracts=[
            (one, queries.way_on(one.id, today()))
            for one in queries.contracts_of(system.id)
        ],
        ways=WAYS,
    )


@bp.route("/avrakning/satt/<public_id>", methods=["GET", "POST"])
@requires(Permission.SETTLEMENT_WRITE)
def way(public_id: str) -> ResponseReturnValue:
    contract = queries.contract(actor(), public_id)
    form = WayForm()
    if request.method == "GET" and contract.regi == "intern":
        form.way.data = queries.INTERNAL
    if form.validate_on_submit():
        with form.attempt():
            operations.decide_way(
                contract=contract,
                way=form.way.data,
                first_day=form.first_day.data,
                reference=form.reference.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Beslutat.", "success")
            return redirect(url_for(".ways"))
    return render_template("settlement/way.html", form=form, contract=contract)


@bp.get("/avrakning/fakturor")
@requires(Permission.SETTLEMENT_READ)
def invoice_list() -> ResponseReturnValue:
    system = chosen_system()
    return render_template(
        "settlement/invoices.html",
        system=system,
        invoices=invoice_queries.invoices(system.id),
    )


@bp.route("/avrakning/fakturor/ny", methods=["GET", "POST"])
@requires(Permission.SETTLEMENT_WRITE)
def new_invoice() -> ResponseReturnValue:
    system = chosen_system()
    form = InvoiceForm()
    known = invoice_queries.providers(system.id)
    form.provider.choices = options([(one.public_id, one.name) for one in known])
    if form.validate_on_submit():
        with form.attempt():
            made = invoices.record(
                system=system, told=_told(form), by_id=actor().user_id
            )
            db.session.commit()
            return redirect(url_for(".invoice", public_id=made.public_id))
    return render_template("settlement/new_invoice.html", form=form, system=system)


def _told(form: InvoiceForm) -> invoices.Told:
    return invoices.Told(
        provider_id=queries.provider(actor(), form.provider.data).id,
        number=form.number.data,
        day=form.day.data,
        reference=form.reference.data or "",
        amount=ore(form.amount.data),
        vat=0 if form.vat.data is None else ore(form.vat.data),
    )


@bp.route("/avrakning/fakturor/las-in", methods=["GET", "POST"])
@requires(Permission.SETTLEMENT_WRITE)
def read_invoices() -> ResponseReturnValue:
    system = chosen_system()
    form = InvoiceFileForm()
    if form.validate_on_submit():
        with form.attempt():
            file = form.file.data
            rows = excel.read(file.read(excel.MAX_BYTES + 1), file.filename or "")
            number = invoices.record_file(
                system=system, rows=rows, by_id=actor().user_id
            )
            db.session.commit()
            flash(f"{number} fakturor är registrerade.", "success")
            return redirect(url_for(".invoice_list", system=system.public_id))
    return render_template("settlement/read_invoices.html", form=form, system=system)


@bp.get("/avrakning/fakturor/<public_id>")
@requires(Permission.SETTLEMENT_READ)
def invoice(public_id: str) -> ResponseReturnValue:
    return _invoice_page(public_id, PlaceForm())


@bp.post("/avrakning/fakturor/<public_id>/fordela")
@requires(Permission.SETTLEMENT_WRITE)
def place(public_id: str) -> ResponseReturnValue:
    found = invoice_queries.invoice(actor(), public_id)
    form = PlaceForm()
    form.run.choices = _open_months(found)
    if form.validate_on_submit():
        with form.attempt():
            invoices.place_by_hand(
                placed=found,
                run_id=queries.run(actor(), form.run.data).id,
                amount=ore(form.amount.data),
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Beloppet är fördelat på månaden.", "success")
            return redirect(url_for(".invoice", public_id=public_id))
    return _invoice_page(public_id, form)


def _open_months(found: invoice_queries.Placed) -> list[object]:
    runs = queries.booked_runs(found.invoice.choice_system_id)
    rows = queries.settled(runs, found.provider.id)
    return list(
        options([(row.run.public_id, month_name(row.run.month)) for row in rows])
    )


def _invoice_page(public_id: str, form: PlaceForm) -> str:
    found = invoice_queries.invoice(actor(), public_id)
    form.run.choices = _open_months(found)
    shares = invoice_queries.shares_of(found.invoice)
    by_run = {
        row.run.id: row
        for row in queries.settled([run for _, run in shares], found.provider.id)
    }
    return render_template(
        "settlement/invoice.html",
        found=found,
        shares=[(share, run, by_run.get(run.id)) for share, run in shares],
        how=HOW,
        form=form,
    )


@bp.get("/avrakning/fordringar")
@requires(Permission.SETTLEMENT_READ)
def claims() -> ResponseReturnValue:
    system = chosen_system()
    return render_template(
        "settlement/claims.html", system=system, rows=queries.claims(system.id)
    )


@bp.route("/avrakning/fordringar/<run_id>/<public_id>", methods=["GET", "POST"])
@requires(Permission.SETTLEMENT_WRITE)
def claim(run_id: str, public_id: str) -> ResponseReturnValue:
    run = queries.run(actor(), run_id)
    found = _claim(run, public_id)
    form = ClaimForm()
    later = _later(found)
    form.against.choices = options(
        [(one.run.public_id, month_name(one.run.month)) for one in later], "Ingen"
    )
    if form.validate_on_submit():
        with form.attempt():
            operations.record_entry(
                claim=found,
                kind=form.kind.data,
                amount=ore(form.amount.data),
                day=form.day.data,
                note=form.note.data,
                by_id=actor().user_id,
                against=_named(later, form.against.data),
            )
            db.session.commit()
            flash("Antecknat.", "success")
            return redirect(url_for(".claims"))
    return render_template(
        "settlement/claim.html",
        form=form,
        one=found,
        entries=queries.claim_entries(found.run.id, found.provider.id),
        entry_words=ENTRIES,
    )


def _claim(run: PaymentRun, provider_public_id: str) -> Settled:
    owner = queries.provider(actor(), provider_public_id)
    system = run.choice_system_id
    for row in queries.claims(system):
        if (row.run.id, row.provider.id) == (run.id, owner.id):
            return row
    raise NotFound


def _later(found: Settled) -> list[Settled]:
    """The provider's later months with something to take from, not yet in a file."""
    runs = queries.booked_runs(found.run.choice_system_id)
    after = [run for run in runs if run.month > found.run.month]
    return [
        row
        for row in queries.settled(after, found.provider.id)
        if row.due > 0 and not queries.is_in_payout_file(row)
    ]


def _named(rows: list[Settled], public_id: str) -> Settled | None:
    return next((row for row in rows if row.run.public_id == public_id), None)
