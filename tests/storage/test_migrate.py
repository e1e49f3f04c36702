from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from storage import StoreError, open_store, views
from storage.database import connect, writing
from storage.migrate import configuration, revision, upgrade
from storage.models import Base
from storage.query import read_store
from tests.storage.pages import page


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    opened = connect(store_url)
    yield opened
    opened.dispose()


def test_migrations_make_the_tables_of_the_models(engine):
    upgrade(engine)
    with engine.connect() as connection:
        # the search index is FTS5's own table on SQLite, so no model describes it
        options = {"compare_type": True, "include_name": _is_of_a_model}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
        migrated = _constraints(connection)
    with writing(engine) as connection:
        views.drop_views(connection)
        command.downgrade(configuration(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
        Base.metadata.create_all(connection)
        assert _constraints(connection) == migrated


def _is_of_a_model(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or not str(name).startswith("search_index")


def _constraints(connection: Connection) -> set[tuple[str, str, str]]:
    """What compare_metadata leaves out: checks, and what a foreign key does on deletion."""
    found = inspect(connection)
    checks = {
        (table, str(check["name"]), str(check["sqltext"]))
        for table in Base.metadata.tables
        for check in found.get_check_constraints(table)
    }
    keys = {
        (
            table,
            str(key["referred_table"]),
            repr((key["constrained_columns"], sorted(key["options"].items()))),
        )
        for table in Base.metadata.tables
        for key in found.get_foreign_keys(table)
    }
    assert len(checks) >= 15
    return checks | keys


def test_one_step_back_and_up_again(engine, store_url):
    open_store(store_url).close()
    with writing(engine) as connection:
        views.drop_views(connection)
        command.downgrade(configuration(connection), "-1")
    steps = list(ScriptDirectory.from_config(configuration()).walk_revisions())
    with engine.connect() as connection:
        assert revision(connection) == steps[0].down_revision
    store = open_store(store_url)
    assert store.save([page("/a.html")], store.start_run("jiangwan")).new_articles == 1
    store.close()


MENTIONS = """
    SELECT entity.kind, entity.name, alias.name, start_offset, end_offset, rule
    FROM mention JOIN alias ON alias.id = alias_id JOIN entity ON entity.id = entity_id
    ORDER BY start_offset
"""


def test_entities_of_the_first_tables_are_kept(engine, store_url):
    open_store(store_url).close()
    with writing(engine) as connection:
        views.drop_views(connection)
        command.downgrade(configuration(connection), "0001")
        for statement in (
            "INSERT INTO code (id, version) VALUES (1, '0.0.9')",
            "INSERT INTO text (id, digest, body, entities_code_id) VALUES (7, 'x', '红叶中心的林一帆', 1)",
            "INSERT INTO entity (id, kind, name) VALUES (3, 'organisation', '红叶中心')",
            "INSERT INTO entity (id, kind, name) VALUES (4, 'person', '林一帆')",
            "INSERT INTO alias (id, entity_id, name) VALUES (5, 3, '红叶中心'), (6, 4, '林一帆')",
            "INSERT INTO mention VALUES (7, 0, 4, 5, 'suffix'), (7, 5, 8, 6, 'role')",
        ):
            connection.execute(text(statement))
        before = connection.execute(text(MENTIONS)).all()
        command.upgrade(configuration(connection), "head")
        assert connection.execute(text(MENTIONS)).all() == before
        assert len(before) == 2
        assert connection.execute(text("SELECT id, scope, type, canonical_id FROM entity")).all() == [
            (3, "", "", None),
            (4, "", "", None),
        ]
        assert connection.execute(text("SELECT id, defined FROM alias ORDER BY id")).all() == [
            (5, False),
            (6, False),
        ]
        # it is read again for what the first tables did not hold
        assert connection.scalar(text("SELECT entities_code_id FROM text")) is None
        assert connection.scalar(text("SELECT body FROM text")) == "红叶中心的林一帆"
    with writing(engine) as connection:
        command.downgrade(configuration(connection), "0001")
        assert connection.execute(text(MENTIONS)).all() == before


def test_a_database_of_a_newer_program_is_refused(engine, store_url):
    open_store(store_url).close()
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer version of this program \(tables 9999, known up to \d{4}\)"):
        open_store(store_url)


def test_changed_views_are_made_anew_and_others_are_left_alone(engine, store_url, monkeypatch):
    open_store(store_url).close()
    with engine.begin() as connection:
        connection.execute(text("CREATE VIEW my_own AS SELECT name FROM site"))
    monkeypatch.setattr(views, "VIEWS", ("runs", "articles"))
    open_store(store_url).close()
    with engine.connect() as connection:
        assert set(inspect(connection).get_view_names()) == {"runs", "articles", "my_own"}
    monkeypatch.undo()
    open_store(store_url).close()
    with engine.connect() as connection:
        assert set(inspect(connection).get_view_names()) == {*views.VIEWS, "my_own"}


def test_a_step_that_fails_leaves_nothing_behind(engine, store_url, monkeypatch):
    monkeypatch.setattr(views, "definition", lambda view, dialect: "SELECT nonsense FROM nowhere WHERE")
    with pytest.raises(StoreError):
        open_store(store_url)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    monkeypatch.undo()
    open_store(store_url).close()


def test_a_reader_of_other_tables_is_told_in_one_line(engine, store_url):
    with pytest.raises(StoreError, match="holds no store: crawl something first"), read_store(store_url):
        pass
    open_store(store_url).close()
    with read_store(store_url) as connection:
        assert connection.scalar(text("SELECT count(*) FROM articles")) == 0
    with writing(engine) as connection:
        views.drop_views(connection)
    with pytest.raises(StoreError, match="are of another version"), read_store(store_url):
        pass
    with writing(engine) as connection:
        command.downgrade(configuration(connection), "0001")
    line = r"^the tables or views in .* \(tables 0001, wanted \w+\): run scrapy db migrate$"
    with pytest.raises(StoreError, match=line), read_store(store_url):
        pass
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version of this program"), read_store(store_url):
        pass


def test_a_reader_does_not_make_a_file(tmp_path):
    file = tmp_path / "none.db"
    line = f"there is no database {file}: crawl something first"
    with pytest.raises(StoreError, match=line), read_store(f"sqlite:///{file}"):
        pass
    assert not file.exists()
