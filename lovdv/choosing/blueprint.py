"""The blueprint that the modules of views hang their routes on."""

from flask import Blueprint

bp = Blueprint("choosing", __name__)
