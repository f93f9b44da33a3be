"""Requests in, pages out: where lines are booked."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import excel
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.downloads import attached
from lovdv.extensions import db
from lovdv.forms import options
from lovdv.ledger import account_operations, account_queries, account_tables
from lovdv.ledger.account_operations import Asked
from lovdv.ledger.account_tables import Known
from lovdv.ledger.account_words import PARTS, asked
from lovdv.ledger.accounts import AccountString, Facts
from lovdv.ledger.blueprint import bp
from lovdv.ledger.forms import ALL, AccountFileForm, AccountForm, EndForm
from lovdv.ledger.models import AccountRow
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import main_system, system_of, system_with, systems_of


def chosen_system() -> ChoiceSystem:
    """The one that the address names, or else the municipality's first."""
    told = request.args.get("system", "")
    home = actor().municipality_id
    return system_of(home, told) if told else main_system(home)


@bp.get("/ekonomifiler/kontering")
@requires(Permission.LEDGER_READ)
def accounts() -> ResponseReturnValue:
    system = chosen_system()
    rows = account_queries.account_rows(system.id)
    holding = {row.id for row in account_queries.rows_in_force(system.id, today())}
    return render_template(
        "ledger/accounts.html",
        system=system,
        systems=systems_of(actor().municipality_id),
        now=[_shown(row) for row in rows if row.id in holding],
        coming=[_shown(row) for row in rows if row.first_day > today()],
        count=len(rows),
    )


def _shown(row: AccountRow) -> tuple[AccountRow, str]:
    providers, units = account_queries.providers_and_units(actor().municipality_id)
    provider = providers.get(row.provider_id or 0)
    unit = units.get(row.unit_id or 0)
    return row, asked(row, provider.name if provider else "", unit.name if unit else "")


@bp.get("/ekonomifiler/kontering/excel")
@requires(Permission.LEDGER_READ)
def accounts_file() -> ResponseReturnValue:
    system = chosen_system()
    rows = account_queries.rows_in_force(system.id, today())
    return attached(account_tables.as_workbook(rows, _known()), "kontering.xlsx")


def _known() -> Known:
    return Known(*account_queries.providers_and_units(actor().municipality_id))


@bp.route("/ekonomifiler/kontering/ny", methods=["GET", "POST"])
@requires(Permission.LEDGER_WRITE)
def new_account() -> ResponseReturnValue:
    form = AccountForm()
    _choices(form)
    source = request.args.get("fran", "")
    if source and request.method == "GET":
        _fill(form, account_queries.account_row(actor(), source))
    if form.validate_on_submit():
        with form.attempt():
            made = account_operations.decide(
                system=chosen_system(),
                rows=[_asked(form)],
                first_day=form.first_day.data,
                reference=form.reference.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            told = "Raden är beslutad." if made else "Raden gällde redan så."
            flash(told, "success")
            return redirect(url_for(".accounts", system=request.args.get("system")))
    return render_template("ledger/new_account.html", form=form, system=chosen_system())


def _choices(form: AccountForm) -> None:
    providers, units = account_queries.providers_and_units(actor().municipality_id)
    form.provider.choices = options(
        [(str(one.id), one.name) for one in providers.values()], ALL
    )
    form.unit.choices = options(
        [(str(one.id), one.name) for one in units.values()], ALL
    )


def _fill(form: AccountForm, row: AccountRow) -> None:
    """What the row says, ready to be changed from a new day."""
    for name in ("regi", "counterpart", "law", *PARTS, "vat_per_cent"):
        form[name].data = getattr(row, name)
    form.provider.data = str(row.provider_id or "")
    form.unit.data = str(row.unit_id or "")
    form.kind.data, _, form.kind_code.data = row.kind.partition(":")


def _asked(form: AccountForm) -> Asked:
    code = f":{form.kind_code.data}" if form.kind_code.data else ""
    return Asked(
        asks=Facts(
            regi=form.regi.data,
            counterpart=form.counterpart.data,
            law=form.law.data,
            provider=form.provider.data,
            unit=form.unit.data,
            kind=f"{form.kind.data}{code}",
        ),
        gives=AccountString(
            account=form.account.data,
            responsibility=form.responsibility.data,
            operation=form.operation.data,
            counterpart=form.counterpart_code.data,
            project=form.project.data,
            activity=form.activity.data,
            free=form.free.data,
            contra=form.contra.data,
            vat_per_cent=form.vat_per_cent.data,
        ),
    )


@bp.route("/ekonomifiler/kontering/las-in", methods=["GET", "POST"])
@requires(Permission.LEDGER_WRITE)
def read_accounts() -> ResponseReturnValue:
    form = AccountFileForm()
    if form.validate_on_submit():
        with form.attempt():
            made = _read(form)
            db.session.commit()
            flash(f"{made} rader är beslutade. Övriga gällde redan så.", "success")
            return redirect(url_for(".accounts", system=request.args.get("system")))
    return render_template(
        "ledger/read_accounts.html", form=form, system=chosen_system()
    )


def _read(form: AccountFileForm) -> int:
    file = form.file.data
    rows = excel.read(file.read(excel.MAX_BYTES + 1), file.filename or "")
    return account_operations.decide(
        system=chosen_system(),
        rows=account_tables.read(rows, _known()),
        first_day=form.first_day.data,
        reference=form.reference.data,
        by_id=actor().user_id,
    )


@bp.route("/ekonomifiler/kontering/<public_id>/upphor", methods=["GET", "POST"])
@requires(Permission.LEDGER_WRITE)
def end_account(public_id: str) -> ResponseReturnValue:
    row = account_queries.account_row(actor(), public_id)
    system = system_with(row.choice_system_id)
    form = EndForm()
    if form.validate_on_submit():
        with form.attempt():
            account_operations.decide(
                system=system,
                rows=[
                    Asked(
                        asks=account_queries.asks_of(row),
                        gives=account_queries.string_of(row),
                        withdrawn=True,
                    )
                ],
                first_day=form.first_day.data,
                reference=row.reference,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Raden upphör.", "success")
            return redirect(url_for(".accounts", system=system.public_id))
    return render_template(
        "ledger/end_account.html", form=form, told=_shown(row), system=system
    )
