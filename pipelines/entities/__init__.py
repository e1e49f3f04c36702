"""Who, what organisation, where and how many: everything that a text names, with its offsets."""

from pipelines.entities.figures import find_figures
from pipelines.entities.places import find_places
from pipelines.entities.reading import find_entities
from pipelines.entities.times import find_times
from pipelines.entities.topics import find_topics

__all__ = ["find_entities", "find_figures", "find_places", "find_times", "find_topics"]
