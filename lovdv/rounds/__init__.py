"""Introduction rounds: those who already have a place are asked, all together."""
