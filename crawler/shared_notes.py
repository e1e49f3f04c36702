"""What the processes of a shared crawl note in Redis for the one that ends last, and which that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis import Redis

from crawler.shared_queue import NOW, key_base

# the crawl is known by the run of the process that joined it first
_JOIN = (
    NOW
    + """
redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[2])
redis.call('SADD', KEYS[2], ARGV[2])
redis.call('SETNX', KEYS[3], ARGV[2])
return redis.call('GET', KEYS[3])
"""
)
_RENEW = (
    NOW
    + """
return redis.call('ZADD', KEYS[1], 'XX', now + ARGV[1], ARGV[2])
"""
)
# the last one takes all that was noted, and leaves nothing: who comes now begins anew
_LEAVE = (
    NOW
    + """
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) > 0 then return nil end
if redis.call('ZCARD', KEYS[5]) + redis.call('ZCARD', KEYS[6]) > 0 then return nil end
local crawl = redis.call('GET', KEYS[3])
if not crawl then return nil end
local runs, notes = redis.call('SMEMBERS', KEYS[2]), redis.call('LRANGE', KEYS[4], 0, -1)
for i = 1, #KEYS do redis.call('DEL', KEYS[i]) end
return {crawl, runs, notes}
"""
)


@dataclass(slots=True, frozen=True)
class Ending:
    """A shared crawl that is done: the run that it is known by, those of all processes, and their notes."""

    crawl: int
    runs: tuple[int, ...]
    notes: tuple[bytes, ...]


class SharedNotes:
    """The notes of the crawl `name`. A process counts as gone `lease` seconds after it was last heard of."""

    def __init__(self, server: Redis, prefix: str, name: str, lease: float) -> None:
        self._lease = round(lease * 1000)
        self._server = server
        base = key_base(prefix, name)
        self._members, self._runs, self._crawl, self._notes = (
            base + part for part in ("members", "runs", "crawl", "notes")
        )
        # queue and leases tell whether anything is left; all that the queue keeps goes with the notes
        self._queue = [
            base + part for part in ("queue", "leased", "seen", "sequence", "payload", "priority", "expired")
        ]
        self._join, self._renew, self._leave = (
            server.register_script(script) for script in (_JOIN, _RENEW, _LEAVE)
        )

    def join(self, run: int) -> int:
        """Notes that a process with this run takes part; returns the run that the crawl is known by."""
        keys = [self._members, self._runs, self._crawl]
        return int(self._join(keys=keys, args=[self._lease, run]))

    def renew(self, run: int) -> None:
        """Notes that the process with this run lives."""
        self._renew(keys=[self._members], args=[self._lease, run])

    def add(self, note: bytes) -> None:
        """Keeps a note until the crawl is done."""
        self._server.rpush(self._notes, note)

    def leave(self, run: int) -> Ending | None:
        """Ends a process's part; returns the whole crawl when it was the last one, and nothing is left."""
        keys = [self._members, self._runs, self._crawl, self._notes, *self._queue]
        found: Any = self._leave(keys=keys, args=[run])
        return Ending(int(found[0]), _numbers(found[1]), tuple(found[2])) if found else None


def _numbers(found: Sequence[bytes]) -> tuple[int, ...]:
    return tuple(sorted(map(int, found)))
