"""What the queue in Redis promises to processes that come, go and die."""

from __future__ import annotations

import time

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from crawler import shared_queue
from crawler.shared_queue import Lost, SharedQueue, Turns, connect

LEASE = 0.2


@pytest.fixture
def queue(redis_server: str, prefix: str) -> SharedQueue:
    return SharedQueue(connect(redis_server), prefix, "jiangwan", LEASE, tries=2)


def payloads(queue: SharedQueue) -> list[bytes]:
    found = []
    while (popped := queue.pop()) is not None:
        found.append(popped[1])
    return found


def test_a_request_is_taken_once_however_often_it_is_pushed(queue: SharedQueue) -> None:
    assert queue.push(b"one", 0, b"fingerprint")
    assert not queue.push(b"one again", 0, b"fingerprint")
    assert payloads(queue) == [b"one"]
    # nor after it was done
    assert not queue.push(b"one", 0, b"fingerprint")


def test_without_a_fingerprint_it_is_always_taken(queue: SharedQueue) -> None:
    assert queue.push(b"retry", 0)
    assert queue.push(b"retry", 0)
    assert payloads(queue) == [b"retry", b"retry"]


def test_the_highest_priority_comes_first_and_the_oldest_of_those(queue: SharedQueue) -> None:
    for payload, priority in ((b"a", 0), (b"b", 0), (b"part", 10), (b"late", -5)):
        queue.push(payload, priority)
    assert payloads(queue) == [b"part", b"a", b"b", b"late"]


def test_two_processes_share_one_queue_and_two_crawls_do_not(redis_server: str, prefix: str) -> None:
    one, two = (SharedQueue(connect(redis_server), prefix, "jiangwan", LEASE, tries=2) for _ in range(2))
    other = SharedQueue(connect(redis_server), prefix, "linlan", LEASE, tries=2)
    one.push(b"a", 0)
    assert other.pop() is None
    assert payloads(two) == [b"a"]
    assert one.pop() is None


def test_what_is_leased_is_still_pending_until_it_is_done(queue: SharedQueue) -> None:
    queue.push(b"a", 0)
    popped = queue.pop()
    assert popped is not None
    assert queue.pending() == 1
    assert not queue.forget()
    queue.done([popped[0]])
    assert queue.pending() == 0


def test_a_lease_that_runs_out_gives_the_request_back_with_its_priority(queue: SharedQueue) -> None:
    queue.push(b"part", 10)
    queue.push(b"a", 0)
    assert queue.pop() is not None
    assert queue.give_back() == (0, [])
    time.sleep(LEASE * 1.5)
    assert queue.give_back() == (1, [])
    assert payloads(queue) == [b"part", b"a"]


def test_a_renewed_lease_does_not_run_out(queue: SharedQueue) -> None:
    queue.push(b"a", 0)
    popped = queue.pop()
    assert popped is not None
    for _ in range(3):
        time.sleep(LEASE * 0.7)
        queue.renew([popped[0]])
    assert queue.give_back() == (0, [])


def test_a_request_that_is_done_is_not_leased_again_by_a_late_renewal(queue: SharedQueue) -> None:
    queue.push(b"a", 0)
    popped = queue.pop()
    assert popped is not None
    queue.done([popped[0]])
    queue.renew([popped[0]])
    assert queue.pending() == 0


def test_a_request_that_ends_each_process_is_set_aside(queue: SharedQueue) -> None:
    queue.push(b"poison", 0)
    for expected in ((1, []), (0, [b"poison"])):
        assert queue.pop() is not None
        time.sleep(LEASE * 1.5)
        assert queue.give_back() == expected
    assert queue.pending() == 0


def test_a_process_that_leaves_gives_back_at_once(queue: SharedQueue) -> None:
    queue.push(b"a", 3)
    popped = queue.pop()
    assert popped is not None
    queue.release([popped[0]])
    assert payloads(queue) == [b"a"]


def test_when_all_is_done_the_next_crawl_begins_anew(queue: SharedQueue) -> None:
    queue.push(b"a", 0, b"fingerprint")
    popped = queue.pop()
    assert popped is not None
    queue.done([popped[0]])
    assert queue.forget()
    assert queue.push(b"a", 0, b"fingerprint")


def test_processes_take_turns_at_a_host(redis_server: str, prefix: str) -> None:
    one, two = (Turns(connect(redis_server), prefix) for _ in range(2))
    assert one.take("www.jiangwan.example", 0.3) == 0
    wait = two.take("www.jiangwan.example", 0.3)
    assert 0 < wait <= 0.3
    assert two.take("www.linlan.example", 0.3) == 0
    time.sleep(wait + 0.01)
    assert two.take("www.jiangwan.example", 0.3) == 0
    assert one.take("www.jiangwan.example", 0.3) > 0


def test_a_server_that_does_not_answer_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_queue, "TRIES", 1)
    queue = SharedQueue(connect("redis://127.0.0.1:1/0"), "test", "jiangwan", LEASE, tries=2)
    with pytest.raises(Lost) as error:
        queue.pending()
    assert isinstance(error.value, RedisConnectionError)
