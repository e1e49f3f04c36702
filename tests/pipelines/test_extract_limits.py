"""The limits of the extractor: what lies beyond one is dropped, and what lies before it is read."""

from __future__ import annotations

import pytest

from pipelines.extract import blocks, document, embedded
from pipelines.extract.blocks import lay_out
from pipelines.extract.document import parse


def lines(html: str) -> list[str]:
    return [block.text for block in lay_out(parse(html).root).blocks]


@pytest.mark.parametrize("piece", ["<p>第{}行</p>", "第{}行<br>"])
def test_lines_beyond_max_blocks_are_not_read(monkeypatch, piece):
    monkeypatch.setattr(blocks, "MAX_BLOCKS", 3)
    assert lines("".join(piece.format(n) for n in range(9)))[:3] == ["第0行", "第1行", "第2行"]
    assert len(lines("".join(piece.format(n) for n in range(9)))) == 3


def test_elements_beyond_max_nodes_are_not_read(monkeypatch):
    monkeypatch.setattr(blocks, "MAX_NODES", 5)
    layout = lay_out(parse("".join(f"<div>第{n}行</div>" for n in range(9))).root)
    assert len(layout.nodes) == 5
    assert [b.text for b in layout.blocks][:2] == ["第0行", "第1行"]
    assert all(node.last >= node.first for node in layout.nodes)


def test_a_line_is_cut_at_max_line(monkeypatch):
    monkeypatch.setattr(blocks, "MAX_LINE", 6)
    assert lines("<p>清河县昨日降雨明显</p><p>次日转晴</p>") == ["清河县昨日降", "次日转晴"]


def test_scripts_longer_than_max_script_are_not_read(monkeypatch):
    monkeypatch.setattr(document, "MAX_SCRIPT", 12)
    doc = parse("<script>var a = 1;</script><script>var long_name = 1;</script>")
    assert [text for _, text in doc.scripts] == ["var a = 1;"]


def test_objects_beyond_max_assignments_are_not_read(monkeypatch):
    monkeypatch.setattr(embedded, "MAX_ASSIGNMENTS", 2)
    doc = parse("<script>" + "".join(f'var v{n} = {{"n": {n}}};' for n in range(5)) + "</script>")
    assert list(embedded.script_values(doc)) == [{"n": 0}, {"n": 1}]
