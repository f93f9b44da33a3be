"""What a unit is paid and why, and its objections."""
