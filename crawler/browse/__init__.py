"""The store in a browser: Datasette with a search, a page for each article, charts and ready questions."""
