"""Requests in, pages out: a municipality's own pictures, and who lacks easy read."""

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, public, requires
from lovdv.clock import today
from lovdv.downloads import attached
from lovdv.extensions import db
from lovdv.forms import ActForm
from lovdv.reading import operations, queries, zipped
from lovdv.reading.forms import SetForm
from lovdv.reading.models import Symbol, SymbolSet
from lovdv.reading.words import WORDS

bp = Blueprint("reading", __name__)

HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A picture opened by its own address runs nothing and fetches nothing."""
YEAR = 365 * 24 * 3600


@bp.get("/bild/<public_id>")
@public
def symbol(public_id: str) -> ResponseReturnValue:
    """One picture; its file never changes, so it is kept by the browser."""
    answer = _picture(queries.shown_symbol(public_id))
    answer.cache_control.public = True
    answer.cache_control.max_age = YEAR
    answer.cache_control.immutable = True
    return answer


@bp.get("/bilder/prov/<public_id>")
@requires(Permission.SYSTEM_WRITE)
def tried_symbol(public_id: str) -> ResponseReturnValue:
    """A picture that is looked through before it is read in."""
    return _picture(queries.own_symbol(actor().municipality_id, public_id))


def _picture(found: Symbol) -> Response:
    answer = make_response(found.content)
    answer.mimetype = found.kind
    answer.headers["Content-Security-Policy"] = HARMLESS
    return answer


@bp.get("/bilder")
@requires(Permission.SYSTEM_READ)
def sets() -> ResponseReturnValue:
    found = queries.sets_of(actor().municipality_id)
    return render_template(
        "reading/sets.html",
        sets=found,
        used=next((each for each in found if each.status == "used"), None),
        count=len(WORDS),
    )


@bp.get("/bilder/mall")
@requires(Permission.SYSTEM_WRITE)
def template() -> ResponseReturnValue:
    return attached(zipped.template(), "bilder_mall.csv", "text/csv")


@bp.route("/bilder/ny", methods=["GET", "POST"])
@requires(Permission.SYSTEM_WRITE)
def new_set() -> ResponseReturnValue:
    form = SetForm()
    if form.validate_on_submit():
        with form.attempt():
            made = _kept(form)
            db.session.commit()
            return redirect(url_for(".one_set", public_id=made.public_id))
    return render_template("reading/new_set.html", form=form, columns=zipped.COLUMNS)


def _kept(form: SetForm) -> SymbolSet:
    return operations.keep(
        municipality_id=actor().municipality_id,
        name=form.name.data,
        found=zipped.understood(form.file.data.read(zipped.MAX_BYTES + 1)),
        by_id=actor().user_id,
    )


@bp.get("/bilder/<public_id>")
@requires(Permission.SYSTEM_WRITE)
def one_set(public_id: str) -> ResponseReturnValue:
    found = queries.set_of(actor().municipality_id, public_id)
    return render_template(
        "reading/set.html", set=found, words=WORDS, form=ActForm(), keys=_keys(found)
    )


def _keys(found: SymbolSet) -> tuple[list[str], list[str]]:
    """The words that the set has no picture for, and the keys that no page uses."""
    own = {each.key for each in found.symbols}
    return (
        [word for key, word in WORDS.items() if key not in own],
        sorted(own - WORDS.keys()),
    )


@bp.post("/bilder/<public_id>/anvand")
@requires(Permission.SYSTEM_WRITE)
def use(public_id: str) -> ResponseReturnValue:
    form, found = ActForm(), queries.set_of(actor().municipality_id, public_id)
    name = found.name
    if form.validate_on_submit():
        with form.attempt():
            operations.use(found)
            db.session.commit()
            flash(f"Nu visas bilderna {name} på sidorna.", "success")
            return redirect(url_for(".sets"))
    return _refused(form, public_id)


@bp.post("/bilder/<public_id>/kasta")
@requires(Permission.SYSTEM_WRITE)
def throw(public_id: str) -> ResponseReturnValue:
    form, found = ActForm(), queries.set_of(actor().municipality_id, public_id)
    if form.validate_on_submit():
        with form.attempt():
            operations.throw_away(found)
            db.session.commit()
            flash("Bilderna är borttagna. Inget är inläst.", "success")
            return redirect(url_for(".sets"))
    return _refused(form, public_id)


def _refused(form: ActForm, public_id: str) -> ResponseReturnValue:
    for message in form.form_errors:
        flash(message, "danger")
    return redirect(url_for(".one_set", public_id=public_id))


@bp.post("/bilder/standard")
@requires(Permission.SYSTEM_WRITE)
def use_default() -> ResponseReturnValue:
    if ActForm().validate_on_submit():
        operations.use_default(actor().municipality_id)
        db.session.commit()
        flash("Nu visas lovdv:s egna bilder på sidorna.", "success")
    return redirect(url_for(".sets"))


@bp.get("/presentationer/lattlast")
@requires(Permission.PROFILE_PUBLISH)
def without_easy() -> ResponseReturnValue:
    """The units that can be chosen and have no easy read of their own."""
    units = queries.without_easy(actor().municipality_id, today())
    return render_template("reading/without_easy.html", units=units)
