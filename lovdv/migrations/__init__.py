"""Migrations, run through lovdv.migrate."""
