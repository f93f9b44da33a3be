"""What must be looked at before money leaves."""
