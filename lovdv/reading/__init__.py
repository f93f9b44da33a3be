"""Ways to read: pictures and their sets, and how easy a text is."""
