"""Providers, units, contracts and profiles."""
