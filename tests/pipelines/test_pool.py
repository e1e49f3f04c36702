import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.pool import WorkerDied, WorkerPool, WorkerTimeout

LINUX = sys.platform == "linux"


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


class OddError(Exception):
    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


def raise_odd() -> None:
    raise OddError("惠", "民")


def give_generator() -> object:
    return (n for n in range(3))


def test_what_can_not_be_sent_back_is_said():
    async def work():
        pool = WorkerPool(1)
        try:
            return await asyncio.gather(
                pool.run(raise_odd), pool.run(give_generator), pool.run(double, 2), return_exceptions=True
            )
        finally:
            pool.close()

    odd, generator, fine = run(work())
    assert (str(odd), fine) == ("OddError: 惠民", 4)
    assert "can't be sent back" in str(generator)


def test_large_pages_pass_both_ways():
    async def work():
        pool = WorkerPool(2)
        try:
            page = b"\xe6\x83\xa0" * 3_000_000
            return [len(part) for part in await asyncio.gather(*(pool.run(bytes, page) for _ in range(4)))]
        finally:
            pool.close()

    assert run(work()) == [9_000_000] * 4


def test_a_worker_ends_with_its_parent():
    code = (
        "import asyncio, os\nfrom pipelines.pool import WorkerPool\n"
        "async def work():\n    pool = WorkerPool(1)\n    await pool.run(len, 'x')\n"
        "    print(pool.pids()[0], flush=True)\n    os._exit(9)\n"
        "if __name__ == '__main__':\n    asyncio.run(work())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 9
    worker = int(done.stdout)
    deadline = time.monotonic() + 20
    while _alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(worker)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1][:3] if LINUX else True
