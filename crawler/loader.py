"""Finds spiders: one for each site file, and those written by hand.

A site file is read when its spider is asked for, so a broken one is reported by
what needs it and takes no other spider away, and thousands are listed quickly.
"""

from __future__ import annotations

import builtins
import logging
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from scrapy import Request, Spider
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader

from crawler.site import Site, SiteFileError, read_site
from crawler.spiders.news import spider_class

logger = logging.getLogger(__name__)

SUFFIX = ".toml"


def site_files(settings: BaseSettings) -> dict[str, Traversable]:
    """Returns the site files by name: those of the packages in SITE_PACKAGES, then of SITES_DIR.

    Works from a zipped package too. A later file of the same name wins. When
    SITES_DIR is no folder there is an error in the log, and the rest works.
    """
    folders: list[Traversable] = [files(package) for package in settings.getlist("SITE_PACKAGES")]
    if settings.get("SITES_DIR"):
        folder = Path(settings["SITES_DIR"])
        if folder.is_dir():
            folders.append(folder)
        else:
            logger.error("SITES_DIR is no folder: %s", folder)
    return {
        entry.name.removesuffix(SUFFIX): entry
        for folder in folders
        for entry in folder.iterdir()
        if entry.name.endswith(SUFFIX)
    }


def load_site(file: Traversable) -> Site:
    """Reads one site file. Raises SiteFileError."""
    shown = _shown(file)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SiteFileError(shown, 0, "", f"can't be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SiteFileError(shown, line, "", "is not UTF-8") from None
    return read_site(text, shown, file.name.removesuffix(SUFFIX))


def _shown(file: Traversable) -> str:
    path = Path(str(file))
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


class SiteLoader(SpiderLoader):
    """Scrapy's SPIDER_LOADER_CLASS. A spider written by hand wins over a site file of its name."""

    def __init__(self, settings: BaseSettings) -> None:
        self.site_files = site_files(settings)
        super().__init__(settings)

    def list(self) -> builtins.list[str]:
        """Returns the names of all spiders, in order, without reading any site file."""
        return sorted({*self._spiders, *self.site_files})

    def load(self, spider_name: str) -> type[Spider]:
        """Returns the spider class of that name.

        Raises KeyError when there is none, SiteFileError when its file is broken.
        """
        if spider_name not in self._spiders and spider_name in self.site_files:
            self._spiders[spider_name] = spider_class(load_site(self.site_files[spider_name]))
        return super().load(spider_name)

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """Returns the names of the spiders whose site the request is for; broken files are only logged."""
        return [name for name, spider in self._readable() if spider.handles_request(request)]

    def _readable(self) -> Iterator[tuple[str, type[Spider]]]:
        for name in self.list():
            try:
                yield name, self.load(name)
            except SiteFileError as error:
                logger.warning("%s", error)
