"""How long a month takes, beside one plain aggregate over the same data."""
