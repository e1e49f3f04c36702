"""People and organisations in a text, with the place of each mention."""

from pipelines.entities.mentions import find_entities

__all__ = ["find_entities"]
