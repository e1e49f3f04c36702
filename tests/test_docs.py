"""Every command that the documentation shows is run, and prints what the documentation says it prints."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.demo.server import DemoServer

PROJECT = Path(__file__).parents[1]
PAGES = ("README.md", *(f"docs/{page.name}" for page in sorted((PROJECT / "docs").glob("*.md"))))
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_REAL_SITES = re.compile(r"scrapy (?:crawl|crawlall) (?!demo_|--demo)")


@dataclass(slots=True, frozen=True)
class Shown:
    """A command with the lines that the documentation prints under it; "..." stands for any lines."""

    page: str
    command: str
    output: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {self.command}"


def shown_in(page: str) -> Iterator[Shown]:
    for block in _BLOCK.findall((PROJECT / page).read_text("utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *output = part.rstrip("\n").split("\n")
            yield Shown(page, command, tuple(output))


SHOWN = [shown for page in PAGES for shown in shown_in(page)]
SETTING_UP = ("export ", ". .venv/")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder as `make crawl` leaves it, and the environment of a user in it."""
    folder = tmp_path_factory.mktemp("user")
    shutil.copy(PROJECT / "scrapy.cfg", folder)
    shutil.copytree(PROJECT / "docs", folder / "docs")
    (folder / "my_sites").mkdir()
    for page in PAGES:
        for text in re.findall(r'^```toml\n(name = "(\w+)".*?)^```$', _text(page), re.MULTILINE | re.DOTALL):
            (folder / "my_sites" / f"{text[1]}.toml").write_text(text[0], "utf-8")
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DATA_DIR")}
    environment |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "120",
    }
    subprocess.run(["scrapy", "crawlall", "--demo"], cwd=folder, env=environment, check=True)
    with DemoServer() as server:
        proxy = server.proxy_url
        yield folder, {**environment, "http_proxy": proxy, "https_proxy": proxy}


def _text(page: str) -> str:
    return (PROJECT / page).read_text("utf-8")


def test_the_readme_shows_commands() -> None:
    assert len([shown for shown in SHOWN if shown.page == "README.md"]) > 5


@pytest.mark.parametrize("shown", [s for s in SHOWN if not s.command.startswith(SETTING_UP)], ids=str)
def test_a_command_of_the_documentation(
    shown: Shown, crawled: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    folder, environment = crawled
    live = _REAL_SITES.match(shown.command)
    if live:
        environment = {**environment, "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        ["bash", "-c", shown.command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if live:
        # there is no way to the real sites from here: the command is right and says that they don't answer
        assert done.returncode == 1, done.stderr
        assert "none of the start pages could be fetched" in done.stderr
        return
    assert done.returncode == 0, done.stderr
    assert_printed(done.stdout.splitlines(), shown.output)


def assert_printed(lines: list[str], wanted: tuple[str, ...]) -> None:
    """All wanted lines were printed, in order; with "..." there may be others in its place."""
    at, anywhere = 0, False
    for line in wanted:
        if line == "...":
            anywhere = True
            continue
        rest = lines[at:]
        assert line in (rest if anywhere else rest[:1]), f"{line!r} is not in\n" + "\n".join(rest)
        at += rest.index(line) + 1
        anywhere = False
    assert not wanted or anywhere or at == len(lines), f"not in the documentation: {lines[at:]}"


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", _text(page))
    assert [link for link in links if not ((PROJECT / page).parent / link).exists()] == []
