"""Every query of docs/queries.md gives what the documentation shows, on both databases."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.engine import URL

from scripts.show_queries import SHOWN, answer, questions
from storage.query import read_store
from storage.views import VIEWS
from tests.conftest import new_schema

PROJECT = Path(__file__).parents[1]
QUESTIONS = list(questions())
# described in prose, in docs/operations.md
OF_OPERATIONS = {"coverage_by_list", "coverage_gaps", "alarms", "gone"}


@pytest.fixture(scope="module")
def crawled(postgres_server: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The URLs of two stores that hold the demo crawl, by kind of database."""
    folder = tmp_path_factory.mktemp("crawled")
    with new_schema(postgres_server) as postgres_url:
        urls = {"sqlite": f"sqlite:///{folder}/news.db", "postgresql": postgres_url}
        crawls = [
            subprocess.Popen(
                [sys.executable, "-m", "scrapy", "crawlall", "--demo"],
                cwd=PROJECT,
                env={**os.environ, "DATA_DIR": str(folder / kind), "DATABASE_URL": url},
                stdout=subprocess.DEVNULL,
            )
            for kind, url in urls.items()
        ]
        assert [crawl.wait(timeout=180) for crawl in crawls] == [0, 0]
        yield urls


def test_there_are_enough_questions_about_every_view():
    assert len(QUESTIONS) >= 20
    asked = " ".join(question.sql for question in QUESTIONS)
    named = set(re.findall(r"(?:FROM|JOIN) (\w+)", asked))
    documented = {
        "articles",
        "stories",
        "reprints",
        "organisation_activity",
        "people_roles",
        "places_mentioned",
    }
    documented |= {"figures", "affiliations", "shown_articles", "site_health", "runs"}
    assert documented <= named <= set(VIEWS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.text)
def test_a_question(question, crawled):
    given = {kind: answer(url, question.sql) for kind, url in crawled.items()}
    assert given["sqlite"] == given["postgresql"]
    assert given["sqlite"] == question.shown
    assert question.shown.count("\n") <= SHOWN + 2


@pytest.mark.parametrize("view", [view for view in VIEWS if view not in OF_OPERATIONS])
def test_the_columns_of_a_view_are_documented(view, crawled):
    described = " ".join(
        (PROJECT / "docs" / f"{page}.md").read_text("utf-8") for page in ("queries", "entities", "dedup")
    )
    columns = {}
    for kind, url in crawled.items():
        with read_store(url) as connection:
            columns[kind] = [column["name"] for column in inspect(connection).get_columns(view)]
    assert columns["sqlite"] == columns["postgresql"]
    words = set(re.findall(r"\w+", described))
    missing = {c for c in columns["sqlite"] if c not in words}
    # the reprints' columns of the original are documented as original_*
    assert {c for c in missing if not c.startswith("original_")} == set()
