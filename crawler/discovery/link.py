"""What finding links gives: links, and the rules that a site has for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit


def on_hosts(url: str, hosts: tuple[str, ...]) -> bool:
    """Tells whether `url` is on one of the hosts, on a subdomain of one, or on one without its "www."."""
    host = urlsplit(url).hostname or ""
    return any(
        host == allowed or host.endswith("." + allowed) or allowed == "www." + host for allowed in hosts
    )


@dataclass(slots=True, frozen=True)
class Link:
    """A link to an article: canonical URL, anchor text or title, and the day that the URL or feed gives."""

    url: str
    text: str = ""
    day: date | None = None


@dataclass(slots=True, frozen=True)
class LinkRules:
    """What a site says of its links.

    `hosts` stand for themselves and their subdomains. `article` and `lists` are
    searched in canonical URLs; without `article`, articles are recognised by shape.
    """

    hosts: tuple[str, ...]
    article: tuple[re.Pattern[str], ...] = ()
    lists: tuple[re.Pattern[str], ...] = ()

    def on_site(self, url: str) -> bool:
        """Tells whether `url` is on one of the hosts."""
        return on_hosts(url, self.hosts)

    def is_article(self, url: str) -> bool:
        """Tells whether one of the article patterns is found in `url`."""
        return any(pattern.search(url) for pattern in self.article)

    def is_list(self, url: str) -> bool:
        """Tells whether one of the list patterns is found in `url`."""
        return any(pattern.search(url) for pattern in self.lists)
