from datetime import date, timedelta

import pytest

from crawler.site import MAX_CONCURRENCY, MAX_DELAY, MAX_LIST_DEPTH, Site, SiteFileError, StartPage, read_site

SMALLEST = """
name = "xinhe"
[[start]]
kind = "list"
url = "http://www.xinhe.example/news/"
"""

FULL = """
name = "xinhe"
publisher = "新禾公益网"
region = "江宁区"
home_page = "http://www.XINHE.example:80"
timezone = "Asia/Urumqi"
interval = "2d"
verified = 2026-11-01
notes = "列表页每天更新两次"

[[start]]
kind = "list"
url = "http://www.xinhe.example/news/?utm_source=x"
depth = 5

[[start]]
kind = "feed"
url = "http://feed.xinhe.example/rss.xml"

[links]
article = ['/\\d{4}/\\d{4}/\\d+\\.html$']
list = '/news/'
allowed_hosts = ["xinhe.example"]

[selectors]
body = "div.article"
title = ["//h1", "h2.title"]

[politeness]
delay = 0.5
concurrency = 3

[examples]
article = "http://www.xinhe.example/2026/1101/12345.html"
list = "http://www.xinhe.example/news/"
"""


def read(text: str) -> Site:
    return read_site(text, "sites/xinhe.toml", "xinhe")


def test_only_name_and_a_start_page_are_needed():
    site = read(SMALLEST)
    assert site.start == (StartPage("list", "http://www.xinhe.example/news/", 2),)
    assert site.publisher == "xinhe"
    assert site.home_page == "http://www.xinhe.example/"
    assert site.allowed_hosts == ("www.xinhe.example",)
    assert (site.timezone, site.interval) == ("Asia/Shanghai", timedelta(hours=6))
    assert (site.article, site.lists, site.verified, site.delay) == ((), (), None, None)


def test_every_key_is_read():
    site = read(FULL)
    assert site.publisher == "新禾公益网"
    assert site.region == site.hints().region == "江宁区"
    assert site.home_page == "http://www.xinhe.example/"
    assert site.timezone == "Asia/Urumqi"
    assert site.interval == timedelta(days=2)
    assert site.verified == date(2026, 11, 1)
    assert site.start[0].url == "http://www.xinhe.example/news/"
    assert site.start[1].kind == "feed"
    assert [p.pattern for p in site.article] == [r"/\d{4}/\d{4}/\d+\.html$"]
    assert [p.pattern for p in site.lists] == ["/news/"]
    assert site.selectors == {"body": ("div.article",), "title": ("//h1", "h2.title")}
    assert (site.delay, site.concurrency) == (0.5, 3)
    assert site.example_article == "http://www.xinhe.example/2026/1101/12345.html"
    assert site.hints().selectors == site.selectors


def test_selectors_of_a_former_layout_hold_for_pages_of_their_time():
    text = FULL + "".join(
        f'[[former]]\nuntil = {until}\nselectors = {{ source = "{selector}" }}\n'
        for until, selector in (("2026-10-31", "td.from"), ("2025-12-31", "font.from"))
    )
    site = read(text)
    assert site.hints().selectors == site.selectors
    assert site.hints(date(2026, 11, 1)).selectors == site.selectors
    assert site.hints(date(2026, 10, 31)).selectors == {"source": ("td.from",)}
    assert site.hints(date(2025, 6, 1)).selectors == {"source": ("font.from",)}


def test_tags_and_expected_counts():
    site = read('tags = ["county", "charity"]\n' + SMALLEST + "[expected]\nleast = 0.5\nmost = 40\n")
    assert (site.tags, site.least_a_day, site.most_a_day) == (("county", "charity"), 0.5, 40)
    assert (read(SMALLEST).tags, read(SMALLEST).least_a_day) == ((), None)


def test_hosts_stand_for_their_subdomains_but_not_for_others():
    site = read(FULL)
    assert site.allows("http://xinhe.example/a.html")
    assert site.allows("https://m.xinhe.example/a.html")
    assert not site.allows("http://notxinhe.example/a.html")


def test_a_host_counts_with_and_without_www():
    site = read(SMALLEST)
    assert site.allows("http://xinhe.example/a.html")
    assert not site.allows("http://other.xinhe.example/a.html")


def test_without_allowed_hosts_those_of_home_and_start_pages_count():
    text = SMALLEST + '[[start]]\nkind = "feed"\nurl = "http://feed.xinhe.example/rss"\n'
    assert read(text).allowed_hosts == ("www.xinhe.example", "feed.xinhe.example")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name = "xinhe"\n[[start]\n', "sites/xinhe.toml:2: not valid TOML: "),
        ('[[start]]\nkind = "list"\nurl = "http://a.example"\n', "has no name; the first line should be"),
        ('name = "other"\n', "sites/xinhe.toml:1: name: is 'other', but the file is called xinhe.toml"),
        ('name = "xinhe"\n', "has no start page; add a [[start]] table"),
        (
            SMALLEST + 'colour = "red"\n',
            "sites/xinhe.toml:6: start[0].colour: unknown key; known here: kind,",
        ),
        ('nmae = "x"\n' + SMALLEST, "sites/xinhe.toml:1: nmae: unknown key; known here: name, publisher"),
        (SMALLEST + "[[former]]\nuntil = 2026-10-31\n", "sites/xinhe.toml:6: former[0]: has no selectors"),
        (
            SMALLEST + "[[former]]\nuntil = 2026-10-31\nselectors = { source = 'td[' }\n",
            "former[0].selectors.source: bad selector 'td['",
        ),
        (
            SMALLEST + "[expected]\nleast = 9\nmost = 3\n",
            "xinhe.toml:7: expected.least: is more than most, 3",
        ),
        (
            SMALLEST + "[expected]\nmost = -1\n",
            "xinhe.toml:7: expected.most: must be from 0 to 100000 articles",
        ),
        (
            'tags = ["a b"]\n' + SMALLEST,
            "xinhe.toml:1: tags: 'a b' may hold small letters, digits and _ only",
        ),
        ("interval = 6\n" + SMALLEST, "sites/xinhe.toml:1: interval: must be a string, not int"),
        ('interval = "6 hours"\n' + SMALLEST, "xinhe.toml:1: interval: '6 hours' is no interval; write"),
        ('timezone = "Asia/Peking"\n' + SMALLEST, "xinhe.toml:1: timezone: unknown time zone 'Asia/Peking'"),
        ('timezone = "../etc"\n' + SMALLEST, "xinhe.toml:1: timezone: unknown time zone"),
        ('verified = "2026-11-01"\n' + SMALLEST, "xinhe.toml:1: verified: must be a date without quotes"),
        (
            "verified = 2026-11-01T08:00:00\n" + SMALLEST,
            "xinhe.toml:1: verified: must be a date without a time",
        ),
        ('home_page = "ftp://a.example/"\n' + SMALLEST, "xinhe.toml:1: home_page: not an http URL"),
        (SMALLEST + "depth = -1\n", f"xinhe.toml:6: start[0].depth: must be from 0 to {MAX_LIST_DEPTH}"),
        (SMALLEST + "depth = true\n", "xinhe.toml:6: start[0].depth: must be a whole number, not bool"),
        (SMALLEST.replace('"list"', '"page"'), "xinhe.toml:4: start[0].kind: 'page' is none of list, feed"),
        (SMALLEST.replace('"list"', '"feed"') + "depth = 1\n", "xinhe.toml:6: start[0].depth: is for start"),
        (SMALLEST + '[[start]]\nkind = "feed"\n', "xinhe.toml:6: start[1]: has no url"),
        (
            SMALLEST + "[links]\n\narticle = ['/(\\d+']\n",
            "xinhe.toml:8: links.article: bad regular expression",
        ),
        (SMALLEST + "[links]\narticle = [7]\n", "xinhe.toml:7: links.article: must be a string, not int"),
        (
            SMALLEST + '[links]\nallowed_hosts = "http://a.example/"\n',
            "links.allowed_hosts: 'http://a.example/'",
        ),
        (SMALLEST + '[selectors]\nbody = "div["\n', "xinhe.toml:7: selectors.body: bad selector 'div['"),
        (SMALLEST + '[selectors]\nbody = "//div["\n', "xinhe.toml:7: selectors.body: bad selector '//div['"),
        (
            SMALLEST + "[politeness]\ndelay = -1\n",
            f"politeness.delay: must be from 0 to {MAX_DELAY:g} seconds",
        ),
        (SMALLEST + "[politeness]\nconcurrency = 99\n", f"concurrency: must be from 1 to {MAX_CONCURRENCY}"),
        (SMALLEST + "[politeness]\nrobots = false\n", "xinhe.toml:7: politeness.robots: unknown key"),
        (SMALLEST + '[examples]\narticle = "/a"\n', "xinhe.toml:7: examples.article: not an http URL"),
        ("links = 3\n" + SMALLEST, "sites/xinhe.toml:1: links: must be a table, not int"),
        ("links = {article = ['(']}\n" + SMALLEST, "xinhe.toml:1: links.article: bad regular expression"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_with_file_line_and_key(text, message):
    with pytest.raises(SiteFileError) as caught:
        read(text)
    assert message in str(caught.value)
    assert str(caught.value).startswith("sites/xinhe.toml")
    assert "\n" not in str(caught.value)


def test_the_line_of_the_second_start_page_is_named_not_the_first():
    text = SMALLEST + '\n[[start]]\nkind = "list"\nurl = "nonsense"\n'
    with pytest.raises(SiteFileError) as caught:
        read(text)
    assert (caught.value.line, caught.value.key) == (9, "start[1].url")
