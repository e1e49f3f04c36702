"""Who we say we are: name, version and contact in the User-Agent header."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

NAME = "gongyi-news"


def _version() -> str:
    try:
        return version(NAME)
    except PackageNotFoundError:  # run from a folder that was never installed
        return "0"


VERSION = _version()


def user_agent(contact_url: str) -> str:
    """Returns the User-Agent header: name/version, and the contact in the form that crawlers use."""
    return f"{NAME}/{VERSION} (+{contact_url})" if contact_url else f"{NAME}/{VERSION}"
