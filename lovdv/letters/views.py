"""Requests in, pages out: letters. Each reader's pages stand in a module of its own."""

from lovdv.letters import case_views, own_views
from lovdv.letters.blueprint import bp

__all__ = ["bp", "case_views", "own_views"]
