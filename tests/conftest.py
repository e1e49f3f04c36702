"""Databases for the tests: real ones, each test in a file or schema of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy.engine import URL, make_url

POSTGRES = make_url(os.environ.get("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/test"))


def _address() -> str:
    return POSTGRES.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_server() -> URL:
    """The PostgreSQL server at TEST_DATABASE_URL; without one its tests are skipped, but never in CI."""
    try:
        psycopg.connect(_address(), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        reason = f"no PostgreSQL at {POSTGRES.render_as_string()} (TEST_DATABASE_URL): {error}".splitlines()[
            0
        ]
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return POSTGRES


@pytest.fixture(scope="session")
def redis_server() -> str:
    """The URL of the Redis server at TEST_REDIS_URL; without one its tests are skipped, but never in CI."""
    url = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
    try:
        Redis.from_url(url, socket_timeout=5).ping()
    except RedisConnectionError as error:
        reason = f"no Redis at {url} (TEST_REDIS_URL): {error}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return url


@contextmanager
def new_schema(server: URL) -> Iterator[str]:
    """A URL whose tables live in a new schema, which is dropped at the end."""
    schema = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(_address(), autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{schema}"')
        url = server.update_query_dict({"options": f"-csearch_path={schema}"})
        yield url.render_as_string(hide_password=False)
        connection.execute(f'DROP SCHEMA "{schema}" CASCADE')


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """A database in a schema of the test's own."""
    with new_schema(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'data' / 'news.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """An empty database of either kind: what takes this runs on both."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))
