import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.settings import Settings

from crawler import settings as project
from crawler.loader import SiteLoader
from crawler.site import SiteFileError

ROOT = Path(project.__file__).parents[1]


def site_file(name: str, more: str = "") -> str:
    url = f"http://{name.replace('_', '-')}.example/news/"
    return f'name = "{name}"\n{more}\n[[start]]\nkind = "list"\nurl = "{url}"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("bailu", "qinghe"):
        (tmp_path / f"{name}.toml").write_text(site_file(name), "utf-8")
    return tmp_path


def loader(folder: Path, **more: Any) -> Any:
    values = {"SPIDER_MODULES": ["crawler.spiders"], "SITE_PACKAGES": [], "SITES_DIR": str(folder)}
    return SiteLoader.from_settings(Settings({**values, **more}))


def test_each_site_file_is_a_spider_of_its_name(folder):
    found = loader(folder)
    assert found.list() == ["bailu", "qinghe"]
    spider = found.load("qinghe")
    assert spider.name == "qinghe"
    assert spider.site.start[0].url == "http://qinghe.example/news/"
    assert found.load("qinghe") is spider
    assert found.load("bailu") is not spider


def test_an_unknown_name_is_a_key_error(folder):
    with pytest.raises(KeyError, match="nirgends"):
        loader(folder).load("nirgends")


def test_a_broken_file_is_reported_and_takes_no_other_away(folder):
    (folder / "huai.toml").write_text(site_file("huai", "interval = 6"), "utf-8")
    found = loader(folder)
    assert found.list() == ["bailu", "huai", "qinghe"]
    assert found.load("bailu").name == "bailu"
    with pytest.raises(SiteFileError, match=r"huai\.toml:2: interval: must be a string"):
        found.load("huai")
    assert found.find_by_request(Request("http://bailu.example/news/1.html")) == ["bailu"]


def test_a_file_that_is_not_utf8_is_reported_with_its_line(folder):
    (folder / "gbk.toml").write_bytes(site_file("gbk", "\nnotes = '公益'").encode("gb18030"))
    with pytest.raises(SiteFileError, match=r"gbk\.toml:3: is not UTF-8"):
        loader(folder).load("gbk")


def test_a_spider_written_by_hand_wins_over_a_site_file(folder, monkeypatch):
    (folder / "byhand.py").write_text(
        "from scrapy import Spider\n\n\nclass ByHand(Spider):\n    name = 'bailu'\n", "utf-8"
    )
    monkeypatch.syspath_prepend(folder)
    found = loader(folder, SPIDER_MODULES=["byhand"])
    assert found.list() == ["bailu", "qinghe"]
    assert found.load("bailu").__name__ == "ByHand"


def test_a_folder_of_your_own_wins_over_the_bundled_files(tmp_path):
    (tmp_path / "demo_linlan.toml").write_text(site_file("demo_linlan"), "utf-8")
    found = loader(tmp_path, SITE_PACKAGES=["crawler.demo.sites"])
    assert "demo_jiangwan" in found.list()
    assert found.load("demo_linlan").home_page == "http://demo-linlan.example/"


def test_a_missing_folder_is_named_and_takes_no_spider_away(tmp_path, caplog):
    found = loader(tmp_path / "missing", SITE_PACKAGES=["crawler.demo.sites"])
    assert "demo_jiangwan" in found.list()
    assert f"SITES_DIR is no folder: {tmp_path / 'missing'}" in caplog.text


def test_politeness_of_the_file_becomes_the_spiders_settings(folder):
    text = site_file("slow") + "[politeness]\ndelay = 3\nconcurrency = 1\n"
    (folder / "slow.toml").write_text(text, "utf-8")
    assert loader(folder).load("slow").custom_settings == {
        "DOWNLOAD_DELAY": 3.0,
        "AUTOTHROTTLE_START_DELAY": 3.0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 1.0,
    }


def test_two_thousand_files_are_listed_quickly(tmp_path):
    for number in range(2000):
        (tmp_path / f"site_{number}.toml").write_text(site_file(f"site_{number}"), "utf-8")
    start = time.perf_counter()
    assert len(loader(tmp_path).list()) == 2000
    assert time.perf_counter() - start < 2


def test_site_files_are_found_in_a_zipped_package(tmp_path):
    egg = tmp_path / "project.egg"
    with zipfile.ZipFile(egg, "w") as archive:
        for path in [*ROOT.glob("crawler/**/*"), *ROOT.glob("pipelines/**/*"), *ROOT.glob("storage/**/*")]:
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(ROOT))
    code = (
        "from scrapy.utils.project import get_project_settings as s\n"
        "from crawler.loader import SiteLoader\n"
        "l = SiteLoader.from_settings(s())\n"
        "print(len(l.list()), l.load('mca').name, __import__('crawler').__file__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(egg), "SCRAPY_SETTINGS_MODULE": "crawler.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    count, name, file = done.stdout.split()
    assert int(count) >= 15
    assert name == "mca"
    assert file.startswith(str(egg))
