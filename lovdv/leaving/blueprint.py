"""The blueprint that the views of provider exits hang on."""

from flask import Blueprint

bp = Blueprint("leaving", __name__)
