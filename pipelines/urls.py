"""One URL for one page: the canonical form under which it is stored.

Rules follow RFC 3986 section 6.2.2 and 6.2.3 (case, default port, dot
segments), and leave out the fragment and the parameters that only say where a
reader came from. Which parameters those are is data: `tracking_parameters.txt`.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from functools import cache
from importlib.resources import files
from urllib.parse import SplitResult, urljoin, urlsplit

from w3lib.url import safe_url_string

_DEFAULT_PORTS = {"http": 80, "https": 443}


@cache
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    lines = files("pipelines").joinpath("tracking_parameters.txt").read_text("utf-8").split("\n")
    words = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return (
        frozenset(w for w in words if not w.endswith("*")),
        tuple(w[:-1] for w in words if w.endswith("*")),
    )


def canonical_url(url: str, base: str = "") -> str:
    """Returns the one form of `url`, joined to `base` when it is relative.

    Takes an absolute or relative http(s) URL as a page writes it; returns an
    absolute URL, percent-encoded in UTF-8. The order of parameters is kept, as
    some sites depend on it. Raises ValueError when the result is not http(s)
    with a host.
    """
    joined = urljoin(base, url.strip()) if base else url.strip()
    try:
        parts = urlsplit(safe_url_string(joined))
        port = parts.port
    except ValueError as error:
        raise ValueError(f"not a URL: {url[:200]!r} ({error})") from error
    scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
    if scheme not in _DEFAULT_PORTS or not host:
        raise ValueError(f"not an http URL: {url[:200]!r}")
    netloc = f"[{host}]" if ":" in host else host
    if port and port != _DEFAULT_PORTS[scheme]:
        netloc = f"{netloc}:{port}"
    return SplitResult(scheme, netloc, _clean_path(parts.path), _clean_query(parts.query), "").geturl()


def _clean_path(path: str) -> str:
    path = re.sub(r"%[0-9a-fA-F]{2}", lambda m: m.group().upper(), path) or "/"
    if "/." not in path:
        return path
    cleaned = posixpath.normpath(path)
    cleaned = "/" + cleaned.lstrip("/")
    ends_in_folder = path.endswith(("/", "/.", "/.."))
    return cleaned + "/" if ends_in_folder and cleaned != "/" else cleaned


def _clean_query(query: str) -> str:
    if not query:
        return ""
    names, prefixes = _tracking()
    kept = [
        pair
        for pair in query.split("&")
        if pair and (name := pair.partition("=")[0].lower()) not in names and not name.startswith(prefixes)
    ]
    return "&".join(kept)


def url_id(canonical: str) -> int:
    """Returns the id of a canonical URL: the first 63 bits of its SHA-256, as an integer.

    How it is made never changes. Two of ten million URLs share one with a
    probability below one in 180,000.
    """
    return int.from_bytes(hashlib.sha256(canonical.encode()).digest()[:8], "big") >> 1
