"""The templates that a crawl meets, each told from those that its site had before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import blake2b

from pipelines.extract.template import likeness
from pipelines.models import Template
from storage.templates import KEPT, SeenTemplate

SAME = 0.35
"""How much pages of one template share at least.

Of 74 real pages, those of one site and template share 0.52 to 1, those of
different sites or of a site before and after a change of design 0 to 0.13.
"""


class TemplateBook:
    """The templates of a site, `known` from earlier crawls and met in this one."""

    def __init__(self) -> None:
        self.known: dict[str, SeenTemplate] = {}
        self.met: dict[str, SeenTemplate] = {}
        self._sets: dict[str, frozenset[int]] = {}
        self._keys: dict[tuple[int, ...], str | None] = {}

    def load(self, known: Iterable[SeenTemplate]) -> None:
        """Takes what the store knows, the template that was seen last first."""
        self.known = {one.key: one for one in known}
        self._sets = {key: frozenset(one.sketch) for key, one in self.known.items()}

    def meet(self, template: Template, url: str, run: int) -> str | None:
        """Returns the key of a page's template, a new one when it is like none that was seen.

        None when it is like none, and there are too many to hold one more: then
        the site has no templates that could be told apart.
        """
        if template.sketch not in self._keys:
            self._keys[template.sketch] = self._like(frozenset(template.sketch))
        key = self._keys[template.sketch]
        if key is None and len(self._sets) < KEPT:
            key = blake2b(repr(template.sketch).encode(), digest_size=6).hexdigest()
            self._keys[template.sketch] = key
            self._sets[key] = frozenset(template.sketch)
            self.met[key] = SeenTemplate(key, template.sketch, template.way, url, run, datetime.now(UTC))
        if key is not None and key not in self.met:
            self.met[key] = self.known[key]
        return key

    def _like(self, sketch: frozenset[int]) -> str | None:
        like, key = max(
            ((likeness(sketch, other), key) for key, other in self._sets.items()),
            key=lambda pair: pair[0],
            default=(0.0, ""),
        )
        return key if like >= SAME else None
