"""The blueprint that the providers' views share."""

from flask import Blueprint

bp = Blueprint("providers", __name__)
