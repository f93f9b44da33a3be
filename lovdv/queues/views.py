"""Requests in, pages out: queues. Each reader's pages stand in a module of its own."""

from lovdv.queues import answer_views, case_views, own_views
from lovdv.queues.blueprint import bp

__all__ = ["answer_views", "bp", "case_views", "own_views"]
