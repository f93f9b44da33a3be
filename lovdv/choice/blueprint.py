"""The blueprint that the choice's views share."""

from flask import Blueprint

bp = Blueprint("choice", __name__)
