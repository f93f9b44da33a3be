"""Figures and lists for those who follow up."""
