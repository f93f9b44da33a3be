"""Asking to visit a unit or try a day there, before choosing."""
