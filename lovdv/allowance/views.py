"""Requests in, pages out: month runs of habiliteringsersättning."""

from collections.abc import Sequence
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.accounts.queries import name_of
from lovdv.allowance import (
    computing,
    operations,
    queries,
    rule_views,
    workbooks,
    year_views,
)
from lovdv.allowance.blueprint import bp
from lovdv.allowance.forms import ComputeForm
from lovdv.allowance.models import AllowanceRun
from lovdv.allowance.queries import Listed
from lovdv.allowance.year import PAYERS
from lovdv.clock import today
from lovdv.downloads import attached
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import month as month_name
from lovdv.forms import ActForm, options
from lovdv.people.models import Client
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import main_system, system_with, systems_of
from payments import Month
from payments.allowance_lines import explained_allowance, quantity_in_words

__all__ = ["bp", "rule_views", "year_views"]

MONTHS_OFFERED = 14
STATES = {
    "computed": ("Räknad", "info"),
    "attested": ("Attesterad", "warning"),
    "exported": ("Lämnad till betalning", "success"),
    "replaced": ("Ersatt av en nyare", "neutral"),
}


@bp.get("/habiliteringsersattning")
@requires(Permission.ALLOWANCE_READ)
def index() -> ResponseReturnValue:
    listed = queries.runs(actor())
    return render_template(
        "allowance/index.html",
        runs=listed,
        open_run=next((run for run in listed if run.status != "exported"), None),
        states=STATES,
    )


@bp.route("/habiliteringsersattning/rakna", methods=["GET", "POST"])
@requires(Permission.ALLOWANCE_WRITE)
def compute() -> ResponseReturnValue:
    system, form = _system(), ComputeForm()
    form.month.choices = options(_months(system))
    if form.validate_on_submit():
        with form.attempt():
            run = computing.compute(
                system=system,
                month=Month.read(form.month.data),
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Månaden är räknad. Be en kollega att attestera.", "success")
            return redirect(url_for(".run", public_id=run.public_id))
    return render_template(
        "allowance/compute.html",
        form=form,
        system=system,
        systems=systems_of(actor().municipality_id),
    )


def _system() -> ChoiceSystem:
    asked = request.args.get("system")
    mine = systems_of(actor().municipality_id)
    found = [one for one in mine if one.public_id == asked]
    return found[0] if found else main_system(actor().municipality_id)


def _months(system: ChoiceSystem) -> list[tuple[str, str]]:
    """The one month that is next; before the first run, any that is over."""
    expected, this = computing.next_month(system.id), Month.of(today())
    offered = [this.plus(-n) for n in range(1, MONTHS_OFFERED)]
    if expected is not None:
        offered = [expected]
    return [(str(month), month_name(month.first)) for month in offered]


@bp.get("/habiliteringsersattning/korning/<public_id>")
@requires(Permission.ALLOWANCE_READ)
def run(public_id: str) -> ResponseReturnValue:
    return _page(queries.run(actor(), public_id), ActForm())


def _page(found: AllowanceRun, form: ActForm) -> ResponseReturnValue:
    sums, waits = queries.sums(found), queries.waits(found)
    about = [placement.client_id for _, placement, _ in waits]
    audit.read("allowance.waits", about=about, object=found.public_id)
    return render_template(
        "allowance/run.html",
        run=found,
        form=form,
        state=STATES[found.status],
        sums=sums,
        payers=PAYERS,
        by_payer=[
            (told, sum(one.amount for one in sums if one.payer == payer))
            for payer, told in PAYERS.items()
        ],
        waits=waits,
        wait_count=queries.wait_count(found),
        file=queries.file_of(found),
        prepared_by=name_of(found.prepared_by_id),
        attested_by=name_of(found.attested_by_id),
        is_preparer=found.prepared_by_id == actor().user_id,
    )


@bp.post("/habiliteringsersattning/korning/<public_id>/rakna-om")
@requires(Permission.ALLOWANCE_WRITE)
def compute_again(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    if found.status != "computed":
        raise Refused("Körningen är redan attesterad eller ersatt av en nyare.")
    again = computing.compute(
        system=system_with(found.choice_system_id),
        month=Month.of(found.month),
        by_id=actor().user_id,
        seen=found,
    )
    db.session.commit()
    flash("Månaden är räknad på nytt med det som gäller nu.", "success")
    return redirect(url_for(".run", public_id=again.public_id))


@bp.post("/habiliteringsersattning/korning/<public_id>/attestera")
@requires(Permission.RUN_ATTEST)
def attest(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    form = ActForm()
    with form.attempt():
        operations.attest(run=found, by_id=actor().user_id)
        db.session.commit()
        flash("Attesterad. Ekonomen kan nu ta ut listan.", "success")
        return redirect(url_for(".run", public_id=public_id))
    return _page(queries.run(actor(), public_id), form)


@bp.post("/habiliteringsersattning/korning/<public_id>/ta-ut")
@requires(Permission.ALLOWANCE_WRITE)
def export(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    form = ActForm()
    with form.attempt():
        operations.export(run=found, by_id=actor().user_id)
        db.session.commit()
        flash("Listan är gjord. Hämta den här.", "success")
        return redirect(url_for(".run", public_id=public_id))
    return _page(queries.run(actor(), public_id), form)


@bp.get("/habiliteringsersattning/korning/<public_id>/fil")
@requires(Permission.ALLOWANCE_READ)
def file(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    kept = queries.file_with(found)
    about = [one.placement.client_id for one in queries.entries(found)]
    audit.read("allowance.file", about=about, object=kept.public_id)
    return attached(kept.content, kept.name)


@bp.get("/habiliteringsersattning/korning/<public_id>/personer")
@requires(Permission.ALLOWANCE_READ)
def people(public_id: str) -> ResponseReturnValue:
    """The month's list, by placement number."""
    found = queries.run(actor(), public_id)
    page = queries.entry_page(
        found,
        request.args.get("sida", 1, int),
        lambda number: url_for(".people", public_id=public_id, sida=number),
    )
    about = [one.placement.client_id for one in page.rows]
    audit.read("allowance.people", about=about, object=found.public_id)
    return render_template(
        "allowance/people.html",
        run=found,
        page=page,
        quantity=lambda entry: quantity_in_words(queries.line_of(entry)),
    )


@bp.get("/habiliteringsersattning/korning/<public_id>/personer/<placement>")
@requires(Permission.ALLOWANCE_READ)
def person(public_id: str, placement: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    who = queries.placement_in(found, placement)
    audit.read("allowance.person", about=[who.client_id], object=found.public_id)
    listed = queries.entries(found, who.id)
    return render_template(
        "allowance/person.html",
        run=found,
        placement=who,
        rows=[(one, explained_allowance(queries.line_of(one.entry))) for one in listed],
        corrected=queries.corrected_by([one.entry.id for one in listed]),
        payers=PAYERS,
    )


@bp.get("/habiliteringsersattning/enheten")
@requires(Permission.ALLOWANCE_OWN)
def own() -> ResponseReturnValue:
    """The unit's own list, by name: what is attested for one month."""
    months, month, listed = _own()
    return render_template(
        "allowance/own.html",
        months=months,
        month=month,
        rows=[
            (one, client, explained_allowance(queries.line_of(one.entry)))
            for one, client in listed
        ],
        total=sum(one.entry.amount for one, _ in listed),
        payers=PAYERS,
    )


def _own() -> tuple[Sequence[date], date | None, Sequence[tuple[Listed, Client]]]:
    """The unit's months, the one that is asked for, and what stands in it."""
    months = queries.own_months(actor())
    asked = request.args.get("manad", "")
    chosen = [month for month in months if f"{month:%Y-%m}" == asked] or months[:1]
    listed = queries.own_entries(actor(), chosen[0]) if chosen else []
    audit.read("allowance.own", about=[client.id for _, client in listed])
    return months, chosen[0] if chosen else None, listed


@bp.get("/habiliteringsersattning/enheten/excel")
@requires(Permission.ALLOWANCE_OWN)
def own_file() -> ResponseReturnValue:
    """The same list in a file, with names, for the unit itself."""
    _, month, listed = _own()
    if month is None:
        raise NotFound
    name = f"habiliteringsersattning_{month:%Y-%m}.xlsx"
    return attached(workbooks.for_unit(month, listed), name)
