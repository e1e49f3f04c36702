"""From what Scrapy gives for a fetch to the `Page` that the stages take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.middlewares.archive import ARCHIVE_META, FETCHED_META, ArchiveFailed
from crawler.middlewares.redirect import OffsiteRedirect, RedirectLoop, TooManyRedirects
from crawler.site import Site
from pipelines.models import ArchiveRef, Failure, Page
from pipelines.urls import canonical_url

ROBOTS_FORBIDDEN = "robots_forbidden"
"""The reason of a fetch that robots.txt forbids; such a page is counted, not stored."""

LIST_META = "list"
"""Key of request.meta: URL of the list that led to the request."""

LIST_STAGE = "list"
"""Stage of the failure of a list page, which is no article to visit again."""

AGAIN_META = "again"
"""Key of request.meta: the same list asked for this before, so that it is no news when it is dropped."""


@dataclass(slots=True, frozen=True)
class FetchFailure:
    """Why a fetch gave no page: a reason to count by, one clear line, and the response if one came."""

    reason: str
    message: str
    response: Response | None = None


_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (ArchiveFailed, "archive_failed"),
    (RedirectLoop, "redirect_loop"),
    (TooManyRedirects, "too_many_redirects"),
    (OffsiteRedirect, "offsite_redirect"),
    (DownloadTimeoutError, "timeout"),
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "refused"),
    # nothing but the size limit cancels a download
    (DownloadCancelledError, "too_large"),
    (ResponseDataLossError, "truncated"),
    (DownloadFailedError, "connection"),
    (ConnectionError, "connection"),
)


def fetch_failure(error: BaseException) -> FetchFailure:
    """Returns the reason for which a request failed."""
    message = (str(error).strip() or type(error).__name__).split("\n")[0]
    if isinstance(error, HttpError):
        status = error.response.status
        return FetchFailure(f"http_{status}", f"HTTP status {status}", error.response)
    if isinstance(error, IgnoreRequest):
        if "robots.txt" in message:
            return FetchFailure(ROBOTS_FORBIDDEN, "forbidden by robots.txt")
        if "DOWNLOAD_MAXSIZE" in message:
            return FetchFailure("too_large", "unpacks to more than DOWNLOAD_MAXSIZE")
    if _is_tls(error):
        return FetchFailure("tls", message)
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return FetchFailure(reason, message)
    return FetchFailure(type(error).__name__, message)


def _is_tls(error: BaseException) -> bool:
    """Tells whether an error, or one of those behind it, is of the TLS library."""
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None:
            continue
        if type(one).__module__.partition(".")[0] in ("OpenSSL", "ssl") or "SSL" in type(one).__name__:
            return True
        waiting += [one.__cause__, one.__context__]
        # Twisted keeps the reasons of a lost connection in a list
        waiting += [getattr(reason, "value", None) for reason in getattr(one, "reasons", None) or ()]
    return False


def page_of(response: Response, request: Request, site: Site) -> Page:
    """Returns the page that a response is.

    Its URL is the canonical form of where redirects ended when that is on the
    site, else of what was asked for.
    """
    asked, fetched_at = canonical_url(first_url(request)), _fetched_at(request)
    url = canonical_url(response.url) if site.allows(response.url) else asked
    return Page(
        url=url,
        final_url=response.url,
        status=response.status,
        headers=_headers(response),
        body=response.body,
        fetched_at=fetched_at,
        site=site.hints(site.day_of(fetched_at)),
        archive=_archive_ref(request),
        truncated="dataloss" in response.flags,
        asked_url=asked if asked != url else "",
    )


def failed_page(failure: FetchFailure, request: Request, site: Site, stage: str = "fetch") -> Page:
    """Returns a page that holds only why it could not be fetched; that of a list has another `stage`."""
    response = failure.response
    return Page(
        url=canonical_url(first_url(request)),
        final_url=response.url if response else request.url,
        status=response.status if response else 0,
        headers=_headers(response) if response else {},
        body=b"",
        fetched_at=_fetched_at(request),
        site=site.hints(site.day_of(_fetched_at(request))),
        archive=_archive_ref(request),
        failure=Failure(stage, failure.reason, failure.message),
    )


def first_url(request: Request) -> str:
    """Returns what was asked for before any redirect."""
    redirects: list[str] = request.meta.get("redirect_urls", [])
    return redirects[0] if redirects else request.url


def content_type(response: Response) -> str:
    """Returns the Content-Type header, "" without one."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1")


def _headers(response: Response) -> dict[str, str]:
    return {str(name).lower(): value for name, value in response.headers.to_unicode_dict().items()}


def _fetched_at(request: Request) -> datetime:
    seconds = request.meta.get(FETCHED_META)
    return datetime.fromtimestamp(seconds, UTC) if seconds else datetime.now(UTC)


def _archive_ref(request: Request) -> ArchiveRef | None:
    found = request.meta.get(ARCHIVE_META)
    return ArchiveRef(*found) if found else None
