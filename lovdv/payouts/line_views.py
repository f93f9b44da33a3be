"""Requests in, pages out: a run's lines, and the corrections that it leaves out."""

from collections.abc import Iterable
from itertools import groupby

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.downloads import attached
from lovdv.forms import options
from lovdv.ledger.account_words import kind_word
from lovdv.payouts import approvals, left_out, line_search, persons, queries
from lovdv.payouts.blueprint import bp
from lovdv.payouts.forms import SearchForm
from lovdv.payouts.left_out import LeftOut
from lovdv.payouts.line_search import Sought
from lovdv.payouts.models import PaymentRun


@bp.get("/korningar/<public_id>/rader")
@requires(Permission.RUN_READ)
def lines(public_id: str) -> ResponseReturnValue:
    """Every line, or those of a provider, a level or a placement."""
    found = queries.run(actor(), public_id)
    form = _search_form(found)
    sought = Sought(
        form.utforare.data or "", form.niva.data or "", form.nummer.data or ""
    )
    asked = {name: value for name, value in request.args.items() if name in form}
    page = line_search.found_lines(
        found,
        sought,
        request.args.get("sida", 1, int),
        lambda number: url_for(".lines", public_id=public_id, sida=number, **asked),
    )
    about = persons.of_lines(row.id for row in page.rows)
    audit.read("line.list", about=about, object=found.public_id)
    return render_template(
        "payouts/lines.html",
        run=found,
        page=page,
        form=form,
        sought=sought,
        kind_word=kind_word,
        on_hold=line_search.on_hold(found, [row.id for row in page.rows]),
    )


def _search_form(run: PaymentRun) -> SearchForm:
    form = SearchForm(request.args)
    providers = [
        (part.public_id, part.name) for part in approvals.parts(run) if part.public_id
    ]
    form.utforare.choices = options(providers, empty="Alla")
    levels = line_search.levels_in(run)
    form.niva.choices = options([(level, level) for level in levels], empty="Alla")
    return form


@bp.get("/korningar/<public_id>/utelamnat")
@requires(Permission.RUN_READ)
def left_out_corrections(public_id: str) -> ResponseReturnValue:
    """What is older than the back limit, month by month with sums."""
    found = queries.run(actor(), public_id)
    rows = left_out.left_out(found)
    about = persons.left_out_of(found)
    audit.read("line.left_out", about=about, object=found.public_id)
    by_month = [
        (month, list(some)) for month, some in groupby(rows, lambda one: one.month)
    ]
    return render_template(
        "payouts/left_out.html",
        run=found,
        months=[(month, some, _sum(some)) for month, some in by_month],
        total=_sum(rows),
        back_months=left_out.back_months(found),
        oldest=left_out.oldest_corrected(found),
    )


def _sum(rows: Iterable[LeftOut]) -> int:
    return sum(one.amount for one in rows)


@bp.get("/korningar/<public_id>/utelamnat/fil")
@requires(Permission.RUN_READ)
def left_out_file(public_id: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    about = persons.left_out_of(found)
    audit.read("file.read", about=about, object=found.public_id)
    return attached(left_out.workbook(found), left_out.file_name(found))
