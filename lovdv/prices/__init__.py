"""Price lists: read, compared, indexed, decided."""
