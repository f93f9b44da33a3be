"""Instruments, assessments and levels."""
