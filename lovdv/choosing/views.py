"""Requests in, pages out: the modules that hold the pages."""

from lovdv.choosing import receipt_views, staff_views, step_views
from lovdv.choosing.blueprint import bp

__all__ = ["bp", "receipt_views", "staff_views", "step_views"]
