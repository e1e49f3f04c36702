"""Our own `scrapy ...` commands, one file a command."""
