"""Worker processes for the CPU work of a crawl, behind `await pool.run(function, *args)`.

A job is always alone on its worker: when the worker dies or takes too long,
only that job is touched. A job whose worker died is tried once more on a new
one. Parent and worker talk over a pipe that the event loop watches: the threads
of an executor would wake up twice a job, and wait for the interpreter's lock
behind whatever else the crawl computes.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar, cast

T = TypeVar("T")

DEFAULT_TIMEOUT = 30.0
"""Seconds that one job may take on a worker before the worker is ended."""

START_TIMEOUT = 60.0
"""Seconds that a worker may take to start."""

CLOSE_TIMEOUT = 10.0
"""Seconds that a worker may take for its last job when the pool is closed."""

TRIES = 2
"""How often a job is started when its worker dies under it."""

GC_THRESHOLD = 50_000
"""Objects between two looks for cycles in a worker; Python's default of 700 costs a tenth of its time."""


class WorkerDied(RuntimeError):
    """The worker process died under a job, each time that it was tried."""


class WorkerTimeout(RuntimeError):
    """A job took longer than the limit, and its worker was ended."""


class _WorkerGoneError(Exception):
    """The other end of the pipe is closed."""


# --- in the worker ---


def _serve(connection: Connection) -> None:
    """Does one job after the other until the pipe is closed."""
    _prepare_worker()
    connection.send_bytes(b"ready")
    while True:
        try:
            message = connection.recv_bytes()
        except EOFError:
            return
        try:
            function, args = pickle.loads(message)  # noqa: S301 - from our own parent process
            answer = _pickled((True, function(*args)))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the caller's
            answer = _pickled((False, error))
        connection.send_bytes(answer)


def _prepare_worker() -> None:
    """Leaves Ctrl-C to the parent, and ends this process when the parent is gone."""
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        sentinel = parent.sentinel
        threading.Thread(target=lambda: (wait([sentinel]), os._exit(1)), daemon=True).start()


def _pickled(answer: tuple[bool, object]) -> bytes:
    try:
        data = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
        if not answer[0]:
            pickle.loads(data)  # noqa: S301 - an exception may be made in ways that pickle can't repeat
        return data
    except Exception as error:  # noqa: BLE001 - told to the caller in place of the answer
        text = f"{type(answer[1]).__name__}: {answer[1]}" if not answer[0] else f"can't be sent back: {error}"
        return pickle.dumps((False, RuntimeError(text)))


# --- in the parent ---


class _Worker:
    """One process and the pipe to it; the process starts at once."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()
        self.ready = False

    async def run(self, function: Callable[..., T], args: tuple[object, ...], timeout: float) -> T:
        if not self.ready:
            # not part of the job's time: a new process first imports its modules
            await self._received(START_TIMEOUT)
            self.ready = True
        self._send(pickle.dumps((function, args), pickle.HIGHEST_PROTOCOL))
        answer = await self._received(timeout)
        ok, value = cast(tuple[bool, Any], pickle.loads(answer))  # noqa: S301 - from our own worker
        if ok:
            return cast(T, value)
        raise value

    def _send(self, data: bytes) -> None:
        try:
            self.connection.send_bytes(data)
        except OSError:
            raise _WorkerGoneError from None

    async def _received(self, timeout: float) -> bytes:
        """The next message of the worker, or _WorkerGoneError when it has ended, or WorkerTimeout."""
        loop = asyncio.get_running_loop()
        descriptor = self.connection.fileno()
        arrived = asyncio.Event()
        loop.add_reader(descriptor, arrived.set)
        try:
            async with asyncio.timeout(timeout):
                await arrived.wait()
        except TimeoutError:
            raise WorkerTimeout(f"took more than {timeout:g} s") from None
        finally:
            loop.remove_reader(descriptor)
        try:
            return self.connection.recv_bytes()
        except (EOFError, OSError):
            raise _WorkerGoneError from None

    def close(self, timeout: float) -> None:
        """Ends the process after its present job, or after `timeout` seconds."""
        self.connection.close()
        self.process.join(timeout)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


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
            except _WorkerGoneError:
                continue
            except WorkerTimeout:
                raise
            except Exception:
                healthy = True
                raise
            finally:
                if not healthy:
                    self._alive.discard(worker)
                    worker.close(0)
                    self.replaced += 1
                self._idle.put_nowait(worker if healthy else None)
        raise WorkerDied(f"the worker process died {TRIES} times")

    def pids(self) -> list[int]:
        """Returns the process ids of the workers that have started."""
        return [w.process.pid for w in self._alive if w.process.pid is not None]

    def close(self) -> None:
        """Ends the workers after their present job."""
        for worker in self._alive:
            worker.close(CLOSE_TIMEOUT)
        self._alive.clear()
