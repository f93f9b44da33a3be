"""Requests in, pages out: guides. Each reader's pages stand in a module of its own."""

from lovdv.guides import guide_views, lead_views
from lovdv.guides.blueprint import bp
from lovdv.guides.queries import helper_of

bp.add_app_template_filter(helper_of, "helper")

__all__ = ["bp", "guide_views", "lead_views"]
