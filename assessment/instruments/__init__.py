"""Example instruments that ship with lovdv, one JSON file per version."""
