"""The ready examples of how to run it every day, as far as that goes without systemd, docker or scrapyd."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawler.operations import Operator, operator

PROJECT = Path(__file__).parents[1]
DEPLOY = PROJECT / "deploy"
# base-passwd's passwd.master
DEBIAN_USERS = {
    *("root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp", "proxy"),
    *("www-data", "backup", "list", "irc", "nobody"),
}
INSTALLED, STATE = "/opt/gongyi-news", "/var/lib/gongyi-news"


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """An operator whose only site is the small one, as a project that is installed somewhere."""
    with operator(tmp_path_factory.mktemp("installed"), count=2) as made:
        (made.folder / "scrapy.cfg").write_text("[settings]\ndefault = crawler.settings\n", "utf-8")
        (made.folder / "state").mkdir()
        (made.folder / ".venv" / "bin").mkdir(parents=True)
        script = f'#!/bin/sh\nexec {sys.executable} -m scrapy "$@" -s SITE_PACKAGES= -s SITES_DIR=sites\n'
        (made.folder / ".venv" / "bin" / "scrapy").write_text(script, "utf-8")
        (made.folder / ".venv" / "bin" / "scrapy").chmod(0o755)
        yield made


def here(text: str, at: Operator) -> str:
    """What an example says, with this test's folders in place of those that it names."""
    return text.replace(INSTALLED, str(at.folder)).replace(STATE, str(at.folder / "state"))


def run(command: str, at: Operator, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DATA_DIR", "JOBDIR")}
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=at.folder,
        env={**bare, "PYTHONPATH": str(PROJECT), "http_proxy": at.server.proxy_url, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_crontab_has_times_that_cron_takes_and_a_command_that_crawls(at: Operator) -> None:
    lines = [line for line in (DEPLOY / "crontab").read_text("utf-8").splitlines() if line and line[0] != "#"]
    variables = dict(line.split("=", 1) for line in lines if re.match(r"\w+=", line))
    (job,) = (line for line in lines if not re.match(r"\w+=", line))
    *times, user, command = job.split(None, 6)
    for field, most in zip(times, (59, 23, 31, 12, 7), strict=True):
        found = re.fullmatch(r"\*(?:/(\d+))?|(\d+)", field)
        assert found, field
        assert int(found[1] or found[2] or 1) <= most
    assert user == "gongyi"
    assert "%" not in command  # which cron would take for the end of the line
    done = run(here(command, at), at, **{name: here(value, at) for name, value in variables.items()})
    assert done.returncode == 0, done.stderr
    (line,) = (at.folder / "state" / "crawlall.jsonl").read_text("utf-8").splitlines()
    assert [(site["site"], site["new_articles"]) for site in json.loads(line)["sites"]] == [("qinghe", 2)]


def unit(name: str) -> configparser.RawConfigParser:
    """A unit file; of a key that stands several times all values, one a line."""
    values: dict[str, dict[str, list[str]]] = {}
    for line in (DEPLOY / name).read_text("utf-8").splitlines():
        if section := re.fullmatch(r"\[(\w+)\]", line):
            values[section[1]] = {}
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            list(values.values())[-1].setdefault(key, []).append(value)
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_dict({s: {k: "\n".join(v) for k, v in keys.items()} for s, keys in values.items()})
    return parser


def test_the_command_of_the_service_crawls_and_its_exit_codes_are_ours(at: Operator) -> None:
    service = unit("gongyi-news.service")["Service"]
    environment = dict(line.split("=", 1) for line in here(service["Environment"], at).splitlines())
    done = run(f"exec {here(service['ExecStart'], at)} --all", at, **environment)
    assert done.returncode == 0, done.stderr
    assert "gongyi_news_pages_total" in Path(environment["METRICS_FILE"]).read_text("utf-8")
    from crawler import settings
    from crawler.outcome import ALARMED

    assert service["SuccessExitStatus"] == str(ALARMED)
    assert float(service["TimeoutStopSec"]) > settings.SHUTDOWN_SECONDS + settings.WORKER_TIMEOUT


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("there is no systemd-analyze")
    for name in ("gongyi-news.service", "gongyi-news.timer"):
        # the program is not installed where the unit says
        text = (DEPLOY / name).read_text("utf-8").replace(f"{INSTALLED}/.venv/bin/scrapy", sys.executable)
        (tmp_path / name).write_text(
            text.replace(f"WorkingDirectory={INSTALLED}", "WorkingDirectory=/"), "utf-8"
        )
    done = subprocess.run(
        [
            analyze,
            "verify",
            "--man=no",
            str(tmp_path / "gongyi-news.timer"),
            str(tmp_path / "gongyi-news.service"),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "gongyi-news" in line]
    assert ours == []
    calendar = unit("gongyi-news.timer")["Timer"]["OnCalendar"]
    done = subprocess.run([analyze, "calendar", calendar], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_site_is_crawled_out_of_the_egg(at: Operator, tmp_path: Path) -> None:
    script = str(PROJECT / "scripts" / "make_egg.py")
    # the name is as scrapyd has it, and tells nothing of the program
    subprocess.run([sys.executable, script, str(tmp_path / "1.egg")], check=True)
    script = (
        "import crawler; assert '.egg' in crawler.__file__; from importlib.metadata import distribution;"
        " assert '.egg' in str(distribution('gongyi-news').locate_file(''));"
        " from scrapy.cmdline import execute; execute()"
    )
    for command in ("list", "crawl qinghe --nolog"):
        done = subprocess.run(
            [sys.executable, "-c", script, *command.split(), "-s", f"SITES_DIR={at.sites}"],
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": str(tmp_path / "1.egg"),
                "SCRAPY_SETTINGS_MODULE": "crawler.settings",
                "DATABASE_URL": f"sqlite:///{tmp_path}/news.db",
                "DATA_DIR": str(tmp_path / "data"),
                "http_proxy": at.server.proxy_url,
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        if command == "list":
            assert {"qinghe", "people_gongyi", "mca"} <= set(done.stdout.split())
    assert (tmp_path / "news.db").stat().st_size > 0


def test_the_shell_script_for_scrapyd_is_one(tmp_path: Path) -> None:
    assert subprocess.run(["/bin/sh", "-n", DEPLOY / "schedule.sh"], check=False).returncode == 0
    parser = configparser.ConfigParser()
    parser.read(DEPLOY / "scrapyd.conf", "utf-8")
    assert parser["scrapyd"]["bind_address"] == "127.0.0.1"


def test_what_the_container_copies_and_installs_runs_outside_of_the_project(tmp_path: Path) -> None:
    steps = [
        line.split(None, 1)
        for line in (DEPLOY / "Containerfile").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    image = steps[0][1]
    assert f">={image.partition(':')[2].partition('-')[0]}" == project["requires-python"]
    build, target = tmp_path / "build", tmp_path / "installed"
    build.mkdir()
    for name, rest in steps:
        if name == "COPY":
            *sources, to = rest.split()
            for source in sources:
                copy = shutil.copytree if (PROJECT / source).is_dir() else shutil.copy
                copy(PROJECT / source, build / to)
    installs = [shlex.split(rest) for name, rest in steps if name == "RUN" and "pip install" in rest]
    # the first installs what this test's environment was made of, by the same line as the Makefile's
    assert " ".join(installs[0][5:]) in (PROJECT / "Makefile").read_text("utf-8").replace(" \\\n\t\t", " ")
    install = [sys.executable, *installs[1][1:], "--quiet", "--target", str(target)]
    done = subprocess.run(install, cwd=build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    environment = dict(pair.split("=", 1) for name, rest in steps if name == "ENV" for pair in rest.split())
    listing = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        cwd=tmp_path,
        env={**os.environ, **environment, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "people_gongyi" in listing.stdout.split(), listing.stderr
    # the image is Debian's, whose users can't be made again
    (user,) = (rest for name, rest in steps if name == "USER")
    (making,) = (rest for name, rest in steps if name == "RUN" and "useradd" in rest)
    assert f" {user} " in making
    assert user not in DEBIAN_USERS
    assert (target / "pipelines" / "entities" / "divisions.dat").exists()
