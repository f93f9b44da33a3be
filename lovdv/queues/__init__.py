"""Queues to full units, and offers of the places that become free."""
