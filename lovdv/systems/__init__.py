"""Municipalities, their choice systems and dated rules."""
