"""The blueprint that the views of placements share."""

from flask import Blueprint

bp = Blueprint("placements", __name__)
