"""Pages that only a script draws: fetched by a browser, for sites whose file says `javascript = true`.

scrapy-playwright does the fetching; here is what it is told. Feeds, site maps
and robots.txt are fetched as ever.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.settings import BaseSettings

EXTRA = "gongyi-news[javascript]"
"""What to install for it."""

HANDLER = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
PLAIN = "plain"
"""Key of request.meta: True for what is no page and needs no browser."""

PLAIN_CALLBACKS = ("parse_feed", "parse_sitemap")
UNNEEDED = frozenset(("image", "media", "font"))
"""Kinds of requests of a page that text does not need."""


class BrowserMissing(Exception):
    """The browser, or the library that drives it, is not installed; one line says what to do."""


def browser_settings(settings: BaseSettings) -> dict[str, Any]:
    """Returns the settings with which a spider fetches by browser. Raises BrowserMissing.

    Reads BROWSER_PATH, BROWSER_PAGES, DOWNLOAD_TIMEOUT, and the proxy of the environment.
    """
    if find_spec("scrapy_playwright") is None:
        raise BrowserMissing(f"javascript: needs a library that is not installed: pip install '{EXTRA}'")
    path = settings["BROWSER_PATH"]
    if not (Path(path).is_file() and os.access(path, os.X_OK)):
        raise BrowserMissing(f"javascript: no browser at {path}; install chromium, or set BROWSER_PATH")
    # a browser's own sandbox can't be made by root
    launch: dict[str, Any] = {"executable_path": path, "chromium_sandbox": os.geteuid() != 0}
    if proxy := getproxies().get("http"):
        launch["proxy"] = {"server": proxy}
    return {
        "DOWNLOAD_HANDLERS": {**settings.getdict("DOWNLOAD_HANDLERS"), "http": HANDLER, "https": HANDLER},
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": settings.getint("BROWSER_PAGES"),
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": settings.getfloat("DOWNLOAD_TIMEOUT") * 1000,
        "PLAYWRIGHT_ABORT_REQUEST": is_unneeded,
    }


def is_unneeded(request: Any) -> bool:
    """Tells whether a page's own request (playwright's) brings nothing that is read."""
    return request.resource_type in UNNEEDED


class BrowserMiddleware:
    """Sends requests of spiders with `javascript` to the browser.

    Settings: BROWSER_SETTLE_SECONDS, the longest that a page may go on loading
    after its load event; DOWNLOAD_MAXSIZE, also for what a page has drawn.
    """

    def __init__(self, settings: BaseSettings) -> None:
        from scrapy_playwright.page import PageMethod

        self.settle = settings.getfloat("BROWSER_SETTLE_SECONDS")
        self.largest = settings.getint("DOWNLOAD_MAXSIZE")
        self.settling = PageMethod(self._settle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BrowserMiddleware:
        """Makes the middleware of one crawl; there is none where no browser is asked for."""
        if HANDLER not in crawler.settings.getdict("DOWNLOAD_HANDLERS").values():
            raise NotConfigured
        return cls(crawler.settings)

    def process_request(self, request: Request) -> None:
        """Marks a request for the browser."""
        plain = getattr(request.callback, "__name__", "") in PLAIN_CALLBACKS or request.meta.get(PLAIN)
        if not plain and urlsplit(request.url).path != "/robots.txt":
            request.meta["playwright"] = True
            request.meta["playwright_page_methods"] = [self.settling]

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        """Lets a drawn page on unless it is too large."""
        if self.largest and len(response.body) > self.largest:
            raise IgnoreRequest(f"{response.url} is drawn to more than DOWNLOAD_MAXSIZE")
        return response

    async def _settle(self, page: Any) -> None:
        """Waits until a page asks for nothing more, or long enough."""
        from playwright.async_api import TimeoutError as PlaywrightTimeout

        try:
            await page.wait_for_load_state("networkidle", timeout=self.settle * 1000)
        except PlaywrightTimeout:
            # a page that never stops asking is read as it is
            return
