"""The demo municipality: fictive, and the same every time it is made."""
