"""The blueprint that the letters' views hang on."""

from flask import Blueprint

bp = Blueprint("letters", __name__)
