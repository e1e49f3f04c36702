"""What makes data files and documentation; run by hand."""
