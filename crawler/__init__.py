"""How pages are found and fetched: Scrapy and nothing else."""
