"""The blueprint that the rounds' views hang on."""

from flask import Blueprint

bp = Blueprint("rounds", __name__)
