"""Requests in, pages out: followup."""

from flask import Blueprint

bp = Blueprint("followup", __name__)
