"""Requests in, pages out: providers, contracts, units and capacity."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.providers import capacity as rooms_of
from lovdv.providers import (
    capacity_changes,
    capacity_views,
    operations,
    profile_photo_views,
    profile_quality_views,
    profile_views,
    queries,
)
from lovdv.providers.blueprint import bp
from lovdv.providers.forms import (
    COUNTERPARTS,
    REGI,
    ContractForm,
    EndCoverForm,
    NewProviderForm,
    NewUnitForm,
    ProviderForm,
    UnitForm,
)
from lovdv.providers.models import Contract, Provider
from lovdv.systems.queries import main_system

__all__ = [
    "bp",
    "capacity_views",
    "profile_photo_views",
    "profile_quality_views",
    "profile_views",
]


@bp.get("/utforare")
@requires(Permission.PROVIDER_READ)
def providers() -> ResponseReturnValue:
    system = main_system(actor().municipality_id)
    offered = queries.offered(system.id, today())
    return render_template(
        "providers/providers.html",
        offered=offered,
        rooms=rooms_of.rooms([each.unit for each in offered], today()),
        providers=queries.providers_in(actor().municipality_id),
        counterparts=COUNTERPARTS,
        regi=REGI,
    )


@bp.route("/utforare/ny", methods=["GET", "POST"])
@requires(Permission.PROVIDER_WRITE)
def new_provider() -> ResponseReturnValue:
    form = NewProviderForm()
    if form.validate_on_submit():
        with form.attempt():
            contract = _signed(form)
            db.session.commit()
            flash(
                "Utföraren och avtalet är sparade. Lägg till verksamheter.", "success"
            )
            return redirect(url_for(".contract", public_id=contract.public_id))
    return render_template("providers/new_provider.html", form=form)


def _signed(form: NewProviderForm) -> Contract:
    provider = operations.register_provider(
        name=form.name.data,
        organisation_number=form.organisation_number.data,
        counterpart=form.counterpart.data,
        email=form.email.data,
        phone=form.phone.data,
    )
    return operations.sign_contract(
        choice_system_id=main_system(actor().municipality_id).id,
        provider=provider,
        terms=form.terms(),
    )


@bp.get("/utforare/<public_id>")
@requires(Permission.PROVIDER_READ)
def provider(public_id: str) -> ResponseReturnValue:
    found = queries.provider_in(actor().municipality_id, public_id)
    return render_template(
        "providers/provider.html",
        provider=found,
        contracts=queries.contracts_of(actor().municipality_id, found),
        counterparts=COUNTERPARTS,
        regi=REGI,
        today=today(),
    )


@bp.route("/utforare/<public_id>/andra", methods=["GET", "POST"])
@requires(Permission.PROVIDER_WRITE)
def edit_provider(public_id: str) -> ResponseReturnValue:
    found = queries.provider_in(actor().municipality_id, public_id)
    form = ProviderForm(obj=found)
    if form.validate_on_submit():
        with form.attempt():
            operations.require_tended(found, actor().municipality_id)
            operations.change_provider(found, _provider_values(form))
            db.session.commit()
            flash("Uppgifterna om utföraren är sparade.", "success")
            return redirect(url_for(".provider", public_id=public_id))
    return render_template("providers/edit_provider.html", form=form, provider=found)


def _provider_values(form: ProviderForm) -> dict[str, object]:
    names = ("name", "organisation_number", "counterpart", "email", "phone")
    return {name: form[name].data for name in names}


@bp.route("/utforare/<public_id>/avtal", methods=["GET", "POST"])
@requires(Permission.PROVIDER_WRITE)
def new_contract(public_id: str) -> ResponseReturnValue:
    found = queries.provider_in(actor().municipality_id, public_id)
    form = ContractForm()
    if form.validate_on_submit():
        with form.attempt():
            contract = _add_contract(found, form)
            db.session.commit()
            flash("Avtalet är sparat. Lägg till verksamheter.", "success")
            return redirect(url_for(".contract", public_id=contract.public_id))
    return render_template("providers/new_contract.html", form=form, provider=found)


def _add_contract(provider: Provider, form: ContractForm) -> Contract:
    return operations.sign_contract(
        choice_system_id=main_system(actor().municipality_id).id,
        provider=provider,
        terms=form.terms(),
    )


@bp.route("/avtal/<public_id>", methods=["GET", "POST"])
@requires(Permission.PROVIDER_WRITE)
def contract(public_id: str) -> ResponseReturnValue:
    found = queries.contract_in(actor().municipality_id, public_id)
    form = ContractForm(obj=found)
    if request.method == "GET":
        form.last_day.show(found.end_day)
    if form.validate_on_submit():
        with form.attempt():
            operations.change_contract(found, form.terms())
            db.session.commit()
            flash("Avtalet är sparat.", "success")
            return redirect(url_for(".contract", public_id=public_id))
    return render_template("providers/contract.html", form=form, contract=found)


@bp.route("/avtal/<public_id>/verksamhet", methods=["GET", "POST"])
@requires(Permission.PROVIDER_WRITE)
def new_unit(public_id: str) -> ResponseReturnValue:
    found = queries.contract_in(actor().municipality_id, public_id)
    form = NewUnitForm()
    if request.method == "GET":
        form.first_day.data = max(found.first_day, today())
    if form.validate_on_submit():
        with form.attempt():
            new = operations.open_unit(
                contract=found, first_day=form.first_day.data, values=form.values()
            )
            db.session.commit()
            flash("Verksamheten är upplagd och visas för alla från dagen.", "success")
            return redirect(url_for(".unit", public_id=new.public_id))
    return render_template("providers/new_unit.html", form=form, contract=found)


@bp.get("/verksamhet/<public_id>")
@requires(Permission.PROVIDER_READ)
def unit(public_id: str) -> ResponseReturnValue:
    found = queries.unit_in(actor().municipality_id, public_id)
    return render_template(
        "providers/unit.html",
        unit=found,
        covered=queries.contracts_for(actor().municipality_id, found),
        room=rooms_of.room(found, today()),
        coming=capacity_changes.coming([found], today()),
        weekdays=list(enumerate(rooms_of.WEEKDAYS[:5])),
        profile=queries.newest_profile(found),
        published=queries.published([found.id]).get(found.id),
        end_form=EndCoverForm(),
        regi=REGI,
    )


@bp.route("/verksamhet/<public_id>/andra", methods=["GET", "POST"])
@requires(Permission.PROVIDER_WRITE)
def edit_unit(public_id: str) -> ResponseReturnValue:
    found = queries.unit_in(actor().municipality_id, public_id)
    form = UnitForm(obj=found)
    if form.validate_on_submit():
        with form.attempt():
            operations.require_tended(found.provider, actor().municipality_id)
            operations.change_unit(found, form.values())
            db.session.commit()
            flash("Uppgifterna om verksamheten är sparade.", "success")
            return redirect(url_for(".unit", public_id=public_id))
    return render_template("providers/edit_unit.html", form=form, unit=found)


@bp.route("/verksamhet/<public_id>/avtal/<covered_id>/sluta", methods=["GET", "POST"])
@requires(Permission.PROVIDER_WRITE)
def end_cover(public_id: str, covered_id: str) -> ResponseReturnValue:
    found = queries.unit_in(actor().municipality_id, public_id)
    covered = queries.cover_in(actor().municipality_id, found, covered_id)
    form = EndCoverForm()
    if form.validate_on_submit():
        with form.attempt():
            operations.end_cover(covered, end_day=form.last_day.end_day)
            db.session.commit()
            flash("Sista dagen är sparad. De som har plats där behöver välja om.")
            return redirect(url_for(".unit", public_id=public_id))
    return render_template(
        "providers/end_cover.html", form=form, unit=found, covered=covered
    )
