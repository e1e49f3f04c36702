"""`scrapy dedup FILE` and `scrapy entities FILE`."""

import argparse
import json
from pathlib import Path

import pytest
from scrapy.exceptions import UsageError

from crawler.commands import dedup, entities

STORY = (
    "青禾基金会在云溪县第三小学启动助学计划，首批资助120名学生，每人每学期获得800元生活补助。"
    "项目负责人白露说，志愿者每周三下午到校开设阅读课，为期两年。"
)


def write(path: Path, *lines: object) -> str:
    text = "\n".join(
        line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines
    )
    path.write_text(text + "\n", "utf-8")
    return str(path)


def run(command: dedup.Command | entities.Command, *args: str, out: Path | None = None) -> int:
    command.run(list(args), argparse.Namespace(out=str(out) if out else None, rebuild=False))
    return command.exitcode


def test_reprints_of_a_file(tmp_path):
    source = write(
        tmp_path / "in.jsonl",
        {"id": "b", "title": "转载", "body": "本报讯 " + STORY, "published_at": "2026-03-03T08:00:00+08:00"},
        {"id": "a", "body": STORY, "published_at": "2026-03-02", "url": None},
        "",
        {"id": "c", "body": STORY[:30] + "...", "published_at": "2026-03-03"},
    )
    out = tmp_path / "out.jsonl"
    assert run(dedup.Command(), source, out=out) == 0
    assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == [
        {"id": "b", "canonical": "a", "relation": "copy", "similarity": 1.0, "parent": "a", "further": []},
        {
            "id": "a",
            "canonical": "a",
            "relation": "original",
            "similarity": 1.0,
            "parent": "a",
            "further": [],
        },
        {"id": "c", "canonical": "a", "relation": "excerpt", "similarity": 1.0, "parent": "a", "further": []},
    ]


def test_names_of_a_file(tmp_path, capsys):
    source = write(tmp_path / "in.jsonl", {"id": "1", "text": STORY})
    assert run(entities.Command(), source) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["id"] == "1"
    assert answer["PER"] == ["白露"]
    assert answer["ORG"] == ["青禾基金会", "云溪县第三小学"]
    assert all(STORY[m["start"] : m["end"]] == m["surface"] for m in answer["mentions"])


@pytest.mark.parametrize("command", [dedup.Command, entities.Command])
@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{not json", "Expecting property name"),
        ("[1, 2]", "not a JSON object"),
        ('{"body": "", "text": ""}', '"id" is missing'),
        ('{"id": 7}', '"id" is not a string'),
        (r'{"id": "\ud800"}', "half a character"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(tmp_path, capsys, command, bad, reason):
    source = write(tmp_path / "in.jsonl", {"id": "1"}, bad, {"id": "2"})
    assert run(command(), source) == 1
    done = capsys.readouterr()
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == ["1", "2"]
    (line,) = done.err.splitlines()
    assert line.startswith(f"scrapy: {source}, line 2: ")
    assert reason in line


@pytest.mark.parametrize(
    ("second", "reason"),
    [({"id": "1"}, "stood on an earlier line"), ({"id": "2", "published_at": "gestern"}, "published_at")],
)
def test_documents_that_can_not_be_compared(tmp_path, capsys, second, reason):
    source = write(tmp_path / "in.jsonl", {"id": "1"}, second)
    assert run(dedup.Command(), source) == 1
    assert reason in capsys.readouterr().err


def test_bytes_that_are_no_utf_8(tmp_path, capsys):
    source = tmp_path / "in.jsonl"
    source.write_bytes('{"id": "1", "text": "公益"}\n'.encode("gb18030"))
    assert run(entities.Command(), str(source)) == 1
    assert f"{source}, line 1: " in capsys.readouterr().err


@pytest.mark.parametrize("command", [dedup.Command, entities.Command])
def test_wrong_use(tmp_path, capsys, command):
    with pytest.raises(UsageError):
        run(command())
    with pytest.raises(UsageError):
        run(command(), "a.jsonl", "b.jsonl")
    assert run(command(), str(tmp_path / "none.jsonl")) == 2
    assert "no such file" in capsys.readouterr().err
    source = write(tmp_path / "in.jsonl", {"id": "1"})
    assert run(command(), source, out=tmp_path / "no" / "folder.jsonl") == 1
    assert "No such file or directory" in capsys.readouterr().err
    assert run(command(), str(tmp_path)) == 1
