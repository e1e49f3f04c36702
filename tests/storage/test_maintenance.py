from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import text

from pipelines.models import ArchiveRef, Entities, Teaser
from storage import views
from storage.database import connect, writing
from storage.maintenance import check, drop_archive, stats, vacuum
from storage.migrate import configuration, upgrade
from storage.query import last_fetch
from tests.storage.pages import CLINIC, HOST, LIBRARY, organisation, page


@pytest.fixture
def filled(store, run_id):
    body = "\n".join(CLINIC)
    mentions = [organisation(body, "江湾区红叶社会工作服务中心")]
    store.save(
        [page("/a.html", entities=Entities(mentions=tuple(mentions))), page("/b.html", LIBRARY)], run_id
    )
    return store


def found(store):
    with store.engine.connect() as connection:
        return list(check(connection))


def change(store, *statements):
    with writing(store.engine) as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_nothing_is_wrong(filled):
    assert found(filled) == []
    vacuum(filled.engine)
    assert found(filled) == []


def test_what_a_teaser_is_compared_by_belongs_to_it(store, run_id):
    teaser = Teaser("", LIBRARY[0][:40] + "...", "", cut=True)
    store.save([page("/a.html", teasers=[teaser])], run_id)
    assert found(store) == []


@pytest.mark.parametrize(
    ("statements", "line"),
    [
        (
            ["INSERT INTO text (digest, body) VALUES ('0', '孤零')"],
            "1 texts that no article has",
        ),
        (
            ["DELETE FROM mention"],
            "1 written forms that no text has",
        ),
        (
            ["UPDATE mention SET start_offset = start_offset + 1"],
            "1 mentions do not say what stands at their offsets",
        ),
        (
            ["UPDATE search_document SET version = 7 WHERE article_id = (SELECT min(id) FROM article)"],
            "1 articles are not in the search index in their present version",
        ),
        (
            ["UPDATE text SET body = '别的' || body WHERE id = (SELECT min(id) FROM text)"],
            "1 mentions do not say what stands at their offsets",
        ),
        (
            ["UPDATE article_version SET title = '别的' WHERE article_id = (SELECT min(id) FROM article)"],
            "of 500 articles that were compared, 1 are not in the search index as they stand",
        ),
        (
            ["UPDATE present_article SET relation = 'copy' WHERE article_id = (SELECT min(id) FROM article)"],
            "2 rows of present_article are not what follows from other tables: run scrapy db vacuum",
        ),
        (
            ["DELETE FROM naming"],
            "1 rows of naming are not what follows from other tables: run scrapy db vacuum",
        ),
    ],
)
def test_what_is_wrong_is_said(filled, statements, line):
    change(filled, *statements)
    assert line in found(filled)


def test_wrong_summaries_are_made_anew(filled):
    change(filled, "DELETE FROM naming", "UPDATE present_article SET published_day = NULL")
    assert len(found(filled)) == 2
    vacuum(filled.engine)
    assert found(filled) == []


def test_an_entry_of_the_index_that_no_document_has(filled):
    if filled.engine.dialect.name == "postgresql":
        pytest.skip("there a foreign key holds it off")
    change(filled, "INSERT INTO search_index(rowid, tokens) VALUES (7, '§a')")
    assert found(filled) == ["the search index has 3 entries for 2 articles"]


def test_stats(filled):
    with filled.engine.connect() as connection:
        rows = {name: number for name, number, _ in stats(connection)}
    assert (rows["article"], rows["mention"], rows["search_index"]) == (2, 1, 2)


def test_old_archive_files_go_and_their_rows_stay(filled, run_id, tmp_path):
    now = datetime.now(UTC)
    for n, (file, days) in enumerate((("old.warc.gz", 400), ("new.warc.gz", 300), ("new.warc.gz", 500))):
        (tmp_path / file).write_bytes(b"x")
        fetched = replace(
            page(f"/{n}.html"), archive=ArchiveRef(file, 5), fetched_at=now - timedelta(days=days)
        )
        filled.save([fetched], run_id)
    with filled.engine.connect() as connection:
        assert last_fetch(connection, f"{HOST}/0.html") == ArchiveRef("old.warc.gz", 5)
    assert drop_archive(filled.engine, tmp_path, timedelta(days=365)) == ["old.warc.gz"]
    assert drop_archive(filled.engine, tmp_path, timedelta(days=365)) == []
    assert [path.name for path in tmp_path.glob("*.gz")] == ["new.warc.gz"]
    with filled.engine.connect() as connection:
        assert last_fetch(connection, f"{HOST}/0.html") is None
        assert last_fetch(connection, f"{HOST}/1.html") == ArchiveRef("new.warc.gz", 5)
        rows = text("SELECT warc_offset FROM page_fetch WHERE warc_file = 'old.warc.gz'")
        assert connection.scalars(rows).all() == [5]


def test_articles_stored_before_the_search_are_indexed_by_the_upgrade(filled, store_url):
    change(filled, "DELETE FROM search_alias")
    engine = connect(store_url)
    with writing(engine) as connection:
        views.drop_views(connection)
        command.downgrade(configuration(connection), "0001")
    upgrade(engine)
    engine.dispose()
    assert found(filled) == []
