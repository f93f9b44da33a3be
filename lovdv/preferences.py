"""How a reader wants the pages, in the one functional cookie we set.

It is set on an active choice only (larger text, a sort order, a saved unit) and
holds nothing about who the reader is.
"""

from dataclasses import asdict, dataclass, replace
from urllib.parse import parse_qs, urlencode

from flask import Blueprint, Flask, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden

from lovdv.access import public
from lovdv.extensions import csrf
from lovdv.redirects import own_path

bp = Blueprint("preferences", __name__)

COOKIE = "visning"
YEAR = 365 * 24 * 3600
CHOICES = {
    "theme": ("auto", "light", "dark"),
    "size": ("md", "lg", "xl"),
    "reading": ("normal", "easy"),
    "pictures": ("auto", "some", "many", "none"),
    "contrast": ("auto", "more"),
    "motion": ("auto", "calm"),
    "scoring": ("domain", "all"),
}
SAVED_AT_MOST = 12


@dataclass(frozen=True)
class Preferences:
    """What the cookie says. `seed` keeps the comparison's order, `saved` favourites.

    `auto` is what the reader's device asks for, and for pictures what the way of
    reading does. `scoring` is whether an assessor answers a domain at a time or all
    on one page.
    """

    theme: str = "auto"
    size: str = "md"
    reading: str = "normal"
    pictures: str = "auto"
    contrast: str = "auto"
    motion: str = "auto"
    scoring: str = "domain"
    seed: str = ""
    saved: str = ""

    @property
    def easy(self) -> bool:
        return self.reading == "easy"

    @property
    def shown_pictures(self) -> str:
        """Pictures beside words: none, some (what matters most) or many."""
        if self.pictures != "auto":
            return self.pictures
        return "many" if self.easy else "some"

    @property
    def saved_units(self) -> tuple[str, ...]:
        return tuple(self.saved.split(".")) if self.saved else ()


def chosen() -> Preferences:
    """The reader's preferences, from the cookie; what it says wrongly is left out."""
    sent = parse_qs(request.cookies.get(COOKIE, "")[:1000])
    found = {name: values[0] for name, values in sent.items()}
    kept = {
        name: found[name]
        for name, allowed in CHOICES.items()
        if found.get(name) in allowed
    }
    kept |= {n: found[n] for n in ("seed", "saved") if _plain(found.get(n, ""))}
    return Preferences(**kept)


def _plain(text: str) -> bool:
    return bool(text) and text.isascii() and text.replace(".", "").isalnum()


def remember(response: Response, preferences: Preferences) -> Response:
    response.set_cookie(
        COOKIE,
        urlencode({k: v for k, v in asdict(preferences).items() if v}),
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def with_saved(preferences: Preferences, unit: str, *, keep: bool) -> Preferences:
    """Save a unit, or take it away; the oldest go when there are too many."""
    others = [saved for saved in preferences.saved_units if saved != unit]
    units = [*others, unit][-SAVED_AT_MOST:] if keep else others
    return replace(preferences, saved=".".join(units))


def require_same_site() -> None:
    """Guards forms that have no token: visitors without a session have no cookie."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", request.host_url.rstrip("/"))
    if site != "same-origin" or origin != request.host_url.rstrip("/"):
        raise Forbidden


@bp.post("/visning")
@csrf.exempt  # changes nothing but the reader's own cookie
@public
def save() -> ResponseReturnValue:
    require_same_site()
    changes = {
        name: request.form[name]
        for name, allowed in CHOICES.items()
        if request.form.get(name) in allowed
    }
    target = own_path(request.form.get("next", ""), url_for("accounts.index"))
    return remember(redirect(target), replace(chosen(), **changes))


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.context_processor(lambda: {"preferences": chosen()})
