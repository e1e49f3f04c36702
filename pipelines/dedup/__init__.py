"""Which texts are copies, reprints and excerpts of one another, and which one is the original."""

from pipelines.dedup.comparing import comparison_text
from pipelines.dedup.groups import Document, Further, Grouped, group
from pipelines.dedup.original import Candidate, choose_original
from pipelines.dedup.relations import MIN_LENGTH, Resemblance, fingerprint, resemblance

__all__ = [
    "MIN_LENGTH",
    "Candidate",
    "Document",
    "Further",
    "Grouped",
    "Resemblance",
    "choose_original",
    "comparison_text",
    "fingerprint",
    "group",
    "resemblance",
]
