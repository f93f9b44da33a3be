"""Requests in, pages out: price lists."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import excel
from lovdv.access import Permission, actor, requires
from lovdv.accounts.queries import name_of
from lovdv.clock import today
from lovdv.downloads import attached
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.forms import ActForm, options
from lovdv.prices import (
    files,
    proposal_views,  # noqa: F401  (its routes)
    proposing,
    queries,
)
from lovdv.prices import operations as pricing
from lovdv.prices.announcing import is_needed
from lovdv.prices.blueprint import bp
from lovdv.prices.forms import STATUSES, PriceDecisionForm, PriceFileForm
from lovdv.prices.models import PriceDraft, PriceList
from lovdv.prices.operations import Decided
from lovdv.prices.proposal_views import index_told
from lovdv.prices.repricing import NOTHING, Repricing, repricing
from lovdv.systems.queries import system_of, system_with, systems_of


@bp.get("/prislistor")
@requires(Permission.PRICE_READ)
def price_lists() -> ResponseReturnValue:
    return render_template(
        "prices/price_lists.html",
        lists=queries.price_lists(actor()),
        drafts=queries.drafts(actor()),
        statuses=STATUSES,
        systems={one.id: one.name for one in systems_of(actor().municipality_id)},
    )


@bp.get("/prislistor/<public_id>")
@requires(Permission.PRICE_READ)
def price_list(public_id: str) -> ResponseReturnValue:
    found = queries.price_list(actor(), public_id)
    latest = queries.list_on(found.choice_system_id, found.first_day)
    return render_template(
        "prices/price_list.html",
        prices=found,
        table=pricing.as_table(found),
        system=system_with(found.choice_system_id),
        decided_by=name_of(found.decided_by_id),
        statuses=STATUSES,
        index=index_told(found.index_name, found.index_hundredths),
        deviating=[cell for cell in found.cells if cell.reason],
        superseded_by=latest if latest != found else None,
    )


@bp.get("/prislistor/<public_id>/excel")
@requires(Permission.PRICE_READ)
def price_list_file(public_id: str) -> ResponseReturnValue:
    found = queries.price_list(actor(), public_id)
    return attached(files.as_workbook(found), f"prislista_{found.first_day}.xlsx")


@bp.get("/prislistor/<public_id>/csv")
@requires(Permission.PRICE_READ)
def price_list_csv(public_id: str) -> ResponseReturnValue:
    found = queries.price_list(actor(), public_id)
    content = files.as_csv(found)
    return attached(content, f"prislista_{found.first_day}.csv", files.CSV)


@bp.get("/prislistor/mall")
@requires(Permission.PRICE_WRITE)
def price_template() -> ResponseReturnValue:
    return attached(files.template(), "prislista_mall.xlsx")


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
    return render_template("prices/new_price_list.html", form=form)


@bp.route("/prislistor/utkast/<public_id>", methods=["GET", "POST"])
@requires(Permission.PRICE_WRITE)
def price_draft(public_id: str) -> ResponseReturnValue:
    draft = queries.draft(actor(), public_id)
    if request.method == "POST":
        db.session.refresh(draft, with_for_update=True)
    preview = pricing.preview(draft, today())
    form = PriceDecisionForm(first_day=preview.read.first_day)
    effect = NOTHING
    if preview.can_be_decided:
        first_day = form.first_day.data or preview.first_day
        effect = repricing(draft.choice_system_id, preview.read.cells, first_day)
        if form.validate_on_submit():
            with form.attempt():
                _refuse_unseen(form, draft, effect)
                decided = _decide(draft, form)
                db.session.commit()
                flash("Prislistan är beslutad och ändras inte mer.", "success")
                return redirect(url_for(".price_list", public_id=decided.public_id))
    form.seen.data = _seal(draft, effect)
    return render_template(
        "prices/price_draft.html",
        draft=draft,
        system=system_with(draft.choice_system_id),
        preview=preview,
        form=form,
        effect=effect,
        index=index_told(draft.index_name, draft.index_hundredths),
        announced=preview.can_be_decided
        and is_needed(draft.choice_system_id, preview.read.cells, preview.first_day),
    )


def _seal(draft: PriceDraft, effect: Repricing) -> str:
    """Of all that is decided: the prices, where they come from, what they change."""
    return f"{proposing.seal(draft)}:{effect.seal}"


def _refuse_unseen(
    form: PriceDecisionForm, draft: PriceDraft, effect: Repricing
) -> None:
    """Nobody decides other prices, or other paid money, than they were shown."""
    prices, _, paid = (form.seen.data or "").partition(":")
    if prices != proposing.seal(draft):
        raise Refused(
            "Utkastet har ändrats sedan du öppnade sidan. Läs priserna som står här "
            "nu och besluta sedan igen."
        )
    if effect.months and paid != effect.seal:
        raise Refused(
            "Listan gäller månader som redan är betalda. Läs vad omräkningen blir och "
            "besluta sedan igen.",
            "first_day",
        )


def _decide(draft: PriceDraft, form: PriceDecisionForm) -> PriceList:
    return pricing.decide_draft(
        draft,
        Decided(
            name=form.name.data,
            first_day=form.first_day.data,
            reference=form.reference.data,
            vat_compensation=form.vat_compensation.data,
            status=form.status.data,
            announcement=form.told,
            by_id=actor().user_id,
        ),
    )


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
