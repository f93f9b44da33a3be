"""What templates ask of pictures and texts: addresses, how many, how easy."""

from flask import Flask, g, url_for
from flask_login import current_user

from lovdv import preferences
from lovdv.access import actor
from lovdv.providers.easyread import in_short, pictures_of, unanswered
from lovdv.reading import lix, queries
from lovdv.systems.queries import municipality


def municipality_shown() -> int | None:
    """The reader's own municipality, or the only one there is."""
    if current_user.is_authenticated:
        return actor().municipality_id
    found = queries.only_municipality()
    return found.id if found else None


def picture_url(key: str) -> str:
    """The municipality's own picture, or the one that lovdv has from the start."""
    if "symbols_used" not in g:
        home = municipality_shown()
        g.symbols_used = queries.symbols_used(home) if home else {}
    own = g.symbols_used.get(key)
    if own is not None:
        return url_for("reading.symbol", public_id=own)
    return vendored_url(key)


def vendored_url(key: str) -> str:
    return url_for("static", filename=f"vendor/openmoji-17.0.0/{key}.svg")


def municipality_contact() -> str:
    """How the municipality is reached, as it says itself; empty when it is not said."""
    home = municipality_shown()
    return municipality(home).contact if home else ""


def pictures_shown() -> str:
    """How many pictures the reader wants: none, some or many; asked at each picture."""
    if "pictures_shown" not in g:
        g.pictures_shown = preferences.chosen().shown_pictures
    return str(g.pictures_shown)


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        picture_url=picture_url,
        vendored_url=vendored_url,
        municipality_contact=municipality_contact,
        pictures_shown=pictures_shown,
        pictures_of=pictures_of,
        in_short=in_short,
        unanswered=unanswered,
        measure_text=lix.measure,
    )
