"""Packs the program as the egg that scrapyd takes as a version of a project.

    python scripts/make_egg.py dist/gongyi_news.egg

An egg is a zip file with the packages and what the program is called and where
its settings are. The libraries of requirements.lock must be where scrapyd runs.
"""

from __future__ import annotations

import sys
import tomllib
import zipfile
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PACKAGES = ("crawler", "pipelines", "storage")


def make_egg(target: Path) -> None:
    """Writes the egg to `target`."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as egg:
        for package in PACKAGES:
            for file in sorted((PROJECT / package).rglob("*")):
                if file.is_file() and "__pycache__" not in file.parts:
                    egg.write(file, file.relative_to(PROJECT).as_posix())
        about = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        egg.writestr("EGG-INFO/PKG-INFO", about)
        # scrapyd names the file after the version alone, by which Python does not find what is in EGG-INFO
        folder = f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        egg.writestr(f"{folder}/METADATA", about)
        egg.writestr("EGG-INFO/entry_points.txt", "[scrapy]\nsettings = crawler.settings\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python scripts/make_egg.py TARGET.egg")
    make_egg(Path(sys.argv[1]))
