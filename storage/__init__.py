"""The relational store: SQLite for a machine of one's own, PostgreSQL for production."""

from storage.errors import StoreError
from storage.leases import Claim, SiteRefused
from storage.pages import Known
from storage.rows import text_digest
from storage.store import Store, open_store
from storage.writer import SaveReport

__all__ = [
    "Claim",
    "Known",
    "SaveReport",
    "SiteRefused",
    "Store",
    "StoreError",
    "open_store",
    "text_digest",
]
