"""Worker processes for the CPU work of a crawl, behind `await pool.run(function, *args)`.

Each worker is a `ProcessPoolExecutor` of one process, so that a job is always
alone on its worker: when the worker dies or takes too long, only that job is
touched. A job whose worker died is tried once more on a new one.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import TypeVar

T = TypeVar("T")

DEFAULT_TIMEOUT = 30.0
"""Seconds that one job may take on a worker before the worker is ended."""

TRIES = 2
"""How often a job is started when its worker dies under it."""


class WorkerDied(RuntimeError):
    """The worker process died under a job, each time that it was tried."""


class WorkerTimeout(RuntimeError):
    """A job took longer than the limit, and its worker was ended."""


def _prepare_worker() -> None:
    """Leaves Ctrl-C to the parent, and ends this process when the parent is gone."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        sentinel = parent.sentinel
        threading.Thread(target=lambda: (wait([sentinel]), os._exit(1)), daemon=True).start()


class _Worker:
    """One process and the executor that feeds it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.executor = ProcessPoolExecutor(1, mp_context=context, initializer=_prepare_worker)
        self.pid: int | None = None

    async def run(self, function: Callable[..., T], args: tuple[object, ...], timeout: float) -> T:
        if self.pid is None:
            # not part of the job's time: a new process first imports its modules
            self.pid = await asyncio.wrap_future(self.executor.submit(os.getpid))
        future = self.executor.submit(function, *args)
        try:
            async with asyncio.timeout(timeout):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            if future.done() and not future.cancelled():
                raise  # the job itself raised it
            self.kill()
            raise WorkerTimeout(f"took more than {timeout:g} s") from None

    def kill(self) -> None:
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.executor.shutdown(wait=False, cancel_futures=True)


class WorkerPool:
    """A fixed number of workers; a job waits until one is free.

    `workers` defaults to the number of cores, `timeout` is in seconds. Belongs
    to one event loop; processes start with the first job.
    """

    def __init__(self, workers: int | None = None, timeout: float = DEFAULT_TIMEOUT) -> None:
        self.size = workers or os.cpu_count() or 1
        self.timeout = timeout
        self.replaced = 0
        self._idle: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        for _ in range(self.size):
            self._idle.put_nowait(None)
        self._alive: set[_Worker] = set()

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """Calls a module-level function in a worker and returns its result.

        Raises what the function raises, `WorkerTimeout` when it takes longer
        than the limit, `WorkerDied` when its worker died under it `TRIES` times.
        """
        for _ in range(TRIES):
            worker = await self._idle.get()
            if worker is None:
                worker = _Worker()
                self._alive.add(worker)
            healthy = False
            try:
                result = await worker.run(function, args, self.timeout)
                healthy = True
                return result
            except BrokenProcessPool:
                continue
            except WorkerTimeout:
                raise
            except Exception:
                healthy = True
                raise
            finally:
                if not healthy:
                    self._alive.discard(worker)
                    worker.kill()
                    self.replaced += 1
                self._idle.put_nowait(worker if healthy else None)
        raise WorkerDied(f"the worker process died {TRIES} times")

    def pids(self) -> list[int]:
        """Returns the process ids of the workers that have started."""
        return [w.pid for w in self._alive if w.pid is not None]

    def close(self) -> None:
        """Ends the workers after their present job."""
        for worker in self._alive:
            worker.executor.shutdown(wait=True, cancel_futures=True)
        self._alive.clear()
