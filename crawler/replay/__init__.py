"""Archived pages run through today's stages without fetching: what `scrapy replay` does."""
