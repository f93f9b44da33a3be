"""Requests in, pages out: what a reader takes home, as a link, a QR code or paper."""

import io
from urllib.parse import urlencode

import segno
from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv import preferences
from lovdv.access import public
from lovdv.choice import links, listing
from lovdv.choice.blueprint import bp
from lovdv.choice.link_models import ShortLink
from lovdv.choice.paper import data_address, picture_addresses
from lovdv.choice.reader import (
    PARAMETERS,
    Reader,
    reader,
    reader_place,
    reader_sort,
)
from lovdv.clock import today
from lovdv.extensions import csrf, db
from lovdv.needs import pdf
from lovdv.providers.questions import QUESTIONS
from lovdv.systems.queries import rule

NOTHING = "choice/nothing.html"
KEPT = ("s", "system", "ordning", "omrade", "ledigt", "fran", *PARAMETERS.values())


@bp.get("/verksamheter/sparade")
@public
def saved() -> ResponseReturnValue:
    """The units that the reader has saved, or those that a link brings."""
    who = reader()
    if who is None:
        return render_template(NOTHING)
    rows = _saved_rows(who)
    return render_template(
        "choice/saved.html",
        rows=rows,
        brought=bool(request.args.getlist("e")),
        parameters=_parameters(who),
        questions=QUESTIONS,
        **who.around(),
    )


@bp.get("/verksamheter/sparade.pdf")
@public
def saved_pdf() -> ResponseReturnValue:
    who = reader()
    if who is None:
        raise NotFound
    rows = _saved_rows(who)
    address = url_for("choice.compare", s=who.seed, _external=True)
    page = render_template(
        "choice/pdf_saved.html",
        rows=rows,
        pictures=picture_addresses(rows),
        qr=data_address("image/svg+xml", _qr(address, title="Alla verksamheter")),
        address=address,
        questions=QUESTIONS,
        today=today(),
        **who.around(),
    )
    return pdf.sent(page, "mina-verksamheter.pdf")


def _saved_rows(who: Reader) -> list[listing.Card]:
    """In the order of the list, as many as a reader can save."""
    order, place = reader_sort(), reader_place(who.system.places)
    asked = request.args.getlist("e") or who.saved
    found = listing.entries(who.system, who.seed)
    chosen = [entry for entry in found if entry.public_id in asked]
    rows = listing.sort(chosen, order, place)[: preferences.SAVED_AT_MOST]
    return listing.cards(who.system, rows, place)


def _parameters(who: Reader) -> list[tuple[str, str]]:
    """What a link has to bring for the page to be the same at home."""
    sent = request.args.to_dict(flat=False)
    sent["s"] = [who.seed]
    sent.setdefault("system", [who.system.public_id])
    units = request.args.getlist("e") or who.saved
    kept = [(name, value) for name in KEPT for value in sent.get(name, [])]
    return [*kept, *(("e", unit) for unit in units)]


@bp.post("/verksamheter/ta-med")
@csrf.exempt  # keeps an address that holds nothing of the reader
@public
def take_home() -> ResponseReturnValue:
    preferences.require_same_site()
    who = reader()
    if who is None:
        raise NotFound
    sent = request.form.to_dict(flat=False)
    asked = [(name, value) for name in (*KEPT, "e") for value in sent.get(name, [])]
    link = links.keep(
        parameters=[(name, value) for name, value in asked if value],
        rule=rule(who.system.id, "link", today()),
    )
    db.session.commit()
    return redirect(url_for("choice.taken_home", key=link.key))


@bp.get("/verksamheter/ta-med/<key>")
@public
def taken_home(key: str) -> ResponseReturnValue:
    link = links.link_with(key)
    if link is None:
        return _gone()
    return render_template(
        "choice/taken_home.html",
        link=link,
        address=_short(link),
        words=_short(link).partition("://")[2],
        count=sum(name == "e" for name, _ in link.parameters),
    )


@bp.get("/v/<key>")
@public
def short(key: str) -> ResponseReturnValue:
    """The page as it was: the saved ones first, when there are any."""
    link = links.link_with(key)
    if link is None:
        return _gone()
    has_saved = any(name == "e" for name, _ in link.parameters)
    path = url_for("choice.saved" if has_saved else "choice.compare")
    query = urlencode([(name, value) for name, value in link.parameters])
    return redirect(f"{path}?{query}")


@bp.get("/v/<key>.svg")
@public
def qr(key: str) -> ResponseReturnValue:
    link = links.link_with(key)
    if link is None:
        raise NotFound
    drawn = _qr(_short(link), title=f"QR-kod till {_short(link)}")
    return Response(drawn, mimetype="image/svg+xml")


def _short(link: ShortLink) -> str:
    return url_for("choice.short", key=link.key, _external=True)


def _qr(address: str, *, title: str) -> bytes:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=6, title=title, light="white"
    )
    return out.getvalue()


def _gone() -> ResponseReturnValue:
    return render_template("choice/link_gone.html"), 410
