"""Vignettes (fictive cases), rounds of blind scoring, and what each scorer gave."""
