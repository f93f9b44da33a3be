"""A provider or a unit leaves, and everyone concerned chooses anew."""
