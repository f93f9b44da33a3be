"""The blueprint that the feature's views share."""

from flask import Blueprint

bp = Blueprint("settlement", __name__)
