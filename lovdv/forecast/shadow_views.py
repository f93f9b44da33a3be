"""Requests in, pages out: what was paid by other means, beside what we would pay."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit, excel
from lovdv.access import Permission, actor, requires
from lovdv.charts import BarChart, bar_chart
from lovdv.downloads import attached
from lovdv.extensions import db
from lovdv.forecast import queries, shadow, shadow_files
from lovdv.forecast.asked import chosen_system
from lovdv.forecast.blueprint import bp
from lovdv.forecast.forms import ShadowForm
from lovdv.forecast.models import ShadowFile
from lovdv.forecast.shadow import Cause, Compared
from lovdv.forecast.shadow_rows import kept_columns
from lovdv.forms import ActForm
from lovdv.systems.queries import system_with

SHOWN = 100
"""Rows on the page, the largest differences first; the file has them all."""


@bp.route("/prognos/skuggkorning", methods=["GET", "POST"])
@requires(Permission.SHADOW_RUN)
def shadow_run() -> ResponseReturnValue:
    form = ShadowForm()
    if form.validate_on_submit():
        with form.attempt():
            kept = _kept(form)
            db.session.commit()
            return redirect(url_for(".shadow_result", public_id=kept.public_id))
    return render_template(
        "forecast/shadow_run.html", form=form, files=queries.shadow_files(actor())
    )


def _kept(form: ShadowForm) -> ShadowFile:
    """Refused when it cannot be compared at all."""
    system = chosen_system()
    file = form.file.data
    rows = kept_columns(excel.read(file.read(excel.MAX_BYTES + 1), file.filename or ""))
    shadow.compared(system, rows)
    return shadow.keep(
        system=system,
        file_name=file.filename or "",
        rows=rows,
        by_id=actor().user_id,
    )


@bp.get("/prognos/skuggkorning/<public_id>")
@requires(Permission.SHADOW_RUN)
def shadow_result(public_id: str) -> ResponseReturnValue:
    kept, found = _compared(public_id)
    largest = sorted(found.differing, key=lambda one: -abs(one.amount))
    return render_template(
        "forecast/shadow_result.html",
        kept=kept,
        found=found,
        sums=found.sums(),
        chart=_chart(found),
        rows=largest[:SHOWN],
        left=len(largest[SHOWN:]),
    )


def _compared(public_id: str) -> tuple[ShadowFile, Compared]:
    kept = queries.shadow_file(actor(), public_id)
    found = shadow.compared(system_with(kept.choice_system_id), kept.rows)
    audit.read("shadow.read", about=found.client_ids, object=kept.public_id)
    return kept, found


def _chart(found: Compared) -> BarChart:
    return bar_chart(
        caption="Rader efter trolig orsak",
        row_heading="Orsak",
        value_heading="Rader",
        rows=[
            (cause.value, number, str(number))
            for cause, number, _ in found.sums()
            if cause is not Cause.SAME
        ],
    )


@bp.get("/prognos/skuggkorning/<public_id>/excel")
@requires(Permission.SHADOW_RUN)
def shadow_file(public_id: str) -> ResponseReturnValue:
    kept, found = _compared(public_id)
    return attached(shadow_files.workbook(kept, found), "skuggkorning.xlsx")


@bp.get("/prognos/skuggkorning/<public_id>/fel")
@requires(Permission.SHADOW_RUN)
def shadow_faults(public_id: str) -> ResponseReturnValue:
    kept, found = _compared(public_id)
    content = excel.with_faults(kept.rows, found.read.faults)
    return attached(content, "skuggkorning_fel.xlsx")


@bp.post("/prognos/skuggkorning/<public_id>/kasta")
@requires(Permission.SHADOW_RUN)
def throw_shadow_file(public_id: str) -> ResponseReturnValue:
    kept = queries.shadow_file(actor(), public_id)
    if ActForm().validate_on_submit():
        shadow.throw_away(kept)
        db.session.commit()
        flash("Filen är borttagen. Ingenting är bokfört.", "success")
    return redirect(url_for(".shadow_run"))
