"""Requests in, pages out: choice."""

from flask import Blueprint

bp = Blueprint("choice", __name__)
