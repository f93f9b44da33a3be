"""Requests in, pages out: the statement, and telling us of what does not work."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv import preferences
from lovdv.access import Permission, actor, public, requires
from lovdv.accessibility import operations, queries
from lovdv.accessibility.blueprint import bp
from lovdv.accessibility.forms import KINDS, OUTCOMES, AnswerForm, TellForm
from lovdv.accessibility.statement import statement
from lovdv.clock import today
from lovdv.extensions import csrf, db
from lovdv.systems.queries import responsible


@bp.get("/tillganglighet")
@public
def told() -> ResponseReturnValue:
    return render_template(
        "accessibility/statement.html", found=statement(), responsible=responsible()
    )


@bp.get("/tillganglighet/beratta")
@public
def tell() -> ResponseReturnValue:
    form = TellForm(formdata=None, page=request.args.get("sida", "")[:300])
    return render_template("accessibility/tell.html", form=form)


@bp.post("/tillganglighet/beratta")
@csrf.exempt  # a visitor has no session; only pages of this site may send it
@public
def send() -> ResponseReturnValue:
    preferences.require_same_site()
    form = TellForm()
    if form.validate():
        with form.attempt():
            operations.tell(
                kind=form.kind.data,
                text=form["text"].data or "",
                page=form.page.data or "",
                contact=form.contact.data or "",
            )
            db.session.commit()
            return redirect(url_for("accessibility.thanks"))
    return render_template("accessibility/tell.html", form=form)


@bp.get("/tillganglighet/tack")
@public
def thanks() -> ResponseReturnValue:
    return render_template("accessibility/thanks.html", responsible=responsible())


@bp.get("/tillganglighet/synpunkter")
@requires(Permission.SYSTEM_WRITE)
def reports() -> ResponseReturnValue:
    return render_template(
        "accessibility/reports.html",
        waiting=queries.reports(answered=False),
        answered=queries.reports(answered=True),
        kinds=KINDS,
        outcomes=OUTCOMES,
        today=today(),
    )


@bp.route("/tillganglighet/synpunkter/<public_id>", methods=["GET", "POST"])
@requires(Permission.SYSTEM_WRITE)
def answer(public_id: str) -> ResponseReturnValue:
    found = queries.report(public_id)
    form = AnswerForm()
    if form.validate_on_submit():
        with form.attempt():
            operations.answer(
                report=found,
                outcome=form.outcome.data,
                text=form["text"].data or "",
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Svaret är sparat.", "success")
            return redirect(url_for("accessibility.reports"))
    return render_template(
        "accessibility/answer.html", form=form, found=found, kinds=KINDS
    )
