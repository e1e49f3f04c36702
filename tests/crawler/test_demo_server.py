"""The demo server answers as a proxy, keeps connections, and misbehaves exactly as planned."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from crawler.demo.expected import Expected, expected
from crawler.demo.server import DemoServer, main
from crawler.demo.site import LARGE_SIZE

LIST = "http://www.chenguang-gongyi.example/zyfw/"


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture(scope="module")
def truth() -> Expected:
    return expected()


@pytest.fixture
def proxy(server: DemoServer) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    yield connection
    connection.close()


def _get(
    proxy: http.client.HTTPConnection, url: str, method: str = "GET"
) -> tuple[http.client.HTTPResponse, bytes]:
    proxy.request(method, url)
    response = proxy.getresponse()
    return response, response.read()


def _failing(truth: Expected, reason: str) -> str:
    return next(url for url, why in truth.failures.items() if why == reason)


def test_one_connection_serves_several_hosts(proxy: http.client.HTTPConnection) -> None:
    first, body = _get(proxy, LIST)
    port = proxy.sock.getsockname()
    second, old = _get(proxy, "http://news.jiangwan.example/node_12.htm")

    assert (first.status, second.status) == (200, 200)
    assert "志愿服务" in body.decode("utf-8")
    assert second.getheader("Content-Type") == "text/html; charset=gb2312"
    assert "江湾新闻网" in old.decode("gb18030")
    assert proxy.sock.getsockname() == port


def test_host_header_works_too(server: DemoServer, proxy: http.client.HTTPConnection) -> None:
    proxy.request("GET", "/zyfw/", headers={"Host": f"www.chenguang-gongyi.example:{server.port}"})
    plain = proxy.getresponse().read()

    assert plain == _get(proxy, LIST)[1]


def test_two_requests_at_once_are_answered_in_order(server: DemoServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(
            f"HEAD {LIST} HTTP/1.1\r\n\r\n"
            "GET http://x.example/ HTTP/1.1\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b"".join(iter(lambda: raw.recv(65536), b"")).decode()

    assert answer.index("200 OK") < answer.index("502 Bad Gateway")


def test_tracking_parameters_change_nothing(proxy: http.client.HTTPConnection) -> None:
    assert _get(proxy, f"{LIST}?utm_source=weixin&spm=1.2")[1] == _get(proxy, LIST)[1]


def test_numbered_pages_by_query(proxy: http.client.HTTPConnection) -> None:
    first = _get(proxy, "http://mzj.linlan.example/col/col1231/index.html")[1].decode()
    path = first.split("尾页")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    last = _get(proxy, f"http://mzj.linlan.example{path}")[1].decode()

    assert path.endswith("&pageNum=2")
    assert "第<b>2</b>页" in last


def test_head_has_the_length_and_no_body(proxy: http.client.HTTPConnection) -> None:
    response, body = _get(proxy, LIST, "HEAD")
    assert body == b""
    assert int(response.getheader("Content-Length") or 0) == len(_get(proxy, LIST)[1])


def test_a_page_heals_at_the_third_request(truth: Expected) -> None:
    (url,) = truth.heals
    with DemoServer() as fresh:
        connection = http.client.HTTPConnection("127.0.0.1", fresh.port, timeout=10)
        assert [_get(connection, url)[0].status for _ in range(4)] == [500, 500, 200, 200]
        connection.close()
        assert fresh.requests()[url] == 4


def test_missing_pages_and_unknown_hosts(proxy: http.client.HTTPConnection, truth: Expected) -> None:
    response, body = _get(proxy, _failing(truth, "http_404"))
    assert response.status == 404
    assert "页面不存在" in body.decode("utf-8", "replace") + body.decode("gb18030", "replace")
    response, body = _get(proxy, "http://elsewhere.example/")
    assert response.status == 502
    assert b"news.jiangwan.example" in body


def test_soft_404_says_200(proxy: http.client.HTTPConnection, truth: Expected) -> None:
    response, body = _get(proxy, _failing(truth, "soft_404"))
    assert response.status == 200
    assert "不存在或已被删除" in body.decode()


def test_redirects(proxy: http.client.HTTPConnection, truth: Expected) -> None:
    ((old, new),) = truth.redirects.items()
    assert _get(proxy, old)[0].getheader("Location") == new
    loop = _failing(truth, "redirect_loop")
    there = _get(proxy, loop)[0].getheader("Location") or ""
    assert there != loop
    assert _get(proxy, there)[0].getheader("Location") == loop


def test_a_page_cut_off_half_way(proxy: http.client.HTTPConnection, truth: Expected) -> None:
    proxy.request("GET", _failing(truth, "truncated"))
    with pytest.raises(http.client.IncompleteRead):
        proxy.getresponse().read()


def test_the_large_page_comes_whole_and_the_connection_goes_on(
    proxy: http.client.HTTPConnection, truth: Expected
) -> None:
    response, body = _get(proxy, _failing(truth, "too_large"))
    assert len(body) == int(response.getheader("Content-Length") or 0) >= LARGE_SIZE
    assert body.rstrip().endswith(b"</html>")
    assert _get(proxy, LIST)[0].status == 200


def test_other_methods_are_refused(proxy: http.client.HTTPConnection) -> None:
    assert _get(proxy, LIST, "POST")[0].status == 405


def test_a_head_without_end_is_refused(server: DemoServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(b"GET /" + b"a" * 80_000)
        assert raw.recv(10) == b""


def test_a_port_in_use_is_an_oserror(server: DemoServer) -> None:
    with pytest.raises(OSError, match=f"port {server.port} on 127.0.0.1 is in use"), DemoServer(server.port):
        pass


def test_a_site_that_cannot_be_built_is_said() -> None:
    with (
        pytest.raises(RuntimeError, match=r"can't be built.*no_such_function"),
        DemoServer(site="crawler.demo.site:no_such_function"),
    ):
        pass


def test_the_process_ends_with_the_block() -> None:
    with DemoServer() as server:
        port = server.port
    assert server.pid is None
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=5):
        pass


def test_the_process_ends_when_its_parent_is_killed() -> None:
    program = "import time; from crawler.demo.server import DemoServer\n"
    program += "with DemoServer() as s: print(s.port, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        port = int(parent.stdout.readline()) if parent.stdout else 0
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        parent.kill()
    assert _closed_within(5.0, port)


def _closed_within(seconds: float, port: int) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            return True
        except ConnectionResetError:  # just being closed
            pass
        time.sleep(0.05)
    return False


def test_as_a_program_it_says_what_is_wrong(server: DemoServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", str(server.port)]) == 1
    assert f"port {server.port} on 127.0.0.1 is in use" in capsys.readouterr().err
    assert main(["--options", '{"stories": "/no/such/folder"}']) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    with pytest.raises(SystemExit, match="2"):
        main(["--port", "70000"])


def test_requests_are_counted(server: DemoServer, proxy: http.client.HTTPConnection) -> None:
    url = "http://mzj.linlan.example/robots.txt"
    before = server.requests().get(url, 0)
    _get(proxy, url)

    assert server.requests()[url] == before + 1
    assert json.dumps(server.requests()).count("requests.json") == 0


def test_two_servers_send_the_same_bytes(server: DemoServer, proxy: http.client.HTTPConnection) -> None:
    with DemoServer() as other:
        connection = http.client.HTTPConnection("127.0.0.1", other.port, timeout=10)
        assert _get(connection, LIST)[1] == _get(proxy, LIST)[1]
        assert urlsplit(other.proxy_url).port == other.port != server.port
        connection.close()
