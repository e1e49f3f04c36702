import gzip
import io
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from crawler.archive import (
    ArchiveError,
    ArchiveWriter,
    Fetch,
    file_name,
    prepare_folder,
    response_record,
)

AT = datetime(2026, 11, 1, 8, 30, 15, 250000, tzinfo=UTC)


def fetch(number: int = 1, **more: Any) -> Fetch:
    values: dict[str, Any] = {
        "url": f"http://www.xinhe.example/2026/1101/{number}.html",
        "status": 200,
        "headers": ((b"Content-Type", b"text/html; charset=gb2312"), (b"X-Twice", b"a"), (b"X-Twice", b"b")),
        "body": f"第{number}篇：志愿者巡河".encode("gb18030") * 50,
        "at": AT,
    }
    return Fetch(**{**values, **more})


def urls(found: list[WarcRecord]) -> list[str]:
    return [r.headers["WARC-Target-URI"] for r in found if r.record_type == WarcRecordType.response]


@pytest.fixture
def writer(tmp_path: Path) -> ArchiveWriter:
    return ArchiveWriter(tmp_path, "xinhe", "gongyi-news/1 (+http://a.example)", "gongyi-news/1")


def read_at(path: Path, offset: int) -> WarcRecord:
    with path.open("rb") as file:
        file.seek(offset)
        record = next(iter(ArchiveIterator(file, parse_http=True)))
        record.freeze()
        return record


def records(data: bytes) -> list[WarcRecord]:
    found = []
    for record in ArchiveIterator(io.BytesIO(data), parse_http=True):
        record.freeze()
        found.append(record)
    return found


def test_every_record_reads_back_by_its_offset(writer, tmp_path):
    fetches = [fetch(n) for n in range(1, 6)]
    refs = [writer.write(f) for f in fetches]
    writer.close()
    for sent, ref in zip(fetches, refs, strict=True):
        record = read_at(tmp_path / ref.file, ref.offset)
        assert record.record_type == WarcRecordType.response
        assert record.headers["WARC-Target-URI"] == sent.url
        assert record.http_headers.status_code == 200
        assert record.http_headers["Content-Type"] == "text/html; charset=gb2312"
        assert record.reader.read() == sent.body
        assert read_at(tmp_path / ref.file, ref.offset).verify_payload_digest()


def test_the_file_opens_with_who_fetched_and_is_named_for_site_and_time(writer, tmp_path):
    ref = writer.write(fetch())
    writer.close()
    assert re.fullmatch(r"xinhe-20261101T083015Z-[0-9a-f]{4}\.warc\.gz", ref.file)
    info = read_at(tmp_path / ref.file, 0)
    assert info.record_type == WarcRecordType.warcinfo
    assert info.headers["WARC-Filename"] == ref.file
    assert b"http-header-user-agent: gongyi-news/1 (+http://a.example)" in info.reader.read()


def test_the_fields_of_a_record():
    text = gzip.decompress(response_record(fetch(ip_address="127.0.0.1", truncated=True)))
    head, _, block = text.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "WARC/1.1"
    fields = dict(line.split(": ", 1) for line in lines[1:])
    assert re.fullmatch(r"<urn:uuid:[0-9a-f-]{36}>", fields.pop("WARC-Record-ID"))
    assert re.fullmatch(r"sha1:[A-Z2-7]{32}", fields.pop("WARC-Payload-Digest"))
    assert fields == {
        "WARC-Type": "response",
        "WARC-Target-URI": "http://www.xinhe.example/2026/1101/1.html",
        "WARC-Date": "2026-11-01T08:30:15.250000Z",
        "WARC-IP-Address": "127.0.0.1",
        "WARC-Truncated": "disconnect",
        "Content-Type": "application/http;msgtype=response",
        "Content-Length": str(len(block) - 4),
    }
    assert block.startswith(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gb2312\r\nX-Twice: a\r\nX-Twice: b"
    )


def test_the_body_stays_encoded_and_chunks_are_not_announced():
    packed = gzip.compress("志愿者".encode())
    headers = ((b"Content-Encoding", b"gzip"), (b"Transfer-Encoding", b"chunked"))
    text = gzip.decompress(response_record(fetch(headers=headers, body=packed)))
    assert b"Content-Encoding: gzip" in text
    assert b"Transfer-Encoding" not in text
    assert text.endswith(packed + b"\r\n\r\n")


def test_errors_redirects_and_odd_statuses_are_kept(writer, tmp_path):
    for status in (301, 404, 500, 599):
        ref = writer.write(fetch(status=status, body=b""))
        assert read_at(tmp_path / ref.file, ref.offset).http_headers.status_code == status
    writer.close()
    assert writer.records == 4


def test_a_crash_leaves_all_whole_records_readable(writer, tmp_path):
    refs = [writer.write(fetch(n)) for n in range(1, 4)]
    # no close(): what is written is on disk at once
    data = (tmp_path / refs[0].file).read_bytes()
    assert urls(records(data)) == [fetch(n).url for n in (1, 2, 3)]
    assert urls(records(data[: refs[2].offset + 40])) == [fetch(n).url for n in (1, 2)]
    writer.close()


def test_a_full_disk_is_one_clear_line_and_leaves_no_half_record(writer, tmp_path, monkeypatch):
    ref = writer.write(fetch(1))
    path, size = tmp_path / ref.file, writer.size
    real = os.write

    def half(file: int, data: bytes) -> int:
        if len(data) > 20:
            return real(file, data[:20])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(ArchiveError, match=r"can't write the archive .*: No space left on device"):
        writer.write(fetch(2))
    monkeypatch.undo()
    assert path.stat().st_size == size
    again = writer.write(fetch(3))
    writer.close()
    assert again.offset == size
    assert read_at(path, size).headers["WARC-Target-URI"].endswith("/3.html")


def test_no_file_is_made_without_a_record(writer, tmp_path):
    writer.close()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_made_and_left_empty(tmp_path):
    folder = prepare_folder(tmp_path / "new" / "data")
    assert folder == tmp_path / "new" / "data" / "archive"
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(ArchiveError, match=r"can't write into the archive folder .*: Not a directory"):
        prepare_folder(tmp_path / "data")


def test_two_runs_of_one_second_have_two_names():
    assert len({file_name("xinhe", AT) for _ in range(20)}) > 1
