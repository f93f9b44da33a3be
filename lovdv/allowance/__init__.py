"""Habiliteringsersättning: what people are paid for taking part."""
