"""The accessibility statement, and what readers tell us does not work."""
