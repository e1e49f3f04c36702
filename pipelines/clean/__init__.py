"""Text normalised, and boilerplate set aside with its kind."""

from pipelines.clean.article import clean
from pipelines.clean.boilerplate import set_aside
from pipelines.clean.text import normalise_line, normalise_text

__all__ = ["clean", "normalise_line", "normalise_text", "set_aside"]
