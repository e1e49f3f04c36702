"""Which stored pages are fetched again: a few times while they are young, then never.

News is corrected in its first hours and taken down in its first weeks, so the
visits lie ever further apart. The ages are the setting REVISIT_AGES.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage import Known

TRANSIENT_DAYS = timedelta(days=3)
"""How long a page that the server could not give is tried in every crawl."""

LATE = timedelta(days=7)
"""How long after its last age a page may still get its last visit, when no crawl came in time."""


def is_due(known: Known, now: datetime, ages: Sequence[timedelta]) -> bool:
    """Tells whether a page has reached one of `ages` since its last fetch.

    An article's age is counted from when it was put out, that of another page
    from its first fetch. What failed by the server's fault is due at once.
    """
    if is_transient(known) and now - known.first_seen_at < TRANSIENT_DAYS:
        return True
    return any(known.last_fetched_at < known.born_at + age <= now for age in ages)


def is_transient(known: Known) -> bool:
    """Tells whether the last fetch failed in a way that may be over by now."""
    if not known.last_failure or known.last_failure in ("offsite_redirect", "redirect_loop", "too_large"):
        return False
    return known.last_status in (0, 408, 429) or known.last_status >= 500
