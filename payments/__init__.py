"""The payments engine: placements, levels, attendance and rules in, lines out."""
