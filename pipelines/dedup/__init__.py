"""Which texts are copies, reprints and excerpts of one another, and which one is the original."""

from pipelines.dedup.comparing import comparison_text
from pipelines.dedup.groups import Document, Grouped, group
from pipelines.dedup.original import Candidate, choose_original
from pipelines.dedup.relations import fingerprint, relation_kind, similarity

__all__ = [
    "Candidate",
    "Document",
    "Grouped",
    "choose_original",
    "comparison_text",
    "fingerprint",
    "group",
    "relation_kind",
    "similarity",
]
