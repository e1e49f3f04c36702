"""What it costs to archive a page: our record writer against FastWARC's, at several levels.

    python -m benchmarks.archive [FOLDER OF HTML FILES]

Prints processor time and bytes a page, and how long the event loop stands still
while a thread archives a page of the largest size, 8 MB: FastWARC compresses
faster but keeps the interpreter's lock while it does.
"""

from __future__ import annotations

import io
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from benchmarks.corpus import CORPUS
from crawler.archive import Fetch, response_record

ROUNDS = 5
LARGE = 8 * 1024 * 1024
LEVELS = (1, 2, 3, 4, 6, 9)
AT = datetime(2026, 11, 1, tzinfo=UTC)
HEADERS = (
    (b"Server", b"nginx"),
    (b"Content-Type", b"text/html; charset=utf-8"),
    (b"Last-Modified", b"Sun, 01 Nov 2026 08:00:00 GMT"),
)


def ours(level: int) -> Callable[[bytes], bytes]:
    """Returns a function from a body to the record that `crawler.archive` writes."""
    return lambda body: response_record(
        Fetch("http://www.example.org/2026/1101/1.html", 200, HEADERS, body, AT), level
    )


def fastwarc(level: int) -> Callable[[bytes], bytes]:
    """Returns a function from a body to the same record, written by FastWARC."""
    head = b"HTTP/1.1 200 OK\r\n" + b"".join(n + b": " + v + b"\r\n" for n, v in HEADERS) + b"\r\n"

    def write(body: bytes) -> bytes:
        record = WarcRecord()
        record.init_headers(WarcRecordType.response)
        record.headers["WARC-Target-URI"] = "http://www.example.org/2026/1101/1.html"
        record.set_bytes_content(head + body)
        out = io.BytesIO()
        stream = GzipWriter(out, compression_level=level)
        record.write(stream, checksum_data=True)
        stream.close()
        return out.getvalue()

    return write


def measure(write: Callable[[bytes], bytes], pages: list[bytes]) -> tuple[float, float]:
    """Returns seconds of processor time and bytes a page, the best of some rounds."""
    best, size = float("inf"), 0
    for _ in range(ROUNDS):
        start = time.process_time()
        size = sum(len(write(page)) for page in pages)
        best = min(best, time.process_time() - start)
    return best / len(pages), size / len(pages)


def stall(write: Callable[[bytes], bytes], body: bytes) -> float:
    """Returns the seconds that the main thread at most stands still while a thread archives `body`."""
    return min(_stall(write, body) for _ in range(3))


def _stall(write: Callable[[bytes], bytes], body: bytes) -> float:
    start = threading.Event()

    def archive() -> None:
        start.wait()
        write(body)

    thread = threading.Thread(target=archive)
    thread.start()
    longest, last = 0.0, time.perf_counter()
    start.set()
    while thread.is_alive():
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return longest


def main() -> None:
    """Prints the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS / "pages"
    pages = [path.read_bytes() for path in sorted(folder.glob("*.html"))]
    if not pages:
        sys.exit(f"no HTML files in {folder}")
    mean = sum(map(len, pages)) / len(pages)
    large = b"".join(pages)
    large *= max(1, LARGE // len(large))
    print(f"{len(pages)} pages of {mean / 1024:.0f} KB on average, from {folder}")
    print(f"{'writer':10} {'level':>5} {'ms/page':>8} {'KB/page':>8} {'ratio':>6} {'stall, ms':>9}")
    for name, make in (("ours", ours), ("FastWARC", fastwarc)):
        for level in LEVELS:
            seconds, size = measure(make(level), pages)
            milliseconds = stall(make(level), large) * 1000
            row = f"{name:10} {level:5} {seconds * 1000:8.2f} {size / 1024:8.1f} {size / mean:6.3f}"
            print(f"{row} {milliseconds:9.1f}")


if __name__ == "__main__":
    main()
