"""Requests in, pages out: vignettes, blind scoring and how well people agree."""

from flask import Blueprint

bp = Blueprint("calibration", __name__)
