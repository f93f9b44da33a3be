"""How a reader wants the pages: light or dark, larger text, easy read."""

from flask import Blueprint, Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import public
from lovdv.extensions import csrf

bp = Blueprint("preferences", __name__)

CHOICES = {
    "theme": ("auto", "light", "dark"),
    "size": ("md", "lg"),
    "reading": ("normal", "easy"),
}
YEAR = 365 * 24 * 3600


def chosen() -> dict[str, str]:
    """The reader's preferences, from the cookies; the first choice by default."""
    return {
        name: found if (found := request.cookies.get(name)) in allowed else allowed[0]
        for name, allowed in CHOICES.items()
    }


@bp.post("/visning")
@csrf.exempt  # changes nothing but the reader's own cookie
@public
def save() -> ResponseReturnValue:
    target = request.form.get("next", "")
    own = target.startswith("/") and target[1:2] not in ("/", "\\")
    response = redirect(target if own else url_for("accounts.index"))
    for name, allowed in CHOICES.items():
        if request.form.get(name) in allowed:
            response.set_cookie(
                name,
                request.form[name],
                max_age=YEAR,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure,
            )
    return response


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.context_processor(lambda: {"preferences": chosen()})
