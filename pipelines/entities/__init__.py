"""Who, what organisation, where and how many: everything that a text names, with its offsets."""

from pipelines.entities.reading import find_entities

__all__ = ["find_entities"]
