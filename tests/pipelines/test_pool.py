import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from pipelines.pool import WorkerDied, WorkerPool, WorkerTimeout


def double(number: int) -> int:
    return number * 2


def refuse(text: str) -> None:
    raise ValueError(text)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(flag: str) -> str:
    if not Path(flag).exists():
        Path(flag).touch()
        die()
    return "done"


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def run(coroutine):
    return asyncio.run(coroutine)


def test_jobs_come_back_each_with_its_own_result():
    async def work():
        pool = WorkerPool(2)
        try:
            return await asyncio.gather(*(pool.run(double, n) for n in range(40)))
        finally:
            pool.close()

    assert run(work()) == [n * 2 for n in range(40)]


def test_an_exception_comes_back_and_the_worker_stays():
    async def work():
        pool = WorkerPool(1)
        try:
            with pytest.raises(ValueError, match="坏页"):
                await pool.run(refuse, "坏页")
            return await pool.run(double, 4), pool.replaced
        finally:
            pool.close()

    assert run(work()) == (8, 0)


def test_a_job_whose_worker_died_is_tried_again(tmp_path):
    async def work():
        pool = WorkerPool(1)
        try:
            return await pool.run(die_once, str(tmp_path / "flag")), pool.replaced
        finally:
            pool.close()

    assert run(work()) == ("done", 1)


def test_a_job_that_kills_its_worker_takes_no_other_with_it():
    async def work():
        pool = WorkerPool(2)
        try:
            jobs = [pool.run(double, n) for n in range(10)] + [pool.run(die)]
            return await asyncio.gather(*jobs, return_exceptions=True)
        finally:
            pool.close()

    *good, bad = run(work())
    assert good == [n * 2 for n in range(10)]
    assert isinstance(bad, WorkerDied)


def test_a_job_that_takes_too_long_is_ended_and_the_next_runs():
    async def work():
        pool = WorkerPool(1, timeout=1)
        try:
            await pool.run(double, 1)
            with pytest.raises(WorkerTimeout, match=r"more than 1 s"):
                await pool.run(sleep, 60)
            return await pool.run(double, 5)
        finally:
            pool.close()

    assert run(work()) == 10


def test_cancelling_a_waiting_job_gives_its_worker_back():
    async def work():
        pool = WorkerPool(1)
        try:
            first = asyncio.ensure_future(pool.run(sleep, 5))
            await asyncio.sleep(0.5)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            return await pool.run(double, 3)
        finally:
            pool.close()

    assert run(work()) == 6
