"""The guides: who stands in, what is in the way, handing over, and how it went."""
