"""Calibration: whether the same need gives the same level, whoever assesses."""
