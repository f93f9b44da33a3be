"""The blueprint that the feature's views share."""

from flask import Blueprint

bp = Blueprint("allowance", __name__)
