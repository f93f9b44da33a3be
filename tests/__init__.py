"""Tests: engines alone, web on both databases, the browser, and the house itself."""
