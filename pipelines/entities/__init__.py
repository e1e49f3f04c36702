"""People, organisations, figures, times and topics of a text, with the place of each mention."""

from pipelines.entities.figures import find_figures
from pipelines.entities.mentions import find_entities
from pipelines.entities.times import find_times
from pipelines.entities.topics import find_topics

__all__ = ["find_entities", "find_figures", "find_times", "find_topics"]
