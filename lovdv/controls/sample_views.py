"""Requests in, pages out: the lines that were drawn, and looking at each."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.accounts.queries import name_of
from lovdv.controls import checking, sample, sample_facts, workbook
from lovdv.controls import settings as control_settings
from lovdv.controls.blueprint import bp
from lovdv.controls.forms import RESULTS, LookForm
from lovdv.downloads import attached
from lovdv.extensions import db
from lovdv.payouts import persons
from lovdv.payouts import queries as run_queries


@bp.get("/korningar/<public_id>/urval")
@requires(Permission.RUN_READ)
def sampled(public_id: str) -> ResponseReturnValue:
    found = run_queries.run(actor(), public_id)
    rows = sample_facts.rows(found)
    about = persons.of_placements(row.finding.placement_id for row in rows)
    audit.read("sample.list", about=about, object=found.public_id)
    return render_template(
        "controls/sample.html",
        run=found,
        rows=rows,
        waiting=sum(not row.sampled.result for row in rows),
        seed=control_settings.seed_of(found),
        setting=control_settings.kept(found)[sample.SAMPLE],
        method=workbook.METHOD,
        results=RESULTS,
    )


@bp.get("/korningar/<public_id>/urval/fil")
@requires(Permission.RUN_READ)
def sample_file(public_id: str) -> ResponseReturnValue:
    found = run_queries.run(actor(), public_id)
    audit.read("file.read", about=persons.counted_in(found), object=found.public_id)
    return attached(workbook.frame(found), f"urval-{found.month:%Y-%m}.xlsx")


@bp.route("/korningar/<public_id>/urval/<line>", methods=["GET", "POST"])
@requires(Permission.RUN_PREPARE)
def look(public_id: str, line: str) -> ResponseReturnValue:
    found = run_queries.run(actor(), public_id)
    seen = sample_facts.looked_at(found, line)
    audit.read("attendance.read", about=[seen.placement.client_id])
    form = LookForm(obj=seen.sampled)
    if form.validate_on_submit():
        with form.attempt():
            checking.look(
                run=found,
                sampled=seen.sampled,
                seen=form.seen,
                result=str(form.result.data),
                note=form.note.data or "",
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Raden är genomgången.", "success")
            return redirect(url_for(".sampled", public_id=public_id))
    return render_template(
        "controls/look.html",
        run=found,
        seen=seen,
        form=form,
        looked_by=name_of(seen.sampled.looked_by_id),
    )
