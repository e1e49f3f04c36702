"""robots.txt: Scrapy's obedience, and two things that it leaves out.

A Crawl-delay is kept as the least time between two requests to the host. When
a server fails to answer for its robots.txt (status 5xx), nothing on it may be
fetched, as RFC 9309 section 2.3.1.4 has it.
"""

from __future__ import annotations

import logging
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import robotstxt
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

logger = logging.getLogger(__name__)

_FORBID_ALL = b"User-agent: *\nDisallow: /\n"


def _without_traceback(record: logging.LogRecord) -> bool:
    """A host that is down is told in one line, not in fifty."""
    record.exc_info = None
    return True


class RobotsMiddleware(robotstxt.RobotsTxtMiddleware):
    """Obeys robots.txt. Setting: ROBOTS_CRAWL_DELAY_MAX, in seconds."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        robotstxt.logger.addFilter(_without_traceback)
        self.longest = crawler.settings.getfloat("ROBOTS_CRAWL_DELAY_MAX")
        self.name: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self.delays: dict[str, float] = {}

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            logger.warning("%s: status %d, so nothing there may be fetched", response.url, response.status)
            response = response.replace(body=_FORBID_ALL)
        await super()._parse_robots(response, netloc, request)

    async def process_request(self, request: Request, spider: Any = None) -> None:  # noqa: ARG002
        """Drops a request that robots.txt forbids; notes the delay that it asks for."""
        await super().process_request(request)
        url = urlparse_cached(request)
        parser = self._parsers.get(url.netloc)
        if isinstance(parser, RobotParser):
            asked = parser.crawl_delay(self.name)
            if asked:
                self.delays[url.hostname or ""] = min(asked, self.longest)
        self._slow_down(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Holds the delay against AutoThrottle, which has just set a shorter one."""
        self._slow_down(request)
        return response

    def _slow_down(self, request: Request) -> None:
        delay = self.delays.get(urlparse_cached(request).hostname or "")
        engine = self.crawler.engine
        if delay and engine is not None:
            _, slot = engine.downloader._get_slot(request)
            if slot.delay < delay:
                slot.delay, slot.jitter = delay, 0.0
