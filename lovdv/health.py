"""Whether the process lives, whether it can work, and which version it is."""

from importlib.metadata import version as version_of

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from lovdv import migrate
from lovdv.access import public
from lovdv.extensions import db

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return {"status": "ok"}


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    try:
        current = migrate.is_current(db.engine)
    except SQLAlchemyError:
        current = False
    if current:
        return {"status": "ok"}
    return {"status": "unavailable"}, 503


@bp.get("/version")
@public
def version() -> ResponseReturnValue:
    return {"version": version_of("lovdv")}
