"""The blueprint that the visits' views share."""

from flask import Blueprint

bp = Blueprint("visits", __name__)
