"""The rules that payments follow: edited, tried, and moved as files."""
