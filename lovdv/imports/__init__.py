"""Reading people, decisions, placements and attendance from Excel and CSV."""
