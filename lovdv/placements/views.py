"""Requests in, pages out: placements."""

from lovdv.placements import (
    attendance_views,  # noqa: F401  (its routes)
    closed_views,  # noqa: F401
    order_views,  # noqa: F401
    placement_views,  # noqa: F401
)
from lovdv.placements.blueprint import bp

__all__ = ["bp"]
