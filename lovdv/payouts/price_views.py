"""Requests in, pages out: price lists."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import excel
from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.downloads import attached
from lovdv.extensions import db
from lovdv.forms import options
from lovdv.payouts import pricing, queries
from lovdv.payouts.blueprint import bp
from lovdv.payouts.forms import ActForm, PriceDecisionForm, PriceFileForm
from lovdv.payouts.models import PriceDraft, PriceList
from lovdv.systems.queries import system_of, systems_of


@bp.get("/prislistor")
@requires(Permission.PRICE_READ)
def price_lists() -> ResponseReturnValue:
    return render_template(
        "payouts/price_lists.html",
        lists=queries.price_lists(actor()),
        drafts=queries.drafts(actor()),
        systems={one.id: one.name for one in systems_of(actor().municipality_id)},
    )


@bp.get("/prislistor/<public_id>")
@requires(Permission.PRICE_READ)
def price_list(public_id: str) -> ResponseReturnValue:
    found = queries.price_list(actor(), public_id)
    return render_template(
        "payouts/price_list.html",
        prices=found,
        table=pricing.as_table(found),
        system=queries.system_of(found),
        decided_by=queries.user_name(found.decided_by_id),
    )


@bp.get("/prislistor/<public_id>/excel")
@requires(Permission.PRICE_READ)
def price_list_file(public_id: str) -> ResponseReturnValue:
    found = queries.price_list(actor(), public_id)
    return attached(pricing.as_workbook(found), f"prislista_{found.first_day}.xlsx")


@bp.get("/prislistor/mall")
@requires(Permission.PRICE_WRITE)
def price_template() -> ResponseReturnValue:
    return attached(pricing.template(), "prislista_mall.xlsx")


@bp.route("/prislistor/ny", methods=["GET", "POST"])
@requires(Permission.PRICE_WRITE)
def new_price_list() -> ResponseReturnValue:
    systems = systems_of(actor().municipality_id)
    form = PriceFileForm()
    form.system.choices = options([(one.public_id, one.name) for one in systems])
    if len(systems) == 1:
        del form.system
    if form.validate_on_submit():
        with form.attempt():
            chosen = form.system.data if form.system else systems[0].public_id
            draft = pricing.upload(
                system=system_of(actor().municipality_id, chosen),
                content=form.file.data.read(excel.MAX_BYTES + 1),
                file_name=form.file.data.filename or "",
                by_id=actor().user_id,
            )
            db.session.commit()
            return redirect(url_for(".price_draft", public_id=draft.public_id))
    return render_template("payouts/new_price_list.html", form=form)


@bp.route("/prislistor/utkast/<public_id>", methods=["GET", "POST"])
@requires(Permission.PRICE_WRITE)
def price_draft(public_id: str) -> ResponseReturnValue:
    draft = queries.draft(actor(), public_id)
    preview = pricing.preview(draft, today())
    form = PriceDecisionForm(first_day=preview.read.first_day)
    if preview.can_be_decided and form.validate_on_submit():
        with form.attempt():
            decided = _decide(draft, form)
            db.session.commit()
            flash("Prislistan är beslutad och ändras inte mer.", "success")
            return redirect(url_for(".price_list", public_id=decided.public_id))
    return render_template(
        "payouts/price_draft.html",
        draft=draft,
        system=queries.system_of(draft),
        preview=preview,
        form=form,
    )


def _decide(draft: PriceDraft, form: PriceDecisionForm) -> PriceList:
    decided = pricing.decide(
        system=queries.system_of(draft),
        rows=draft.rows,
        name=form.name.data,
        first_day=form.first_day.data,
        reference=form.reference.data,
        vat_compensation=form.vat_compensation.data,
        by_id=actor().user_id,
    )
    pricing.throw_away(draft)
    return decided


@bp.get("/prislistor/utkast/<public_id>/fel")
@requires(Permission.PRICE_WRITE)
def price_faults(public_id: str) -> ResponseReturnValue:
    draft = queries.draft(actor(), public_id)
    return attached(pricing.file_with_faults(draft, today()), "prislista_fel.xlsx")


@bp.post("/prislistor/utkast/<public_id>/kasta")
@requires(Permission.PRICE_WRITE)
def throw_price_draft(public_id: str) -> ResponseReturnValue:
    form = ActForm()
    if form.validate_on_submit():
        pricing.throw_away(queries.draft(actor(), public_id))
        db.session.commit()
        flash("Utkastet är borttaget.", "success")
    return redirect(url_for(".price_lists"))
