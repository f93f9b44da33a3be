"""Orders, placements, plans and attendance."""
