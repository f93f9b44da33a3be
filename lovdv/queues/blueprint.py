"""The blueprint that the queues' views share."""

from flask import Blueprint

bp = Blueprint("queues", __name__)
