"""One queue of requests in Redis for any number of processes, and turns at a host that all of them keep.

A request is pushed together with its fingerprint, and popped into a lease, each
in one step that Redis runs whole. A lease ends when its request is done, or by
itself some time after its process was last heard of; then the request goes back
to the queue. So a process that is killed at any moment loses none. Times are
Redis's own: the clocks of the machines need not agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

TRIES = 5
"""How often one command is tried before the server counts as lost."""
TIMEOUT = 10.0
"""Seconds that one command may take."""

Lost = (RedisConnectionError, RedisTimeoutError)
"""What a command raises when the server does not answer, all tries together."""

NOW = "local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)\n"
"""How scripts begin that need the time: milliseconds, by Redis's clock."""

# a request that was seen before stays out, unless it is to be fetched in any case
_PUSH = """
if ARGV[1] ~= '' and redis.call('SADD', KEYS[1], ARGV[1]) == 0 then return 0 end
local id = string.format('%016d', redis.call('INCR', KEYS[2]))
redis.call('HSET', KEYS[3], id, ARGV[3])
redis.call('ZADD', KEYS[4], ARGV[2], id)
return 1
"""
_POP = (
    NOW
    + """
local found = redis.call('ZPOPMIN', KEYS[1])
if #found == 0 then return nil end
redis.call('ZADD', KEYS[2], now + ARGV[1], found[1])
redis.call('HSET', KEYS[3], found[1], found[2])
return {found[1], redis.call('HGET', KEYS[4], found[1])}
"""
)
_RENEW = (
    NOW
    + """
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], 'XX', now + ARGV[1], ARGV[i]) end
return now
"""
)
_DONE = """
for _, id in ipairs(ARGV) do
  redis.call('ZREM', KEYS[1], id)
  for i = 2, 4 do redis.call('HDEL', KEYS[i], id) end
end
return #ARGV
"""
_RELEASE = """
for _, id in ipairs(ARGV) do
  if redis.call('ZREM', KEYS[1], id) == 1 then
    redis.call('ZADD', KEYS[2], redis.call('HGET', KEYS[3], id), id)
  end
end
return #ARGV
"""
_EXPIRE = (
    NOW
    + """
local back, aside = 0, {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  redis.call('ZREM', KEYS[1], id)
  if redis.call('HINCRBY', KEYS[5], id, 1) >= tonumber(ARGV[1]) then
    local payload = redis.call('HGET', KEYS[4], id)
    redis.call('HSET', KEYS[6], id, payload)
    for i = 3, 5 do redis.call('HDEL', KEYS[i], id) end
    aside[#aside + 1] = payload
  else
    redis.call('ZADD', KEYS[2], redis.call('HGET', KEYS[3], id), id)
    back = back + 1
  end
end
return {back, aside}
"""
)
_PENDING = "return redis.call('ZCARD', KEYS[1]) + redis.call('ZCARD', KEYS[2])"
_FORGET = """
if redis.call('ZCARD', KEYS[1]) + redis.call('ZCARD', KEYS[2]) > 0 then return 0 end
for i = 1, #KEYS do redis.call('DEL', KEYS[i]) end
return 1
"""
_TURN = (
    NOW
    + """
local free = tonumber(redis.call('GET', KEYS[1]) or '0')
if free > now then return free - now end
redis.call('SET', KEYS[1], now + ARGV[1], 'PX', ARGV[1] + 60000)
return 0
"""
)


def connect(url: str) -> Redis:
    """Returns a client for a URL such as redis://HOST:6379/0; raises ValueError for one that is none."""
    retry = Retry(ExponentialBackoff(cap=2.0, base=0.1), TRIES)
    return Redis.from_url(url, retry=retry, socket_timeout=TIMEOUT, retry_on_error=list(Lost))


def key_base(prefix: str, name: str) -> str:
    """What the names of all keys of the crawl `name` begin with."""
    return f"{{{prefix}:{name}}}:"  # braces keep the keys of a crawl on one node of a cluster


class SharedQueue:
    """The queue of the crawl `name`; `lease` is in seconds, `tries` how often a lease may run out."""

    def __init__(self, server: Redis, prefix: str, name: str, lease: float, tries: int) -> None:
        self._lease = round(lease * 1000)
        self._tries = tries
        base = key_base(prefix, name)
        self._seen, self._sequence, self._payload, self._queue, self._leased, self._priority = (
            base + part for part in ("seen", "sequence", "payload", "queue", "leased", "priority")
        )
        self._expired, self._aside = base + "expired", base + "set_aside"
        scripts = (_PUSH, _POP, _RENEW, _DONE, _RELEASE, _EXPIRE, _PENDING, _FORGET)
        (
            self._push,
            self._pop,
            self._renew,
            self._done,
            self._release,
            self._expire,
            self._pending,
            self._forget,
        ) = (server.register_script(script) for script in scripts)

    def push(self, payload: bytes, priority: int, fingerprint: bytes = b"") -> bool:
        """Adds a request, the highest priority first and the oldest of those; False when it was seen before.

        Without a fingerprint it is added in any case.
        """
        keys = [self._seen, self._sequence, self._payload, self._queue]
        return bool(self._push(keys=keys, args=[fingerprint, -priority, payload]))

    def pop(self) -> tuple[bytes, bytes] | None:
        """Leases the next request: its id and payload; None when none waits."""
        keys = [self._queue, self._leased, self._priority, self._payload]
        found: Any = self._pop(keys=keys, args=[self._lease])
        return (found[0], found[1]) if found else None

    def renew(self, ids: Iterable[bytes]) -> None:
        """Makes the leases of `ids` begin anew."""
        if ids := list(ids):
            self._renew(keys=[self._leased], args=[self._lease, *ids])

    def done(self, ids: Iterable[bytes]) -> None:
        """Ends the leases of `ids`, whose requests are dealt with for good."""
        if ids := list(ids):
            self._done(keys=[self._leased, self._payload, self._priority, self._expired], args=ids)

    def release(self, ids: Iterable[bytes]) -> None:
        """Gives leased requests back to the queue."""
        if ids := list(ids):
            self._release(keys=[self._leased, self._queue, self._priority], args=ids)

    def give_back(self) -> tuple[int, list[bytes]]:
        """Gives back what dead processes held.

        Returns how many requests, and the payloads of those that were set aside
        since their lease has now run out `tries` times.
        """
        keys = [self._leased, self._queue, self._priority, self._payload, self._expired, self._aside]
        back, aside = self._expire(keys=keys, args=[self._tries])
        return back, aside

    def pending(self) -> int:
        """Returns how many requests wait or are leased, by whichever process."""
        return int(self._pending(keys=[self._queue, self._leased]))

    def forget(self) -> bool:
        """Ends the crawl: what was seen is forgotten, unless a request still waits or is leased."""
        keys = [self._queue, self._leased, self._seen, self._sequence, self._payload, self._priority]
        return bool(self._forget(keys=[*keys, self._expired]))


class Turns:
    """Whose turn it is at a host: at most one request each `delay`, from all processes together."""

    def __init__(self, server: Redis, prefix: str) -> None:
        self._prefix = prefix
        self._turn = server.register_script(_TURN)

    def take(self, host: str, delay: float) -> float:
        """Takes the turn and returns 0, or returns how long it is not free; both in seconds."""
        wait = self._turn(keys=[f"{self._prefix}:turn:{host}"], args=[round(delay * 1000)])
        return float(wait) / 1000
