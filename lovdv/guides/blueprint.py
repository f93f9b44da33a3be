"""The blueprint that the feature's views share."""

from flask import Blueprint

bp = Blueprint("guides", __name__)
