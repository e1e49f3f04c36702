"""The pages of `scrapy browse` as a real browser draws them, on a screen and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.crawler.test_browse import NAME, article, browsing, fill
from tests.crawler.test_browser import BROWSER, by_browser

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = by_browser

SCREENS = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("browse")
    url = f"sqlite:///{folder}/news.db"
    fill(url)
    with browsing(url, folder) as address:
        yield address
    assert (folder / "errors.txt").read_text() == ""


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest, site: str) -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    width, height = SCREENS[request.param]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        with closing(browser):
            yield browser.new_page(viewport={"width": width, "height": height})


def open_page(screen: Page, address: str) -> list[str]:
    """Opens a page and says what went wrong with it: errors, and what was asked of other servers."""
    wrong: list[str] = []
    screen.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    screen.on("pageerror", lambda error: wrong.append(str(error)))
    screen.on(
        "request",
        lambda request: None if request.url.startswith("http://127.0.0.1:") else wrong.append(request.url),
    )
    screen.goto(address, wait_until="networkidle")
    return wrong


@pytest.mark.parametrize(
    "path", ["/", "/-/search?q=义诊", "/-/charts", "/news/articles", "/news/most_reprinted"]
)
def test_a_page_fits_its_screen(screen, site, path):
    assert open_page(screen, site + path) == []
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_article_can_be_read(screen, site):
    assert open_page(screen, site + article(site, "from:2026-11-21 to:2026-11-21")) == []
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    mark = screen.locator("mark.organisation").filter(has_text=NAME).first
    assert mark.is_visible()
    ground = "element => getComputedStyle(element).backgroundColor"
    grounds = {mark.evaluate(ground), screen.locator("mark.person").first.evaluate(ground)}
    assert len(grounds) == 2
    assert "rgba(0, 0, 0, 0)" not in grounds
    # a name leads to its articles
    mark.click()
    screen.wait_for_load_state("networkidle")
    assert "义诊进社区" in screen.locator("body").inner_text()


def test_charts_are_drawn(screen, site):
    open_page(screen, f"{site}/-/charts")
    boxes = [one.bounding_box() for one in screen.locator(".chart svg").all()]
    assert len(boxes) == 3
    assert all(box and box["width"] > 300 and box["height"] > 15 for box in boxes)
    # no place is named in this store
    assert screen.get_by_text("暂无数据").count() == 1
