"""Redirects: Scrapy's, with loops and the way off the site told as failures.

Scrapy's own would send a loop into the filter for duplicates, where the page
vanishes without a word.
"""

from __future__ import annotations

import re
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares import redirect
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

META_REFRESH_BYTES = 4096
"""How far into a page a <meta http-equiv=refresh> is looked for, in bytes, as Scrapy does."""

_META_REFRESH = re.compile(rb"""http-equiv\s*=\s*["']?refresh""", re.IGNORECASE)


class RedirectLoop(IgnoreRequest):
    """A redirect led back to where the request had been."""


class TooManyRedirects(IgnoreRequest):
    """A request was redirected more than REDIRECT_MAX_TIMES times."""


class OffsiteRedirect(IgnoreRequest):
    """A redirect led to a host that is not the site's."""


def check(request: Request, redirected: Request, limit: int, spider: Any) -> None:
    """Raises when the redirect from `request` to `redirected` must not be followed."""
    visited = [*request.meta.get("redirect_urls", []), request.url]
    if redirected.url in visited:
        raise RedirectLoop(f"redirects in a loop: {' -> '.join([*visited, redirected.url])}")
    if len(visited) > limit:
        raise TooManyRedirects(f"redirected more than {limit} times, at last to {redirected.url}")
    site = getattr(spider, "site", None)
    # robots.txt has no callback of the spider and may lie anywhere (RFC 9309, section 2.3.1.2)
    if site is not None and not request.meta.get("dont_obey_robotstxt") and not site.allows(redirected.url):
        raise OffsiteRedirect(f"redirected off the site, to {redirected.url}")


class RedirectMiddleware(redirect.RedirectMiddleware):
    """Follows redirects by status, at most REDIRECT_MAX_TIMES, on the site, never in a loop."""

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        check(request, redirected, self.max_redirect_times, self.crawler.spider)
        return super()._redirect(redirected, request, reason)


class MetaRefreshMiddleware(redirect.MetaRefreshMiddleware):
    """Follows a <meta http-equiv=refresh> like a redirect; a page that only reloads itself is a page."""

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """Looks at the bytes first: Scrapy would decode every page here, on the event loop."""
        if not _META_REFRESH.search(response.body[:META_REFRESH_BYTES]):
            return response
        try:
            return super().process_response(request, response)
        except RedirectLoop:
            return response

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Any:
        check(request, redirected, self.max_redirect_times, self.crawler.spider)
        return super()._redirect(redirected, request, reason)
