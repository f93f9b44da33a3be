"""Choosing for oneself: one question at a time, the receipt, and time to regret."""
