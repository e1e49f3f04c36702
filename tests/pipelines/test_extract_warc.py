"""WARC files of other tools: every encoding is undone, and damage takes no whole record with it."""

import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.extract import warc
from pipelines.extract.reading import read_pages
from pipelines.extract.warc import Read, Unread, WarcFile, read_record
from pipelines.models import SiteHints
from tests.warc_files import WarcBytes, chunked, packed

SITE = "http://news.qinghe.example"
BODY = "<html><body>清禾社工走进湖熟街道，为独居老人安装防滑垫。</body></html>".encode() * 20
GZIP, CHUNKED = ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")


def five(gzipped: bool) -> WarcBytes:
    """Five pages, the third of them in chunks and the fourth packed in chunks."""
    made = WarcBytes(gzipped).add_info()
    made.add(f"{SITE}/1.html", BODY).add(f"{SITE}/2.html", packed(BODY), headers=[GZIP])
    made.add(f"{SITE}/3.html", chunked(BODY), headers=[CHUNKED])
    made.add(f"{SITE}/4.html", chunked(packed(BODY), 50), headers=[GZIP, CHUNKED])
    return made.add(f"{SITE}/5.html", BODY)


def read(path: Path, data: bytes) -> tuple[list[str], list[str]]:
    """The names of the pages in a file, whose bytes must be whole, and the lines on the rest."""
    path.write_bytes(data)
    found = list(WarcFile(path).pages())
    pages = [item.page for item in found if isinstance(item, Read)]
    assert {page.body for page in pages} <= {BODY}
    return [page.url[-6:-5] for page in pages], [i.message for i in found if isinstance(i, Unread)]


both = pytest.mark.parametrize("gzipped", [True, False], ids=["gzip", "plain"])


@both
def test_all_encodings_are_undone_and_no_record_swallows_the_next(tmp_path, gzipped):
    assert read(tmp_path / "a.warc", five(gzipped).data) == (["1", "2", "3", "4", "5"], [])


@both
def test_a_page_is_read_again_by_its_place(tmp_path, gzipped):
    path = tmp_path / "a.warc"
    path.write_bytes(five(gzipped).data)
    for item in WarcFile(path).pages():
        assert isinstance(item, Read)
        assert item.page.archive is not None
        assert item.page.fetched_at == datetime(2026, 11, 1, 8, 30, 15, 250001, UTC)
        again = read_record(path, item.page.archive.offset)
        assert isinstance(again, Read)
        assert again.page == item.page


@both
@pytest.mark.parametrize("where", ["head", "middle"])
@pytest.mark.parametrize("number", [1, 3, 4])
def test_damage_within_a_file_is_one_line_and_takes_one_page(tmp_path, gzipped, where, number):
    made = five(gzipped)
    data, begin = bytearray(made.data), made.offsets[number]
    at = begin + (1 if where == "head" else 25 if gzipped else 60)
    data[at : at + 12] = b"\0" * 12
    pages, lines = read(tmp_path / "a.warc", bytes(data))
    assert pages == [n for n in "12345" if n != str(number)]
    assert len(lines) == 1
    assert "is damaged and left out" in lines[0]
    assert f"byte {begin}" in lines[0] or f"byte {made.offsets[number - 1]}" in lines[0]


@both
def test_a_file_that_breaks_off_loses_its_last_record_loudly(tmp_path, gzipped):
    made = five(gzipped)
    for end in (made.offsets[4] + 30, (made.offsets[4] + made.offsets[5]) // 2):
        pages, lines = read(tmp_path / "a.warc", made.data[:end])
        assert (pages, len(lines)) == (["1", "2", "3"], 1)


@both
def test_bytes_between_two_records_are_told_and_passed_over(tmp_path, gzipped):
    made = five(gzipped)
    data = made.data[: made.offsets[3]] + b"\0 nothing of ours " * 9 + made.data[made.offsets[3] :]
    pages, lines = read(tmp_path / "a.warc", data)
    assert pages == ["1", "2", "3", "4", "5"]
    assert lines == [
        f"{tmp_path}/a.warc: what follows the record at byte {made.offsets[2]} is damaged and left out"
    ]


@pytest.mark.parametrize(
    "data", [b"", b"<html>" * 99, packed(b"no WARC at all" * 50)], ids=["empty", "html", "gzip"]
)
def test_what_is_no_warc_file_is_one_line(tmp_path, data):
    assert read(tmp_path / "a.warc.gz", data) == (
        [],
        [f"{tmp_path}/a.warc.gz: no WARC record; is it a WARC file?"],
    )


def test_an_encoding_that_is_announced_and_was_undone(tmp_path):
    made = WarcBytes().add(f"{SITE}/1.html", BODY, headers=[GZIP]).add(f"{SITE}/2.html", BODY)
    made.add(f"{SITE}/3.html", BODY, headers=[CHUNKED]).add(f"{SITE}/4.html", BODY)
    assert read(tmp_path / "a.warc.gz", made.data) == (["1", "2", "3", "4"], [])


def test_a_payload_that_can_not_be_unpacked_is_one_line(tmp_path):
    made = WarcBytes().add(f"{SITE}/1.html", b"\x01\x02" * 99, headers=[GZIP]).add(f"{SITE}/2.html", BODY)
    pages, lines = read(tmp_path / "a.warc.gz", made.data)
    assert pages == ["2"]
    assert len(lines) == 1
    assert f"{SITE}/1.html at byte 0 can't be unpacked" in lines[0]


def test_a_payload_that_unpacks_to_too_much_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(warc, "MAX_FILE_BYTES", len(BODY))
    made = WarcBytes().add(f"{SITE}/1.html", packed(BODY + b" "), headers=[GZIP])
    made.add(f"{SITE}/2.html", zlib.compress(BODY), headers=[("Content-Encoding", "deflate")])
    pages, lines = read(tmp_path / "a.warc.gz", made.data)
    assert pages == ["2"]
    assert lines == [f"{tmp_path}/a.warc.gz: {SITE}/1.html unpacks to more than {len(BODY)} bytes"]


def test_only_pages_of_text_are_read_and_the_rest_is_counted(tmp_path):
    made = WarcBytes().add_info()
    made.add(f"{SITE}/1.html", kind="request").add(f"{SITE}/1.html", BODY)
    made.add(f"{SITE}/2.html", BODY, kind="resource")
    made.add("metadata://gnu.org/software/wget/warc/MANIFEST.txt", b"x", kind="resource")
    made.add(f"{SITE}/gone.html", BODY, status="404 Not Found")
    made.add(f"{SITE}/moved.html", b"", status="302 Found", headers=[("Location", "/1.html")])
    made.add(f"{SITE}/feed.xml", b"<rss/>", headers=[("Content-Type", "text/xml")])
    path = tmp_path / "a.warc.gz"
    assert read(path, made.data) == (["1", "2"], [])
    file = WarcFile(path, wanted=lambda url, _at: SiteHints(name="qinghe") if "1.html" in url else None)
    (found,) = file.pages()
    assert isinstance(found, Read)
    assert found.page.site.name == "qinghe"
    assert file.left_out["not_wanted"] > 0
    assert file.position == file.size == len(made.data)


def test_a_revisit_of_another_address_is_read_from_what_it_points_to(tmp_path):
    first = WarcBytes().add(
        f"{SITE}/1.html", BODY, fields=[("WARC-Record-ID", "<urn:uuid:00000000-0000-4000-8000-000000000001>")]
    )
    (tmp_path / "first.warc.gz").write_bytes(first.data)
    made = WarcBytes().add(f"{SITE}/2.html", BODY)
    points_to = [
        ("WARC-Refers-To-Target-URI", f"{SITE}/2.html"),
        ("WARC-Refers-To-Date", "2026-11-01T08:30:15.250001Z"),
    ]
    later = "2026-11-02T08:30:15Z"
    made.add(f"{SITE}/2.html", kind="revisit", date=later, fields=points_to)
    made.add(f"{SITE}/3.html", kind="revisit", date=later, fields=points_to)
    made.add(
        f"{SITE}/4.html",
        kind="revisit",
        date=later,
        fields=[("WARC-Refers-To", "<urn:uuid:00000000-0000-4000-8000-000000000001>")],
    )
    made.add(
        f"{SITE}/5.html", kind="revisit", date=later, fields=[("WARC-Refers-To-Target-URI", f"{SITE}/9.html")]
    )
    path = tmp_path / "a.warc.gz"
    path.write_bytes(made.data)
    file = WarcFile(path, others=(tmp_path / "first.warc.gz",))
    pages = [item.page for item in file.pages() if isinstance(item, Read)]
    assert [page.url[-6:-5] for page in pages] == ["2", "3", "4"]
    assert {page.body for page in pages} == {BODY}
    assert pages[1].fetched_at == datetime(2026, 11, 2, 8, 30, 15, tzinfo=UTC)
    assert file.left_out == {"revisit": 1, "revisit_of_unknown": 1}


def test_a_record_without_a_date_has_the_time_of_its_file(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(WarcBytes().add(f"{SITE}/1.html", BODY, date="some day").data)
    (first,), (second,) = WarcFile(path).pages(), WarcFile(path).pages()
    assert isinstance(first, Read)
    assert first == second


def test_damage_does_not_end_the_reading_of_a_folder(tmp_path):
    (tmp_path / "a.warc.gz").write_bytes(b"nothing")
    (tmp_path / "b.warc.gz").write_bytes(five(gzipped=True).data)
    found = list(read_pages(tmp_path))
    assert [isinstance(item, Read) for item in found] == [False, True, True, True, True, True]
