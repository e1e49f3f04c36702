"""Spiders: the one behind every site file, and any that are written by hand."""
