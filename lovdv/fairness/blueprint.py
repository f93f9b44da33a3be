"""The blueprint that the feature's views share."""

from flask import Blueprint

bp = Blueprint("fairness", __name__)
