"""Clients, their decisions, representatives and life events."""
