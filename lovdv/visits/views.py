"""Requests in, pages out: visits. Each reader's pages stand in a module of its own."""

from lovdv.visits import own_views, staff_views, unit_views
from lovdv.visits.blueprint import bp

__all__ = ["bp", "own_views", "staff_views", "unit_views"]
