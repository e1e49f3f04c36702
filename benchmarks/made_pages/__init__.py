"""Made-up news pages in the habits of many publishing systems, each with its truth.

Everything depends on the seed. The texts, people and organisations are
invented; the layouts combine what many sites of a kind do, and copy none.
"""

from __future__ import annotations

from benchmarks.made_pages.page import MadePage, Truth
from benchmarks.made_pages.templates import TEMPLATES, make_page, make_pages

__all__ = ["TEMPLATES", "MadePage", "Truth", "make_page", "make_pages"]
