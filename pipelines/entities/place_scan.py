"""Every place name of a text, from countries to spots: what stands where, not yet which place it is."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.entities.place_lower import find_again, find_listed, find_lower
from pipelines.entities.place_spots import find_spots
from pipelines.entities.place_text import Evidence, Found, PlaceText, without_overlap
from pipelines.entities.place_upper import find_upper
from pipelines.models import Mention


def scan(body: str, mentions: Sequence[Mention] = (), region: Sequence[str] = ()) -> list[Found]:
    """The names in order, none overlapping another; `mentions` are the text's organisations and people.

    A name inside an organisation's is marked, one that touches a person's is
    left out. `region` holds codes of divisions that the text is known to be about.
    """
    text, evidence = PlaceText(body, mentions), Evidence()
    for code in region:
        evidence.add([code])
    upper = find_upper(text, evidence)
    found = without_overlap(upper, find_lower(text, upper, evidence))
    found = without_overlap(find_listed(text, evidence), found)
    found = without_overlap(found, find_spots(text, found))
    found = without_overlap(find_again(text, found), found)
    text.mark(found)
    return found
