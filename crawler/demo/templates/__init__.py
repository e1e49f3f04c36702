"""Templates of the demo pages (string.Template)."""
