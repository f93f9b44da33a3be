"""Requests in, pages out: the photos of a presentation, and the pictures themselves."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv.access import Permission, actor, public, requires
from lovdv.extensions import db
from lovdv.providers import pictures, profile_photos, queries
from lovdv.providers.blueprint import bp
from lovdv.providers.profile_photo_forms import PhotoForm
from lovdv.providers.profile_photos import HINTS, SIZES, SLOTS

DAY = 24 * 3600
SIZE = "any('" + "','".join(SIZES) + "')"


@bp.get("/var-presentation/bilder")
@requires(Permission.PROFILE_DRAFT)
def own_photos() -> ResponseReturnValue:
    unit = queries.own_unit(actor())
    newest = queries.newest_profile(unit)
    held = profile_photos.photos_of([newest.id]).get(newest.id, []) if newest else []
    return render_template(
        "providers/own_photos.html",
        unit=unit,
        profile=newest,
        slots=SLOTS,
        photos={photo.slot: photo for photo in held},
        open=newest is None or newest.status != "submitted",
    )


@bp.route("/var-presentation/bilder/<slot>", methods=["GET", "POST"])
@requires(Permission.PROFILE_DRAFT)
def own_photo(slot: str) -> ResponseReturnValue:
    if slot not in SLOTS:
        raise NotFound
    unit = queries.own_unit(actor())
    newest = queries.newest_profile(unit)
    held = profile_photos.held_by(newest).get(slot) if newest else None
    shown = held is not None and held.photo.withdrawn_at is None
    form = PhotoForm(obj=held)
    form.has_photo = shown
    if form.validate_on_submit():
        with form.attempt():
            profile_photos.put(
                unit=unit,
                slot=slot,
                content=form.content(),
                alt=form.alt.data,
                consented=form.consented.data,
                by=actor().user_id,
            )
            db.session.commit()
            flash("Bilden är sparad i utkastet.", "success")
            return redirect(url_for(".own_photos"))
    return render_template(
        "providers/own_photo.html",
        form=form,
        slot=slot,
        words=SLOTS[slot],
        hint=HINTS[slot],
        photo=held.photo if held and shown else None,
    )


@bp.post("/var-presentation/bilder/<slot>/ta-ut")
@requires(Permission.PROFILE_DRAFT)
def take_out_photo(slot: str) -> ResponseReturnValue:
    unit = queries.own_unit(actor())
    profile_photos.take_out(unit=unit, slot=slot, by=actor().user_id)
    db.session.commit()
    flash("Bilden är borttagen ur utkastet. Det som är publicerat ligger kvar.")
    return redirect(url_for(".own_photos"))


@bp.post("/var-presentation/bild/<digest>/dra-tillbaka")
@requires(Permission.PROFILE_DRAFT)
def withdraw_photo(digest: str) -> ResponseReturnValue:
    unit = queries.own_unit(actor())
    profile_photos.withdraw(unit=unit, digest=digest, by=actor().user_id)
    db.session.commit()
    flash("Bilden är borta från alla sidor nu.", "success")
    return redirect(url_for(".own_photos"))


@bp.get(f"/var-presentation/bild/<digest>/<{SIZE}:size>")
@requires(Permission.PROFILE_DRAFT)
def own_picture(digest: str, size: str) -> ResponseReturnValue:
    unit = queries.own_unit(actor())
    return _sent(profile_photos.picture_of(unit, digest, size))


@bp.get(f"/verksamhet/<public_id>/bild/<digest>/<{SIZE}:size>")
@requires(Permission.PROFILE_PUBLISH)
def reviewed_picture(public_id: str, digest: str, size: str) -> ResponseReturnValue:
    unit = queries.unit_in(actor().municipality_id, public_id)
    return _sent(profile_photos.picture_of(unit, digest, size))


@bp.get(f"/foto/<digest>-<{SIZE}:size>.webp")
@public
def picture(digest: str, size: str) -> ResponseReturnValue:
    """The name is the content's own, but who is in it may have a change of mind.

    So it is kept for a day, and asked for again by its name after that.
    """
    response = _sent(profile_photos.public_picture(digest, size))
    response.set_etag(digest)
    response.headers["Cache-Control"] = f"public, max-age={DAY}"
    return response.make_conditional(request)


def _sent(content: bytes | None) -> Response:
    if content is None:
        raise NotFound
    return Response(content, mimetype=pictures.MIME)
