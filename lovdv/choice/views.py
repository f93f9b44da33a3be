"""Requests in, pages out: choice. Each reader's pages stand in a module of its own."""

from lovdv.choice import (
    case_views,
    guide_views,
    own_views,
    paper_views,
    public_views,
    register_views,
    room_views,
    take_home_views,
)
from lovdv.choice.blueprint import bp

__all__ = [
    "bp",
    "case_views",
    "guide_views",
    "own_views",
    "paper_views",
    "public_views",
    "register_views",
    "room_views",
    "take_home_views",
]
