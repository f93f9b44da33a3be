"""Requests in, pages out: needs."""

from flask import Blueprint

bp = Blueprint("needs", __name__)
