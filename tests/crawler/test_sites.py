"""Every site file that comes with the project, and every spider, keeps the same rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.loader import SiteLoader, load_site, site_files
from crawler.sitecheck import check_site
from pipelines.urls import canonical_url

SETTINGS = Settings(
    {"SITE_PACKAGES": ["crawler.sites", "crawler.demo.sites"], "SPIDER_MODULES": ["crawler.spiders"]}
)
REAL_FILES = site_files(Settings({"SITE_PACKAGES": ["crawler.sites"]}))
FILES = site_files(SETTINGS)


@pytest.fixture(scope="module")
def loader() -> SiteLoader:
    return SiteLoader(SETTINGS)


@pytest.mark.parametrize("name", SiteLoader(SETTINGS).list())
def test_file_name_is_site_name_is_spider_name(loader: SiteLoader, name: str) -> None:
    spider = loader.load(name)
    assert spider.name == name
    if name in FILES:
        assert load_site(FILES[name]).name == name


@pytest.mark.parametrize("name", sorted(FILES))
def test_site_file_is_sound(name: str) -> None:
    assert check_site(FILES[name]) == []

    site = load_site(FILES[name])
    assert site.publisher
    assert site.home_page
    assert all(site.allows(page.url) for page in site.start)

    assert site.allows(site.example_article)
    assert any(pattern.search(site.example_article) for pattern in site.article) or not site.article
    assert not any(pattern.search(site.example_article) for pattern in site.lists)

    lists = [site.example_list, *(page.url for page in site.start if page.kind == "list")]
    assert site.example_list
    for url in lists:
        assert site.allows(url)
        assert not any(pattern.search(url) for pattern in site.article), f"{url} is a list"


@pytest.mark.parametrize(
    ("region", "sound"), [("江宁区", True), ("3201", True), ("鼓楼区", False), ("江东", False)]
)
def test_region_is_one_division(region: str, sound: bool, tmp_path: Path) -> None:
    file = tmp_path / "wuxi_mzj.toml"
    text = FILES["wuxi_mzj"].read_text("utf-8")
    file.write_text(text.replace('region = "无锡市"', f'region = "{region}"'), "utf-8")
    problems = check_site(file)
    assert problems == (
        []
        if sound
        else [f"wuxi_mzj.toml: region: {region} is the name or code of no division, or of several"]
    )


@pytest.mark.parametrize("name", sorted(REAL_FILES))
def test_patterns_are_explained_and_outlive_their_examples(name: str) -> None:
    site = load_site(REAL_FILES[name])
    assert site.notes, "says where its patterns come from"
    assert site.article, "an outside site says what its article addresses look like"
    for pattern in (*site.article, *site.lists):
        assert not re.search(r"(?<!\\d)(?:19|20)\d\d(?![\d}])", pattern.pattern), "a year is written out"


@pytest.mark.parametrize("name", sorted(REAL_FILES))
def test_numbered_pages_of_a_list_are_left_to_its_depth(name: str) -> None:
    """A list pattern that matched page 2 would lead through the whole archive of a site."""
    site = load_site(REAL_FILES[name])
    for start in site.start:
        for url in _second_pages(start.url):
            assert not any(pattern.search(url) for pattern in site.lists), url


def _second_pages(url: str) -> list[str]:
    folder, _, last = url.rpartition("/")
    stem, dot, ending = (last or "index.html").partition(".")
    return [
        f"{folder}/{stem}_2{dot}{ending}",
        f"{folder}/{stem}-2{dot}{ending}",
        f"{url}?page=2",
        f"{url}&page=2",
    ]


@pytest.mark.parametrize("name", sorted(REAL_FILES))
def test_front_page_is_no_article(name: str) -> None:
    site = load_site(REAL_FILES[name])
    front = canonical_url(site.home_page)
    assert site.allows(front)
    assert not any(pattern.search(front) for pattern in site.article)


def test_sites_crawl_no_page_of_each_other() -> None:
    sites = [load_site(file) for file in REAL_FILES.values()]
    for site in sites:
        others = [other.name for other in sites if other is not site and other.allows(site.home_page)]
        assert others == [], f"{site.name} is also on the hosts of {others}"


def test_there_are_real_publishers_of_each_kind() -> None:
    names = set(REAL_FILES)
    assert len(names) >= 18
    assert {"people_gongyi", "sina_gongyi", "gongyishibao", "mca", "jiangsu_mzt", "guangzhou_mzj"} <= names
