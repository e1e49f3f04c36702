"""Where each text stands among those that it resembles: what it was taken from.

The same rules for a file and for the store. A text is placed by the pairs that
it forms and by when the texts were published, never by how other texts were
placed, so the order in which texts arrive makes no difference, and one more
text asks only for a look at what is near to it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Generic, Literal, TypeVar

from pipelines.dedup.relations import (
    LEAD_SENTENCES,
    MIN_LENGTH,
    MIN_OVERLAP_LENGTH,
    Kind,
    Resemblance,
)

# a joined text: two unrelated texts, of which it holds much, make up most of it
MIN_JOINED_HELD: Final = 0.6
MIN_FURTHER_HELD: Final = 0.5
MIN_JOINED_SHARE: Final = 0.6
MAX_JOINED_SHARE: Final = 0.9  # of one of them
MIN_JOINED_LENGTH: Final = 80  # characters
# so few words as are left of a teaser that is nearly all dateline may begin any text of other days
MAX_DAYS: Final = 3
# texts of which another one has the same share, but for this, are told apart by what else they have
SAME_SHARE: Final = 0.05
# a joined text is another one's source only when both are nearly the same
MIN_JOINED_NEARNESS: Final = 0.7

# texts of which the shorter one has this share in common, and no relation, state different facts
SURE_OVERLAP: Final = 0.55

Id = TypeVar("Id", bound=Hashable)
RelationName = Literal["copy", "reprint", "excerpt"]


@dataclass(slots=True, frozen=True)
class Standing:
    """What is known of a text besides its words.

    `order` sorts the texts, the earlier first; `day` is the day of publication
    as a number; `title` tells hosts apart that hold the same teaser.
    """

    order: tuple[object, ...]
    day: int
    length: int
    sentences: int = 1
    cut: bool = False
    title: str = ""


@dataclass(slots=True, frozen=True)
class Source(Generic[Id]):
    """A text that another one was taken from; `similarity` is the share of the shorter that both have.

    `share` is how much of the taken text comes from it.
    """

    id: Id
    kind: RelationName
    similarity: float
    share: float


class Neighbourhood(Generic[Id]):
    """Some texts with all that they resemble.

    `standing` and `resemblances` are asked for what is known of a text; a
    resemblance is seen from the text that was asked for.
    """

    def __init__(
        self,
        standing: Callable[[Id], Standing],
        resemblances: Callable[[Id], Mapping[Id, Resemblance]],
    ) -> None:
        self._standing = standing
        self._resemblances = resemblances
        self._joined: dict[Id, bool] = {}
        self._hosts: dict[Id, list[Id]] = {}

    def sources(self, id_: Id) -> list[Source[Id]]:
        """What a text was taken from, the one whose story it belongs to first; empty for an original."""
        hosts = self.hosts(id_)
        earlier = self._earlier(id_)
        # an excerpt is nobody's source: what is cut from it was cut from its host
        whole = [other for other in earlier if self._is_whole(id_, other)]
        if hosts and self._is_excerpt(hosts, whole):
            pairs = self._resemblances(id_)
            return [Source(host, "excerpt", pairs[host].held, pairs[host].held) for host in hosts[:1]]
        if not whole:
            return []
        first = self._first_source(id_, whole)
        return [self._source(id_, other) for other in (first, *self._further(id_, first, earlier))]

    def _is_excerpt(self, hosts: Sequence[Id], whole: Sequence[Id]) -> bool:
        """Decides for a part of some texts that is nearly the whole of others."""
        if any(other not in self._resemblances(hosts[0]) for other in whole):
            return False  # a text of its own, that an unrelated one happens to hold
        # a lead may be the half of a text that was cut itself, a half the third of one that was added to
        if len(hosts) != len(whole):
            return len(hosts) > len(whole)
        return min(hosts, key=self._key) == min((*hosts, *whole), key=self._key)

    def _first_source(self, id_: Id, whole: Sequence[Id]) -> Id:
        """The text of which `id_` has most, and the nearest of those of which it has as much."""
        pairs = self._resemblances(id_)
        single = [
            other
            for other in whole
            if not self.is_joined(other) or self._nearness(id_, other) >= MIN_JOINED_NEARNESS
        ]
        most = min(single or whole, key=lambda other: (-pairs[other].held, self._key(other)))
        # of its story: another story that a joined text has nearly as much of comes second
        largest = [
            other
            for other in single or whole
            if pairs[other].held >= pairs[most].held - SAME_SHARE
            and (other == most or other in self._resemblances(most))
        ]
        return min(largest, key=lambda other: (-self._nearness(id_, other), self._key(other)))

    def hosts(self, id_: Id) -> list[Id]:
        """The longer texts that hold a text nearly whole, the one it was most likely cut from first."""
        if id_ not in self._hosts:
            own, pairs = self._standing(id_), self._resemblances(id_)
            found = [other for other, pair in pairs.items() if self._is_host(id_, other, pair)]
            ranks = {
                other: (
                    self.is_joined(other),
                    not pairs[other].lead,
                    -round(pairs[other].held, 1),
                    not own.title or self._standing(other).title != own.title,
                    abs(self._standing(other).day - own.day),
                    self._key(other),
                )
                for other in found
            }
            self._hosts[id_] = sorted(found, key=ranks.__getitem__)
        return self._hosts[id_]

    def is_joined(self, id_: Id) -> bool:
        """Tells a text that was put together from others, which do not resemble each other."""
        if id_ not in self._joined:
            pairs = self._resemblances(id_)
            parts = [other for other, pair in pairs.items() if self._is_part(id_, other, pair)]
            self._joined[id_] = any(
                pairs[a].held + pairs[b].held >= MIN_JOINED_SHARE and b not in self._resemblances(a)
                for a, b in combinations(sorted(parts, key=lambda p: -pairs[p].held)[:_MAX_PARTS], 2)
            )
        return self._joined[id_]

    # --- pairs ---

    def _is_host(self, id_: Id, other: Id, pair: Resemblance) -> bool:
        own, host = self._standing(id_), self._standing(other)
        if pair.kind != "part" or (own.length, id_) >= (host.length, other):
            return False
        if own.length < MIN_LENGTH and own.title != host.title and abs(own.day - host.day) > MAX_DAYS:
            return False
        # without dots it is a text of its own, that a later or joined one took in
        return own.cut or (host.day <= own.day and not self.is_joined(other))

    def _is_part(self, id_: Id, other: Id, pair: Resemblance) -> bool:
        own, part = self._standing(id_), self._standing(other)
        return (
            pair.other_held >= MIN_JOINED_HELD
            and part.length >= MIN_JOINED_LENGTH
            and pair.held < MAX_JOINED_SHARE
            and not part.cut
            and part.sentences > LEAD_SENTENCES
            and part.day <= own.day
        )

    def _earlier(self, id_: Id) -> list[Id]:
        key = self._key(id_)
        return [other for other in self._resemblances(id_) if self._key(other) < key]

    def _is_whole(self, id_: Id, other: Id) -> bool:
        return (
            self._resemblances(id_)[other].kind in _WHOLE
            and not self.hosts(other)
            and not any(self.contradicts(id_, other, third) for third in self._resemblances(other))
        )

    def contradicts(self, id_: Id, other: Id, third: Id) -> bool:
        """Tells whether `other` is of one form with `id_` only because it was cut from `third`.

        Two notices of one form may differ by figures that stand in the half
        that was cut off. Both have so much of it in common that they were
        related if their facts agreed.
        """
        pairs, own = self._resemblances(other), self._standing(other).length
        if third == id_ or third in self._resemblances(id_) or pairs[third].kind not in _WHOLE:
            return False
        lengths = (self._standing(id_).length, self._standing(third).length)
        common = own * (pairs[id_].held + pairs[third].held - 1)
        return own < min(lengths) and common >= max(MIN_OVERLAP_LENGTH, SURE_OVERLAP * min(lengths))

    def _key(self, id_: Id) -> tuple[object, ...]:
        # on the same day a joined text comes after what it was joined from
        standing = self._standing(id_)
        return (standing.day, self.is_joined(id_), *standing.order)

    def _nearness(self, id_: Id, other: Id) -> float:
        """What both have, of all that either has."""
        own, length, pair = (
            self._standing(id_).length,
            self._standing(other).length,
            self._resemblances(id_)[other],
        )
        common = min(pair.held * own, pair.other_held * length)
        return common / (own + length - common)

    def _further(self, id_: Id, first: Id, earlier: Sequence[Id]) -> list[Id]:
        """The other texts that a joined one was taken from, the larger share first, one of each story."""
        pairs = self._resemblances(id_)
        found: list[Id] = []
        for other in sorted(earlier, key=lambda other: (-pairs[other].held, self._key(other))):
            taken = (first, *found)
            if (
                other not in taken
                and pairs[other].other_held >= MIN_FURTHER_HELD
                and self._standing(other).length >= MIN_JOINED_LENGTH
                and not self._standing(other).cut
                and not any(known in self._resemblances(other) for known in taken)
            ):
                found.append(other)
        return found

    def _source(self, id_: Id, other: Id) -> Source[Id]:
        pair = self._resemblances(id_)[other]
        kind: RelationName = "copy" if pair.kind == "copy" else "reprint"
        return Source(other, kind, max(pair.held, pair.other_held), pair.held)


_MAX_PARTS: Final = 16
_WHOLE: Final[tuple[Kind, ...]] = ("copy", "reprint")
