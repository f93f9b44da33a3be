"""Tables: needs."""
