"""The relational store: SQLite for a machine of one's own, PostgreSQL for production."""

from storage.errors import StoreError
from storage.rows import text_digest
from storage.store import Known, Store, open_store
from storage.writer import SaveReport

__all__ = ["Known", "SaveReport", "Store", "StoreError", "open_store", "text_digest"]
