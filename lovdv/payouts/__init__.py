"""Prices, the month run, corrections and the finance file."""
