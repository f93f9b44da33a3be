"""The blueprint that the feature's views share."""

from flask import Blueprint

bp = Blueprint("payment_rules", __name__)
