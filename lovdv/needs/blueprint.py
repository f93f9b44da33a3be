"""The blueprint that the views of needs share."""

from flask import Blueprint

bp = Blueprint("needs", __name__)
