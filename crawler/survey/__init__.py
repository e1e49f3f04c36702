"""Looking at a site: what it has (`scrapy addsite`), and whether its file still fits it (`scrapy check`)."""
