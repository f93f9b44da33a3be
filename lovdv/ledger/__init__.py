"""Files for the finance system, and what it answers."""
