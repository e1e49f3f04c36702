"""Reading of the package's own data files."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load_table(name: str) -> dict[str, Any]:
    """Returns the TOML file `name` of this package, read once."""
    return tomllib.loads(files("pipelines.extract").joinpath(name).read_text("utf-8"))
