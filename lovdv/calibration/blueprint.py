"""The blueprint that every views module of the feature adds to."""

from flask import Blueprint

bp = Blueprint("calibration", __name__)
