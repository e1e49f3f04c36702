"""The picture of the tables is the one that the models give."""

from __future__ import annotations

from scripts.draw_schema import DOCUMENT, PARTS, document
from storage.models import Base


def test_the_picture_is_current():
    assert DOCUMENT.read_text("utf-8") == document(), "run: python scripts/draw_schema.py"


def test_every_table_is_drawn():
    assert {table for tables in PARTS.values() for table in tables} == set(Base.metadata.tables)
