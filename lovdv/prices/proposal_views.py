"""Requests in, pages out: a list raised by an index, and the index a list states."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.extensions import db
from lovdv.formats import day
from lovdv.forms import options
from lovdv.prices import operations as pricing
from lovdv.prices import proposing, queries
from lovdv.prices.blueprint import bp
from lovdv.prices.forms import CellsForm, ProposalForm, StatedIndexForm
from lovdv.prices.opi import SOURCE
from lovdv.systems.queries import system_with
from payments.indexing import index_shown


def index_told(name: str, hundredths: int | None) -> str:
    """'OPI 2020: 3,0 %', or nothing."""
    if hundredths is None:
        return ""
    return f"{name}: {index_shown(hundredths)}" if name else index_shown(hundredths)


@bp.route("/prislistor/forslag", methods=["GET", "POST"])
@requires(Permission.PRICE_WRITE)
def new_proposal() -> ResponseReturnValue:
    lists = queries.price_lists(actor())
    form = ProposalForm()
    form.prices.choices = options(
        [
            (
                one.public_id,
                f"{one.name}, från {day(one.first_day)}, version {one.revision}",
            )
            for one in lists
        ]
    )
    if form.validate_on_submit():
        with form.attempt():
            name, hundredths = form.chosen
            draft = proposing.propose(
                before=queries.price_list(actor(), form.prices.data),
                index_name=name,
                hundredths=hundredths,
                first_day=form.first_day.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            return redirect(url_for(".proposal_cells", public_id=draft.public_id))
    return render_template(
        "prices/new_proposal.html", form=form, lists=lists, source=SOURCE
    )


@bp.route("/prislistor/utkast/<public_id>/rutor", methods=["GET", "POST"])
@requires(Permission.PRICE_WRITE)
def proposal_cells(public_id: str) -> ResponseReturnValue:
    draft = queries.proposal(actor(), public_id)
    form = CellsForm.of(proposing.proposed_rows(draft), proposing.seal(draft))
    if form.validate_on_submit():
        with form.attempt():
            proposing.edit(draft, form.edited, seen=form.seen.data)
            db.session.commit()
            flash("Priserna i utkastet är sparade.", "success")
            return redirect(url_for(".price_draft", public_id=public_id))
    return render_template(
        "prices/proposal_cells.html",
        form=form,
        draft=draft,
        index=index_told(draft.index_name, draft.index_hundredths),
    )


@bp.route("/prislistor/utkast/<public_id>/index", methods=["GET", "POST"])
@requires(Permission.PRICE_WRITE)
def stated_index(public_id: str) -> ResponseReturnValue:
    draft = queries.uploaded(actor(), public_id)
    form = StatedIndexForm(
        index_name=draft.index_name,
        percent=index_shown(draft.index_hundredths)
        if draft.index_hundredths is not None
        else "",
    )
    if form.validate_on_submit():
        with form.attempt():
            pricing.state_index(
                draft,
                name=form.index_name.data or "",
                hundredths=form.percent.hundredths,
            )
            db.session.commit()
            return redirect(url_for(".price_draft", public_id=public_id))
    return render_template(
        "prices/stated_index.html",
        form=form,
        draft=draft,
        system=system_with(draft.choice_system_id),
    )
