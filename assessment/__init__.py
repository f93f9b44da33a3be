"""The needs-level engine: an instrument and answers in, a level with its trace out."""
