"""Alarms: raised once, told everywhere, healed when the fault is gone, and on the exit code."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.outlets import News, tell
from storage.alarms import Finding, note_told, open_alarms, save_findings
from tests.crawler.operations import operator

SOURCE = Finding("selectors", "source", "field source: its selectors match on 0% of 12 articles")


def test_a_template_that_changes_raises_one_alarm_until_it_heals(tmp_path: Path) -> None:
    told = tmp_path / "told.jsonl"
    command: dict[str, Any] = {"ALARM_COMMAND": f"sh -c 'cat >> {told}; echo >> {told}'"}
    with operator(tmp_path, count=25) as at:
        at.crawl(**command)
        assert not told.exists()

        at.server.rebuild(count=36, template=2)
        assert at.crawl(code=3, **command)["alarms"] == 1
        (news,) = map(json.loads, told.read_text("utf-8").splitlines())
        assert (news["site"], news["publisher"], news["healed"]) == ("qinghe", "清禾公益网", [])
        assert [(one["kind"], one["subject"]) for one in news["raised"]] == [("selectors", "source")]

        at.server.rebuild(count=44, template=2)
        at.crawl(**command)
        assert len(told.read_text("utf-8").splitlines()) == 1
        assert "field source" in at.scrapy("runs", "qinghe").stdout

        at.server.rebuild(count=56, template=1)
        at.crawl(**command)
        news = json.loads(told.read_text("utf-8").splitlines()[-1])
        assert (news["raised"], [one["subject"] for one in news["healed"]]) == ([], ["source"])
        assert at.rows("SELECT site, kind, subject, raised_run_id, healed_run_id FROM alarms") == [
            ("qinghe", "selectors", "source", 2, 4)
        ]
        assert at.rows("SELECT open_alarms, with_source, articles_read FROM site_health") == [(0, 1.0, 12)]


def test_an_alarm_stays_open_while_its_check_has_nothing_to_judge(store_url: str) -> None:
    from storage import open_store

    store = open_store(store_url)
    first = store.start_run("qinghe")
    (alarm,), healed = store.write(save_findings, first, [SOURCE], ["selectors"])
    assert (alarm.finding, alarm.told, healed) == (SOURCE, False, [])
    # an outlet failed, so the next run tells it again
    again = store.start_run("qinghe")
    assert store.write(save_findings, again, [SOURCE], ["selectors"]) == ([alarm], [])
    store.write(note_told, [alarm.id])
    assert store.write(save_findings, again, [SOURCE], ["selectors"]) == ([], [])
    assert store.write(save_findings, again, [], ["coverage"]) == ([], [])
    assert len(store.read(open_alarms, "qinghe")) == 1
    assert store.write(save_findings, again, [], ["selectors"]) == ([], [SOURCE])
    assert store.read(open_alarms, "qinghe") == []
    store.close()


# --- outlets ---

NEWS = News("qinghe", "清禾公益网", 7, [SOURCE], [])


class Webhook(BaseHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        server: Any = self.server
        server.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(server.status)
        self.end_headers()


class Smtp(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as taking one message needs."""

    def handle(self) -> None:
        server: Any = self.server
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline().strip():
            if line.upper() == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                server.got.append(b"".join(lines).decode())
            self.wfile.write(b"250 fine\r\n" if line.upper() != b"QUIT" else b"221 bye\r\n")
            if line.upper() == b"QUIT":
                return


@contextmanager
def serving(server: Any, status: int = 200) -> Iterator[Any]:
    server.got, server.status = [], status
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def settings(**values: Any) -> Settings:
    return Settings({"MAIL_FROM": "crawler@qinghe.example", **values})


def test_a_webhook_gets_the_news_as_json() -> None:
    with serving(HTTPServer(("127.0.0.1", 0), Webhook)) as server:
        address = f"http://127.0.0.1:{server.server_port}/alarms"
        assert tell(settings(ALARM_WEBHOOK=address), NEWS) == []
        assert server.got == [json.loads(NEWS.json())]


def test_mail_names_the_site_and_the_field() -> None:
    with serving(socketserver.TCPServer(("127.0.0.1", 0), Smtp)) as server:
        port = server.server_address[1]
        wish = settings(
            ALARM_MAIL_TO="a@qinghe.example,b@qinghe.example", MAIL_HOST="127.0.0.1", MAIL_PORT=port
        )
        assert tell(wish, NEWS) == []
        (mail,) = server.got
    assert "Subject: qinghe: 1 alarms" in mail
    assert "To: a@qinghe.example, b@qinghe.example" in mail


def test_outlets_that_fail_are_named_and_the_others_are_told(tmp_path: Path) -> None:
    told = tmp_path / "told"
    with serving(HTTPServer(("127.0.0.1", 0), Webhook), status=500) as server:
        wish = settings(
            ALARM_COMMAND=f"sh -c 'cat > {told}'",
            ALARM_WEBHOOK=f"http://127.0.0.1:{server.server_port}/",
            ALARM_MAIL_TO="a@qinghe.example",
            MAIL_HOST="127.0.0.1",
            MAIL_PORT=1,
        )
        problems = tell(wish, NEWS)
    assert [problem.partition(":")[0] for problem in problems] == ["ALARM_WEBHOOK", "ALARM_MAIL_TO"]
    assert "answered 500" in problems[0]
    assert json.loads(told.read_text("utf-8"))["run_id"] == 7


@pytest.mark.parametrize(
    ("command", "said"), [("false", "ended with 1"), ("no-such-command-here", "No such file")]
)
def test_a_command_that_fails(command: str, said: str) -> None:
    (problem,) = tell(settings(ALARM_COMMAND=command), NEWS)
    assert said in problem
