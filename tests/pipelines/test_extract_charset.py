"""Bytes in, text out, whatever the page says of its charset."""

from __future__ import annotations

import time

import pytest

from pipelines.extract.charset import Decoded, declared_charsets, decode

TEXT = "青禾志愿服务队在临澜河堤清理垃圾，捐款近四千元，居民喆、镕、堃三位老人也来帮忙。" * 5
TRADITIONAL = "青禾義工隊在臨瀾河堤清理垃圾，捐款近四千元，居民也來幫忙。" * 5


def html(text: str, label: str = "") -> str:
    meta = f'<meta charset="{label}">' if label else ""
    return f"<html><head>{meta}<title>{text[:10]}</title></head><body><p>{text}</p></body></html>"


def test_utf8_by_meta() -> None:
    page = html(TEXT, "utf-8")
    assert decode(page.encode()) == Decoded(page, "utf-8", "utf-8", lossy=False)


@pytest.mark.parametrize("label", ["gb2312", "gbk", "GB2312", "gb18030", "x-gbk"])
def test_chinese_labels_are_read_as_gb18030(label: str) -> None:
    page = html(TEXT, label)
    found = decode(page.encode("gb18030"))
    assert found.text == page
    assert found.charset == "gb18030"
    assert not found.lossy


def test_utf8_sent_as_gb2312() -> None:
    page = html(TEXT, "gb2312")
    found = decode(page.encode(), "text/html; charset=gb2312")
    assert (found.text, found.charset, found.declared) == (page, "utf-8", "gb2312")


def test_gbk_sent_as_utf8() -> None:
    page = html(TEXT, "utf-8")
    found = decode(page.encode("gbk", "ignore"), "text/html; charset=UTF-8")
    assert (found.charset, found.declared, found.lossy) == ("gb18030", "utf-8", False)
    assert "临澜河堤" in found.text


def test_gbk_without_any_label() -> None:
    assert decode(html(TEXT).encode("gb18030")).charset == "gb18030"


@pytest.mark.parametrize("label", ["big5", "big5-hkscs", "Big5"])
def test_big5(label: str) -> None:
    page = html(TRADITIONAL, label)
    found = decode(page.encode("big5"))
    assert (found.text, found.charset) == (page, "big5")


def test_big5_characters_of_hong_kong() -> None:
    page = html("深水埗的義工" * 10, "big5")
    assert decode(page.encode("big5hkscs")).text == page


def test_the_header_is_asked_before_the_meta() -> None:
    page = html(TRADITIONAL, "gb2312")
    assert decode(page.encode("big5"), "text/html; charset=big5").text == page


@pytest.mark.parametrize(
    ("bom", "codec"), [(b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")]
)
def test_a_byte_order_mark_is_believed(bom: bytes, codec: str) -> None:
    page = html(TEXT, "gb2312")
    found = decode(bom + page.encode(codec), "text/html; charset=gbk")
    assert found.text == page


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_page_cut_in_the_middle_of_a_character(codec: str, cut: int) -> None:
    body = html(TEXT, "gb2312").encode(codec)[: -len("</p></body></html>") - cut]
    found = decode(body)
    assert found.charset == codec
    assert "临澜河堤" in found.text


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_few_broken_bytes_do_not_change_the_charset(codec: str) -> None:
    body = bytearray(html(TEXT * 4, "utf-8").encode(codec))
    for place in (300, 700, 1100):
        body[place] = 0xFF
    found = decode(bytes(body))
    assert found.charset == codec
    assert found.lossy
    assert found.text.count("临澜河堤") >= 15


def test_western_pages_keep_their_charset() -> None:
    page = html("Die Freiwilligen räumten das Ufer auf, trotz Kälte – für die Umwelt.", "iso-8859-1")
    found = decode(page.encode("cp1252"))
    assert (found.text, found.charset) == (page, "cp1252")


def test_cyrillic_page() -> None:
    page = html("Волонтёры убрали берег реки и собрали сто мешков мусора. " * 5, "windows-1251")
    assert decode(page.encode("cp1251")).text == page


def test_a_western_label_on_a_chinese_page() -> None:
    assert decode(html(TEXT, "iso-8859-1").encode("gb18030")).charset == "gb18030"
    assert decode(html(TRADITIONAL, "iso-8859-1").encode("big5")).charset == "big5"


def test_what_is_declared() -> None:
    body = b'<?xml version="1.0" encoding="gbk"?><meta http-equiv="Content-Type" content="a/b; charset=big5">'
    assert declared_charsets(body, "text/html; charset=utf-8") == ["utf-8", "big5", "gbk"]
    assert declared_charsets(b'<meta charset="no-such-charset">') == []


@pytest.mark.parametrize("body", [b"", b"\xff", b"\x00" * 100, bytes(range(256)) * 50, b"\xed\xa0\x80" * 20])
def test_any_bytes_give_some_text(body: bytes) -> None:
    assert isinstance(decode(body, "text/html; charset=rot13").text, str)


def test_a_large_page_takes_little_time() -> None:
    body = html(TEXT * 5000, "utf-8").encode("gb18030")
    begin = time.perf_counter()
    assert decode(body).charset == "gb18030"
    assert time.perf_counter() - begin < 2
