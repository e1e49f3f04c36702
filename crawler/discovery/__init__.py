"""How pages are found: list pages, paging, feeds and site maps; bytes and a URL in, links out."""
