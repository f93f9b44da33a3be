"""Choosing, not choosing and choosing again."""
