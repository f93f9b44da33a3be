"""Whether the comparison favours anybody: its order, and what became of choices."""
