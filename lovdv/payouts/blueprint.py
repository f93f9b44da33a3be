"""The blueprint that the payouts' views share."""

from flask import Blueprint

bp = Blueprint("payouts", __name__)
