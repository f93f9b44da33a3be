"""Tables: payouts."""
